"""PostgreSQL when it is busy, slow or gone: each answer is in words, and the next request works."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text

from models.people import Organisation
from models.returns import Return
from portal import postgres, wall
from portal.actor import OPERATOR, public
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database, configured
from portal.errors import Unavailable
from portal.postgres import Pool
from portal.settings import Settings
from tests.conftest import ROLE, TODAY, administer, as_role, named, person, settings, sign_in

COUNT = select(func.count(Organisation.id))


@pytest.fixture(scope="module")
def address(postgres: str, postgres_demo: str) -> str:
    """The demonstration's data as the portal's role has it: a copy for this module, whose people sign in."""
    administer(postgres, "DROP DATABASE IF EXISTS busy", f"CREATE DATABASE busy TEMPLATE {postgres_demo}")
    database = as_role(Database(named(postgres, "busy")), ROLE)
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def small(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A pool with one connection, which nobody waits long for."""
    monkeypatch.setattr(postgres, "WAIT_SECONDS", 0.2)
    database = Database(address, Clock(TODAY), Pool(size=1, overflow=0))
    yield database
    database.dispose()


def test_when_every_connection_is_in_use_a_page_says_so_and_the_next_one_works(small: Database) -> None:
    client = create_app(settings(), small).test_client()
    with small.read(OPERATOR):
        answer = client.get("/memorandum")
        problem = client.get("/api/v1/editions")
    assert (answer.status_code, problem.status_code) == (503, 503)
    assert Unavailable.title in answer.text
    assert problem.content_type == "application/problem+json"
    assert (client.get("/memorandum").status_code, client.get("/api/v1/editions").status_code) == (200, 200)


def test_a_statement_that_takes_too_long_is_ended_and_the_next_request_works(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    police = person(small, "police")
    client = sign_in(create_app(settings(), small), "police")
    monkeypatch.setitem(wall.LIMITS, "statement_timeout", "50ms")
    with pytest.raises(Unavailable), small.read(police) as session:
        session.execute(text("SELECT pg_sleep(5)"))
    with small.read(police) as session:
        assert session.scalar(COUNT)
    assert client.get("/returns").status_code == 200
    with small.read(OPERATOR) as session:  # a load may take its time
        assert session.scalar(text("SHOW statement_timeout")) == "0"


def test_who_waits_too_long_for_a_lock_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wall.LIMITS, "lock_timeout", "50ms")
    database = Database(address, Clock(TODAY))
    police = person(database, "police")
    first = select(Return.id).where(Return.organisation_id == police.organisation_id).limit(1).with_for_update()
    with database.write(police) as session:
        session.execute(first)
        with pytest.raises(Unavailable), database.write(police) as other:
            other.execute(first)
    database.dispose()


def test_a_transaction_that_says_nothing_for_too_long_is_given_up(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    police = person(small, "police")
    monkeypatch.setitem(wall.LIMITS, "idle_in_transaction_session_timeout", "50ms")

    def hesitate() -> None:
        with small.read(police) as session:
            Event().wait(0.4)
            session.scalar(COUNT)

    with pytest.raises(Unavailable):
        hesitate()
    with small.read(OPERATOR) as session:
        assert session.scalar(COUNT)


def test_a_connection_that_is_ended_costs_one_answer_at_most(small: Database, postgres: str) -> None:
    app = create_app(settings(), small)
    client, administrator = sign_in(app, "police"), Database(named(postgres, "postgres"))
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portal' AND pid = :pid"
    )

    def ended(pid: int) -> None:
        with administrator.engine.connect() as connection:
            connection.execute(end, {"pid": pid})

    def pid(database: Database) -> int:
        with database.read(OPERATOR) as session:
            return session.execute(text("SELECT pg_backend_pid()")).scalar_one()

    ended(pid(small))  # between two requests: nobody notices
    assert client.get("/returns").status_code == 200

    def end_in_the_middle() -> None:
        with small.read(OPERATOR) as session:
            ended(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
            session.scalar(COUNT)

    with pytest.raises(Unavailable):
        end_in_the_middle()
    assert client.get("/returns").status_code == 200
    administrator.dispose()


def test_each_process_opens_as_many_connections_as_it_may(address: str) -> None:
    """As many requests at once as there are threads never wait for one another."""
    database = configured(Settings(database_url=address, pool_size=1, pool_overflow=1))
    together, done = Event(), []

    def ask() -> None:
        with database.read(public()) as session:
            done.append(session.scalar(COUNT))
            together.wait(5)

    asking = [Thread(target=ask) for _ in range(2)]
    for one in asking:
        one.start()
    while len(done) < 2:
        Event().wait(0.01)
    assert database.engine.pool.status().startswith("Pool size: 1  Connections in pool: 0 Current Overflow: 1")
    together.set()
    for one in asking:
        one.join()
    database.dispose()


def test_behind_a_pooler_nothing_is_prepared(address: str) -> None:
    for pooler, prepared in ((True, False), (False, True)):
        database = Database(address, Clock(TODAY), Pool(size=1, overflow=0, pooler=pooler))
        with database.read(public()) as session:
            for _ in range(8):
                session.scalar(COUNT)
            found = session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
        assert bool(found) is prepared
        database.dispose()
