"""Two who decide otherwise at one moment, on both databases: one of them is first, and what is kept is of one piece."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.returns import Return, ReturnRevision
from models.rules.broken import RuleBroken
from models.rules.terms import State
from portal import audit
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, PortalError
from portal.policy import Action
from portal.services import people, returns, review, sessions
from portal.viewmodels.returns import Typed
from tests.conftest import person

ROUNDS = 4


def at_once(*works: Callable[[], object]) -> list[bool]:
    """Do all of it at one moment; which of them were done, and not refused with a plain word."""
    gate, done = Barrier(len(works)), [False] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        gate.wait()
        try:
            work()
        except (PortalError, RuleBroken):
            return
        done[place] = True

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.fixture
def submitted(database: Database) -> int:
    """The council's return on NI 59, submitted."""
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="60"))
    returns.submit(database, lcc, number, None)
    return number


def test_of_withdrawing_and_verifying_one_is_done(database: Database, submitted: int) -> None:
    lcc, team = person(database, "lcc"), person(database, "team")
    for _ in range(ROUNDS):
        withdrew, verified = at_once(
            lambda: returns.withdraw(database, lcc, submitted, None),
            lambda: review.verify(database, team, submitted, None),
        )
        assert withdrew is not verified
        with database.read(OPERATOR) as session:
            row = session.get_one(Return, submitted)
            last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
            kept = session.scalars(
                select(ReturnRevision)
                .where(ReturnRevision.return_id == submitted)
                .order_by(ReturnRevision.number.desc())
            ).first()
            assert kept is not None
            assert (row.state, kept.verified_at is not None) == (
                (State.VERIFIED, True) if verified else (State.DRAFT, False)
            )
            assert last.action == (Action.RETURN_VERIFY if verified else Action.RETURN_WITHDRAW)
        if verified:
            review.reopen(database, team, submitted, None, "Once more.")
            returns.save(database, lcc, submitted, None, Typed(value="60"))
        returns.submit(database, lcc, submitted, None)


def test_what_is_verified_is_what_was_looked_at_however_it_is_saved_meanwhile(
    database: Database, submitted: int
) -> None:
    """The partner withdraws, changes and submits again while the team verifies what it saw: that figure or none."""
    lcc, team = person(database, "lcc"), person(database, "team")
    seen = returns.read_return(database, team, submitted)

    def change() -> None:
        returns.withdraw(database, lcc, submitted, None)
        returns.save(database, lcc, submitted, None, Typed(value="99"))
        returns.submit(database, lcc, submitted, None)

    _, verified = at_once(change, lambda: review.verify(database, team, submitted, seen.version))
    with database.read(OPERATOR) as session:
        kept = select(ReturnRevision.value).where(ReturnRevision.verified_at.is_not(None))
        found = [str(value) for value in session.scalars(kept.where(ReturnRevision.return_id == submitted))]
    assert found == (["60"] if verified else [])


def test_a_disabled_account_saves_nothing_from_then_on(database: Database) -> None:
    """Whatever it had under way was before; its session is worth nothing after."""
    lcc, admin = person(database, "lcc"), person(database, "admin")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    token = sessions.begin(database, lcc)
    at_once(
        lambda: returns.save(database, lcc, number, None, Typed(value="61")),
        lambda: people.set_disabled(database, admin, lcc.email, disabled=True),
    )
    assert sessions.who_is(database, token, "127.0.0.1") is None
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None


def test_a_press_twice_verifies_once(database: Database, submitted: int) -> None:
    team = person(database, "team")
    version = returns.read_return(database, team, submitted).version
    done = at_once(*[lambda: review.verify(database, team, submitted, version)] * 4)
    assert done.count(True) == 1
    with database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.RETURN_VERIFY)).all()
    assert len([one for one in events if "NI 59" in one.subject]) == 1
    with pytest.raises((Conflict, RuleBroken)):
        review.verify(database, team, submitted, version)
