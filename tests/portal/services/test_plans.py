"""Delivery plans: who writes them, what is refused, and that every version stays."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, Invalid, NotFound, PortalError, SignInRequired, Stale
from portal.services.plans import plan_page, write_plan
from portal.viewmodels.past import AsAt
from portal.viewmodels.plans import Plan
from tests.conftest import person

FIRST = Plan(aim="Fewer burglaries.", tasks="- Patrols: the police\n- Gates: the council")
SECOND = replace(FIRST, existing="Community Safety Plan", address="https://www.example.org/plan")


def trail(database: Database) -> list[AuditEvent]:
    with database.read(OPERATOR) as session:
        query = select(AuditEvent).where(AuditEvent.action == "plan:write").order_by(AuditEvent.number)
        return list(session.scalars(query))


def test_the_lead_and_the_team_write_it_and_every_version_stays(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    assert write_plan(database, police, "NI016", 0, replace(FIRST, aim=f" {FIRST.aim}\r\n")) == 1
    assert write_plan(database, team, "ni-16", 1, SECOND) == 2
    for key in ("police", "police.contributor", "nhs", "team", "executive"):
        page = plan_page(database, person(database, key), "ni-16")
        assert (page.code, page.slug, page.newest, page.may_write) == ("NI 16", "ni-16", 2, key in ("police", "team"))
        assert page.shown is not None
        assert (page.shown.plan, page.shown.who) == (SECOND, "Partnership team")
        assert [(one.number, one.who) for one in page.versions] == [
            (2, "Partnership team"),
            (1, "Leicestershire Constabulary"),
        ]
    older = plan_page(database, police, "ni-16", 1).shown
    assert older is not None
    assert older.plan == FIRST
    assert plan_page(database, police, "ni-20").shown is None
    first, second = trail(database)
    assert {row.subject for row in (first, second)} == {"delivery plan of NI 16"}
    assert {row.organisation_id for row in (first, second)} == {police.organisation_id}
    assert "Community Safety Plan" in second.after
    assert "Fewer" not in second.after  # what did not change is not said again


@pytest.mark.parametrize(
    ("who", "reads", "refusal"),
    [
        ("police.contributor", True, Forbidden),
        ("nhs", True, Forbidden),
        ("executive", True, Forbidden),
        ("reviewer", False, Forbidden),
        ("admin", False, Forbidden),
        (None, False, SignInRequired),
    ],
)
def test_nobody_else_writes_it_and_who_reads_no_themes_reads_none(
    database: Database, who: str | None, reads: bool, refusal: type[PortalError]
) -> None:
    actor = person(database, who) if who else public()
    with pytest.raises(refusal):
        write_plan(database, actor, "ni-16", 0, FIRST)
    assert trail(database) == []
    if reads:
        assert plan_page(database, actor, "ni-16").versions == ()
        return
    with pytest.raises(refusal):
        plan_page(database, actor, "ni-16")


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(), "aim"),
        (Plan(tasks="Patrols."), "aim"),
        (replace(FIRST, aim="x" * 2001), "aim"),
        (replace(FIRST, risks="a\x00b"), "risks"),
        (replace(SECOND, existing="x" * 201), "existing"),
        (replace(SECOND, existing=" "), "existing"),
        (replace(SECOND, address="javascript:alert(1)"), "address"),
        (replace(SECOND, address="//example.org"), "address"),
        (replace(SECOND, address="https://example.org/a b"), "address"),
        (replace(SECOND, address="https://example.org/" + "x" * 500), "address"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_field(database: Database, plan: Plan, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        write_plan(database, person(database, "police"), "ni-16", 0, plan)
    assert list(caught.value.fields) == [field]
    assert trail(database) == []


def test_two_people_do_not_overwrite_each_other_and_nothing_is_written_for_nothing(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    write_plan(database, team, "ni-16", 0, Plan(existing="Community Safety Plan"))
    for seen in (0, 2, -1):
        with pytest.raises(Stale):
            write_plan(database, police, "ni-16", seen, FIRST)
    with pytest.raises(Invalid):
        write_plan(database, police, "ni-16", 1, Plan(existing="Community Safety Plan"))
    assert plan_page(database, police, "ni-16").newest == 1


def test_what_is_not_there_is_not_found(database: Database) -> None:
    police = person(database, "police")
    write_plan(database, police, "ni-16", 0, FIRST)
    for code in ("NI 999", "ni-120-i", "", "\x00"):
        with pytest.raises(NotFound):
            plan_page(database, police, code)
        with pytest.raises(NotFound):
            write_plan(database, police, code, 0, FIRST)
    for number in (0, 2, 2**40):
        with pytest.raises(NotFound):
            plan_page(database, police, "ni-16", number)


def test_a_past_day_shows_the_plan_as_it_stood(database: Database) -> None:
    police = person(database, "police")
    database.clock = Clock(date(2009, 1, 5))
    write_plan(database, police, "ni-16", 0, FIRST)
    database.clock = Clock(date(2009, 1, 12))
    write_plan(database, police, "ni-16", 1, SECOND)
    newest = {
        day: plan_page(database, police, "ni-16", as_at=AsAt(date(2009, 1, day))).newest for day in (4, 5, 11, 12)
    }
    assert newest == {4: 0, 5: 1, 11: 1, 12: 2}
    assert not plan_page(database, police, "ni-16", as_at=AsAt(date(2009, 1, 12))).may_write
