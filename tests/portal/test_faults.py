"""Faults at every step: a use case is done with its event or not at all, what fails is said honestly, and it works again."""

import os
import random
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import AuditHead
from models.returns import Return, ReturnMessage, ReturnRevision, ReturnStep
from models.scorecard import Edition
from portal import database as module
from portal.actor import OPERATOR, Actor
from portal.app import create_app
from portal.damage import require_sound
from portal.database import Database
from portal.errors import Damaged, PortalError, Unavailable
from portal.services import audit, publication, returns, review, sessions
from portal.viewmodels.returns import Typed
from portal.web import kept
from tests.conftest import administer, person, settings, sign_in
from tests.support.breaking import COMMIT, breaking
from tests.support.worlds import state_of

EVERY = bool(os.environ.get("FAULTS"))
PERIOD, MEASURE = "2008-09-q3", "NI 154"
Case = Callable[[Database, int], object]
SQLITE = {
    "full": sqlite3.OperationalError("database or disk is full"),
    "unreadable": sqlite3.OperationalError("disk I/O error"),
    "read-only": sqlite3.OperationalError("attempt to write a readonly database"),
}
POSTGRESQL = {
    "full": psycopg.errors.DiskFull("could not extend file"),
    "unreadable": psycopg.errors.IoError("could not read block"),
    "read-only": psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"),
}


def number_of(database: Database) -> int:
    return returns.find_return(database, person(database, "lcc"), PERIOD, MEASURE)


def save(database: Database, number: int) -> None:
    returns.save(database, person(database, "lcc"), number, None, Typed(value="700", commentary="So."))


def submit(database: Database, number: int) -> None:
    returns.submit(database, person(database, "lcc"), number, None, "It is so.")


def verify(database: Database, number: int) -> None:
    review.verify(database, person(database, "team2"), number, None)


def publish(database: Database, _number: int) -> None:
    publication.publish(database, OPERATOR, PERIOD)


CASES: tuple[Case, ...] = (save, submit, verify, publish)
"""One after the other they are the life of a return."""


def standing(database: Database, number: int) -> tuple[Any, ...]:
    """What any of the use cases would change of, in short."""
    with database.read(OPERATOR) as session:
        head = session.scalars(select(AuditHead)).one()
        row = session.get_one(Return, number)
        tables = (ReturnRevision, ReturnStep, ReturnMessage, Edition)
        counts = [session.scalar(select(func.count()).select_from(one)) for one in tables]
        return head.number, head.hash, row.state, row.version, row.revision, row.commentary, *counts


def refusal(case: Case, database: Database, number: int) -> str | None:
    """What is said when the database fails; None when it was done."""
    try:
        case(database, number)
    except Unavailable as error:
        return error.sentence
    return None


def raising(error: Exception) -> Callable[[object], object]:
    def fail(_held: object) -> None:
        raise error

    return fail


def steps() -> Iterator[int]:
    """The numbers of statements that fail: each, or for the suite each of the first ones and some of the others."""
    yield COMMIT
    at = 1
    while True:
        yield at
        at += 1 if EVERY or at < 8 else 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_fault_at_any_statement_undoes_all_of_a_use_case(database: Database, case: Case) -> None:
    number = number_of(database)
    for earlier in CASES[: CASES.index(case)]:
        earlier(database, number)
    faults = list((SQLITE if database.engine.dialect.name == "sqlite" else POSTGRESQL).values())[:2]
    before, whole = standing(database, number), state_of(database)
    failed = 0
    for at in steps():
        with breaking(database, at, raising(faults[at % 2])) as found:
            said = refusal(case, database, number)
        if said is None:
            assert not found.failed, "it was done although the database failed"
            break
        assert "Nothing was saved" in said
        assert standing(database, number) == before
        failed += 1
        if not EVERY and failed == 7:
            assert state_of(database) == whole
    assert failed > 7
    after = standing(database, number)
    assert after[0] == before[0] + 1
    assert audit.verify(database, OPERATOR).broken is None


