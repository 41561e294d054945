"""The audit trail: whole over the demonstration, broken by whatever is done behind the portal's back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import AuditEvent, AuditHead
from models.rules.terms import Rating, State
from portal import audit
from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.errors import NotFound
from portal.services import people, returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import person

Q3 = "2008-09-q3"
CHANGES = {
    "at": "'2001-01-01 00:00:00.000000'",
    "person_id": "CASE WHEN person_id IS NULL THEN (SELECT min(id) FROM person) END",
    "who": "who || 'x'",
    "organisation_id": "CASE WHEN organisation_id IS NULL THEN (SELECT min(id) FROM organisation) END",
    "address": "address || 'x'",
    "action": "action || 'x'",
    "subject": "subject || 'x'",
    "before": "before || ' '",
    "after": "after || ' '",
    "reason": "reason || 'x'",
    "agreement": "CASE WHEN agreement IS NULL THEN 'x' END",
    "hash": "'" + "f" * 64 + "'",
}

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
LAST = 32
BY_HAND = "SELECT 33, at, who, address, action, subject, before, after, reason, hash FROM audit_event WHERE number = 1"
TAMPERED: dict[str, tuple[str, ...]] = {
    "Event 1 is missing.": ("DELETE FROM audit_event WHERE number = 1",),
    "Event 17 is missing.": ("DELETE FROM audit_event WHERE number = 17",),
    "Event 31 is missing.": ("DELETE FROM audit_event WHERE number = 31",),
    "Event 30 (return:submit of ": (  # removed, and the gap closed
        "DELETE FROM audit_event WHERE number = 30",
        "UPDATE audit_event SET number = 30 WHERE number = 31",
        "UPDATE audit_event SET number = 31 WHERE number = 32",
    ),
    "Event 1 (edition:publish of ": (  # swapped with its neighbour
        "UPDATE audit_event SET number = 999 WHERE number = 1",
        "UPDATE audit_event SET number = 1 WHERE number = 2",
        "UPDATE audit_event SET number = 2 WHERE number = 999",
    ),
    "Event 5 (account:manage of ": (  # swapped with another of its kind
        "UPDATE audit_event SET number = 999 WHERE number = 5",
        "UPDATE audit_event SET number = 5 WHERE number = 20",
        "UPDATE audit_event SET number = 20 WHERE number = 999",
    ),
    "Event 7 is missing.": ("UPDATE audit_event SET number = 33 WHERE number = 7",),
    "The trail ends at event 31, but 32 were written.": ("DELETE FROM audit_event WHERE number > 31",),
    "The trail ends at event 10, but 32 were written.": ("DELETE FROM audit_event WHERE number > 10",),
    "The trail ends at event 0, but 32 were written.": ("DELETE FROM audit_event",),
    "Event 33 (": (
        "INSERT INTO audit_event (number, at, who, address, action, subject, before, after, reason, hash) " + BY_HAND,
    ),
}
"""What first_break says, and what was done."""


def first_break(database: Database) -> str | None:
    with database.read(OPERATOR) as session:
        return audit.first_break(session)


def newest(database: Database) -> AuditEvent:
    with database.read(OPERATOR) as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()


def with_events(database: Database) -> Database:
    """The demonstration's trail, and after it events of people with organisations, addresses and reasons."""
    lcc, team = person(database, "lcc"), person(database, "team")
    number = returns.find_return(database, lcc, Q3, "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55.50", commentary="Üp ‘again’"))
    returns.submit(database, lcc, number, None)
    review.query(database, team, number, None, "Is this the whole quarter?")
    return database


@pytest.fixture
def database(owned_database: Database) -> Database:
    """As whoever owns the tables: the portal's own role cannot even try most of this."""
    return owned_database


@pytest.fixture
def trail(database: Database) -> Database:
    return with_events(database)


