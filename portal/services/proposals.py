"""The proposals of the Local Public Service Agreement: reading them, and defining a target that was to be developed."""

from sqlalchemy import select

from models.proposals import Proposal, ProposalTarget, ProposalTargetStep
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, NotFound, Stale
from portal.policy import Action, may, require
from portal.records.agreement import current_agreement
from portal.records.messages import checked
from portal.records.noting import put
from portal.records.proposals import outcomes_of, priorities_of, proposals_of
from portal.records.return_rows import is_row_number
from portal.viewmodels.past import AsAt
from portal.viewmodels.proposals import Proposals


def proposals(database: Database, actor: Actor, as_at: AsAt | None = None) -> Proposals:
    """The proposals of the agreement that is shown, now or as at a past day; without any where none are loaded."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        return Proposals(
            agreement.title,
            proposals_of(session, agreement.id),
            priorities_of(session, agreement.id),
            outcomes_of(session, agreement.id),
            may(actor, Action.PROPOSAL_CHANGE) and as_at is None,
            as_at,
        )


def define_target(database: Database, actor: Actor, target_id: int, seen: int, text: str) -> None:
    """Say what a target that was still to be developed is. What it said before stays on record. `seen` is the version
    that was looked at: Stale when there is a newer one. Conflict for a target that is defined; Invalid for no text;
    NotFound for no target of the agreement that is shown."""
    require(actor, Action.PROPOSAL_CHANGE)
    text = checked(text, "text", "Write what the target is.")
    with database.write(actor) as session:
        number = target_id if is_row_number(target_id) else 0
        target = session.scalars(
            select(ProposalTarget)
            .join(Proposal, Proposal.id == ProposalTarget.proposal_id)
            .where(ProposalTarget.id == number, Proposal.agreement_id == current_agreement(session).id)
            .with_for_update(of=ProposalTarget)
        ).one_or_none()
        if target is None:
            raise NotFound("There is no such target.")
        if seen != target.version:
            raise Stale("This target changed after you opened the page. Nothing was saved: open it again and look.")
        steps = select(ProposalTargetStep).where(ProposalTargetStep.target_id == target.id)
        before = next(session.scalars(steps.order_by(ProposalTargetStep.id.desc()).limit(1)))
        if before.defined:
            raise Conflict("This target is defined already: only what is still to be developed can be defined.")
        target.version += 1
        put(session, ProposalTargetStep(target_id=target.id, text=text, defined=True))
        audit.record(
            session,
            Action.PROPOSAL_CHANGE,
            f"target {target.proposal.number}{target.letter} of the Local Public Service Agreement",
            before={"text": before.text, "state": "to be developed"},
            after={"text": text, "state": "defined"},
        )
