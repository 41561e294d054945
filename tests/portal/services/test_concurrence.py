"""Partners that signed up countersign, contribute or dissent between submission and verification."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.rules.broken import IllegalMove, Unweighed
from models.rules.terms import Message, State
from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from portal.services import concurrence, conversation, periods, returns, review, scorecard, themes
from portal.services.desk import desk
from portal.services.queue import queue
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import person
from tests.support.publishing import publish

Q3 = "2008-09-q3"
REASON = "canary: our survey of the same streets says otherwise"


def submitted(database: Database, code: str) -> int:
    """A return of the council's that police, NHS and fire signed up to."""
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, Q3, code)
    returns.save(database, lcc, number, None, Typed(value="59"))
    returns.submit(database, lcc, number, None)
    return number


def read(database: Database, who: str, number: int) -> ReturnView:
    return returns.read_return(database, person(database, who), number)


def kinds(view: ReturnView) -> list[Message]:
    return [said.kind for said in view.messages]


@pytest.fixture
def number(database: Database) -> int:
    return submitted(database, "NI 140")


def test_a_partner_that_signed_up_is_asked_and_nobody_else(database: Database, number: int) -> None:
    for who in ("nhs", "police"):
        assert [task.id for task in desk(database, person(database, who)).signed_up] == [number]
        assert read(database, who, number).may_countersign
    for who in ("jcp", "police.contributor"):
        assert desk(database, person(database, who)).signed_up == ()
        with pytest.raises(NotFound):
            read(database, who, number)
    assert not read(database, "lcc", number).may_countersign
    assert not read(database, "team", number).may_countersign


def test_it_is_readable_to_them_only_while_it_waits(database: Database, number: int) -> None:
    review.query(database, person(database, "team"), number, None, "Sure?")
    with pytest.raises(NotFound):
        read(database, "nhs", number)
    with pytest.raises(NotFound):
        concurrence.dissent(database, person(database, "nhs"), number, None, "No.")


def test_countersigning_is_on_the_record_and_once(database: Database, number: int) -> None:
    nhs = person(database, "nhs")
    concurrence.countersign(database, nhs, number, None)
    with pytest.raises(Conflict, match="already"):
        concurrence.countersign(database, nhs, number, None)
    assert desk(database, nhs).signed_up == ()
    for who in ("lcc", "team", "police", "nhs"):
        said = read(database, who, number).messages
        assert [(m.kind, m.organisation) for m in said] == [(Message.COUNTERSIGNATURE, nhs.organisation_name)]
    waiting = queue(database, person(database, "team")).waiting
    assert [one.countersigned for one in waiting] == [(nhs.organisation_name,)]


def test_a_dissent_shows_to_the_team_and_on_the_theme_and_never_in_public(database: Database, number: int) -> None:
    team, nhs = person(database, "team"), person(database, "nhs")
    concurrence.dissent(database, nhs, number, None, REASON)
    assert [task.id for task in desk(database, nhs).signed_up] == [number]  # to be found again, and taken back
    assert [one.dissents[0].text for one in queue(database, team).waiting] == [REASON]
    view = themes.themes(database, team, Q3)
    key = next(theme.key for theme in view.themes for i in theme.indicators if i.code == "NI 140")
    # Until the figure is verified the theme tells nothing of it.
    assert themes.theme(database, person(database, "executive"), key, Q3).dissents == {}
    review.verify(database, team, number, None, weighed="Another street.")
    for who in ("executive", "police", "jcp", "team"):
        page = themes.theme(database, person(database, who), key, Q3)
        assert [said.text for said in page.dissents["NI 140"]] == [REASON]
    publish(database, team, Q3)
    card = scorecard.latest_scorecard(database, OPERATOR)
    assert card is not None
    assert "canary" not in repr(card)
    concurrence.take_back(database, nhs, number)
    assert desk(database, nhs).signed_up == ()
    assert themes.theme(database, team, key, Q3).dissents == {}
    with pytest.raises(Conflict, match="no open dissent"):
        concurrence.take_back(database, nhs, number)


def test_countersigning_takes_ones_own_dissent_back_and_no_others(database: Database, number: int) -> None:
    concurrence.dissent(database, person(database, "nhs"), number, None, REASON)
    concurrence.dissent(database, person(database, "police"), number, None, "Ours too.")
    concurrence.countersign(database, person(database, "nhs"), number, None)
    left = queue(database, person(database, "team")).waiting[0].dissents
    assert [said.text for said in left] == ["Ours too."]


def test_the_lead_answers_a_dissent_which_stays_open(database: Database, number: int) -> None:
    concurrence.dissent(database, person(database, "nhs"), number, None, REASON)
    lcc = person(database, "lcc")
    (said,) = read(database, "lcc", number).messages
    conversation.answer(database, lcc, number, said.id, "We count other streets.")
    (said,) = read(database, "nhs", number).messages
    assert (said.open, said.answers[0].text) == (True, "We count other streets.")


def test_a_contribution_is_one_line_of_many(database: Database, number: int) -> None:
    nhs = person(database, "nhs")
    concurrence.contribute(database, nhs, number, None, "Forty health visits.")
    concurrence.contribute(database, nhs, number, None, "And a campaign.")
    assert kinds(read(database, "lcc", number)) == [Message.CONTRIBUTION, Message.CONTRIBUTION]