def without_triggers(connection: Connection) -> list[str]:
    """How an owner gets rid of what keeps the trail from being changed."""
    if connection.dialect.name == "postgresql":
        return ["ALTER TABLE audit_event DISABLE TRIGGER USER"]
    return [f"DROP TRIGGER {name}" for name in connection.scalars(text(TRIGGERS))]


@contextmanager
def behind_the_back(database: Database, *statements: str) -> Iterator[Session]:
    """What a checker sees after raw SQL by whoever owns the tables; everything is as it was afterwards."""
    with database.engine.connect() as connection:
        for statement in (*without_triggers(connection), *statements):
            connection.execute(text(statement))
        with Session(connection) as session:
            yield session
        connection.rollback()


def test_the_chain_holds_over_the_demonstration(database: Database) -> None:
    assert first_break(database) is None
    with database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        head = session.scalars(select(AuditHead)).one()
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert [event.action for event in events[:3]] == ["agreement:change", "edition:publish", "period:manage"]
    assert len(events) == 29  # and 26 accounts
    assert (head.number, head.hash) == (29, events[-1].hash)


def test_changing_any_column_of_any_event_is_found(trail: Database) -> None:
    assert set(CHANGES) | {"number"} == set(AuditEvent.__table__.columns.keys())
    with trail.read(OPERATOR) as session:
        events = {e.number: f"({e.action} of {e.subject})" for e in session.scalars(select(AuditEvent))}
    assert list(events) == list(range(1, LAST + 1))
    for number in events:
        columns = CHANGES if number in (1, 30, 31, LAST) else ("who",)
        for column in columns:
            with behind_the_back(
                trail, f"UPDATE audit_event SET {column} = {CHANGES[column]} WHERE number = {number}"
            ) as session:
                found = str(audit.first_break(session))
            said = events[number] if column not in ("action", "subject") else "("
            assert found.startswith(f"Event {number} {said}"), column
            assert found.endswith(" was changed after it was written.")


def test_removing_adding_and_moving_events_is_found(trail: Database) -> None:
    for sentence, statements in TAMPERED.items():
        with behind_the_back(trail, *statements) as session:
            assert str(audit.first_break(session)).startswith(sentence), statements
    assert first_break(trail) is None


def test_editing_the_head_is_found(database: Database) -> None:
    for change in ("number = number + 1", "number = number - 1", f"hash = '{'0' * 64}'"):
        with behind_the_back(database, f"UPDATE audit_head SET {change}") as session:
            assert str(audit.first_break(session)).startswith("The trail ends at event 29, but ")


def test_removing_the_head_is_found(sqlite_database: Database) -> None:
    """It is told as a broken trail, not as a database that cannot be used."""
    with behind_the_back(sqlite_database, "DELETE FROM audit_head") as session:
        assert audit.first_break(session) is not None


def test_the_database_itself_refuses_to_change_or_remove_an_event(database: Database) -> None:
    for statement in ("UPDATE audit_event SET who = 'x' WHERE number = 1", "DELETE FROM audit_event WHERE number = 29"):
        with (
            pytest.raises(DBAPIError, match="the audit trail can only be added to"),
            database.engine.begin() as connection,
        ):
            connection.execute(text(statement))
    assert first_break(database) is None
    assert newest(database).number == 29


def test_an_event_cannot_be_put_in_the_place_of_another(sqlite_database: Database) -> None:
    """SQLite replaces a row without asking the triggers for its removal, unless it is told to."""
    replace = f"INSERT OR REPLACE INTO audit_event {BY_HAND.replace('33', '29')}"
    columns = ", ".join(column.name for column in AuditEvent.__table__.columns if not column.name.endswith("_id"))
    with pytest.raises(DBAPIError), sqlite_database.engine.begin() as connection:
        connection.execute(text(replace.replace("audit_event SELECT", f"audit_event ({columns}) SELECT")))


