"""Loading the proposals of the Local Public Service Agreement, with the priorities and outcomes that they serve."""

from collections.abc import Mapping

from sqlalchemy import select

from models.agreement import Agreement
from models.proposals import (
    CorporateOutcome,
    CorporatePriority,
    Proposal,
    ProposalOutcome,
    ProposalPriority,
    ProposalTarget,
    ProposalTargetStep,
)
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.corporate_rows import ProposalSaid
from portal.history import as_of
from portal.records.loading import Loading
from portal.records.loading_assessment import first_day
from portal.records.noting import put
from portal.records.proposals import linked

FILE = "lpsa2_proposals.csv"


def put_proposals(loading: Loading, agreement: Agreement, file: rows.AgreementFile) -> None:
    """Every priority, outcome, proposal and target that did not come in before, with what serves what."""
    own = {"agreement_id": agreement.id}
    priorities = {
        said.key: loading.put(
            CorporatePriority,
            "corporate_priorities.csv",
            said.line,
            {**own, "key": said.key},
            {"title": said.title, "position": place},
        ).id
        for place, said in enumerate(file.corporate.priorities, 1)
    }
    outcomes = {
        said.key: loading.put(
            CorporateOutcome,
            "corporate_outcomes.csv",
            said.line,
            {**own, "number": int(said.key)},
            {"title": said.title},
        ).id
        for said in file.corporate.outcomes
    }
    known = linked(loading.session, agreement.id)
    for said in file.corporate.proposals:
        values = {"title": said.title, "lead": said.lead, "partners": said.partners}
        proposal = loading.put(Proposal, FILE, said.line, {**own, "number": said.number}, values)
        if proposal.id not in known[0] and proposal.id not in known[1]:
            for key in said.priorities:
                loading.add(ProposalPriority(proposal_id=proposal.id, priority_id=priorities[key]))
            for key in said.outcomes:
                loading.add(ProposalOutcome(proposal_id=proposal.id, outcome_id=outcomes[key]))
        else:
            _require_same(loading, said, known[0].get(proposal.id, ()), known[1].get(proposal.id, ()))
        _put_targets(loading, agreement, proposal, said)


def _require_same(loading: Loading, said: ProposalSaid, *held: tuple[object, ...]) -> None:
    """A proposal that is loaded serves what it was loaded with."""
    files: Mapping[str, tuple[str, ...]] = {
        "corporate_priorities": said.priorities,
        "corporate_outcomes": said.outcomes,
    }
    for (column, keys), there in zip(files.items(), held, strict=True):
        names = [str(key) for key in there]
        if set(keys) != set(names):
            message = (
                f"says {';'.join(keys)}, but {';'.join(names) or 'nothing'} is loaded already; a load changes nothing"
            )
            loading.problem(FILE, said.line, column, message)


def _put_targets(loading: Loading, agreement: Agreement, proposal: Proposal, said: ProposalSaid) -> None:
    """A target that came in before has a life of its own by now, and is left alone; that the file says it otherwise than
    at first is told."""
    session = loading.session
    for target_said in said.targets:
        first = session.scalars(
            select(ProposalTargetStep)
            .join(ProposalTarget, ProposalTarget.id == ProposalTargetStep.target_id)
            .where(ProposalTarget.proposal_id == proposal.id, ProposalTarget.letter == target_said.letter)
            .order_by(ProposalTargetStep.id)
            .limit(1)
        ).one_or_none()
        if first is None:
            target = ProposalTarget(proposal_id=proposal.id, letter=target_said.letter, version=1)
            loading.add(target)
            with as_of(session, first_day(loading, agreement)):
                put(
                    session, ProposalTargetStep(target_id=target.id, text=target_said.text, defined=target_said.defined)
                )
        elif (first.text, first.defined) != (target_said.text, target_said.defined):
            loading.noticed.append(
                f"Target {said.number}{target_said.letter} is said otherwise in {FILE} than when it came in: it is "
                "changed on /proposals, not by a load."
            )
