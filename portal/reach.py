"""SQL conditions that the policy is made of: how far a return or a review reaches, whoever asks."""

from sqlalchemy import ColumnElement, and_, func, select, true

from models.agreement import AgreementVersion, Measure, Period, SignedUp
from models.returns import Return
from models.rules.circulation import AGREES, Stage, before_stage
from models.self_assessment import ReviewDecision, ReviewDocument


def signed_up(organisation_id: int | None) -> ColumnElement[bool]:
    """The returns on indicators that an organisation signed up to without leading them, in the version of the agreement
    that was in force at the period's end."""
    in_force = (
        select(func.max(AgreementVersion.number))
        .where(AgreementVersion.agreement_id == Period.agreement_id)
        .where(AgreementVersion.in_force_from <= Period.ends_on)
        .correlate(Period)
        .scalar_subquery()
    )
    signed = (
        select(SignedUp.indicator_id)
        .join(Measure, Measure.indicator_id == SignedUp.indicator_id)
        .join(AgreementVersion, AgreementVersion.id == SignedUp.version_id)
        .join(Period, Period.agreement_id == AgreementVersion.agreement_id)
        .where(Measure.id == Return.measure_id, Period.id == Return.period_id)
        .where(SignedUp.organisation_id == organisation_id, AgreementVersion.number == in_force)
        .correlate(Return)
        .limit(1)
    )
    # One row's own question: PostgreSQL would answer an EXISTS for the returns of all agreements together.
    return signed.scalar_subquery().is_not(None) & Return.organisation_id.is_distinct_from(organisation_id)


def reached(stage: Stage) -> ColumnElement[bool]:
    """The signed-off reviews that have come as far as a stage: every stage before it agreed."""
    agreed = select(ReviewDecision.document_id).where(ReviewDecision.decision.in_(AGREES))
    before = before_stage(stage)
    return and_(true(), *(ReviewDocument.id.in_(agreed.where(ReviewDecision.stage == one)) for one in before))
