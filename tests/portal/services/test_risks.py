"""Risks: who writes them, what is refused, what is kept, and where they are read."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.risks import RiskStep
from models.rules.actions import Urgency
from models.rules.risks import Band, RiskState
from models.rules.terms import Role
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, SignInRequired, Stale
from portal.services import risks, themes
from portal.services.desk import desk
from portal.services.indicator_page import indicator_page
from portal.services.queue import queue
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import RiskLine, RiskTyped
from tests.conftest import person
from tests.house.test_bound_accounts import bound, two  # noqa: F401
from tests.support.areas import LEICESTER, at

REVIEW = date(2009, 2, 3)
GATES = RiskTyped("The grant ends before the gates are built.", "3", "4", "Ask for a month more.", "police", "", REVIEW)
THEME = "theme:safer"


def lines(database: Database, who: str = "executive", as_at: AsAt | None = None) -> tuple[RiskLine, ...]:
    return risks.risks_page(database, person(database, who), as_at).risks.lines


def steps(database: Database) -> int:
    with database.read(OPERATOR) as session:
        return len(session.scalars(select(RiskStep.id)).all())


def on(database: Database, *day: int) -> Database:
    """The same database on another day of the portal's calendar."""
    database.clock = Clock(date(*day))
    return database


def test_the_lead_writes_on_its_indicator_the_team_on_any_and_on_themes_and_all_read(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    own = risks.add_risk(database, police, "NI016", GATES)
    other = risks.add_risk(database, team, "ni-154", replace(GATES, owner="lcc", likelihood="4"))
    of_theme = risks.add_risk(database, team, THEME, replace(GATES, owner="", likelihood="1", impact="1"))
    for who in ("nhs", "police.contributor", "executive", "team"):
        assert [line.id for line in lines(database, who)] == [other, own, of_theme]
    found = {line.id: line for line in lines(database)}
    assert (found[own].now.score, found[own].now.band, found[own].now.owner) == (
        12,
        Band.VERY_HIGH,
        "Leicestershire Constabulary",
    )
    assert (found[of_theme].indicator, found[of_theme].theme_key, found[of_theme].now.owner) == (
        "",
        "safer",
        "Partnership team",
    )
    assert {key: len(cell) for key, cell in risks.risks_page(database, team).risks.matrix.items()} == {
        (4, 4): 1,
        (3, 4): 1,
        (1, 1): 1,
    }


def test_what_may_be_written_is_offered_and_nothing_else(database: Database) -> None:
    made = risks.add_risk(database, person(database, "team"), "ni-154", GATES)
    page = {who: risks.risks_page(database, person(database, who)) for who in ("police", "team", "nhs", "executive")}
    assert {who: len(found.risks.about) for who, found in page.items()} == {
        "police": 3,
        "team": 66,
        "nhs": len(page["nhs"].risks.about),
        "executive": 0,
    }
    assert page["team"].risks.about[0] == ("theme:children", "Theme: Investing in our children")
    may = {who for who, found in page.items() if any(line.may_change for line in found.risks.lines if line.id == made)}
    assert may == {"team"}
    past = risks.risks_page(database, person(database, "team"), AsAt(date(2009, 1, 20)))
    assert past.risks.about == ()
    assert not any(line.may_change for line in past.risks.lines)


@pytest.mark.parametrize(
    ("who", "about", "refusal"),
    [
        ("police", "ni-154", Forbidden),
        ("police", THEME, Forbidden),
        ("police.contributor", "ni-16", Forbidden),
        ("nhs", "ni-16", Forbidden),
        ("executive", "ni-16", Forbidden),
        ("executive", THEME, Forbidden),
        ("reviewer", "ni-16", Forbidden),
        (None, "ni-16", SignInRequired),
        ("team", "ni-999", NotFound),
        ("team", "theme:nowhere", NotFound),
        ("team", "theme:\x00", NotFound),
        ("team", "", Invalid),
    ],
)
def test_nobody_else_writes_them(
    sqlite_database: Database, who: str | None, about: str, refusal: type[PortalError]
) -> None:
    database = sqlite_database
    there = {"ni-16": risks.add_risk(database, person(database, "team"), "ni-16", GATES)}
    there[THEME] = risks.add_risk(database, person(database, "team"), THEME, GATES)
    there["ni-154"] = risks.add_risk(database, person(database, "team"), "ni-154", GATES)
    actor = person(database, who) if who else public()
    with pytest.raises(refusal):
        risks.add_risk(database, actor, about, replace(GATES, text="Another."))
    if who != "team":
        with pytest.raises(refusal):
            risks.change_risk(database, actor, there[about], 1, replace(GATES, text="Another."), "Why not.")
    assert steps(database) == 3


def test_its_history_is_kept_step_by_step_and_audited_with_the_lead(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    made = risks.add_risk(database, police, "ni-16", GATES)
    milder = replace(GATES, likelihood="2", review_on=date(2009, 3, 5))
    assert risks.change_risk(database, team, made, 1, milder, "A month more was granted.") == "NI 16"
    risks.change_risk(database, police, made, 2, replace(milder, state="closed"), "The gates are built.")
    (found,) = lines(database)
    assert [(one.score, one.state, one.reason, one.who) for one in found.steps] == [
        (12, RiskState.OPEN, "", "Leicestershire Constabulary"),
        (8, RiskState.OPEN, "A month more was granted.", "Partnership team"),
        (8, RiskState.CLOSED, "The gates are built.", "Leicestershire Constabulary"),
    ]
    assert risks.risks_page(database, team).risks.open == ()
    with database.read(OPERATOR) as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "risk:write")).all()
    assert {(row.subject, row.organisation_id) for row in trail} == {("risks of NI 16", police.organisation_id)}
    assert [row.reason for row in trail] == ["", "A month more was granted.", "The gates are built."]
    assert '"likelihood":3' in trail[1].before
    assert "mitigation" not in trail[1].after


