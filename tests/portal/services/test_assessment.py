"""The corporate assessment: who reads it, who scores, what is refused, and what stays on record."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.errors import Forbidden, Invalid, NotFound, PortalError, SignInRequired, Stale
from portal.services.assessment import assessment, score_theme
from portal.viewmodels.assessment import Assessment, Scored, ScoredTheme
from portal.viewmodels.past import AsAt
from tests.conftest import person
from tests.support.areas import DERBY, LEICESTER, at, load_derby

BETTER = Scored(3, "Absence fell to 9 days.", "Budget not aligned yet", "A review by March", "The figures of autumn.")


def read(database: Database, who: str = "team", as_at: AsAt | None = None) -> Assessment:
    return assessment(database, person(database, who), as_at)


def theme(view: Assessment, title: str = "Capacity") -> ScoredTheme:
    return next(one for one in view.themes if one.title == title)


def score(database: Database, typed: Scored = BETTER, seen: int = 1, who: str = "team") -> None:
    score_theme(database, person(database, who), theme(read(database)).id, seen, typed)


def test_leicesters_scores_make_a_three(database: Database) -> None:
    view = read(database)
    assert [(one.title, one.now.score) for one in view.themes] == [
        *(("Ambition", 4), ("Prioritisation", 3), ("Capacity", 2)),
        *(("Performance management", 3), ("Achievement", 3)),
    ]
    assert view.overall is not None
    assert (view.overall.reached.overall, len(view.overall.ways)) == (3, 4)
    assert [(one.score, one.judgement, one.rule[:3]) for one in view.meanings] == [
        (4, "Performing strongly", "Two"),
        (3, "Performing well", "Thr"),
        (2, "Adequate performance", "Thr"),
        (1, "Inadequate performance", "Any"),
    ]


def test_partners_and_the_executive_read_it_and_only_the_team_is_offered_the_forms(database: Database) -> None:
    offered = {who: read(database, who).may_change for who in ("team", "executive", "police", "police.contributor")}
    assert offered == {"team": True, "executive": False, "police": False, "police.contributor": False}
    assert not read(database, "team", AsAt(date(2009, 1, 19))).may_change


@pytest.mark.parametrize(("who", "refusal"), [("reviewer", Forbidden), ("admin", Forbidden), (None, SignInRequired)])
def test_nobody_else_reads_it(database: Database, who: str | None, refusal: type[PortalError]) -> None:
    with pytest.raises(refusal):
        assessment(database, person(database, who) if who else public())


@pytest.mark.parametrize("who", ["executive", "police", "police.contributor", "reviewer", "admin"])
def test_nobody_else_scores(database: Database, who: str) -> None:
    with pytest.raises(Forbidden):
        score(database, who=who)
    assert theme(read(database)).version == 1


def test_a_new_score_counts_from_its_day_on_and_is_audited_with_its_word(database: Database) -> None:
    score(database)
    now = theme(read(database))
    assert (now.version, now.now.score, now.now.evidence, now.now.reason, now.now.who) == (
        *(2, 3, BETTER.evidence, BETTER.word),
        "Partnership team",
    )
    assert [step.score for step in now.steps] == [2, 3]
    assert theme(read(database, as_at=AsAt(date(2009, 1, 19)))).now.score == 2
    with database.read(OPERATOR) as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "assessment:change"))
    assert (event.subject, event.reason) == ("corporate assessment, Capacity", BETTER.word)
    assert '"score":2' in event.before
    assert '"score":3' in event.after


def test_before_the_agreement_was_signed_there_was_none(database: Database) -> None:
    before = read(database, as_at=AsAt(date(2008, 6, 29)))
    assert (before.themes, before.overall) == ((), None)
    assert len(read(database, as_at=AsAt(date(2008, 6, 30))).themes) == 5


def test_a_word_is_needed_for_another_score_alone(database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        score(database, replace(BETTER, word=" "))
    assert set(refused.value.fields) == {"word"}
    score(database, Scored(2, evidence="Absence is at 11 days."))
    assert theme(read(database)).now.evidence == "Absence is at 11 days."


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(BETTER, score=0), "score"),
        (replace(BETTER, score=5), "score"),
        (replace(BETTER, evidence="x" * 2001), "evidence"),
        (replace(BETTER, actions="a\x00b"), "actions"),
    ],
)
def test_what_cannot_be_taken_is_told_by_its_field(database: Database, typed: Scored, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        score(database, typed)
    assert set(refused.value.fields) == {field}


def test_the_same_again_an_old_version_and_no_theme_are_refused(database: Database) -> None:
    now = theme(read(database)).now
    with pytest.raises(Invalid):
        score(database, Scored(now.score, now.evidence, now.key_risk, now.actions))
    score(database)
    with pytest.raises(Stale):
        score(database, replace(BETTER, score=4), seen=1)
    for number in (0, 99, -1, True):
        with pytest.raises(NotFound):
            score_theme(database, person(database, "team"), number, 1, BETTER)


def test_another_areas_agreement_has_none_and_does_not_reach_this_one(database: Database, tmp_path: Path) -> None:
    load_derby(database, tmp_path / "derby")
    number = theme(assessment(database, at(person(database, "team"), LEICESTER))).id
    team = at(person(database, "team"), DERBY)
    assert assessment(database, team).themes == ()
    with pytest.raises(NotFound):
        score_theme(database, team, number, 1, BETTER)
