"""A migration of a later version of the portal, for the tests of migrating."""

import shutil
from pathlib import Path

from portal import migrate

Change = tuple[str, str]
"""The body of upgrade() and that of downgrade()."""

LATER = '''"""later"""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''
ADD_A_TABLE = (
    'op.create_table("stray", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))',
    'op.drop_table("stray")',
)


def written(folder: Path, change: Change) -> Path:
    """A copy of the scripts in `folder`, with one more migration after the newest."""
    scripts = folder / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    source = LATER.format(head=migrate.newest(), upgrade=change[0], downgrade=change[1])
    (scripts / "versions" / "9999_later.py").write_text(source, "utf-8")
    return scripts
