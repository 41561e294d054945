"""A rating judged otherwise than by the rule: proposed by the lead, decided by the team, kept with both names."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from models.audit import AuditEvent
from models.returns import ReturnRevision, RevisionRating
from models.rules.broken import SamePerson, Undecided
from models.rules.terms import Evidence, NoRating, Rating, State
from portal import audit, words
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid
from portal.services import returns, review, scorecard
from portal.services.queue import queue
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import person
from tests.portal.services.test_evidence import let
from tests.support.publishing import publish

Q3 = "2008-09-q3"
WHY = "The survey left out two schools."


def proposed(
    database: Database, rating: str = "within", why: str = WHY, *, code: str = "NI 59", who: str = "lcc"
) -> ReturnView:
    """A return of the council's on NI 59 (63% is expected, 55 is worse by the rule), submitted with another rating."""
    actor = person(database, who)
    number = returns.find_return(database, actor, Q3, code)
    typed = Typed(value="55", proposed_rating=rating, proposed_reason=why)
    returns.save(database, actor, number, None, typed)
    return returns.submit(database, actor, number, None)


def rating_of(database: Database, number: int, revision: int = 1) -> RevisionRating:
    with database.read(OPERATOR) as session:
        query = select(RevisionRating).join(ReturnRevision, ReturnRevision.id == RevisionRating.revision_id)
        return session.scalars(query.where(ReturnRevision.return_id == number, ReturnRevision.number == revision)).one()


def last_event(database: Database) -> AuditEvent:
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
        return session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()


def test_a_contributor_prepares_it_and_the_lead_submits_it(database: Database) -> None:
    analyst, lead = person(database, "police.contributor"), person(database, "police")
    number = returns.find_return(database, analyst, Q3, "NI 20")
    returns.save(database, analyst, number, None, Typed(value="2", proposed_rating="better", proposed_reason=WHY))
    with pytest.raises(Forbidden):
        returns.submit(database, analyst, number, None)
    draft = returns.read_return(database, lead, number)
    assert (draft.answers.proposed_rating, draft.answers.proposed_reason) == (Rating.BETTER, WHY)
    view = returns.submit(database, lead, number, None)
    assert view.proposal is not None
    assert (view.proposal.rating, view.proposal.reason, view.proposal.waits) == (Rating.BETTER, WHY, True)
    assert view.standing.rating is None  # nothing is agreed to hold it against, and what is proposed counts for nothing


def test_the_rules_answer_stands_until_the_team_decides(database: Database) -> None:
    view = proposed(database)
    assert (view.standing.rating, view.standing.rating_by_rule) == (Rating.WORSE, Rating.WORSE)
    assert view.standing.override_reason is None
    kept = rating_of(database, view.id)
    assert (kept.by_rule, kept.override, kept.proposal_accepted) == (Rating.WORSE, None, None)
    (waiting,) = queue(database, person(database, "team")).waiting
    assert (waiting.task.rating, waiting.proposal) == (Rating.WORSE, view.proposal)


def test_verifying_needs_a_word_on_it(database: Database) -> None:
    view, team = proposed(database), person(database, "team")
    with pytest.raises(Undecided, match="NI 59 2008/09 Q3 comes with a proposed judgement"):
        review.verify(database, team, view.id, view.version)
    with pytest.raises(Undecided):
        review.verify_chosen(database, team, [(view.id, view.version)])
    assert returns.read_return(database, team, view.id).state is State.SUBMITTED
    assert rating_of(database, view.id).proposal_accepted is None


def test_a_chosen_set_with_one_in_it_is_not_verified_at_all(database: Database) -> None:
    lcc, team, judged = person(database, "lcc"), person(database, "team"), proposed(database)
    number = returns.find_return(database, lcc, Q3, "NI 154")
    returns.save(database, lcc, number, None, Typed(value="700"))
    plain = returns.submit(database, lcc, number, None)
    with pytest.raises(Undecided):
        review.verify_chosen(database, team, [(number, plain.version), (judged.id, judged.version)])
    assert returns.read_return(database, team, number).state is State.SUBMITTED
    assert review.verify_chosen(database, team, [(number, plain.version)]) == 1


