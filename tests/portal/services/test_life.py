"""Random people make random moves on one return: no illegal state, no lost revision, no gap in the audit trail."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.returns import Return, ReturnRevision
from models.rules.broken import RuleBroken
from models.rules.moves import Move, allows
from models.rules.terms import State
from portal import audit
from portal.actor import OPERATOR, Actor
from portal.clock import Clock
from portal.database import Database
from portal.errors import PortalError
from portal.services import concurrence, publication, returns, review
from portal.services.gate import gate
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person

PEOPLE = ("lcc", "police", "nhs", "police.contributor", "team", "team2", "executive", "reviewer", "admin")
NUMBER = 50  # the council's NI 140 in quarter 3, which these signed up to
SIGNED_UP = ("police", "nhs")
EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "12"))


class Life(RuleBasedStateMachine):
    """A return and everybody who may, or may not, do something to it, against a model of a few lines."""

    demo: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.demo, self.folder / "life.sqlite")
        self.database = Database(f"sqlite:///{self.folder / 'life.sqlite'}", Clock(TODAY))
        self.people = {who: person(self.database, who) for who in PEOPLE}
        self.state, self.draft, self.submitter = State.NOT_STARTED, None, ""
        self.revisions: list[str] = []
        self.verified = self.published = 0  # the revisions that everybody may read, and that the public sees
        self.events = self._count_events()

    def teardown(self) -> None:
        self.database.dispose()
        shutil.rmtree(self.folder)

    def _count_events(self) -> int:
        with self.database.read(OPERATOR) as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    def _try(self, may: bool, move: Move, act: object) -> bool:
        """Do it; it works exactly when the person may and the state allows it. Answers whether it did."""
        expected = may and allows(move, self.state)
        try:
            act()  # type: ignore[operator]
        except (PortalError, RuleBroken):
            assert not expected, f"{move} was refused in {self.state}"
            return False
        assert expected, f"{move} was allowed in {self.state}"
        return True

    @rule(who=st.sampled_from(PEOPLE), figure=st.integers(0, 100).map(str))
    def save(self, who: str, figure: str) -> None:
        actor = self.people[who]
        if self._try(who == "lcc", Move.SAVE, lambda: returns.save(self.database, actor, NUMBER, None, Typed(figure))):
            self.events += (figure, State.DRAFT) != (self.draft, self.state)
            self.draft, self.state = figure, State.DRAFT

    @rule(who=st.sampled_from(PEOPLE))
    def submit(self, who: str) -> None:
        if self._try(who == "lcc", Move.SUBMIT, lambda: returns.submit(self.database, self.people[who], NUMBER, None)):
            self.state, self.submitter = State.SUBMITTED, who
            self.revisions.append(self.draft or "")
            self.events += 1

    @rule(who=st.sampled_from(PEOPLE))
    def withdraw(self, who: str) -> None:
        act = lambda: returns.withdraw(self.database, self.people[who], NUMBER, None)  # noqa: E731
        if self._try(who == "lcc", Move.WITHDRAW, act):
            self.state = State.DRAFT
            self.events += 1

    @rule(who=st.sampled_from(PEOPLE), move=st.sampled_from((Move.QUERY, Move.VERIFY, Move.REOPEN)))
    def judge(self, who: str, move: Move) -> None:
        actor: Actor = self.people[who]
        acts = {
            Move.QUERY: lambda: review.query(self.database, actor, NUMBER, None, "Why?"),
            Move.VERIFY: lambda: review.verify(self.database, actor, NUMBER, None, weighed="Weighed."),
            Move.REOPEN: lambda: review.reopen(self.database, actor, NUMBER, None, "Wrong."),
        }
        if self._try(who in ("team", "team2"), move, acts[move]):
            after = {Move.QUERY: State.QUERIED, Move.VERIFY: State.VERIFIED, Move.REOPEN: State.DRAFT}
            self.state = after[move]
            if move is Move.VERIFY:
                self.verified = len(self.revisions)
            elif move is Move.REOPEN:
                self.verified = self.published
            self.events += 1

    @rule(who=st.sampled_from(PEOPLE))
    def dissent(self, who: str) -> None:
        try:
            concurrence.dissent(self.database, self.people[who], NUMBER, None, "Our figures differ.")
        except (PortalError, RuleBroken):
            assert who not in SIGNED_UP or self.state is not State.SUBMITTED
            return
        assert who in SIGNED_UP, f"{who} was let in"
        assert self.state is State.SUBMITTED, f"a dissent was taken in {self.state}"
        self.events += 1

    @rule(who=st.sampled_from(PEOPLE))
    def read(self, who: str) -> None:
        """Who may read it, and which revision they are shown."""
        own = who == "lcc"
        waits = self.state is State.SUBMITTED and who in SIGNED_UP
        team = who in ("team", "team2") and bool(self.revisions)
        others = who in ("police", "nhs", "police.contributor", "executive") and self.verified
        may = own or waits or team or others
        try:
            view = returns.read_return(self.database, self.people[who], NUMBER)
        except PortalError:
            assert not may, f"{who} was kept out in {self.state}"
            return
        assert may, f"{who} was let in in {self.state}"
        if not own:
            shown = self.revisions[-1] if waits or team else self.revisions[self.verified - 1]
            assert str(view.answers.value) == shown

    @rule(who=st.sampled_from(PEOPLE))
    def publish(self, who: str) -> None:
        try:
            seen = gate(self.database, self.people[who], "2008-09-q3")
            publication.prepare(self.database, self.people[who], "2008-09-q3", seen.digest, "A late count.")
        except (PortalError, RuleBroken):
            return
        other = {"team": "team2", "team2": "team"}[who]
        made = gate(self.database, self.people[other]).prepared
        assert made is not None
        publication.release(self.database, self.people[other], made.id, made.version)
        self.events += 2
        if self.state is State.VERIFIED:
            self.state, self.published = State.PUBLISHED, self.verified

    @invariant()
    def nothing_is_lost(self) -> None:
        with self.database.read(OPERATOR) as session:
            row = session.get_one(Return, NUMBER)
            kept = session.scalars(
                select(ReturnRevision).where(ReturnRevision.return_id == NUMBER).order_by(ReturnRevision.number)
            ).all()
            assert row.state is self.state
            assert [str(revision.value) for revision in kept] == self.revisions
            assert [revision.number for revision in kept] == list(range(1, len(kept) + 1))
            assert row.revision == len(kept)
            if self.state in (State.VERIFIED, State.PUBLISHED):
                assert row.verified_revision == row.revision
            assert audit.first_break(session) is None
        assert self._count_events() == self.events


@pytest.mark.parametrize("steps", [15])
def test_no_walk_of_random_people_breaks_a_return(sqlite_demo: Path, steps: int) -> None:
    Life.demo = sqlite_demo
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
