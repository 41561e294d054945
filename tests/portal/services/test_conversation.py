"""Withdrawing, reopening, asking and answering, on both databases."""

import pytest

from models.rules.broken import IllegalMove
from models.rules.entry import Oddity
from models.rules.terms import Message, State
from portal.actor import public
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.services import conversation, returns, review, scorecard
from portal.services.queue import queue
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.portal.services.test_review import Q3, submitted
from tests.support.publishing import publish


def test_a_withdrawn_return_is_a_draft_again_and_its_revision_stays(database: Database) -> None:
    number, lcc = submitted(database), person(database, "lcc")
    assert returns.read_return(database, lcc, number).may_withdraw
    view = returns.withdraw(database, lcc, number, None)
    assert (view.state, view.revision, len(view.revisions)) == (State.DRAFT, 1, 1)
    with pytest.raises(IllegalMove):
        review.verify(database, person(database, "team"), number, None)
    returns.save(database, lcc, number, None, Typed(value="58"))
    view = returns.submit(database, lcc, number, None)
    assert [str(revision.answers.value) for revision in view.revisions] == ["55", "58"]


def test_a_verified_return_cannot_be_withdrawn(database: Database) -> None:
    number = submitted(database)
    review.verify(database, person(database, "team"), number, None)
    with pytest.raises(IllegalMove, match="cannot be withdrawn"):
        returns.withdraw(database, person(database, "lcc"), number, None)


def test_a_reopened_return_that_was_only_verified_counts_no_more(database: Database) -> None:
    number, team, lcc = submitted(database), person(database, "team"), person(database, "lcc")
    review.verify(database, team, number, None)
    with pytest.raises(Invalid):
        review.reopen(database, team, number, None, " ")
    view = review.reopen(database, team, number, None, "Earlier reports left out some data.")
    assert (view.state, view.messages[-1].kind, view.messages[-1].text) == (
        State.DRAFT,
        Message.REOPENING,
        "Earlier reports left out some data.",
    )
    with pytest.raises(NotFound):
        returns.read_return(database, person(database, "executive"), number)
    assert returns.read_return(database, lcc, number).may_edit


def test_a_published_figure_stays_public_until_its_correction_is_published(database: Database) -> None:
    number, team, lcc = submitted(database), person(database, "team"), person(database, "lcc")
    review.verify(database, team, number, None)
    publish(database, team)
    review.reopen(database, team, number, None, "A wrong figure.")
    returns.save(database, lcc, number, None, Typed(value="61"))
    assert str(returns.read_return(database, person(database, "executive"), number).answers.value) == "55"
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    assert publish(database, team) == 3
    card = scorecard.latest_scorecard(database, public())
    assert card is not None
    figures = [str(m.value) for t in card.themes for i in t.indicators for m in i.measures if i.code == "NI 59"]
    assert figures == ["61"]
    views = returns.read_return(database, team, number).revisions
    assert [(r.number, str(r.answers.value), r.published) for r in views] == [(1, "55", True), (2, "61", True)]


def test_a_challenge_is_on_both_desks_until_it_is_answered(database: Database) -> None:
    police, executive, team = (person(database, who) for who in ("police", "executive", "team"))
    number = returns.find_return(database, police, "2008-09-q2", "NI 16")
    conversation.challenge(database, executive, number, "Why is it still rising?")
    for desk in (police, executive, team, person(database, "police.contributor")):
        (question,) = conversation.open_questions(database, desk)
        assert (question.measure, question.said.text) == ("NI 16", "Why is it still rising?")
    assert conversation.open_questions(database, person(database, "nhs")) == ()
    conversation.answer(database, police, number, question.said.id, "New patrols began in January.")
    for desk in (police, executive, team):
        assert conversation.open_questions(database, desk) == ()
    (said,) = returns.read_return(database, executive, number).messages
    assert (said.open, said.answers[0].text, said.answers[0].who) == (
        False,
        "New patrols began in January.",
        "Lead of Leicestershire Constabulary",
    )
    with pytest.raises(Conflict, match="closed already"):
        conversation.answer(database, police, number, question.said.id, "Again.")
    assert returns.read_return(database, person(database, "nhs"), number).messages == ()


def test_the_executive_reads_challenges_but_not_the_teams_queries(database: Database) -> None:
    number, team, lcc = submitted(database), person(database, "team"), person(database, "lcc")
    review.query(database, team, number, None, "Between us: is this right?")
    returns.save(database, lcc, number, None, Typed(value="56"))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    assert returns.read_return(database, person(database, "executive"), number).messages == ()
    assert [m.open for m in returns.read_return(database, team, number).messages] == [False]  # submitting answered it


def test_a_question_of_another_return_cannot_be_answered_through_ones_own(database: Database) -> None:
    number, team, police = submitted(database), person(database, "team"), person(database, "police")
    view = review.query(database, team, number, None, "Is it?")
    own = returns.find_return(database, police, Q3, "NI 16")
    with pytest.raises(NotFound):
        conversation.answer(database, police, own, view.messages[0].id, "Yes.")
    with pytest.raises(NotFound):
        conversation.answer(database, police, number, view.messages[0].id, "Yes.")
    with pytest.raises(Forbidden):
        conversation.challenge(database, police, own, "Why?")


def test_an_unusual_figure_is_asked_about_and_may_be_submitted_with_a_word(database: Database) -> None:
    lcc, number = person(database, "lcc"), returns.find_return(database, person(database, "lcc"), Q3, "NI 154")
    returns.save(database, lcc, number, None, Typed(value="3000"))
    view = returns.read_return(database, lcc, number)
    assert view.oddities == (Oddity.TEN_TIMES,)  # 300 in quarter 2
    view = returns.submit(database, lcc, number, None, "A whole estate was finished.")
    seen = returns.read_return(database, person(database, "team"), number)
    assert (view.state, seen.explanation) == (State.SUBMITTED, "A whole estate was finished.")


def test_an_answered_query_is_on_the_teams_desk_until_the_return_is_verified(database: Database) -> None:
    number, team, lcc = submitted(database), person(database, "team"), person(database, "lcc")
    view = review.query(database, team, number, None, "Is this the whole city?")
    assert queue(database, team).answered == ()
    assert conversation.answer(database, lcc, number, view.messages[0].id, "Yes, all of it.")
    (found,) = queue(database, team).answered
    assert (found.return_id, found.measure, found.state) == (number, "NI 59", State.QUERIED)
    assert (found.said.text, [said.text for said in found.said.answers]) == (
        "Is this the whole city?",
        ["Yes, all of it."],
    )
    returns.save(database, lcc, number, None, Typed(value="55"))
    assert [one.state for one in queue(database, team).answered] == [State.DRAFT]
    returns.submit(database, lcc, number, None)
    assert [one.state for one in queue(database, team).answered] == [State.SUBMITTED]
    review.query(database, team, number, None, "And the other schools?")
    assert queue(database, team).answered == ()  # another question waits by now
    returns.save(database, lcc, number, None, Typed(value="55", commentary="With them."))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    assert queue(database, team).answered == ()


def test_the_teams_own_desk_lists_only_what_the_team_is_to_answer(database: Database) -> None:
    number, team, lcc = submitted(database), person(database, "team"), person(database, "lcc")
    review.query(database, team, number, None, "Is this the whole city?")
    assert conversation.open_questions(database, team, own=True) == ()
    assert len(conversation.open_questions(database, team)) == 1
    assert len(conversation.open_questions(database, lcc, own=True)) == 1
