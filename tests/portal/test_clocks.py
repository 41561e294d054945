"""A clock that jumps: the order is that of the numbers, nothing lasts longer than it should, nobody is kept out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from models.audit import AuditEvent
from models.jobs import Job
from models.returns import ReturnMessage, ReturnRevision
from models.rules.jobs import LEASE, JobState
from models.rules.outbox import LEASE as LETTER_LEASE
from models.rules.packs import Asked, PackForm, PackKind
from portal import audit
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import InProgress, SignInRequired, TooMany
from portal.records import outbox as messages
from portal.services import jobs, packs, reminders, requests, returns, review, sessions
from portal.services.requests import Reservation
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, person

NOON = datetime(2009, 1, 20, 12, tzinfo=UTC)
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def test_the_order_is_that_of_the_numbers_when_the_clock_goes_back(database: Database) -> None:
    lcc, team = person(database, "lcc"), person(database, "team")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    for step, moment in enumerate((NOON, NOON - HOUR, NOON + YEAR, NOON - 2 * HOUR)):
        with at(moment):
            returns.save(database, lcc, number, None, Typed(value=str(50 + step)))
            returns.submit(database, lcc, number, None)
            review.query(database, team, number, None, f"Question {step}?")
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(12)).all()
        revisions = session.scalars(
            select(ReturnRevision).where(ReturnRevision.return_id == number).order_by(ReturnRevision.number)
        ).all()
        asked = session.scalars(
            select(ReturnMessage).where(ReturnMessage.return_id == number).order_by(ReturnMessage.id)
        ).all()
    assert [event.action.partition(":")[2] for event in reversed(events)] == ["edit", "submit", "query"] * 4
    assert [str(one.value) for one in revisions] == ["50", "51", "52", "53"]
    assert [one.text for one in asked] == [f"Question {step}?" for step in range(4)]
    with at(NOON):
        view = returns.read_return(database, lcc, number)
    assert str(view.answers.value) == "53"
    assert [one.text for one in view.messages] == [f"Question {step}?" for step in range(4)]


SESSION: list[tuple[timedelta, bool]] = [
    (timedelta(minutes=29), True),
    (timedelta(minutes=31), False),
    (timedelta(minutes=-5), True),
    (timedelta(minutes=-29), True),
    (-HOUR, False),
    (YEAR, False),
    (-YEAR, False),
]


@pytest.mark.parametrize(("jump", "lives"), SESSION, ids=str)
def test_a_session_lives_through_a_small_jump_and_no_other(database: Database, jump: timedelta, lives: bool) -> None:
    with at(NOON):
        token = sessions.begin(database, person(database, "police"))
    with at(NOON + jump):
        live = sessions.who_is(database, token, "")
        assert (live is not None) is lives
        if live is not None:
            assert timedelta(0) < live.ends_at - (NOON + jump) <= sessions.IDLE
    if lives and jump < timedelta(0):  # it is seen at the present time of the clock: idle is counted from there
        with at(NOON + jump + sessions.IDLE + timedelta(minutes=1)):
            assert sessions.who_is(database, token, "") is None


def test_the_day_on_which_the_clocks_change_is_no_jump_for_a_session(database: Database) -> None:
    before = datetime(2009, 3, 29, 0, 50, tzinfo=UTC)  # at 1:00 the clocks of London went to 2:00
    with at(before):
        token = sessions.begin(database, person(database, "police"))
    for minutes, lives in ((20, True), (49, True), (90, False)):
        with at(before + timedelta(minutes=minutes)):
            assert (sessions.who_is(database, token, "") is not None) is lives


@pytest.mark.parametrize("jump", [-HOUR, -YEAR], ids=str)
def test_a_job_whose_worker_died_is_taken_over_although_the_clock_went_back(
    database: Database, jump: timedelta
) -> None:
    with at(NOON):
        packs.ask(database, person(database, "team"), Asked(PackKind.PARTNER, "police", "2008-09-q2", (PackForm.PDF,)))
        first = jobs.claim(database)
        assert first is not None
        assert jobs.claim(database) is None
    with at(NOON + jump):
        second = jobs.claim(database)
    assert second is not None
    assert (second.id, second.claim == first.claim) == (first.id, False)
    with database.read(OPERATOR) as session:
        row = session.get_one(Job, first.id)
        assert row.state is JobState.RUNNING
        assert row.claimed_until == NOON + jump + LEASE


def test_a_job_is_its_workers_through_a_small_jump(database: Database) -> None:
    with at(NOON):
        packs.ask(database, person(database, "team"), Asked(PackKind.PARTNER, "police", "2008-09-q2", (PackForm.PDF,)))
        assert jobs.claim(database) is not None
    with at(NOON - timedelta(seconds=90)):
        assert jobs.claim(database) is None


def test_a_letter_whose_sender_died_is_sent_although_the_clock_went_back(database: Database) -> None:
    with at(NOON):
        reminders.remind(database, OPERATOR, "")
        first = claimed(database)
    with at(NOON - timedelta(minutes=9)):
        assert claimed(database) is None  # the lease holds, and the others' hour has not come again
    with at(NOON - 2 * LETTER_LEASE):
        assert claimed(database) == first
    with at(NOON - YEAR):
        assert claimed(database) is not None


def claimed(database: Database) -> int | None:
    with database.write(OPERATOR) as session:
        row = messages.claim(session)
        return row and row.id


@pytest.mark.parametrize("jump", [-HOUR, -YEAR], ids=str)
def test_a_key_is_free_again_although_the_clock_went_back(database: Database, jump: timedelta) -> None:
    lcc = person(database, "lcc")
    with at(NOON):
        assert isinstance(requests.reserve(database, lcc, "key", "a" * 64), Reservation)
        with pytest.raises(InProgress):
            requests.reserve(database, lcc, "key", "a" * 64)
    with at(NOON + jump):
        assert isinstance(requests.reserve(database, lcc, "key", "a" * 64), Reservation)


def test_nobody_is_kept_out_for_guesses_that_a_wrong_clock_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "matches", lambda _kept, password: password == PASSWORD)
    guess: Callable[[], str] = lambda: sessions.sign_in(  # noqa: E731
        database, person(database, "police"), "police@portal.example", "a wrong password"
    )
    with at(NOON + YEAR):
        for _ in range(10):
            with pytest.raises(SignInRequired):
                guess()
        with pytest.raises(TooMany):
            guess()
    with at(NOON):
        assert sessions.sign_in(database, person(database, "police"), "police@portal.example", PASSWORD)