@pytest.mark.parametrize("fault", SQLITE)
def test_whatever_is_wrong_with_the_disk_is_no_mistake_of_ours(database: Database, fault: str) -> None:
    error = (SQLITE if database.engine.dialect.name == "sqlite" else POSTGRESQL)[fault]
    number = number_of(database)

    for at in (4, 8):
        with breaking(database, at, raising(error)), pytest.raises(Unavailable), database.write(OPERATOR) as session:
            rename_ten_times(session)
    save(database, number)


def rename_ten_times(session: Session) -> None:
    for _ in range(10):
        session.execute(text("UPDATE organisation SET name = name"))


def test_a_connection_that_ends_in_the_middle_undoes_all_and_the_next_use_case_works(
    database: Database, postgres: str
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("its connection is a file")
    number = number_of(database)
    save(database, number)
    before = standing(database, number)

    def end(held: Any) -> None:
        administer(postgres, f"SELECT pg_terminate_backend({held.info.backend_pid}, 5000)")

    for at in (5, 12, 20, 30):
        with pytest.raises(Unavailable), breaking(database, at, end):
            submit(database, number)
        assert standing(database, number) == before
    administer(postgres, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'portal'")
    submit(database, number)  # the pool's connections are dead, and are found to be
    assert standing(database, number)[0] == before[0] + 1


# --- the web ----------------------------------------------------------------------------------------------


@pytest.fixture
def web(database: Database) -> Flask:
    """The portal on both engines, with its public page asked for once, so that it is kept."""
    app = create_app(settings(), database)
    assert app.test_client().get("/").status_code == 200
    return app


def token_of(database: Database) -> dict[str, str]:
    token = sessions.issue_token(database, OPERATOR, "lcc@portal.example")
    return {"Authorization": f"Bearer {token}"}


def put(app: Flask, token: dict[str, str], commentary: str) -> int:
    body = {"value": "700", "commentary": commentary}
    answer = app.test_client().put(f"/api/v1/returns/{PERIOD}/ni-154", json=body, headers=token)
    if answer.status_code == 503:
        assert "Nothing was saved" in answer.json["detail"]
    return answer.status_code


@contextmanager
def gone(database: Database) -> Iterator[None]:
    """The database cannot be reached: no connection is left, and none can be made."""
    errors = {"sqlite": sqlite3.OperationalError("unable to open database file")}
    error = errors.get(database.engine.dialect.name, psycopg.OperationalError("connection refused"))

    def refuse(*_: object) -> None:
        raise error

    database.dispose()
    event.listen(database.engine, "do_connect", refuse)
    try:
        yield
    finally:
        event.remove(database.engine, "do_connect", refuse)


def test_the_public_page_stays_while_the_database_is_gone(
    web: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LOOK_AFTER", 0.0)
    token, visitor = token_of(database), web.test_client()
    with gone(database):
        assert [visitor.get("/").status_code for _ in range(2)] == [200, 200]
        assert visitor.get("/healthz").status_code == 503
        assert visitor.get("/history").status_code == 503  # which nobody had asked for yet
        assert put(web, token, "while it is gone") == 503
    assert visitor.get("/healthz").status_code == 200
    assert visitor.get("/history").status_code == 200
    assert put(web, token, "it is back") == 200
    assert audit.verify(database, OPERATOR).broken is None


def test_a_portal_that_begins_without_its_database_has_no_page_to_show(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings(), database)
    with gone(database):
        assert app.test_client().get("/").status_code == 503
    assert app.test_client().get("/").status_code == 200


@contextmanager
def at_most(database: Database, pages: int) -> Iterator[None]:
    """SQLite may not make its file longer, as on a disk that is full."""

    def limit(held: Any, *_: object) -> None:
        held.execute(f"PRAGMA max_page_count={pages}")

    database.dispose()
    event.listen(database.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", limit)
        database.dispose()


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The operating system lets this process make no file longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("how", ["pages", "files"])
def test_on_a_full_disk_what_is_read_is_shown_and_what_is_saved_is_refused(
    sqlite_database: Database, sqlite_file: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings(), sqlite_database)
    token, team = token_of(sqlite_database), sign_in(app, "team")
    monkeypatch.setattr(sessions, "SEEN_EVERY", sessions.SEEN_EVERY * 0)  # each request would note when it was
    with sqlite_database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    full = (
        at_most(sqlite_database, pages)
        if how == "pages"
        else no_file_longer_than(sqlite_file.with_name(f"{sqlite_file.name}-wal").stat().st_size + 128 * 1024)
    )
    acknowledged = []
    with full:
        answers = []
        for number in range(60):
            said = f"{number} " + "x" * 1500
            answers.append(put(app, token, said))
            if answers[-1] == 200:
                acknowledged.append(said)
        assert 200 in answers
        assert answers[-1] == 503
        assert app.test_client().get("/").status_code == 200
        assert app.test_client().get("/history").status_code == 200
        assert team.get("/review").status_code == 200
    assert put(app, token, "there is room again") == 200
    assert audit.verify(sqlite_database, OPERATOR).broken is None
    with sqlite_database.read(OPERATOR) as session:
        kept_ = session.execute(text("SELECT after FROM audit_event WHERE action = 'return:edit'")).scalars().all()
    assert [sum(one in row for row in kept_) for one in acknowledged] == [1] * len(acknowledged)
    with sqlite_database.engine.connect() as connection:
        require_sound(connection)


def test_a_locked_database_is_answered_in_time_and_can_be_read(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(sqlite_database)
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    database = Database(str(sqlite_database.engine.url), sqlite_database.clock)
    app = create_app(settings(), database)
    other = sqlite3.connect(str(sqlite_database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert put(app, token, "while another one writes") == 503
    assert app.test_client().get("/").status_code == 200
    other.execute("ROLLBACK")
    other.close()
    assert put(app, token, "it is free again") == 200
    database.dispose()


# --- damaged and foreign files ----------------------------------------------------------------------------


def test_flipped_bytes_are_told_in_a_sentence_and_never_taken_for_whole(
    sqlite_database: Database, sqlite_file: Path
) -> None:
    with sqlite_database.engine.connect() as connection:
        connection.connection.execute("VACUUM")  # in a page that is free nothing is spoilt
    sqlite_database.dispose()
    whole, chance = sqlite_file.read_bytes(), random.Random(4)
    size = int.from_bytes(whole[16:18], "big")
    for page in chance.sample(range(len(whole) // size), 100 if EVERY else 15):
        spoilt = bytearray(whole)
        # How a page begins says what is on it. What lies further in are words and figures, which nothing tells from
        # others outside of the trail and the editions: SQLite keeps no sums of its pages.
        at = page * size
        spoilt[at : at + 512] = bytes(byte ^ 0xFF for byte in spoilt[at : at + 512])
        for old in sqlite_file.parent.glob(f"{sqlite_file.name}-*"):
            old.unlink()
        sqlite_file.write_bytes(spoilt)
        try:
            found = audit.verify(sqlite_database, OPERATOR)
            assert found.broken or found.wrong, page
        except (PortalError, SQLAlchemyError):  # the command line has a sentence for each of them
            pass
        sqlite_database.dispose()


def test_a_row_of_the_trail_that_cannot_be_read_is_told(sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET at = 'no date' WHERE number = 2")
    with pytest.raises(Damaged, match="cannot be read any more"):
        audit.verify(sqlite_database, OPERATOR)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite").write_bytes(b"no database" * 1000)
    database = Database(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    with pytest.raises(Damaged), database.read(OPERATOR):
        pytest.fail("it cannot be read")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_file_that_belongs_to_somebody_else_is_read_or_refused_and_never_half_written(
    sqlite_database: Database, sqlite_file: Path
) -> None:
    sqlite_database.dispose()
    with tempfile.TemporaryDirectory(prefix="portal-foreign-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "portal.sqlite"
        file.write_bytes(sqlite_file.read_bytes())
        before = file.read_bytes()
        os.seteuid(65534)
        try:
            database = Database(f"sqlite:///{file}")
            with pytest.raises(Unavailable), database.write(Actor(name="nobody")) as session:
                session.execute(text("UPDATE organisation SET name = name"))
            database.dispose()
        finally:
            os.seteuid(0)
        assert file.read_bytes() == before
