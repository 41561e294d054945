"""Finding editions in the database, for those that read them and for those that make the next one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Period
from models.scorecard import Edition
from portal.errors import NotFound
from portal.formats.edition import scorecard_of
from portal.records.agreement import shown_agreement
from portal.viewmodels.scorecard import Scorecard


def find_edition(session: Session, number: int) -> Edition:
    """One edition of the agreement that is shown. NotFound for a number that none has."""
    agreement = shown_agreement(session)
    query = select(Edition).where(Edition.agreement_id == (agreement.id if agreement else None))
    found = session.scalars(query.where(Edition.number == number)).one_or_none() if number < 2**31 else None
    if found is None:
        raise NotFound(f"There is no edition {number}.")
    return found


def latest_number(session: Session, agreement_id: int) -> int | None:
    """The newest edition about the latest day, by its number: an older quarter that is put right does not take the
    newest's place."""
    query = (
        select(Edition.number)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == agreement_id)
        .order_by(Period.ends_on.desc(), Edition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def card_of(session: Session, found: Edition) -> Scorecard:
    """An edition's content, with what came after it."""
    corrected = select(Edition.number).where(
        Edition.agreement_id == found.agreement_id, Edition.corrects == found.number
    )
    by = session.scalars(corrected.order_by(Edition.number.desc()).limit(1)).one_or_none()
    return scorecard_of(
        found.content, found.content_hash, corrected_by=by, latest=latest_number(session, found.agreement_id)
    )


def latest_edition(session: Session, agreement_id: int) -> Edition | None:
    """The edition of an agreement that was published last."""
    query = select(Edition).where(Edition.agreement_id == agreement_id).order_by(Edition.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def latest_by(session: Session, period: Period) -> Edition | None:
    """The newest edition about the day on which a period ends; without one, the newest about the latest day before."""
    query = (
        select(Edition)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == period.agreement_id, Period.ends_on <= period.ends_on)
        .order_by(Period.ends_on.desc(), Edition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def edition_before(session: Session, found: Edition) -> Edition | None:
    """What was last published, before an edition, of the latest day before its own."""
    ends_on = select(Period.ends_on).where(Period.id == found.period_id).scalar_subquery()
    query = (
        select(Edition)
        .join(Period, Period.id == Edition.period_id)
        .where(Edition.agreement_id == found.agreement_id, Edition.number < found.number, Period.ends_on < ends_on)
        .order_by(Period.ends_on.desc(), Edition.number.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
