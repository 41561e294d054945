"""Runs the migrations on the connection that portal/migrate.py hands over."""

from typing import Literal

from alembic import context

import models.tables  # noqa: F401  (every table must be known)
from models.base import Base, Figure, Instant, Word


def plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration outlives the code: it is written in plain column types, not in the types of models/base.py."""
    if kind == "type" and isinstance(item, Figure | Word):
        return "sa.String(40)"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_type=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
