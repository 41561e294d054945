"""A database that fails at one statement, as the engine itself would say it, and a file that is broken."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from portal.database import Database

COMMIT = 0
"""In the place of a number: the commit, whichever it is."""


class Breaking:
    """Counts the statements and commits of a database, and lets the one with the number `at` fail."""

    def __init__(self, at: int, fail: Callable[[Any], object]) -> None:
        self.at, self._fail, self.seen = at, fail, 0

    def step(self, held: Any, *, commit: bool = False) -> None:
        self.seen += 1
        if self.seen == self.at or (commit and self.at == COMMIT):
            self._fail(held)

    @property
    def failed(self) -> bool:
        return self.seen >= self.at


@contextmanager
def breaking(database: Database, at: int, fail: Callable[[Any], object]) -> Iterator[Breaking]:
    """While the block lasts, `fail` is called with the driver's connection in the place of the statement or commit with
    this number, the first being 1; what it raises is what the driver would have raised."""
    found = Breaking(at, fail)
    dialect, commit = database.engine.dialect, database.engine.dialect.do_commit

    def execute(cursor: Any, *_: Any) -> None:
        found.step(cursor.connection)

    def do_commit(held: Any) -> None:
        found.step(getattr(held, "driver_connection", held), commit=True)
        commit(held)

    event.listen(database.engine, "do_execute", execute)
    event.listen(database.engine, "do_execute_no_params", execute)
    dialect.do_commit = do_commit  # type: ignore[method-assign]
    try:
        yield found
    finally:
        event.remove(database.engine, "do_execute", execute)
        event.remove(database.engine, "do_execute_no_params", execute)
        dialect.do_commit = commit  # type: ignore[method-assign]


def spoil(file: Path) -> None:
    """Write rubbish over the first page of the audit trail's table."""
    with sqlite3.connect(file) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit_event'").fetchone()[0]
    connection.close()
    with file.open("r+b") as held:
        held.seek((page - 1) * size)
        held.write(b"\xff" * size)
