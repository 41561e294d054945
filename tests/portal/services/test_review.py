"""The partnership team's side of a return, on both databases."""

import pytest

from layouts.review import queue as draw
from models.rules.broken import IllegalMove, SamePerson
from models.rules.terms import Rating, State
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.services import returns, review
from portal.services.queue import queue
from portal.viewmodels.returns import Typed
from tests.conftest import person

Q3 = "2008-09-q3"


def submitted(database: Database, code: str = "NI 59", who: str = "lcc", value: str = "55") -> int:
    actor = person(database, who)
    number = returns.find_return(database, actor, Q3, code)
    returns.save(database, actor, number, None, Typed(value=value))
    returns.submit(database, actor, number, None)
    return number


def test_the_queue_shows_what_waits_and_who_is_outstanding(database: Database) -> None:
    number = submitted(database)
    found = queue(database, person(database, "team"))
    assert [(one.task.id, one.task.rating) for one in found.waiting] == [(number, Rating.WORSE)]
    assert (found.periods, found.verified, found.publishable, found.next_edition) == (("2008/09 Q3",), (), (), 2)
    council = next(line for line in found.outstanding if line.organisation == "Leicester City Council")
    assert (council.expected, council.received, council.late) == (16, 1, 0)
    assert sum(line.expected for line in found.outstanding) == 42 - 11  # placeholders are waited for by nobody


def test_verifying_lets_everybody_with_an_account_read_it(database: Database) -> None:
    number = submitted(database)
    with pytest.raises(NotFound):
        returns.read_return(database, person(database, "executive"), number)
    view = review.verify(database, person(database, "team"), number, None)
    assert view.state is State.VERIFIED
    assert str(returns.read_return(database, person(database, "executive"), number).answers.value) == "55"
    found = queue(database, person(database, "team"))
    assert [(one.period, one.verified) for one in found.publishable] == [("2008/09 Q3", 1)]


def test_a_return_can_be_verified_only_once_and_only_when_submitted(database: Database) -> None:
    number = submitted(database)
    review.verify(database, person(database, "team"), number, None)
    with pytest.raises(IllegalMove, match="has been verified"):
        review.verify(database, person(database, "team2"), number, None)
    with pytest.raises(IllegalMove):
        review.query(database, person(database, "team2"), number, None, "Too late?")


def test_whoever_submitted_does_not_judge(database: Database) -> None:
    """The team returns the indicators that nobody leads; another of the team has to verify them."""
    number = submitted(database, "NI 165", "team", "22")
    team, other = person(database, "team"), person(database, "team2")
    with pytest.raises(SamePerson):
        review.verify(database, team, number, None)
    with pytest.raises(SamePerson):
        review.query(database, team, number, None, "Is it?")
    assert returns.read_return(database, team, number).may_verify is False
    assert returns.read_return(database, other, number).may_verify is True
    assert review.verify(database, other, number, None).state is State.VERIFIED


def test_a_query_needs_a_reason_and_is_kept_with_name_and_date(database: Database) -> None:
    number, team = submitted(database), person(database, "team")
    for blank in ("", "   \n"):
        with pytest.raises(Invalid):
            review.query(database, team, number, None, blank)
    with pytest.raises(Invalid):
        review.query(database, team, number, None, "x" * 2001)
    view = review.query(database, team, number, None, " Is this the whole quarter? ")
    assert (view.state, view.messages[0].text, view.messages[0].who) == (
        State.QUERIED,
        "Is this the whole quarter?",
        "Partnership team",
    )
    assert returns.read_return(database, person(database, "lcc"), number).messages == view.messages


def test_a_corrected_return_is_a_new_revision(database: Database) -> None:
    number, lcc, team = submitted(database), person(database, "lcc"), person(database, "team")
    review.query(database, team, number, None, "Are you sure?")
    returns.save(database, lcc, number, None, Typed(value="61"))
    assert returns.submit(database, lcc, number, None).revision == 2
    view = review.verify(database, team, number, None)
    assert (view.revision, str(view.answers.value), view.standing.rating) == (2, "61", Rating.WITHIN)


def test_judging_what_has_changed_since_is_refused(database: Database) -> None:
    number, team = submitted(database), person(database, "team")
    seen = returns.read_return(database, team, number).version
    review.query(database, person(database, "team2"), number, seen, "Are you sure?")
    with pytest.raises(Conflict):
        review.verify(database, team, number, seen)


@pytest.mark.parametrize("who", ["lcc", "police", "police.contributor", "executive", "reviewer", "admin"])
def test_nobody_but_the_team_judges(database: Database, who: str) -> None:
    number = submitted(database)
    with pytest.raises(Forbidden):
        review.verify(database, person(database, who), number, None)
    with pytest.raises(Forbidden):
        review.query(database, person(database, who), number, None, "Why?")
    with pytest.raises(Forbidden):
        queue(database, person(database, who))


def test_the_queue_says_whether_the_partner_gave_a_word_on_an_unusual_figure(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    submitted(database, "NI 20", "police", "99")
    number = returns.find_return(database, police, Q3, "NI 16")
    returns.save(database, police, number, None, Typed(value="24.2"))
    returns.submit(database, police, number, None, "A new way to count.")
    found = queue(database, team)
    assert {one.task.measure: one.explained for one in found.waiting if one.oddities} == {"NI 16": True, "NI 20": False}
    drawn = str(draw(found)[1])
    assert (drawn.count("The partner gave a word on it."), drawn.count("The partner gave no word on it.")) == (1, 1)
    assert "Choose all takes 1 unusual figure too that no partner gave a word on." in drawn
