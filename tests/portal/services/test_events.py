"""Events of an indicator: who records and withdraws them, what is refused, and that all of it is on record."""

from datetime import date

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.events import IndicatorEvent
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, SignInRequired
from portal.services import events
from portal.services.indicator_page import indicator_page
from tests.conftest import person

DAY = date(2008, 12, 1)
TEXT = "Patrols in Westcotes began."


def rows(database: Database) -> list[tuple[object, ...]]:
    with database.read(OPERATOR) as session:
        found = session.scalars(select(IndicatorEvent).order_by(IndicatorEvent.id)).all()
        return [(row.day, row.text, row.person_id, row.organisation_id, row.withdrawn_reason) for row in found]


def trail(database: Database) -> list[AuditEvent]:
    with database.read(OPERATOR) as session:
        query = select(AuditEvent).where(AuditEvent.action == "event:record").order_by(AuditEvent.number)
        return list(session.scalars(query))


def test_the_lead_and_the_team_record_events_and_both_are_on_the_chart_in_their_order(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    events.record_event(database, police, "ni-16", DAY, f"  {TEXT}\r\n")
    events.record_event(database, team, "NI016", date(2008, 5, 3), "A national campaign.")
    assert rows(database) == [
        (DAY, TEXT, police.person_id, police.organisation_id, None),
        (date(2008, 5, 3), "A national campaign.", team.person_id, None, None),
    ]
    page = indicator_page(database, person(database, "executive"), "NI 16")
    assert [(event.text, event.who) for event in page.events] == [
        ("A national campaign.", "Partnership team"),
        (TEXT, "Leicestershire Constabulary"),
    ]
    (chart,) = (one.chart for one in page.measures)
    assert [(mark.number, mark.day) for mark in chart.events] == [(1, date(2008, 5, 3)), (2, DAY)]


def test_each_is_on_the_trail_of_the_lead_whose_affair_it_is(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    made = events.record_event(database, team, "ni-16", DAY, TEXT)
    events.withdraw_event(database, team, "ni-16", made, "It belongs to NI 20.")
    recorded, withdrawn = trail(database)
    assert {row.subject for row in (recorded, withdrawn)} == {"events of NI 16"}
    assert {row.organisation_id for row in (recorded, withdrawn)} == {police.organisation_id}
    assert TEXT in recorded.after
    assert TEXT in withdrawn.before
    assert withdrawn.reason == "It belongs to NI 20."


def test_a_withdrawn_event_is_off_the_chart_and_kept_for_those_who_may_record(database: Database) -> None:
    police = person(database, "police")
    made = events.record_event(database, police, "ni-16", DAY, TEXT)
    events.withdraw_event(database, police, "ni-16", made, "Wrong street.")
    (kept,) = indicator_page(database, police, "NI 16").events
    assert (kept.withdrawn, kept.withdrawn_by) == ("Wrong street.", police.name)
    for key in ("police.contributor", "nhs", "executive"):
        assert indicator_page(database, person(database, key), "NI 16").events == ()
    assert not any(one.chart.events for one in indicator_page(database, police, "NI 16").measures)
    with pytest.raises(Conflict):
        events.withdraw_event(database, police, "ni-16", made, "Again.")
    events.record_event(database, police, "ni-16", DAY, TEXT)  # the same may be recorded again then


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
def test_nobody_else_records_or_withdraws(database: Database, who: str | None, refusal: type[PortalError]) -> None:
    made = events.record_event(database, person(database, "police"), "ni-16", DAY, TEXT)
    before = rows(database), len(trail(database))
    actor = person(database, who) if who else public()
    with pytest.raises(refusal):
        events.record_event(database, actor, "ni-16", DAY, "Something else.")
    with pytest.raises(refusal):
        events.withdraw_event(database, actor, "ni-16", made, "No.")
    assert (rows(database), len(trail(database))) == before


@pytest.mark.parametrize(
    ("day", "text", "field"),
    [
        (DAY, "  ", "text"),
        (DAY, "x" * 201, "text"),
        (DAY, "a\x00b", "text"),
        (date(2009, 1, 21), TEXT, "day"),
        (date(208, 1, 1), TEXT, "day"),
    ],
)
def test_what_is_no_event_is_refused_by_its_field(database: Database, day: date, text: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        events.record_event(database, person(database, "police"), "ni-16", day, text)
    assert list(caught.value.fields) == [field]
    assert rows(database) == []
    assert trail(database) == []


def test_the_same_event_twice_is_one_event(database: Database) -> None:
    police = person(database, "police")
    events.record_event(database, police, "ni-16", DAY, TEXT)
    with pytest.raises(Conflict):
        events.record_event(database, police, "ni-16", DAY, TEXT)
    assert len(rows(database)) == 1


def test_what_is_not_there_is_not_found(database: Database) -> None:
    police = person(database, "police")
    made = events.record_event(database, police, "ni-16", DAY, TEXT)
    for code in ("NI 999", "ni-120-i", "", "\x00", "x"):
        with pytest.raises(NotFound):
            events.record_event(database, police, code, DAY, TEXT)
    for number in (made + 1, 0, -1, 2**40):
        with pytest.raises(NotFound):
            events.withdraw_event(database, police, "ni-16", number, "No.")
    with pytest.raises(NotFound):  # an event of another indicator, though both are the police's
        events.withdraw_event(database, police, "ni-20", made, "No.")
    with pytest.raises(Invalid):
        events.withdraw_event(database, police, "ni-16", made, " ")
