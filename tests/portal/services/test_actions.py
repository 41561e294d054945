"""Actions of an indicator: who adds and changes them, what is refused, what is kept, and where they are read."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models.actions import ActionStep
from models.audit import AuditEvent
from models.rules.actions import ActionState, Urgency
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, SignInRequired, Stale
from portal.services import actions, themes
from portal.services.desk import desk
from portal.services.indicator_page import indicator_page
from portal.services.queue import queue
from portal.viewmodels.actions import ActionLine, Typed
from portal.viewmodels.past import AsAt
from tests.conftest import person

DUE = date(2009, 1, 8)
PATROL = Typed("Mark bicycles in Westcotes.", "police", "Inspector", DUE)
DONE = replace(PATROL, state="done", evidence="Thefts fell by a third.")


def steps(database: Database) -> list[tuple[object, ...]]:
    with database.read(OPERATOR) as session:
        found = session.scalars(select(ActionStep).where(ActionStep.person_id.is_not(None)).order_by(ActionStep.id))
        return [(one.text, one.named, one.due_on, one.state, one.evidence, one.reason) for one in found]


def trail(database: Database) -> list[AuditEvent]:
    with database.read(OPERATOR) as session:
        query = select(AuditEvent).where(AuditEvent.action == "action:change").order_by(AuditEvent.number)
        return list(session.scalars(query))


def line(database: Database, number: int, as_at: AsAt | None = None, who: str = "executive") -> ActionLine | None:
    """One action as the page of NI 16 has it."""
    page = indicator_page(database, person(database, who), "ni-16", as_at=as_at)
    return next((one for one in page.actions.lines if one.id == number), None)


def on(database: Database, *day: int) -> Database:
    """The same database on another day of the portal's calendar."""
    database.clock = Clock(date(*day))
    return database


def test_the_lead_and_the_team_add_actions_and_the_partnership_reads_them(database: Database) -> None:
    made = actions.add_action(
        database, person(database, "police"), "NI016", replace(PATROL, text=f" {PATROL.text}\r\n")
    )
    by_team = actions.add_action(database, person(database, "team"), "ni-16", Typed("Write to the courts."))
    for key in ("police.contributor", "nhs", "team", "executive"):
        found = line(database, made, who=key)
        assert found is not None
        assert (found.now.text, found.now.owner, found.now.named) == (
            PATROL.text,
            "Leicestershire Constabulary",
            "Inspector",
        )
        assert (found.urgency, found.days_over, found.now.who) == (Urgency.OVERDUE, 12, "Leicestershire Constabulary")
    other = line(database, by_team)
    assert other is not None
    assert (other.now.owner, other.urgency, other.now.who) == ("Partnership team", Urgency.UNDATED, "Partnership team")


def test_only_who_may_change_them_is_offered_the_forms(database: Database) -> None:
    offered = {
        key: indicator_page(database, person(database, key), "ni-16").actions
        for key in ("police", "team", "police.contributor", "nhs", "executive")
    }
    assert [key for key, found in offered.items() if found.may_change] == ["police", "team"]
    assert [len(found.owners) for found in offered.values()] == [20, 20, 0, 0, 0]
    assert {found.lead_key for found in offered.values()} == {"police"}
    past = indicator_page(database, person(database, "police"), "ni-16", as_at=AsAt(date(2009, 1, 19)))
    assert not past.actions.may_change


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("police.contributor", Forbidden),
        ("nhs", Forbidden),
        ("executive", Forbidden),
        ("reviewer", Forbidden),
        ("admin", Forbidden),
        (None, SignInRequired),
    ],
)
def test_nobody_else_writes_them(database: Database, who: str | None, refusal: type[PortalError]) -> None:
    made = actions.add_action(database, person(database, "police"), "ni-16", PATROL)
    before = steps(database), len(trail(database))
    actor = person(database, who) if who else public()
    with pytest.raises(refusal):
        actions.add_action(database, actor, "ni-16", Typed("Something else."))
    with pytest.raises(refusal):
        actions.change_action(database, actor, made, 1, DONE, "No.")
    assert (steps(database), len(trail(database))) == before


