"""One pattern's rows before they are written: each a table's values, in which a reference stands for a row's number."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table

import models.tables
from models.base import Base

assert models.tables  # or the metadata would not be whole
TABLES: Mapping[str, Table] = Base.metadata.tables


class Ref(NamedTuple):
    """A row by its table, the quarter in which it was written (0: with the agreement), and its place there."""

    table: str
    chunk: int
    place: int


class Event(NamedTuple):
    """One event of the audit trail, still without number, agreement and hash."""

    at: datetime
    person: Ref | None
    who: str
    organisation: Ref | None
    action: str
    subject: str
    before: str
    after: str
    reason: str = ""


@dataclass
class Pattern:
    """All rows of one area, by the quarter in which they are written and their table, and its events by quarter."""

    rows: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    events: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, chunk: int = 0, **values: Any) -> Ref:
        """Keep a row; what is not said is as its column has it by default."""
        there = self.rows[chunk, table]
        ref = Ref(table, chunk, len(there))
        row = _DEFAULTS[table] | values
        if "id" in row:
            row["id"] = ref
        unknown = row.keys() - _DEFAULTS[table].keys()
        assert not unknown, f"{table} has no {unknown}"
        there.append(row)
        return ref

    def of(self, ref: Ref) -> dict[str, Any]:
        """The row that a reference stands for."""
        return self.rows[ref.chunk, ref.table][ref.place]


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None


_DEFAULTS = {name: {column.name: _default(column) for column in table.columns} for name, table in TABLES.items()}
