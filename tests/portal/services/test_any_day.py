"""Any day as it was: after random histories every past day and instant reads as it did then, and as the trail says."""

import json
import os
import random
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.audit import AuditEvent
from models.rules.broken import RuleBroken
from models.rules.terms import Rating, State
from portal.actor import OPERATOR, Actor
from portal.clock import Clock
from portal.database import Database
from portal.errors import Invalid, NotFound, PortalError
from portal.formats.moments import past
from portal.services import annual_review, periods, refresh, returns, review, themes
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person
from tests.support.agreeing import agree_all
from tests.support.publishing import publish

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "3"))
PERIOD = "2008-09-q3"
LIVES = {"NI 59": "lcc", "NI 154": "lcc", "NI 117": "connexions"}
Shown = dict[str, tuple[Any, ...]]


class History:
    """Some returns, the people who work on them, and what everybody saw at the end of each step."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.numbers = {
            code: returns.find_return(database, person(database, who), PERIOD, code) for code, who in LIVES.items()
        }
        self.days: dict[date, Shown] = {}
        self.instants: list[tuple[datetime, Shown]] = []
        self.look()

    def see(self, as_at: AsAt | None = None) -> Shown:
        """What the executive sees of these measures: figure, rating, what it is held against, or the reason for none."""
        view = themes.themes(self.database, person(self.database, "executive"), PERIOD, as_at)
        return {
            m.code: (m.value, m.rating, m.expected, m.no_rating_reason, i.placeholder, i.change, m.history)
            for theme in view.themes
            for i in theme.indicators
            for m in i.measures
        }

    def look(self) -> None:
        seen = self.see()
        self.days[self.database.clock.today()] = seen
        self.instants.append((datetime.now(UTC), seen))

    def step(self, chance: random.Random) -> None:
        """One thing that somebody does, where it is allowed."""
        code = chance.choice(list(LIVES))
        number, lead = self.numbers[code], person(self.database, LIVES[code])
        team = person(self.database, "team")
        figure = chance.choice(["8", "11", "55", "63", "700", "1200"])
        steps = (
            lambda: returns.save(self.database, lead, number, None, Typed(value=figure, commentary="Words.")),
            lambda: returns.submit(self.database, lead, number, None),
            lambda: returns.withdraw(self.database, lead, number, None),
            lambda: review.verify(self.database, team, number, None),
            lambda: review.query(self.database, team, number, None, "Why?"),
            lambda: review.reopen(self.database, team, number, None, "Wrong."),
            lambda: publish(self.database, team, PERIOD),
            lambda: periods.set_release(self.database, team, PERIOD, code, self.tomorrow()),
            lambda: self.agree(team),
            self.sleep,
            self.finish,
            self.finish,
        )
        try:
            chance.choice(steps)()
        except (PortalError, RuleBroken):
            return  # not allowed now: nothing happened
        self.look()

    def tomorrow(self) -> date:
        return self.database.clock.today() + timedelta(days=1)

    def agree(self, team: Actor) -> None:
        if refresh.refresh_desk(self.database, team).refresh is not None:
            agree_all(self.database, team)

    def finish(self) -> None:
        """What is most often done: a figure is given, submitted and verified."""
        for code, who in LIVES.items():
            number, lead = self.numbers[code], person(self.database, who)
            if returns.read_return(self.database, lead, number).may_edit:
                figure = str(40 + len(self.instants))
                returns.save(self.database, lead, number, None, Typed(value=figure))
                returns.submit(self.database, lead, number, None)
                review.verify(self.database, person(self.database, "team2"), number, None)
                return

    def sleep(self) -> None:
        self.database.clock = Clock(self.database.clock.today() + timedelta(days=6))


def replayed(database: Database, until: datetime) -> dict[str, tuple[str, str | None]]:
    """The figures that counted at an instant, with their ratings, from the audit trail alone."""
    counts: dict[str, tuple[str, str | None]] = {}
    published: dict[str, tuple[str, str | None]] = {}
    with database.read(OPERATOR) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.at <= until).order_by(AuditEvent.number)).all()
    for event in events:
        measure = event.subject.removeprefix("return ").removesuffix(" 2008/09 Q3")
        if event.action == "return:verify":
            after = json.loads(event.after)
            counts[measure] = (str(after["value"]), after["rating"])
        elif event.action == "return:reopen":
            counts.pop(measure, None)
            counts.update({measure: published[measure]} if measure in published else {})
        elif event.action == "edition:publish":
            published = dict(counts)
    return counts


@given(st.integers(0, 10**9))
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_past_day_and_instant_reads_as_it_did_then(sqlite_demo: Path, tmp_path: Path, seed: int) -> None:
    path = tmp_path / f"{seed}.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    chance, history = random.Random(seed), History(database)
    for _ in range(16):
        history.step(chance)
    for day, seen in history.days.items():
        assert history.see(AsAt(day)) == seen, day
    for instant, seen in history.instants:
        then = history.see(AsAt(TODAY, instant))
        figures = {code: (str(said[0]), said[1]) for code, said in then.items() if said[0] is not None}
        assert figures == {code: (str(said[0]), said[1]) for code, said in seen.items() if said[0] is not None}
        assert figures == replayed(database, instant)
    database.dispose()


def test_a_correction_changes_today_and_not_the_day_before(database: Database) -> None:
    team, lcc, executive = (person(database, who) for who in ("team", "lcc", "executive"))
    number = returns.find_return(database, lcc, PERIOD, "NI 59")

    def give(value: str) -> None:
        returns.save(database, lcc, number, None, Typed(value=value))
        returns.submit(database, lcc, number, None)
        review.verify(database, team, number, None)

    def seen(as_at: AsAt | None = None) -> tuple[Any, Rating | None]:
        page = themes.theme(database, executive, "children", PERIOD, as_at)
        return next((m.value, m.rating) for i in page.theme.indicators for m in i.measures if m.code == "NI 59")

    give("50")
    first = seen()
    assert first[1] is Rating.WORSE
    database.clock = Clock(date(2009, 1, 24))
    review.reopen(database, team, number, None, "Two wards were left out.")
    assert seen() == (None, None)
    database.clock = Clock(date(2009, 1, 26))
    give("70")
    assert seen()[1] is Rating.BETTER
    assert seen(AsAt(date(2009, 1, 20))) == seen(AsAt(date(2009, 1, 23))) == first
    assert seen(AsAt(date(2009, 1, 24))) == seen(AsAt(date(2009, 1, 25))) == (None, None)
    assert seen(AsAt(date(2009, 1, 26))) == seen()


def test_leicesters_figures_were_known_from_the_day_on_which_they_were_due(database: Database) -> None:
    executive = person(database, "executive")
    with pytest.raises(NotFound, match="Nothing had been returned"):
        themes.themes(database, executive, "2008-09-q2", AsAt(date(2008, 10, 29)))
    page = themes.themes(database, executive, "2008-09-q2", AsAt(date(2008, 10, 30)))
    assert page.counts.rated == 24
    with pytest.raises(NotFound, match="no agreement on that day"):
        annual_review.annual_review(database, person(database, "team"), "2008-09", AsAt(date(2008, 6, 29)))


def test_the_review_as_at_a_past_day_is_for_those_to_whom_it_was_sent_then(database: Database) -> None:
    """The demonstration publishes quarter 2 on its own day; before, the executive had no review."""
    executive, team = person(database, "executive"), person(database, "team")
    day = AsAt(date(2008, 11, 1))
    assert list(annual_review.annual_review(database, team, "2008-09", day).counts.values()) == [16, 3, 5, 11]
    with pytest.raises(NotFound, match="has not been sent yet"):
        annual_review.annual_review(database, executive, "2008-09", day)
    annual_review.annual_review(database, executive, "2008-09", AsAt(TODAY))


def test_a_correction_is_in_the_review_of_others_only_when_it_is_published(database: Database) -> None:
    number = returns.find_return(database, person(database, "police"), "2008-09-q2", "NI 16")

    def shown(who: str, as_at: AsAt | None = None) -> tuple[Any, ...]:
        found = annual_review.annual_review(database, person(database, who), "2008-09", as_at)
        (line,) = [one for one in found.indicators if one.indicator.code == "NI 16"]
        (measure,) = line.indicator.measures
        return found.counts, line.category, line.indicator.rating, measure.value, measure.state

    sent = shown("reviewer")
    assert sent[3:] == (Decimal("2.42"), State.PUBLISHED)
    review.reopen(database, person(database, "team"), number, None, "It was counted twice.")
    assert shown("reviewer") == shown("executive") == sent
    returns.save(database, person(database, "police"), number, None, Typed("1.10", "", "", "better", "Counted anew."))
    returns.submit(database, person(database, "police"), number, None)
    review.verify(database, person(database, "team2"), number, None)
    assert shown("reviewer") == shown("executive") == sent
    assert shown("team")[3] == Decimal("1.10")
    before = database.clock.now()
    publish(database, person(database, "team"), "2008-09-q2", "NI 16 was counted twice.")
    assert shown("reviewer") == shown("team") != sent
    assert shown("reviewer", AsAt(database.clock.today(), before)) == sent


def test_the_agreement_of_a_past_day_is_the_version_of_that_day(database: Database) -> None:
    team = person(database, "team")
    database.clock = Clock(date(2009, 3, 20))
    agree_all(database, team)
    database.clock = Clock(date(2009, 5, 1))
    periods.open_for_returns(database, team, "2008-09-q4")

    def expected(period: str, as_at: AsAt | None = None) -> Decimal | None:
        page = themes.themes(database, team, period, as_at)
        measures = {m.code: m for theme in page.themes for i in theme.indicators for m in i.measures}
        held = measures["NI 154"].expected
        return held.value if held else None

    assert expected("2008-09-q4") == Decimal(940)
    assert expected("2008-09-q3") == Decimal("1087.5")  # it ended before the refresh was in force
    assert expected("2008-09-q4", AsAt(date(2009, 3, 19))) == Decimal(1450)
    assert expected("2008-09-q4", AsAt(date(2009, 3, 20))) == Decimal(940)
    lines = refresh.agreement_page(database, team).versions
    assert [(line.number, line.agreed_on) for line in lines] == [(1, date(2008, 6, 30)), (2, date(2009, 3, 20))]


@pytest.mark.parametrize("text", ["2009-01-21", "soon", "2009-13-01", "2009-01-20T10:00:00", "9999-12-31T00:00:00Z"])
def test_a_day_that_has_not_come_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        past(text, Clock(TODAY))


def test_a_past_as_it_stands_in_an_address() -> None:
    clock = Clock(TODAY)
    assert past("", clock) is past(None, clock) is None
    assert past("2009-01-20", clock) == AsAt(TODAY)
    instant = past("2009-01-20T10:00:00Z", clock)
    assert instant == AsAt(TODAY, datetime(2009, 1, 20, 10, tzinfo=UTC))
    assert instant.address == "2009-01-20T10:00:00Z"
