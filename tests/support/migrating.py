"""Migrates databases in processes of its own: several at once, and some that are killed at a random moment.

Run as `python -m tests.support.migrating race|kill NUMBER OLDER URL ...`: `race` lets so many bring each database to
the present tables at the same moment, `kill` brings each from the revision OLDER, killed so many times, and looks what
is there after each. What is wrong goes to the standard output; nothing there means that nothing was."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable

from sqlalchemy import func, inspect, select, table
from sqlalchemy.engine import Connection

from portal import migrate
from portal.database import Database

Held = tuple[str, dict[str, int]]


def child(work: Callable[[], None]) -> int:
    """Do something in a forked process, which says what went wrong; answers its number."""
    sys.stdout.flush()
    number = os.fork()
    if number:
        return number
    try:
        work()
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
        os._exit(1)
    os._exit(0)


def on(url: str, work: Callable[[Database], object]) -> Callable[[], None]:
    """The same over a database, opened in the process that does it."""

    def run() -> None:
        database = Database(url)
        work(database)
        database.dispose()

    return run


def race(url: str, number: int) -> None:
    """So many processes at once: each must end well, and one of them do the work."""
    begin = time.monotonic() + 0.2

    def one() -> None:
        time.sleep(max(0.0, begin - time.monotonic()))
        on(url, migrate.upgrade)()

    for pid in [child(one) for _ in range(number)]:
        os.waitpid(pid, 0)
    os.waitpid(child(on(url, require_whole)), 0)


def require_whole(database: Database) -> None:
    migrate.require_current(database)
    assert migrate.differences(database) == []


def held(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def kill(url: str, number: int, older: str, chance: random.Random) -> None:
    """Migrations from an older revision that are killed: before and after each it must be one of the two, with all rows
    of the tables that both have."""

    def step_back(database: Database) -> None:
        migrate.downgrade(database, older)

    def look(database: Database) -> None:
        with database.engine.connect() as connection:
            here = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            count = held(connection).get("returns", 0)
        assert here in (older, migrate.newest()), here
        assert count > 20, count
        if here == migrate.newest():
            assert migrate.differences(database) == []
            step_back(database)

    os.waitpid(child(on(url, step_back)), 0)
    longest = 0.5
    for _ in range(number):
        began = time.monotonic()
        pid = child(on(url, migrate.upgrade))
        until = began + chance.uniform(0, longest)
        done = 0
        while not done and time.monotonic() < until:
            done = os.waitpid(pid, os.WNOHANG)[0]
            time.sleep(0.002)
        if done:
            longest = time.monotonic() - began  # so long one takes that is left alone
        else:
            longest *= 1.2
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.waitpid(child(on(url, look)), 0)
    os.waitpid(child(on(url, migrate.upgrade)), 0)
    os.waitpid(child(on(url, require_whole)), 0)


def main(what: str, number: str, older: str, *urls: str) -> None:
    for url in urls:
        if what == "race":
            race(url, int(number))
        else:
            kill(url, int(number), older, random.Random(int(number)))


if __name__ == "__main__":
    main(*sys.argv[1:])
