"""A database of every earlier schema, with data in it, is brought to the present one and loses nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, table, text

from models.base import Base
from portal import audit, migrate
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.services import returns
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from tests.conftest import BY_FILE, TODAY, administer, named, person, replace_file

REVISIONS = sorted(migrate.known())
EARLIER = REVISIONS[:-1]
SOME = EARLIER if os.environ.get("FAULTS") else sorted({*EARLIER[::4], EARLIER[-1]})
"""Those that the suite tries on PostgreSQL too, which takes longer."""
TRIED = [("sqlite", revision) for revision in EARLIER] + [("postgresql", revision) for revision in SOME]


@pytest.fixture(scope="module")
def earlier(
    request: pytest.FixtureRequest, prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Database]]:
    """earlier(engine, revision) is a database at that revision, with what a busy one had then: the demonstration with
    returns in each state and rows in nearly every table, undone step by step, and kept at each."""
    made: list[list[Database]] = []

    @cache
    def of(engine: str) -> Callable[[str], Database]:
        own: list[Database] = []
        folder = tmp_path_factory.mktemp("earlier")
        world = folder / "world.sqlite"
        shutil.copy(prepared[0], world)
        if engine == "sqlite":
            keep, again = in_files(folder, own)
        else:
            server, tables = (request.getfixturevalue(name) for name in ("postgres", "postgres_tables"))
            keep, again = in_a_server(server, tables, own)
            fill(own[0], world)
        for revision in reversed(EARLIER if engine == "sqlite" else SOME):
            migrate.downgrade(own[0], revision)
            own[0].dispose()
            keep(revision)
        made.append(own)
        return again

    yield lambda engine, revision: of(engine)(revision)
    for database in (one for own in made for one in own):
        database.dispose()


def in_files(folder: Path, made: list[Database]) -> tuple[Callable[[str], object], Callable[[str], Database]]:
    def again(revision: str) -> Database:
        replace_file(folder / f"{revision}.sqlite", folder / "again.sqlite")
        made.append(Database(f"sqlite:///{folder / 'again.sqlite'}", Clock(TODAY)))
        return made[-1]

    def keep(revision: str) -> None:
        with made[0].engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        made[0].dispose()
        replace_file(folder / "world.sqlite", folder / f"{revision}.sqlite")

    made.append(Database(f"sqlite:///{folder / 'world.sqlite'}", Clock(TODAY)))
    return keep, again


def in_a_server(
    server: str, tables: str, made: list[Database]
) -> tuple[Callable[[str], object], Callable[[str], Database]]:
    def copy(old: str, new: str) -> None:
        administer(server, f"DROP DATABASE IF EXISTS {new}", f"CREATE DATABASE {new} TEMPLATE {old} {BY_FILE}")

    def again(revision: str) -> Database:
        made[-1].dispose()
        copy(f"earlier_{revision}", "again")
        made.append(Database(named(server, "again"), Clock(TODAY)))
        return made[-1]

    copy(tables, "world")
    made.append(Database(named(server, "world"), Clock(TODAY)))
    return lambda revision: copy("world", f"earlier_{revision}"), again


def fill(database: Database, world: Path) -> None:
    """Every row of a SQLite file into the same tables on PostgreSQL."""
    source = Database(f"sqlite:///{world}", Clock(TODAY))
    with source.read(OPERATOR) as session, database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # in any order, frozen tables too
        connection.exec_driver_sql("DELETE FROM audit_head")
        for one in Base.metadata.sorted_tables:
            rows = [dict(row._mapping) for row in session.execute(select(one))]
            if rows:
                connection.execute(one.insert(), rows)
            if "id" in one.c and one.name != "audit_head":
                named_ = f"setval(pg_get_serial_sequence('{one.name}', 'id'), coalesce(max(id), 0) + 1)"
                if connection.scalar(text(f"SELECT pg_get_serial_sequence('{one.name}', 'id')")):
                    connection.execute(text(f"SELECT {named_} FROM {one.name}"))
    source.dispose()


def rows(database: Database) -> dict[str, int]:
    names = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    with database.engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}


def test_every_revision_is_tried_and_its_number_says_its_place() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    assert migrate.newest() == REVISIONS[-1]


@pytest.mark.parametrize(("engine", "revision"), TRIED)
def test_data_of_an_earlier_schema_comes_to_the_present_one(
    earlier: Callable[[str, str], Database], engine: str, revision: str
) -> None:
    database = earlier(engine, revision)
    before = rows(database)
    assert sum(count > 0 for count in before.values()) >= 12
    migrate.upgrade(database)
    migrate.require_current(database)
    after = rows(database)
    lost = {name: (count, after.get(name)) for name, count in before.items() if after.get(name, 0) < count}
    assert lost == {}
    assert {name: after[name] for name in ("audit_event", "returns", "return_revision", "edition", "person")} == {
        name: before[name] for name in ("audit_event", "returns", "return_revision", "edition", "person")
    }
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
    lcc = person(database, "lcc")
    task = desk(database, lcc).tasks[0]
    assert str(returns.save(database, lcc, task.id, None, Typed(value="55")).answers.value) == "55"
    if REVISIONS.index(revision) % 6 == 0:  # all of them end with the same migrations; this takes most of the time
        assert migrate.differences(database) == []
