"""The proposals with their targets as they stand, or stood on a past day, and the steps that make those."""

from collections import defaultdict
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.proposals import (
    CorporateOutcome,
    CorporatePriority,
    Proposal,
    ProposalOutcome,
    ProposalPriority,
    ProposalTarget,
    ProposalTargetStep,
)
from portal.history import looked_at, only_known
from portal.viewmodels.proposals import ProposalLine, Target, TargetStep


def priorities_of(session: Session, agreement_id: int) -> dict[str, str]:
    """The titles of the priorities by their letters, in their order."""
    query = select(CorporatePriority).where(CorporatePriority.agreement_id == agreement_id)
    return {row.key: row.title for row in session.scalars(query.order_by(CorporatePriority.position))}


def outcomes_of(session: Session, agreement_id: int) -> dict[int, str]:
    """The titles of the outcomes by their numbers, in their order."""
    query = select(CorporateOutcome).where(CorporateOutcome.agreement_id == agreement_id)
    return {row.number: row.title for row in session.scalars(query.order_by(CorporateOutcome.number))}


def proposals_of(session: Session, agreement_id: int) -> tuple[ProposalLine, ...]:
    """The proposals of an agreement in their order: of a past day, those of which a target was known."""
    targets = _targets(session, agreement_id)
    priorities, outcomes = linked(session, agreement_id)
    query = select(Proposal).where(Proposal.agreement_id == agreement_id).order_by(Proposal.number)
    return tuple(
        ProposalLine(
            number=row.number,
            title=row.title,
            lead=row.lead,
            partners=tuple(name for part in row.partners.split(";") if (name := part.strip())),
            priorities=priorities[row.id],
            outcomes=outcomes[row.id],
            targets=targets[row.id],
        )
        for row in session.scalars(query)
        if row.id in targets
    )


def linked(session: Session, agreement_id: int) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[int, ...]]]:
    """The letters of the priorities, and the numbers of the outcomes, that each proposal serves, by its id."""
    priorities: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for proposal_id, key in session.execute(
        select(ProposalPriority.proposal_id, CorporatePriority.key)
        .join(CorporatePriority, CorporatePriority.id == ProposalPriority.priority_id)
        .where(CorporatePriority.agreement_id == agreement_id)
        .order_by(CorporatePriority.position)
    ):
        priorities[proposal_id] += (key,)
    outcomes: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for proposal_id, number in session.execute(
        select(ProposalOutcome.proposal_id, CorporateOutcome.number)
        .join(CorporateOutcome, CorporateOutcome.id == ProposalOutcome.outcome_id)
        .where(CorporateOutcome.agreement_id == agreement_id)
        .order_by(CorporateOutcome.number)
    ):
        outcomes[proposal_id] += (number,)
    return priorities, outcomes


def _targets(session: Session, agreement_id: int) -> dict[int, tuple[Target, ...]]:
    """The targets by the id of their proposal, each with everything that it said so far."""
    query = (
        select(ProposalTargetStep)
        .join(ProposalTarget, ProposalTarget.id == ProposalTargetStep.target_id)
        .join(Proposal, Proposal.id == ProposalTarget.proposal_id)
        .where(Proposal.agreement_id == agreement_id)
        .order_by(Proposal.number, ProposalTarget.letter, ProposalTargetStep.id)
    )
    known = only_known(looked_at(session), query, ProposalTargetStep.day, ProposalTargetStep.at)
    found: dict[int, tuple[Target, ...]] = {}
    for target, steps in groupby(session.scalars(known), lambda step: step.of):
        said = tuple(
            TargetStep(step.text, step.defined, step.person.name if step.person else "", step.day) for step in steps
        )
        one = Target(target.id, target.version, target.letter, said)
        found[target.proposal_id] = (*found.get(target.proposal_id, ()), one)
    return found