def test_what_is_accepted_counts_and_the_rules_answer_stays_beside_it(database: Database) -> None:
    number = proposed(database).id
    team, executive = person(database, "team2"), person(database, "executive")
    view = review.verify(database, team, number, None, accept_judgement=True)
    assert (view.standing.rating, view.standing.rating_by_rule) == (Rating.WITHIN, Rating.WORSE)
    kept = rating_of(database, number)
    assert (kept.by_rule, kept.override, kept.override_reason) == (Rating.WORSE, Rating.WITHIN, WHY)
    assert kept.override_proposed_by == "Lead of Leicester City Council"
    assert kept.override_accepted_by == "Partnership team, second person"
    assert kept.proposal_accepted is True
    seen = returns.read_return(database, executive, number)
    assert f"It was judged otherwise, within acceptable range: {WHY}" in words.why(seen.standing)
    assert "So the rule says: worse than anticipated." in words.why(seen.standing)
    found = queue(database, team)
    assert [(task.rating, task.judged) for task in found.verified] == [(Rating.WITHIN, True)]


def test_what_is_not_accepted_leaves_the_rules_answer_and_is_on_the_record(database: Database) -> None:
    number = proposed(database).id
    view = review.verify(database, person(database, "team"), number, None, accept_judgement=False)
    assert (view.state, view.standing.rating, view.standing.override_reason) == (State.VERIFIED, Rating.WORSE, None)
    kept = rating_of(database, number)
    assert (kept.override, kept.override_proposed_by, kept.proposal_accepted) == (None, None, False)
    seen = returns.read_return(database, person(database, "lcc"), number).proposal
    assert seen is not None
    assert (seen.accepted, seen.waits, seen.reason) == (False, False, WHY)
    assert words.decision(seen).startswith("Not accepted by Partnership team, ")
    assert words.decision(seen).endswith(": the rule's answer stands.")


@pytest.mark.parametrize(("accept", "said"), [(True, "accepted"), (False, "not accepted: the rule's answer stands")])
def test_the_decision_is_audited_with_its_reason(database: Database, accept: bool, said: str) -> None:
    review.verify(database, person(database, "team"), proposed(database).id, None, accept_judgement=accept)
    event = last_event(database)
    told = json.loads(event.after)
    assert (event.action, event.reason, event.organisation_id) == (
        "return:verify",
        WHY,
        person(database, "lcc").organisation_id,
    )
    assert (told["rating"], told["by_rule"], told["proposed"], told["judgement"]) == (
        "within" if accept else "worse",
        "worse",
        "within",
        said,
    )
    assert told["proposed_by"] == "Lead of Leicester City Council"


def test_the_submission_is_audited_with_what_it_proposes(database: Database) -> None:
    proposed(database)
    told = json.loads(last_event(database).after)
    assert (told["proposed_rating"], told["proposed_reason"]) == ("within", WHY)


def test_a_proposal_that_says_what_the_rule_says_is_none(database: Database) -> None:
    view = proposed(database, "worse")
    assert view.proposal is not None
    assert (view.proposal.differs, view.proposal.waits) == (False, False)
    assert words.decision(view.proposal) == "The rule says the same, so there is nothing to decide."
    (waiting,) = queue(database, person(database, "team")).waiting
    assert waiting.proposal is None
    verified = review.verify_chosen(database, person(database, "team"), [(view.id, view.version)])
    kept = rating_of(database, view.id)
    assert (verified, kept.override, kept.proposal_accepted) == (1, None, None)
    assert "judgement" not in last_event(database).after