def test_what_it_said_before_stays_and_each_change_is_on_the_trail_of_the_lead(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    made = actions.add_action(database, team, "ni-16", PATROL)
    later = replace(PATROL, due_on=date(2009, 2, 8))
    assert actions.change_action(database, police, made, 1, later, "The locks came late.") == "NI 16"
    actions.change_action(database, police, made, 2, replace(DONE, due_on=later.due_on), "All are marked.")
    said = [(step.state, step.due_on, step.evidence, step.reason) for step in line(database, made).steps]
    assert said == [
        (ActionState.OPEN, DUE, "", ""),
        (ActionState.OPEN, later.due_on, "", "The locks came late."),
        (ActionState.DONE, later.due_on, DONE.evidence, "All are marked."),
    ]
    found = trail(database)
    assert {row.subject for row in found} == {"actions of NI 16"}
    assert {row.organisation_id for row in found} == {police.organisation_id}
    assert ["2009-02-08" in row.after for row in found] == [False, True, False]
    assert "2009-01-08" in found[1].before
    assert [row.reason for row in found] == ["", "The locks came late.", "All are marked."]


def test_a_change_that_must_be_explained_is_not_taken_without_a_word(database: Database) -> None:
    police = person(database, "police")
    made = actions.add_action(database, police, "ni-16", PATROL)
    unexplained = (
        DONE,
        replace(PATROL, state="dropped"),
        replace(PATROL, due_on=None),
        replace(PATROL, due_on=DUE.replace(day=9)),
    )
    for typed in unexplained:
        with pytest.raises(Invalid) as caught:
            actions.change_action(database, police, made, 1, typed, "  ")
        assert list(caught.value.fields) == ["word"]
    actions.change_action(database, police, made, 1, replace(PATROL, owner="", named="", evidence="Some."), "")
    assert len(steps(database)) == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(PATROL, text=" "), "text"),
        (replace(PATROL, text="x" * 501), "text"),
        (replace(PATROL, text="a\x00b"), "text"),
        (replace(PATROL, named="x" * 201), "named"),
        (replace(PATROL, evidence="x" * 2001), "evidence"),
        (replace(PATROL, owner="nobody"), "owner"),
        (replace(PATROL, owner="\x00"), "owner"),
        (replace(PATROL, due_on=date(209, 1, 8)), "due"),
        (replace(PATROL, due_on=date(2092, 1, 8)), "due"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_field(database: Database, typed: Typed, field: str) -> None:
    police = person(database, "police")
    with pytest.raises(Invalid) as caught:
        actions.add_action(database, police, "ni-16", typed)
    assert list(caught.value.fields) == [field]
    assert (steps(database), trail(database)) == ([], [])
    made = actions.add_action(database, police, "ni-16", PATROL)
    with pytest.raises(Invalid) as caught:
        actions.change_action(database, police, made, 1, typed, "Because.")
    assert list(caught.value.fields) == [field]
    for odd in (replace(PATROL, state="begun"), PATROL):  # no state; nothing changed
        with pytest.raises(Invalid):
            actions.change_action(database, police, made, 1, odd, "Because.")
    assert len(steps(database)) == 1


def test_two_people_do_not_overwrite_each_other(database: Database) -> None:
    police = person(database, "police")
    made = actions.add_action(database, police, "ni-16", PATROL)
    actions.change_action(database, person(database, "team"), made, 1, DONE, "All are marked.")
    with pytest.raises(Stale):
        actions.change_action(database, police, made, 1, replace(PATROL, state="dropped"), "No money.")
    with pytest.raises(Conflict):
        actions.add_action(
            database,
            police,
            "ni-16",
            Typed(
                "Extra police patrols in Westcotes, reviewed continually, and covert patrols targeting known offenders."
            ),
        )
    actions.add_action(database, police, "ni-16", PATROL)  # the first is done: the same may be begun again


def test_what_is_not_there_is_not_found(database: Database) -> None:
    police = person(database, "police")
    for code in ("NI 999", "ni-120-i", "", "\x00"):
        with pytest.raises(NotFound):
            actions.add_action(database, police, code, PATROL)
    for number in (0, -1, 2**40, 10**6, "1", None):
        with pytest.raises(NotFound):
            actions.change_action(database, police, number, 1, PATROL, "x")  # type: ignore[arg-type]


def test_a_past_day_and_a_past_instant_show_an_action_as_it_stood(database: Database) -> None:
    police = person(database, "police")
    made = actions.add_action(on(database, 2009, 1, 5), police, "ni-16", PATROL)
    between = datetime.now(UTC)
    actions.change_action(on(database, 2009, 1, 12), police, made, 1, DONE, "All are marked.")
    on(database, 2009, 1, 20)
    assert line(database, made, AsAt(date(2009, 1, 4))) is None
    first = line(database, made, AsAt(date(2009, 1, 7)))
    assert first is not None
    assert (first.now.state, first.urgency, len(first.steps)) == (ActionState.OPEN, Urgency.SOON, 1)
    assert line(database, made, AsAt(date(2009, 1, 11))).days_over == 3
    assert line(database, made, AsAt(date(2009, 1, 12))).now.state is ActionState.DONE
    assert line(database, made, AsAt(date(2009, 1, 20), between)).now.state is ActionState.OPEN
    executive = person(database, "executive")
    shown = {
        day: made
        in {one.id for one in themes.theme(database, executive, "safer", as_at=AsAt(date(2009, 1, day))).actions}
        for day in (4, 5, 11, 12)
    }
    assert shown == {4: False, 5: True, 11: True, 12: False}


def test_open_actions_are_on_theme_desk_and_queue(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    late = actions.add_action(database, police, "ni-16", PATROL)
    soon = actions.add_action(database, team, "ni-20", replace(PATROL, owner="nhs", due_on=date(2009, 2, 1)))
    over = actions.add_action(database, police, "ni-16", Typed("Old.", due_on=DUE))
    actions.change_action(database, police, over, 1, Typed("Old.", due_on=DUE, state="dropped"), "No money.")
    found = themes.theme(database, person(database, "executive"), "safer").actions
    assert [one.id for one in found][:2] == [late, soon]
    assert over not in {one.id for one in found}
    assert themes.theme(database, police, "talking-up").actions == ()

    def on_desk(key: str) -> list[int]:
        return [one.id for one in desk(database, person(database, key)).actions if one.id in (late, soon, over)]

    assert on_desk("police") == [late, soon]  # it leads both indicators
    assert on_desk("nhs") == [soon]  # it owns this one
    assert on_desk("lcc") == on_desk("team") == []
    assert [(one.id, one.indicator) for one in queue(database, team).overdue] == [(late, "NI 16")]
    assert queue(on(database, 2009, 1, 8), team).overdue == ()
