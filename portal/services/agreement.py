"""The agreement that the portal runs, its version on a day, and its periods."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Period
from models.rules.codes import period_key
from portal.errors import NotFound


def current_agreement(session: Session) -> Agreement:
    """The agreement that the portal runs: the one loaded last. NotFound with what to do when there is none."""
    agreement = session.scalars(select(Agreement).order_by(Agreement.id.desc()).limit(1)).one_or_none()
    if agreement is None:
        raise NotFound("No agreement has been loaded yet. Run: portal load DIR")
    return agreement


def version_in_force(session: Session, agreement_id: int, day: date) -> AgreementVersion:
    """The newest version in force on a day; the first one for a day before all of them."""
    versions = session.scalars(
        select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id).order_by(AgreementVersion.number)
    ).all()
    return in_force(versions, day)


def in_force(versions: Sequence[AgreementVersion], day: date) -> AgreementVersion:
    """Of an agreement's versions in their order, the newest in force on a day; the first one for a day before all."""
    return next((v for v in reversed(versions) if v.in_force_from <= day), versions[0])


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