def test_a_word_on_what_nobody_proposed_decides_nothing(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, Q3, "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55"))
    returns.submit(database, lcc, number, None)
    view = review.verify(database, person(database, "team"), number, None, accept_judgement=True)
    assert (view.state, view.standing.rating, view.proposal) == (State.VERIFIED, Rating.WORSE, None)
    assert rating_of(database, number).proposal_accepted is None


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (Typed(value="55", proposed_rating="within"), "proposed_reason", "Say why"),
        (Typed(value="55", proposed_reason=WHY), "proposed_rating", "choose which you propose"),
        (Typed(value="55", proposed_rating="great", proposed_reason=WHY), "proposed_rating", "is not one of"),
        (
            Typed(value="55", proposed_rating="within", proposed_reason="x" * 8001),
            "proposed_reason",
            "at most 8000 fit",
        ),
        (Typed(value="55", proposed_rating="within", proposed_reason="\x00"), "proposed_reason", "cannot be stored"),
        (Typed(proposed_rating="within", proposed_reason=WHY), "proposed_rating", "nothing to judge"),
        (
            Typed(no_value_reason="suppressed", proposed_rating="within", proposed_reason=WHY),
            "proposed_rating",
            "nothing to judge",
        ),
    ],
)
def test_half_a_proposal_or_one_on_no_figure_is_refused_beside_its_field(
    database: Database, typed: Typed, field: str, said: str
) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, Q3, "NI 59")
    with pytest.raises(Invalid) as caught:
        returns.save(database, lcc, number, None, typed)
    assert caught.value.fields.keys() == {field}
    assert said in caught.value.fields[field]
    assert returns.read_return(database, lcc, number).state is State.NOT_STARTED


def test_a_figure_that_is_worked_out_from_its_counts_may_be_judged(database: Database) -> None:
    let(database, "NI 59", evidence=Evidence.PROPORTION, per=Decimal(100))
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, Q3, "NI 59")
    typed = Typed(numerator="10", denominator="20", proposed_rating="within", proposed_reason=WHY)
    returns.save(database, lcc, number, None, typed)
    view = returns.submit(database, lcc, number, None)
    assert view.standing.no_rating_reason is NoRating.TOO_EARLY
    view = review.verify(database, person(database, "team"), number, None, accept_judgement=True)
    assert (view.standing.rating, view.standing.rating_by_rule) == (Rating.WITHIN, None)
    assert view.standing.no_rating_reason is None


def test_whoever_of_the_team_proposed_it_does_not_decide(database: Database) -> None:
    number = proposed(database, code="NI 165", who="team").id
    with pytest.raises(SamePerson):
        review.verify(database, person(database, "team"), number, None, accept_judgement=True)
    review.verify(database, person(database, "team2"), number, None, accept_judgement=True)
    assert rating_of(database, number).override_proposed_by == "Partnership team"


@pytest.mark.parametrize("who", ["lcc", "police", "police.contributor", "executive", "reviewer", "admin"])
def test_nobody_but_the_team_decides(database: Database, who: str) -> None:
    number = proposed(database).id
    with pytest.raises(Forbidden):
        review.verify(database, person(database, who), number, None, accept_judgement=True)
    assert rating_of(database, number).override is None


def test_what_was_decided_on_an_older_version_is_not_taken(database: Database) -> None:
    """The lead takes the return back and changes the reason: an acceptance of what was read before does not count."""
    view, lcc = proposed(database), person(database, "lcc")
    returns.withdraw(database, lcc, view.id, None)
    returns.save(
        database, lcc, view.id, None, Typed(value="55", proposed_rating="better", proposed_reason="Something else.")
    )
    returns.submit(database, lcc, view.id, None)
    with pytest.raises(Conflict):
        review.verify(database, person(database, "team"), view.id, view.version, accept_judgement=True)


def test_a_correction_starts_without_what_was_accepted_but_keeps_the_proposal(database: Database) -> None:
    number, lcc, team = proposed(database).id, person(database, "lcc"), person(database, "team")
    review.verify(database, team, number, None, accept_judgement=True)
    review.reopen(database, team, number, None, "A school was counted twice.")
    draft = returns.read_return(database, lcc, number)
    assert (draft.answers.proposed_rating, draft.answers.proposed_reason) == (Rating.WITHIN, WHY)
    assert (draft.standing.rating, draft.standing.override_reason) == (Rating.WORSE, None)
    returns.save(database, lcc, number, None, Typed(value="54", proposed_rating="within", proposed_reason=WHY))
    returns.submit(database, lcc, number, None)
    assert rating_of(database, number, 2).override is None
    assert rating_of(database, number, 1).override is Rating.WITHIN
    with pytest.raises(Undecided):
        review.verify(database, team, number, None)
    view = review.verify(database, team, number, None, accept_judgement=False)
    assert [(r.rating, r.proposal and r.proposal.accepted) for r in view.revisions] == [
        (Rating.WITHIN, True),
        (Rating.WORSE, False),
    ]


