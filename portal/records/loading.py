"""Putting rows that were read from files into the database: added when missing, a problem when they differ."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Theme
from models.base import Base
from portal.errors import PortalError
from portal.formats.agreement_csv.findings import Problem
from portal.formats.agreement_csv.shares import COLUMNS as SHARES

COLUMNS = {
    ("indicator", "theme_id"): "theme",
    ("milestone", "value"): "milestone",
    ("printed_total", "total"): "printed_total_gbp",
    **{("half_year_shares", name): column for name, column in SHARES.items()},
}
"""What the files call what the tables call otherwise."""
KEYED: dict[str, Any] = {"theme_id": Theme}
"""What the files name by a key and the tables by a number."""


class NotLoaded(PortalError):
    """The files and the database contradict each other; nothing was written."""

    status = 409
    title = "The agreement was not loaded"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(slots=True)
class Loading:
    """The work of one load: what was added, and where the files differ from what is in the database already: as a
    problem, or as something noticed that stands in nobody's way."""

    session: Session
    added: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)

    def add(self, row: Base) -> None:
        """Add a row that is new."""
        self.session.add(row)
        self.session.flush()
        self.added[row.__tablename__] += 1

    def problem(self, file: str, line: int, column: str, message: str) -> None:
        """Note what stands in the way of the load."""
        found = Problem(file, line, column, message)
        if found not in self.problems:  # what is wrong in every version is told once
            self.problems.append(found)

    def put(
        self,
        table: type[Base],
        file: str,
        line: int,
        key: dict[str, Any],
        values: dict[str, Any],
        once: dict[str, Any] | None = None,
        said_in: dict[str, tuple[str, int]] | None = None,
        about: str = "",
    ) -> Any:
        """The row with this key: added when it is missing, with what is said `once` at its making. A row that says
        otherwise is a problem: nothing that was agreed is ever overwritten. `said_in` names file and line of the
        columns that another file says, `about` what the row is of where its line may be missing."""
        row = self.session.scalars(select(table).filter_by(**key)).one_or_none()
        if row is None:
            row = table(**key, **values, **(once or {}))
            self.add(row)
            return row
        for column, value in values.items():
            held = getattr(row, column)
            if held != value:
                says, has = self._named(column, value), self._named(column, held)
                message = f"{about}says {says}, but {has} is loaded already; a load changes nothing"
                where, at = (said_in or {}).get(column, (file, line))
                self.problem(where, at, COLUMNS.get((table.__tablename__, column), column), message)
        return row

    def _named(self, column: str, value: Any) -> str:
        """A value as the files would write it: a row by its key."""
        row = self.session.get(KEYED[column], value) if column in KEYED and value is not None else None
        if value is None:
            return "nothing"
        return str(row.key) if row is not None else str(value)
