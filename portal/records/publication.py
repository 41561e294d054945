"""The publication that is prepared and not yet decided, and one at a time."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.returns import Return
from models.rules.gate import OPEN, check_ready
from models.scorecard import Publication
from portal.records.agreement import current_agreement


def open_publication(session: Session, agreement_id: int) -> Publication | None:
    """The publication of an agreement that is worked on."""
    query = select(Publication).where(Publication.agreement_id == agreement_id, Publication.state.in_(OPEN))
    return session.scalars(query).one_or_none()


def lock_agreement(session: Session) -> Agreement:
    """The agreement, locked: one publication at a time, the next one waits and then sees this one's edition."""
    return locked(session, current_agreement(session))


def locked(session: Session, agreement: Agreement) -> Agreement:
    """An agreement, locked likewise."""
    # Not the newest edition is locked: PostgreSQL asks for the right to change what is locked, and an edition nobody may.
    session.refresh(agreement, with_for_update={"key_share": True})
    return agreement


def require_ready(session: Session, period: Period) -> None:
    """NotReady where an edition of a period would be too early: `models.rules.gate.check_ready`."""
    check_ready(period.key, period.ends_on, session.info["clock"].today(), verified_on(session, period))


def verified_on(session: Session, period: Period) -> int:
    """How many returns are verified, or published, of the periods that end together with this one."""
    query = (
        select(func.count(Return.id))
        .join(Period, Return.period_id == Period.id)
        .where(Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on)
        .where(Return.verified_revision.is_not(None))
    )
    return session.scalar(query) or 0
