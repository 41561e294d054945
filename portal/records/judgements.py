"""Judging a rating otherwise than the rule: what a return proposes, and what the team decides when it verifies it."""

from sqlalchemy.orm import Session

from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.broken import Undecided
from models.rules.terms import Rating
from portal.actor import Actor
from portal.records.return_names import TEAM, name_of
from portal.viewmodels.judgements import Proposal
from portal.viewmodels.returns import Answers


def proposed_in(answers: Answers, by_rule: Rating | None) -> Proposal | None:
    """What a draft proposes, if anything."""
    if answers.proposed_rating is None:
        return None
    return Proposal(answers.proposed_rating, answers.proposed_reason, by_rule)


def proposal_of(row: Return, revision: ReturnRevision, rated: RevisionRating) -> Proposal | None:
    """What a revision proposes, and what was decided; what came in with the agreement's files was accepted there."""
    if revision.proposed_rating is not None:
        decided = rated.proposal_accepted is not None
        return Proposal(
            rating=revision.proposed_rating,
            reason=revision.proposed_reason,
            by_rule=rated.by_rule,
            accepted=rated.proposal_accepted,
            proposed_by=_proposer(row, revision),
            decided_by=_named(revision.verified_by.name, TEAM) if decided and revision.verified_by else "",
            decided_at=revision.verified_at if decided else None,
        )
    if rated.override is None:
        return None
    return Proposal(
        rating=rated.override,
        reason=rated.override_reason or "",
        by_rule=rated.by_rule,
        accepted=True,
        proposed_by=rated.override_proposed_by or "",
        decided_by=rated.override_accepted_by or "",
    )


def decide(
    session: Session, row: Return, revision: ReturnRevision, rated: RevisionRating, accept: bool | None
) -> dict[str, object]:
    """Write down what the session's actor decides on a proposed rating while verifying; answers what the audit trail
    says of it. Undecided when there is one and nothing was decided; without one there is nothing to decide."""
    found = proposal_of(row, revision, rated)
    if found is None or not found.waits:
        return {}
    if accept is None:
        raise Undecided(
            f"{name_of(row)} comes with a proposed judgement. Open the return and say whether you accept it: "
            "nothing was verified."
        )
    rated.proposal_accepted = accept
    if accept:
        actor: Actor = session.info["actor"]
        rated.override, rated.override_reason = found.rating, found.reason
        rated.override_proposed_by, rated.override_accepted_by = found.proposed_by, _named(actor.name, TEAM)
    return {
        "by_rule": rated.by_rule,
        "proposed": found.rating,
        "proposed_by": found.proposed_by,
        "judgement": "accepted" if accept else "not accepted: the rule's answer stands",
    }


def _proposer(row: Return, revision: ReturnRevision) -> str:
    """The lead that submitted it, and for whom."""
    organisation = row.organisation.name if row.organisation else TEAM
    return _named(revision.submitted_by.name, organisation) if revision.submitted_by else organisation


def _named(name: str, organisation: str) -> str:
    return name if organisation in name else f"{name}, {organisation}"
