"""The gate holds everything that an edition prints: a milestone that moves is a line, a note and a pointer."""

import pytest

from models.rules.gate import Publishing
from models.rules.terms import Rating
from portal.actor import public
from portal.database import Database
from portal.errors import Invalid, Stale
from portal.services import milestones, publication, returns, review, scorecard
from portal.services.gate import gate
from portal.viewmodels.gate import GateLine
from portal.viewmodels.returns import Typed
from portal.words import publication as said
from tests.conftest import person
from tests.portal.services.test_publication import Q3, WHY, prepared, published, verified, waiting


def set_it(database: Database, text: str, measure: str = "NI 16") -> None:
    milestones.set_milestones(database, person(database, "team"), Q3, {measure: text}, "The executive agreed it.")


def again(database: Database, number: int) -> None:
    """The same figure, submitted once more after it was reopened."""
    review.reopen(database, person(database, "team"), number, None, WHY)
    returns.submit(database, person(database, "police"), number, None)
    review.verify(database, person(database, "team2"), number, None)


def revised(database: Database) -> list[GateLine]:
    seen = gate(database, person(database, "team"), Q3)
    return [line for line in seen.lines if line.kind is Publishing.REVISED]


def test_a_published_figure_is_not_held_against_another_milestone_without_a_word(database: Database) -> None:
    set_it(database, "5")
    number = verified(database, "police", "NI 16", "2.10")
    assert published(database) == 2
    set_it(database, "4")
    assert revised(database) == []  # what is verified keeps its milestone
    again(database, number)
    (line,) = revised(database)
    assert (line.measure, line.old, line.new, line.old_rating, line.new_rating) == (
        "NI 16",
        line.new,
        line.old,
        Rating.BETTER,
        Rating.BETTER,
    )
    assert said.beside(line) == [
        "held against 4.00, was 5.00",
        "its milestone was set on 20 January 2009, after the figure",
    ]
    seen = gate(database, person(database, "team"), Q3)
    assert seen.corrects == 2
    with pytest.raises(Invalid) as refused:
        publication.prepare(database, person(database, "team"), Q3, seen.digest, "")
    assert set(refused.value.fields) == {"note"}
    assert published(database, "Its milestone is another one.") == 3
    assert scorecard.edition_card(database, public(), 3).corrects == 2
    assert scorecard.edition_card(database, public(), 2).corrected_by == 3


def test_a_new_figure_says_what_it_is_held_against_and_that_this_was_set_afterwards(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    number = returns.find_return(database, police, Q3, "NI 16")
    returns.save(database, police, number, None, Typed(value="2.10"))
    returns.submit(database, police, number, None)
    set_it(database, "5")
    review.verify(database, team, number, None)
    (line,) = (one for one in gate(database, team, Q3).lines if one.kind is Publishing.NEW)
    assert said.rated(line) == "★ Better than anticipated"
    assert said.beside(line) == ["held against 5.00", "its milestone was set on 20 January 2009, after the figure"]


def test_a_milestone_of_what_has_no_figure_is_no_news(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    set_it(database, "2.05")
    assert not waiting(database).changed
    assert publication.release(database, person(database, "team2"), one.id, one.version) == 2
    set_it(database, "2.06")
    assert not gate(database, person(database, "team"), Q3).says_something


def test_who_may_not_release_is_told_of_which_figure_it_says_something_else(database: Database) -> None:
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    verified(database, "nhs", "NI 126", "80")
    assert waiting(database).differs == (("NI 126", "2008/09 Q3"),)
    with pytest.raises(Stale, match="something else by now of NI 126 2008/09 Q3: drop it"):
        publication.release(database, person(database, "team2"), one.id, one.version)


@pytest.mark.parametrize("scheduled", [False, True])
def test_what_is_reopened_holds_back_what_is_prepared_as_what_is_scheduled(
    sqlite_database: Database, scheduled: bool
) -> None:
    database = sqlite_database
    verified(database, "police", "NI 16", "2.60")
    one = prepared(database)
    since = "after this was prepared"
    if scheduled:
        hour = database.clock.now().replace(year=2090)
        publication.release(database, person(database, "team2"), one.id, one.version, hour)
        since = "after the release"
    earlier = returns.find_return(database, person(database, "police"), "2008-09-q2", "NI 16")
    review.reopen(database, person(database, "team"), earlier, None, WHY)  # public still: the content is the same
    held = waiting(database)
    assert (held.state, held.reason) == ("held", f"NI 16 2008/09 Q2 was reopened {since}: {WHY}")


def test_figures_are_named_as_many_as_one_reads() -> None:
    places = [(f"NI {number}", "2008/09 Q3") for number in range(1, 6)]
    assert said.named(places[:1]) == "NI 1 2008/09 Q3"
    assert said.named(places) == "NI 1 2008/09 Q3, NI 2 2008/09 Q3, NI 3 2008/09 Q3 and 2 others"