def test_what_was_said_to_a_figure_that_is_not_verified_stays_with_those_who_see_it(
    database: Database, number: int
) -> None:
    team, lcc = person(database, "team"), person(database, "lcc")
    review.verify(database, team, number, None)
    publish(database, team, Q3)
    review.reopen(database, team, number, None, "A slip.")
    returns.save(database, lcc, number, None, Typed(value="71"))
    returns.submit(database, lcc, number, None)
    concurrence.dissent(database, person(database, "nhs"), number, None, REASON)
    assert kinds(read(database, "police", number)) == [Message.DISSENT]
    assert str(read(database, "police", number).answers.value) == "71"
    for who in ("executive", "jcp"):
        view = read(database, who, number)
        assert kinds(view) == []
        assert str(view.answers.value) == "59"
    for who in ("executive", "jcp", "team"):
        page = themes.theme(database, person(database, who), "safer", Q3)
        assert page.dissents == {}, "the theme tells of a figure that is not verified"
    review.verify(database, team, number, None, weighed="Another street.")
    assert "NI 140" in themes.theme(database, person(database, "jcp"), "safer", Q3).dissents


Act = Callable[[Database, Actor, int], None]
ACTS: dict[str, Act] = {
    "countersign": lambda database, actor, number: concurrence.countersign(database, actor, number, None),
    "contribute": lambda database, actor, number: concurrence.contribute(database, actor, number, None, "We helped."),
    "dissent": lambda database, actor, number: concurrence.dissent(database, actor, number, None, "No."),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_only_between_submission_and_verification_and_only_by_leads_that_signed_up(
    database: Database, number: int, act: Act
) -> None:
    for who in ("police.contributor", "team", "executive", "reviewer", "admin"):
        with pytest.raises(Forbidden):
            act(database, person(database, who), number)
    with pytest.raises(Forbidden):
        act(database, person(database, "lcc"), number)  # the lead itself
    with pytest.raises(NotFound):
        act(database, person(database, "jcp"), number)
    review.verify(database, person(database, "team"), number, None)
    with pytest.raises(IllegalMove, match="between submission and verification"):
        act(database, person(database, "nhs"), number)
    with pytest.raises(Forbidden):
        act(database, person(database, "jcp"), number)


def test_what_was_not_looked_at_is_not_countersigned(database: Database, number: int) -> None:
    seen = read(database, "nhs", number).version
    lcc = person(database, "lcc")
    returns.withdraw(database, lcc, number, None)
    returns.save(database, lcc, number, None, Typed(value="12"))
    returns.submit(database, lcc, number, None)
    with pytest.raises(Stale):
        concurrence.countersign(database, person(database, "nhs"), number, seen)


def test_a_word_is_needed_where_words_are_asked_for(database: Database, number: int) -> None:
    with pytest.raises(Invalid):
        concurrence.dissent(database, person(database, "nhs"), number, None, "  ")
    with pytest.raises(Invalid):
        concurrence.contribute(database, person(database, "nhs"), number, None, "")


def test_a_chosen_set_is_verified_as_a_whole_or_not_at_all(database: Database, number: int) -> None:
    team = person(database, "team")
    other = submitted(database, "NI 59")
    chosen = [(one.task.id, one.version) for one in queue(database, team).waiting]
    assert {one for one, _ in chosen} == {number, other}
    returns.withdraw(database, person(database, "lcc"), other, None)
    returns.submit(database, person(database, "lcc"), other, None)
    with pytest.raises(Stale, match="NI 59 2008/09 Q3 changed after you opened it"):
        review.verify_chosen(database, team, chosen)
    assert len(queue(database, team).waiting) == 2
    chosen = [(one.task.id, one.version) for one in queue(database, team).waiting]
    assert review.verify_chosen(database, team, [*chosen, chosen[0]]) == 2
    assert queue(database, team).waiting == ()
    with pytest.raises(Invalid):
        review.verify_chosen(database, team, [])


def test_an_open_dissent_keeps_a_return_out_of_a_set_and_asks_for_a_word(database: Database, number: int) -> None:
    team, nhs = person(database, "team"), person(database, "nhs")
    other = submitted(database, "NI 59")
    concurrence.dissent(database, nhs, number, None, REASON)
    waiting = {one.task.id: one for one in queue(database, team).waiting}
    assert [said.text for said in waiting[number].dissents] == [REASON]
    with pytest.raises(Unweighed, match="NHS Leicester City dissents from NI 140 2008/09 Q3"):
        review.verify_chosen(database, team, [(one.task.id, one.version) for one in waiting.values()])
    assert {one.task.id for one in queue(database, team).waiting} == {number, other}
    with pytest.raises(Unweighed):
        review.verify(database, team, number, None, weighed="  ")
    with pytest.raises(Invalid):
        review.verify(database, team, number, None, weighed="x" * 2001)
    word = "Their survey is of another month."
    view = review.verify(database, team, number, None, weighed=word)
    assert view.state is State.VERIFIED
    (said,) = [message for message in view.messages if message.kind is Message.DISSENT]
    assert (said.open, [(reply.kind, reply.text) for reply in said.answers]) == (True, [(Message.ANSWER, word)])
    with database.read(OPERATOR) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
        assert (event.action, event.reason) == ("return:verify", word)
        assert "NHS Leicester City" in (event.after or "")
    review.verify(database, team, other, None, weighed="Nobody dissents, so nothing is kept of this.")
    assert returns.read_return(database, team, other).messages == ()


def test_the_queue_shows_what_changed_since_the_last_figure(database: Database) -> None:
    police = person(database, "police")
    number = returns.find_return(database, police, Q3, "NI 16")
    returns.save(database, police, number, None, Typed(value="24.2"))
    returns.submit(database, police, number, None)
    (one,) = queue(database, person(database, "team")).waiting
    assert one.previous is not None
    assert (str(one.value), one.previous.period, str(one.previous.value)) == ("24.2", "2008/09 Q2", "2.42")
    assert "ten times" in one.oddities
    periods.close_for_returns(database, OPERATOR, Q3)
    assert len(queue(database, person(database, "team")).waiting) == 1
