"""Reading refuses to write, writing is one transaction, and a figure or an instant comes back as it went in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.orm import Session

from models.audit import AuditEvent, AuditHead
from models.base import Figure, Instant
from models.people import Organisation, SignIn
from models.returns import Return
from models.rules.broken import IllegalMove
from portal import audit
from portal import database as module
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Invalid, Unavailable
from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.conftest import person

RENAME = text("UPDATE organisation SET name = 'Somebody else' WHERE key = 'police'")
REFUSED = (Unavailable, DBAPIError)


def name_of(database: Database, key: str = "police") -> str | None:
    with database.read(OPERATOR) as session:
        return session.scalar(select(Organisation.name).where(Organisation.key == key))


def newcomer(key: str = "new") -> Organisation:
    return Organisation(key=key, name="Newcomer", sector="", also_known_as="")


def rename_by_orm(session: Session) -> None:
    session.scalars(select(Organisation).where(Organisation.key == "police")).one().name = "Somebody else"


def add_and_flush(session: Session) -> None:
    session.add(newcomer())
    session.flush()


def rename_and_commit(session: Session) -> None:
    rename_by_orm(session)
    session.commit()


def rename_after_a_commit(session: Session) -> None:
    session.commit()
    session.execute(RENAME)
    session.commit()


def rename_after_a_rollback(session: Session) -> None:
    session.rollback()
    session.execute(RENAME)
    session.commit()


WAYS_TO_WRITE: list[Callable[[Session], object]] = [
    add_and_flush,
    rename_and_commit,
    lambda session: session.execute(RENAME),
    lambda session: session.execute(text("DELETE FROM audit_head")),
    lambda session: session.execute(text("INSERT INTO audit_head (id, number, hash) VALUES (2, 0, '')")),
    lambda session: session.execute(text("DROP TABLE sign_in_attempt")),
]


def test_a_reading_session_refuses_every_way_to_write(database: Database) -> None:
    before = name_of(database)
    for write in WAYS_TO_WRITE:
        with pytest.raises(REFUSED), database.read(OPERATOR) as session:
            write(session)
    assert name_of(database) == before != "Somebody else"
    assert name_of(database, "new") is None


@pytest.mark.parametrize("write", [rename_after_a_commit, rename_after_a_rollback])
def test_a_reading_session_refuses_to_write_to_its_end(database: Database, write: Callable[[Session], None]) -> None:
    with pytest.raises(REFUSED), database.read(OPERATOR) as session:
        write(session)
    assert name_of(database) != "Somebody else"


def test_what_is_changed_in_memory_while_reading_is_not_kept(database: Database) -> None:
    with database.read(OPERATOR) as session:
        rename_by_orm(session)
        session.add(newcomer())
    assert name_of(database) != "Somebody else"
    assert name_of(database, "new") is None


def test_a_reading_session_sees_one_state_of_the_data(database: Database) -> None:
    """A page whose figures come from two statements must not show half of what somebody saves in between."""
    count = select(func.count()).select_from(Organisation)
    with database.read(OPERATOR) as session:
        before = session.scalar(count)
        with database.write(OPERATOR) as writing:
            writing.add(newcomer())
        assert session.scalar(count) == before
    assert name_of(database, "new") == "Newcomer"


def test_a_connection_that_was_read_with_can_be_written_with(database: Database) -> None:
    for number in range(3):
        with database.read(OPERATOR) as session:
            assert session.scalar(select(func.count()).select_from(Organisation)) == 20 + number
        with database.write(OPERATOR) as session:
            session.add(newcomer(f"new{number}"))


def test_writing_commits_once_with_the_audit(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    with database.write(OPERATOR) as session:
        session.add(newcomer())
        audit.record(session, "test:first", "organisation new")
        audit.record(session, "test:second", "organisation new")
        assert name_of(database, "new") is None  # nobody sees half of it
        assert commits == []
    assert len(commits) == 1
    assert name_of(database, "new") == "Newcomer"


@pytest.mark.parametrize(
    "raised", [Invalid({"value": "Wrong."}), IllegalMove("Not now."), ValueError("ours"), KeyboardInterrupt()], ids=repr
)
def test_whatever_is_raised_undoes_all_of_it_and_the_audit(sqlite_database: Database, raised: BaseException) -> None:
    undoes_all(sqlite_database, raised)


def test_what_is_raised_undoes_all_of_it_on_both_databases(database: Database) -> None:
    undoes_all(database, ValueError("ours"))


def undoes_all(database: Database, raised: BaseException) -> None:
    before = trail(database)
    with pytest.raises(type(raised)) as caught, database.write(OPERATOR) as session:
        write_and_raise(session, raised)
    assert caught.value is raised
    assert name_of(database, "new") is None
    assert name_of(database) != "Somebody else"
    assert trail(database) == before


def write_and_raise(session: Session, raised: BaseException) -> None:
    session.add(newcomer())
    rename_by_orm(session)
    audit.record(session, "test:undone", "organisation new")
    session.flush()
    raise raised


def trail(database: Database) -> tuple[int | None, int, str]:
    with database.read(OPERATOR) as session:
        head = session.scalars(select(AuditHead)).one()
        return session.scalar(select(func.count()).select_from(AuditEvent)), head.number, head.hash


def test_a_row_that_somebody_changed_first_is_a_conflict(database: Database) -> None:
    with database.read(OPERATOR) as session:
        stale = session.scalars(select(Return).order_by(Return.id.desc()).limit(1)).one()
    number = stale.id
    with database.write(OPERATOR) as session:
        session.get_one(Return, number).commentary = "first"
    stale.commentary = "second"
    with pytest.raises(Conflict, match="Nothing was saved"), database.write(OPERATOR) as session:
        session.add_all([newcomer(), stale])
    with database.read(OPERATOR) as session:
        assert session.get_one(Return, number).commentary == "first"
    assert name_of(database, "new") is None


def test_of_two_who_save_one_version_at_the_same_moment_one_is_told_of_a_conflict(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    start = Barrier(2)

    def save(value: str) -> str:
        start.wait(10)
        try:
            returns.save(database, lcc, number, 1, Typed(value=value))
        except Conflict:
            return "conflict"
        return value

    with ThreadPoolExecutor(2) as people:
        outcomes = list(people.map(save, ("55", "90")))
    view = returns.read_return(database, lcc, number)
    assert sorted(outcomes) == sorted([str(view.answers.value), "conflict"])
    assert view.version == 2


def test_a_row_that_is_there_already_or_refers_to_nothing_is_a_conflict(database: Database) -> None:
    with pytest.raises(Conflict), database.write(OPERATOR) as session:
        session.add(newcomer("police"))
    now = database.clock.now()
    with pytest.raises(Conflict), database.write(OPERATOR) as session:
        session.add(SignIn(token_hash="t" * 64, person_id=987654, started_at=now, last_seen_at=now))


@contextmanager
def locked(path: Path) -> Iterator[Database]:
    """A database in which somebody else has begun to write and does not end."""
    database = Database(f"sqlite:///{path}")
    other = Database(f"sqlite:///{path}")
    with other.engine.connect() as connection:
        connection.execute(RENAME)
        yield database
    database.dispose()
    other.dispose()


def test_a_locked_database_is_unavailable_for_writing_and_still_read(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with locked(Path(str(sqlite_database.engine.url.database))) as database:
        with pytest.raises(Unavailable) as caught, database.write(OPERATOR):
            pytest.fail("two cannot write at once")
        assert isinstance(caught.value.__cause__, OperationalError)
        assert caught.value.sentence == "The portal could not reach its database. Nothing was saved. Try again."
        assert name_of(database) != "Somebody else"
    with sqlite_database.write(OPERATOR) as session:
        session.add(newcomer())


def test_those_who_queue_before_a_locked_database_wait_no_longer_than_one_would(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.6)

    def write(_number: int) -> float:
        began = monotonic()
        with pytest.raises(Unavailable), database.write(OPERATOR):
            pytest.fail("two cannot write at once")
        return monotonic() - began

    with locked(Path(str(sqlite_database.engine.url.database))) as database, ThreadPoolExecutor(4) as people:
        waited = list(people.map(write, range(4)))
    assert max(waited) < 1.1  # the second of them would otherwise wait for the first, and then as long again
    with database.write(OPERATOR) as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == 600


def test_a_standby_and_broken_pages_are_the_databases_own_trouble(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("of PostgreSQL's words")
    for state, writing, trouble in (("25006", True, True), ("25006", False, False), ("XX001", False, True)):
        block = database.write if writing else database.read
        raised = Unavailable if trouble else DBAPIError
        with pytest.raises(raised), block(OPERATOR) as session:
            session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{state}'; END $$"))


def test_a_connection_that_ends_during_the_commit_leaves_it_open_whether_it_was_saved(
    owned_database: Database,
) -> None:
    if owned_database.engine.dialect.name == "sqlite":
        pytest.skip("its connection is a file")

    def end(connection: Connection) -> None:
        pid = connection.connection.dbapi_connection.info.backend_pid
        with owned_database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    event.listen(owned_database.engine, "commit", end, once=True)
    with pytest.raises(Unavailable) as caught, owned_database.write(OPERATOR) as session:
        session.add(newcomer())
    assert caught.value.sentence == module.UNSURE
    assert name_of(owned_database, "new") is None


def test_a_database_that_is_gone_is_unavailable() -> None:
    database = Database("postgresql://portal@127.0.0.1:1/portal")
    for block in (database.read, database.write):
        with pytest.raises(Unavailable), block(OPERATOR):
            pytest.fail("there is no database to reach")


def test_the_session_knows_who_asks_and_what_day_it_is(sqlite_database: Database) -> None:
    police = person(sqlite_database, "police")
    with sqlite_database.read(police) as session:
        assert (session.info["actor"], session.info["clock"]) == (police, sqlite_database.clock)
        assert session.info["writing"] is False
    with sqlite_database.write(police) as session:
        assert session.info["writing"] is True


def test_sqlite_is_set_up_to_lose_nothing(sqlite_database: Database) -> None:
    with sqlite_database.write(OPERATOR) as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert pragmas == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_sqlite_files_folder_is_made_under_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite:///var/deep/portal.sqlite")
    with database.write(OPERATOR) as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.dispose()
    assert (tmp_path / "var" / "deep" / "portal.sqlite").is_file()


def test_no_other_folder_is_made_for_a_sqlite_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        Database(f"sqlite:///{tmp_path / 'misspelt' / 'portal.sqlite'}")
    assert list(tmp_path.iterdir()) == []


scratch = Table(
    "scratch", MetaData(), Column("id", Integer, primary_key=True), Column("figure", Figure), Column("at", Instant)
)


@pytest.fixture
def with_scratch(empty_database: Database) -> Database:
    scratch.create(empty_database.engine)
    return empty_database


def there_and_back(database: Database, column: str, values: list[object]) -> list[object]:
    with database.write(OPERATOR) as session:
        session.execute(insert(scratch), [{column: value} for value in values])
    with database.read(OPERATOR) as session:
        return list(session.scalars(select(scratch.c[column]).order_by(scratch.c.id)))


def test_a_figure_keeps_every_digit_and_its_zeros_at_the_end(with_scratch: Database) -> None:
    written = ["2.140", "0", "0.00", "-28.30", "1450", "123456789012345678.1234567890", "0.1", "-0.0000000001"]
    read = there_and_back(with_scratch, "figure", [*map(Decimal, written), Decimal("1E+3"), None])
    figures = [figure for figure in read if isinstance(figure, Decimal)]
    assert [format(figure, "f") for figure in figures] == [*written, "1000"]
    assert read[len(figures) :] == [None]


def test_what_is_no_finite_decimal_is_refused_as_a_figure(with_scratch: Database) -> None:
    for wrong in (0.1, 1, "2.14", True, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")):
        with pytest.raises(StatementError, match="a figure is a finite Decimal"):
            there_and_back(with_scratch, "figure", [Decimal(1), wrong])
    assert there_and_back(with_scratch, "figure", [Decimal(2)]) == [Decimal(2)]


def test_an_instant_comes_back_as_the_same_moment_in_utc(with_scratch: Database) -> None:
    summer = datetime(2008, 7, 1, 0, 30, 15, 123456, tzinfo=ZoneInfo("Europe/London"))
    written = [
        summer,
        datetime(2009, 1, 20, 14, 5, tzinfo=UTC),
        datetime(2009, 1, 20, 23, 0, tzinfo=timezone(timedelta(hours=-5))),
    ]
    read = there_and_back(with_scratch, "at", [*written, None])
    assert read == [*written, None]
    assert read[0] == datetime(2008, 6, 30, 23, 30, 15, 123456, tzinfo=UTC)
    assert all(isinstance(at, datetime) and at.tzinfo is UTC for at in read[:-1])


def test_instants_are_compared_as_moments_in_the_database_too(with_scratch: Database) -> None:
    there_and_back(with_scratch, "at", [datetime(2008, 7, 1, 0, 30, tzinfo=ZoneInfo("Europe/London"))])
    with with_scratch.read(OPERATOR) as session:
        for since, found in (
            (datetime(2008, 6, 30, 23, 29, tzinfo=UTC), 1),
            (datetime(2008, 6, 30, 23, 31, tzinfo=UTC), 0),
        ):
            assert session.scalar(select(func.count()).select_from(scratch).where(scratch.c.at > since)) == found


def test_a_naive_datetime_is_refused_as_an_instant(with_scratch: Database) -> None:
    naive = datetime(2009, 1, 20, 14, 5)  # noqa: DTZ001
    with pytest.raises(StatementError, match="an instant has a time zone"), with_scratch.write(OPERATOR) as session:
        session.execute(insert(scratch).values(at=naive))
    with pytest.raises(StatementError, match="an instant has a time zone"), with_scratch.read(OPERATOR) as session:
        session.execute(select(scratch).where(scratch.c.at > naive))


def test_of_those_who_open_a_new_file_at_the_same_moment_none_fails(tmp_path: Path) -> None:
    """As when several workers, or hosts' commands, meet a database that nobody had yet."""

    def first(database: Database, together: Barrier) -> str:
        together.wait()
        with database.engine.connect() as connection:
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())

    for number in range(40):
        together = Barrier(4)
        databases = [Database(f"sqlite:///{tmp_path / str(number)}.sqlite") for _ in range(4)]
        with ThreadPoolExecutor(4) as many:
            assert list(many.map(first, databases, [together] * 4)) == ["wal"] * 4
        for database in databases:
            database.dispose()