def test_a_change_that_must_be_explained_is_not_taken_without_a_word_nor_an_old_page(sqlite_database: Database) -> None:
    database, police = sqlite_database, person(sqlite_database, "police")
    made = risks.add_risk(database, police, "ni-16", GATES)
    for typed in (
        replace(GATES, likelihood="1"),
        replace(GATES, impact="1"),
        replace(GATES, state="closed"),
        replace(GATES, review_on=date(2009, 5, 1)),
    ):
        with pytest.raises(Invalid) as caught:
            risks.change_risk(database, police, made, 1, typed, " ")
        assert list(caught.value.fields) == ["word"]
    with pytest.raises(Invalid):
        risks.change_risk(database, police, made, 1, GATES, "Nothing.")
    risks.change_risk(database, police, made, 1, replace(GATES, mitigation="Ask twice."), "")
    with pytest.raises(Stale):
        risks.change_risk(database, police, made, 1, GATES, "")
    with pytest.raises(NotFound):
        risks.change_risk(database, police, 2**70, 1, GATES, "")
    with pytest.raises(Conflict):
        risks.add_risk(database, police, "ni-16", GATES)
    assert steps(database) == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(GATES, text=" "), "text"),
        (replace(GATES, text="x" * 501), "text"),
        (replace(GATES, likelihood="5"), "likelihood"),
        (replace(GATES, likelihood=""), "likelihood"),
        (replace(GATES, impact="0"), "impact"),
        (replace(GATES, impact="2.0"), "impact"),
        (replace(GATES, mitigation="x" * 2001), "mitigation"),
        (replace(GATES, owner="nobody"), "owner"),
        (replace(GATES, owner="\x00"), "owner"),
        (replace(GATES, named="x" * 201), "named"),
        (replace(GATES, review_on=None), "review"),
        (replace(GATES, review_on=date(2009, 1, 19)), "review"),
        (replace(GATES, review_on=date(2109, 1, 19)), "review"),
    ],
)
def test_what_cannot_be_taken_is_told_by_field(sqlite_database: Database, typed: RiskTyped, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        risks.add_risk(sqlite_database, person(sqlite_database, "police"), "ni-16", typed)
    assert list(caught.value.fields) == [field]
    assert steps(sqlite_database) == 0


def test_an_overdue_review_is_said_first_and_shown_on_desk_queue_theme_and_indicator(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    made = risks.add_risk(database, police, "ni-16", replace(GATES, likelihood="1", impact="1"))
    heavy = risks.add_risk(database, police, "ni-20", replace(GATES, review_on=date(2009, 12, 1)))
    of_theme = risks.add_risk(database, team, THEME, replace(GATES, owner="police", review_on=date(2009, 12, 1)))
    later = on(database, 2009, 2, 10)
    executive = person(later, "executive")
    assert [line.id for line in lines(later)] == [made, heavy, of_theme]
    first = lines(later)[0]
    assert (first.urgency, first.days_over) == (Urgency.OVERDUE, 7)
    assert [line.id for line in desk(later, police).risks] == [made, heavy, of_theme]
    assert desk(later, person(later, "nhs")).risks == ()
    assert [line.id for line in queue(later, team).reviews] == [made]
    assert [line.id for line in themes.theme(later, executive, "safer").risks] == [made, heavy, of_theme]
    assert themes.theme(later, executive, "health").risks == ()
    assert [line.overdue for line in indicator_page(later, executive, "ni-16").risks.lines] == [True]
    kept = replace(GATES, likelihood="1", impact="1", mitigation="None is left.")
    risks.change_risk(later, police, made, 1, kept, "")  # its own old day may stay


def test_a_past_day_reads_as_it_was(database: Database) -> None:
    police = person(database, "police")
    made = risks.add_risk(database, police, "ni-16", GATES)
    on(database, 2009, 2, 10)
    risks.change_risk(database, police, made, 1, replace(GATES, state="closed"), "Built.")
    assert lines(database, as_at=AsAt(date(2009, 1, 19))) == ()
    (then,) = lines(database, as_at=AsAt(date(2009, 2, 5)))
    assert (then.now.state, then.days_over) == (RiskState.OPEN, 2)
    assert not indicator_page(database, police, "ni-16", as_at=AsAt(date(2009, 2, 5))).risks.about


def test_an_account_of_another_agreement_neither_sees_nor_changes_them(two: Database) -> None:  # noqa: F811
    team = at(person(two, "team"), LEICESTER)
    of_indicator = risks.add_risk(two, team, "ni-16", GATES)
    of_theme = risks.add_risk(two, team, THEME, GATES)
    other = bound(two, Role.TEAM)
    assert risks.risks_page(two, other).risks.lines == ()
    for number in (of_indicator, of_theme):
        with pytest.raises(NotFound):
            risks.change_risk(two, other, number, 1, replace(GATES, text="Mine."), "Mine.")
    assert len(risks.risks_page(two, team).risks.lines) == 2
