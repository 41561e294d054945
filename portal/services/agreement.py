"""The agreement in force, its periods, and opening and closing them for returns."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, Indicator, IndicatorTerms, Measure, Period, Target
from models.returns import Return
from models.rules.codes import period_key
from models.rules.silence import is_expected
from models.rules.terms import Frequency, State
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, NotFound
from portal.policy import Action, require


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


def open_period(session: Session, agreement_id: int) -> Period | None:
    """The newest period that is open for returns."""
    return session.scalars(
        select(Period)
        .where(Period.agreement_id == agreement_id, Period.opened_at.is_not(None), Period.closed_at.is_(None))
        .order_by(Period.ends_on.desc())
        .limit(1)
    ).one_or_none()


def open_for_returns(database: Database, actor: Actor, key: str) -> int:
    """Open a period: it then takes returns, and every measure that is expected in it gets one, not started, which
    belongs to the organisation that leads now. Answers how many were asked for."""
    require(actor, Action.PERIOD_MANAGE)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, key)
        if period.is_open:
            raise Conflict(f"{period.key} is open already.")
        period.opened_at, period.closed_at = database.clock.now(), None
        asked = _ask(session, agreement, period)
        audit.record(session, Action.PERIOD_MANAGE, f"period {period.key}", after={"open": True, "asked": asked})
    return asked


def _ask(session: Session, agreement: Agreement, period: Period) -> int:
    version = version_in_force(session, agreement.id, period.ends_on)
    rows = session.execute(
        select(Measure, Target.state, IndicatorTerms.lead_id)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .join(IndicatorTerms, (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == version.id))
        .join(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == version.id) & (Target.year == period.year),
        )
        .where(Indicator.agreement_id == agreement.id)
    ).all()
    there = set(session.scalars(select(Return.measure_id).where(Return.period_id == period.id)))
    asked = [
        Return(period_id=period.id, measure_id=measure.id, organisation_id=lead_id, state=State.NOT_STARTED)
        for measure, state, lead_id in rows
        if measure.id not in there and is_expected(state, yearly=measure.frequency is Frequency.YEARLY)
    ]
    session.add_all(asked)
    return len(asked)


def close_for_returns(database: Database, actor: Actor, key: str) -> None:
    """Close a period: it takes no more returns. What was not submitted stays as it is."""
    require(actor, Action.PERIOD_MANAGE)
    with database.write(actor) as session:
        period = find_period(session, current_agreement(session).id, key)
        if not period.is_open:
            raise Conflict(f"{period.key} is not open.")
        period.closed_at = database.clock.now()
        audit.record(session, Action.PERIOD_MANAGE, f"period {period.key}", after={"open": False})
