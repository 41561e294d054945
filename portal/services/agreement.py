"""The agreement that the portal runs, its version on a day, and its periods."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period
from models.rules.codes import period_key
from portal.errors import NotFound
from portal.history import only_known


def current_agreement(session: Session) -> Agreement:
    """The agreement that the portal runs: the one loaded last. NotFound with what to do when there is none."""
    agreement = session.scalars(select(Agreement).order_by(Agreement.id.desc()).limit(1)).one_or_none()
    if agreement is None:
        raise NotFound("No agreement has been loaded yet. Run: portal load DIR")
    return agreement


def version_in_force(session: Session, agreement_id: int, day: date) -> AgreementVersion:
    """The newest version in force on a day, of those that were agreed by today, or by the past day that is looked at;
    the first one for a day before all of them. NotFound for a past before the agreement."""
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id)
    known = only_known(session, query, AgreementVersion.agreed_on, AgreementVersion.recorded_at)
    versions = session.scalars(known.order_by(AgreementVersion.number)).all()
    if not versions:
        raise NotFound("There was no agreement on that day.")
    return in_force(agreed_by(versions, session.info["clock"].today()), day)


def agreed_by(versions: Sequence[AgreementVersion], today: date) -> list[AgreementVersion]:
    """Of an agreement's versions in their order, those that are agreed by today; the first one before all of them."""
    return [version for version in versions if version.agreed_on <= today] or list(versions[:1])


def in_force(versions: Sequence[AgreementVersion], day: date) -> AgreementVersion:
    """Of versions in their order, the newest in force on a day; the first one for a day before all of them."""
    return next((version for version in reversed(versions) if version.in_force_from <= day), versions[0])


def find_period(session: Session, agreement_id: int, text: str) -> Period:
    """A period by its key in any spelling. NotFound when it is none of the agreement's."""
    try:
        key = period_key(text)
    except ValueError as error:
        raise NotFound(str(error)) from None
    period = session.scalars(select(Period).where(Period.agreement_id == agreement_id, Period.key == key)).one_or_none()
    if period is None:
        raise NotFound(f"{key} is not a period of this agreement.")
    return period


def placeholders(session: Session, version: AgreementVersion) -> frozenset[int]:
    """The ids of the indicators that a version agrees on without giving them targets yet."""
    terms = select(IndicatorTerms.indicator_id).where(
        IndicatorTerms.version_id == version.id, IndicatorTerms.placeholder.is_(True)
    )
    return frozenset(session.scalars(terms))