def test_what_the_files_judged_is_proposed_again_by_a_correction(database: Database) -> None:
    team = person(database, "team")
    number = returns.find_return(database, team, "2008-09-q2", "NI 65")
    loaded = returns.read_return(database, team, number)
    assert loaded.proposal is not None
    assert (loaded.proposal.accepted, loaded.proposal.decided_by) == (True, "the partnership, as printed")
    assert (loaded.answers.proposed_rating, loaded.standing.rating) == (None, Rating.BETTER)
    review.reopen(database, team, number, None, "For a correction.")
    assert loaded.organisation_key is not None
    draft = returns.read_return(database, person(database, loaded.organisation_key), number)
    assert draft.answers.proposed_rating is Rating.BETTER
    assert draft.answers.proposed_reason.endswith("a judgement.")


def test_an_edition_shows_what_was_accepted_beside_the_rules_answer(database: Database) -> None:
    number, team = proposed(database).id, person(database, "team")
    review.verify(database, team, number, None, accept_judgement=True)
    publish(database, team, Q3)
    card = scorecard.latest_scorecard(database, OPERATOR)
    assert card is not None
    found = next(i for t in card.themes for i in t.indicators if i.code == "NI 59")
    assert (found.rating, found.overridden, found.measures[0].rating_by_rule) == (Rating.WITHIN, True, Rating.WORSE)
    assert found.measures[0].override_reason == WHY


CHANGES: list[tuple[str, Callable[[int], str]]] = [
    ("the rule's answer", lambda n: f"UPDATE revision_rating SET by_rule = 'better' WHERE revision_id = {n}"),
    (
        "another judgement than the one decided",
        lambda n: f"UPDATE revision_rating SET override = 'better', proposal_accepted = true WHERE revision_id = {n}",
    ),
    (
        "no judgement any more",
        lambda n: f"UPDATE revision_rating SET override = NULL, proposal_accepted = NULL WHERE revision_id = {n}",
    ),
    ("another reason", lambda n: f"UPDATE revision_rating SET override_reason = 'x' WHERE revision_id = {n}"),
]


@pytest.mark.parametrize("what", [name for name, _ in CHANGES])
def test_the_database_itself_keeps_a_decision(owned_database: Database, what: str) -> None:
    """Even whoever owns the tables has to take the trigger away first."""
    number = proposed(owned_database).id
    review.verify(owned_database, person(owned_database, "team"), number, None, accept_judgement=True)
    revision = rating_of(owned_database, number).revision_id
    with pytest.raises(DatabaseError, match="decided once"), owned_database.engine.begin() as connection:
        connection.execute(text(dict(CHANGES)[what](revision)))
    kept = rating_of(owned_database, number)
    assert (kept.by_rule, kept.override, kept.override_reason) == (Rating.WORSE, Rating.WITHIN, WHY)


GROUNDS = (
    "basis = NULL",
    "expected_value = '1'",
    "lead = '1'",
    "margin = '1'",
    "interval_low = '1'",
    "forecast = 'better'",
)


def test_a_rating_is_not_judged_without_a_decision(owned_database: Database) -> None:
    revision = rating_of(owned_database, proposed(owned_database).id).revision_id
    for change in (
        "override = 'better'",
        "override = 'better', proposal_accepted = false",
        "proposal_accepted = true",
        *(f"proposal_accepted = false, {said}" for said in GROUNDS),
    ):
        with pytest.raises(DatabaseError, match="decided once"), owned_database.engine.begin() as connection:
            connection.execute(text(f"UPDATE revision_rating SET {change} WHERE revision_id = {revision}"))
