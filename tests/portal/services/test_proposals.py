"""The proposals of the Local Public Service Agreement: what serves what, and defining what was to be developed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, SignInRequired, Stale
from portal.services.proposals import define_target, proposals
from portal.viewmodels.past import AsAt
from portal.viewmodels.proposals import Proposals, Target
from portal.words import proposals as words_of
from tests.conftest import person
from tests.support.areas import DERBY, LEICESTER, at, load_derby

TEXT = "Three of four callers are answered at once by 2010."


def read(database: Database, who: str = "team", as_at: AsAt | None = None) -> Proposals:
    return proposals(database, person(database, who), as_at)


def target(view: Proposals, name: str = "12b") -> Target:
    return next(t for line in view.proposals for t in line.targets if f"{line.number}{t.letter}" == name)


def test_leicesters_links_and_gaps_are_those_of_the_document(database: Database) -> None:
    view = read(database)
    assert (len(view.proposals), len(view.priorities), len(view.outcomes), view.links) == (12, 9, 69, 71)
    assert view.idle_priorities == ("C",)
    assert (len(view.idle_outcomes), view.idle_outcomes[:3]) == (35, (11, 16, 17))
    assert view.twins == ((23, 29),)
    assert [one.number for one in view.serving(outcome=33)] == [7, 8, 10, 11]
    assert [one.number for one in view.serving(priority="A")] == [1, 2, 3, 4, 5]
    left = [f"{line.number}{t.letter}" for line in view.proposals for t in line.targets if not t.now.defined]
    assert left == ["4b", "6b", "12b"]
    assert words_of.gaps(view)[0] == "No proposal serves priority C."
    assert words_of.gaps(view)[2].startswith("Outcomes 23 and 29 say the same word for word")


def test_a_choice_lights_what_it_is_linked_to(database: Database) -> None:
    view = read(database)
    by_proposal, by_outcome = view.choice(10, "", 0), view.choice(0, "", 33)
    assert by_proposal is not None
    assert by_outcome is not None
    assert (by_proposal.outcomes, by_proposal.priorities) == ((33, 44, 45), ("G",))
    assert list(by_outcome.proposals) == [7, 8, 10, 11]
    assert words_of.chosen(by_outcome) == "Proposals 7, 8, 10 and 11 serve it."
    nothing = view.choice(0, "C", 0)
    assert nothing is not None
    assert words_of.chosen(nothing) == "No proposal serves it."
    assert view.choice(99, "Z", 70) is None


@pytest.mark.parametrize(("who", "refusal"), [("reviewer", Forbidden), ("admin", Forbidden), (None, SignInRequired)])
def test_nobody_else_reads_them(database: Database, who: str | None, refusal: type[PortalError]) -> None:
    with pytest.raises(refusal):
        proposals(database, person(database, who) if who else public())


@pytest.mark.parametrize("who", ["executive", "police", "police.contributor"])
def test_only_the_team_defines_targets(database: Database, who: str) -> None:
    assert not read(database, who).may_change
    with pytest.raises(Forbidden):
        define_target(database, person(database, who), target(read(database)).id, 1, TEXT)


def test_a_target_is_defined_once_and_what_it_said_before_stays(database: Database) -> None:
    team = person(database, "team")
    before = target(read(database))
    define_target(database, team, before.id, 1, f" {TEXT}\r\n")
    after = target(read(database))
    assert [(step.text, step.defined, step.who) for step in after.steps] == [
        (before.now.text, False, ""),
        (TEXT, True, "Partnership team"),
    ]
    assert not target(read(database, as_at=AsAt(date(2009, 1, 19)))).now.defined
    with database.read(OPERATOR) as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal:change"))
    assert event.subject == "target 12b of the Local Public Service Agreement"
    assert TEXT in event.after
    with pytest.raises(Stale):
        define_target(database, team, before.id, 1, "Another text.")
    with pytest.raises(Conflict, match="defined already"):
        define_target(database, team, before.id, 2, "Another text.")


def test_no_text_and_no_target_are_refused(database: Database) -> None:
    team = person(database, "team")
    for text in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid):
            define_target(database, team, target(read(database)).id, 1, text)
    for number in (0, 9999, -1, True):
        with pytest.raises(NotFound):
            define_target(database, team, number, 1, TEXT)


def test_another_areas_agreement_has_none_and_does_not_reach_these(database: Database, tmp_path: Path) -> None:
    load_derby(database, tmp_path / "derby")
    team = person(database, "team")
    number = target(proposals(database, at(team, LEICESTER))).id
    assert proposals(database, at(team, DERBY)).proposals == ()
    with pytest.raises(NotFound):
        define_target(database, at(team, DERBY), number, 1, TEXT)