def test_an_event_says_who_did_what_from_where_and_why(sqlite_database: Database) -> None:
    trail = with_events(sqlite_database)
    team = person(trail, "team")
    with trail.read(OPERATOR) as session:
        saved, submitted, queried = session.scalars(
            select(AuditEvent).where(AuditEvent.number > 29).order_by(AuditEvent.number)
        )
    lcc = person(trail, "lcc")
    assert [event.action for event in (saved, submitted, queried)] == [
        "return:edit",
        "return:submit",
        "return:query",
    ]
    assert {event.subject for event in (saved, submitted, queried)} == {"return NI 59 2008/09 Q3"}
    assert (saved.person_id, saved.who, saved.address) == (lcc.person_id, "lcc@portal.example", "127.0.0.1")
    assert (queried.person_id, queried.reason) == (team.person_id, "Is this the whole quarter?")
    assert saved.organisation_id == queried.organisation_id == lcc.organisation_id
    assert '"value":"55.50"' in saved.after
    assert '"value":null' in saved.before
    assert "Üp ‘again’" in saved.after


def test_a_change_and_its_event_are_written_together_or_not_at_all(database: Database) -> None:
    before = newest(database).number
    with pytest.raises(RuntimeError), database.write(OPERATOR) as session:
        record_and_fail(session)
    assert newest(database).number == before
    assert first_break(database) is None
    people.set_disabled(database, OPERATOR, "jcp@portal.example", True)
    assert newest(database).number == before + 1
    assert first_break(database) is None


def record_and_fail(session: Session) -> None:
    audit.record(session, "test:done", "something")
    raise RuntimeError


def test_what_cannot_be_audited_is_not_done(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, Q3, "NI 59")
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    with pytest.raises(SQLAlchemyError):
        returns.save(database, lcc, number, None, Typed(value="55"))
    view = returns.read_return(database, lcc, number)
    assert (view.state, view.version, view.answers.value) == (State.NOT_STARTED, 1, None)


def test_what_is_refused_leaves_no_event(sqlite_database: Database) -> None:
    before = newest(sqlite_database).number
    with pytest.raises(NotFound):
        people.set_disabled(sqlite_database, OPERATOR, "nobody@portal.example", True)
    assert newest(sqlite_database).number == before


def test_two_who_write_at_once_take_different_numbers(database: Database) -> None:
    def write(name: str) -> None:
        for turn in range(4):
            with database.write(Actor(name=name)) as session:
                audit.record(session, "test:turn", f"{name} {turn}")

    with ThreadPoolExecutor(3) as writers:
        list(writers.map(write, ("one", "other", "third")))
    with database.read(OPERATOR) as session:
        written = session.scalar(select(func.count()).where(AuditEvent.action == "test:turn"))
    assert written == 12
    assert newest(database).number == 29 + 12
    assert first_break(database) is None


def test_several_events_of_one_use_case_follow_one_another(sqlite_database: Database) -> None:
    with sqlite_database.write(OPERATOR) as session:
        for turn in range(3):
            audit.record(session, "test:turn", f"turn {turn}", after={"figure": Decimal("2.140")}, organisation_id=None)
    with sqlite_database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(4)).all()
    assert [event.subject for event in events[:3]] == ["turn 2", "turn 1", "turn 0"]
    assert all(event.hash == audit.chained(earlier.hash, event) for event, earlier in pairwise(events))
    assert events[0].after == '{"figure":"2.140"}'


def test_what_is_said_in_an_event_is_the_same_text_for_the_same_thing(sqlite_database: Database) -> None:
    with sqlite_database.write(OPERATOR) as session:
        audit.record(session, "t", "1", before={"b": 1, "a": Rating.WORSE}, after={"on": date(2009, 1, 20), "x": None})
        audit.record(session, "t", "2", before={"a": Rating.WORSE, "b": 1}, after={"x": None, "on": date(2009, 1, 20)})
        audit.record(session, "t", "3")
    with sqlite_database.read(OPERATOR) as session:
        third, second, first = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(3))
    assert first.before == second.before == '{"a":"worse","b":1}'
    assert first.after == second.after == '{"on":"2009-01-20","x":null}'
    assert (third.before, third.after, third.reason) == ("", "", "")
    assert first.hash != second.hash
