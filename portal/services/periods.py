"""The calendar of returns: opening and closing a period, opening it again for one partner, sources' release dates."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import (
    Agreement,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Period,
    PeriodReopening,
    SourceRelease,
    Target,
)
from models.people import Organisation
from models.returns import Return
from models.rules.calendar import check_begun
from models.rules.codes import measure_code
from models.rules.moves import WITH_THE_PARTNER
from models.rules.silence import is_expected
from models.rules.terms import Message, State
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.agreement import current_agreement, find_period, version_in_force
from portal.records.messages import checked, say
from portal.records.periods import TEAM_KEY
from portal.records.return_names import name_of
from portal.wall import Beyond, beyond

OPEN_AGAIN = timedelta(days=30)
"""How long a period stays open that is opened after its last day."""


def open_for_returns(database: Database, actor: Actor, key: str) -> int:
    """Open a period: it then takes returns, and every measure that is returned for it by the version in force at its
    end, and expected in it, gets one, not started, which belongs to the organisation that leads then. A period whose
    last day is over stays open for another 30 days. Answers how many were asked for; Conflict when it is open already,
    PeriodClosed before its first day."""
    require(actor, Action.PERIOD_MANAGE)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, key)
        today = database.clock.today()
        if period.opened_at is not None and period.closed_at is None and today <= period.closes_on:
            raise Conflict(f"{period.key} is open already.")
        check_begun(period.key, period.starts_on, today)
        period.opened_at, period.closed_at = database.clock.now(), None
        if today > period.closes_on:
            period.closes_on = today + OPEN_AGAIN
        asked = _ask(session, agreement, period)
        after = {"open": True, "asked": asked, "closes": period.closes_on}
        audit.record(session, Action.PERIOD_MANAGE, f"period {period.key}", after=after)
    return asked


def _ask(session: Session, agreement: Agreement, period: Period) -> int:
    version = version_in_force(session, agreement.id, period.ends_on)
    rows = session.execute(
        select(Measure, Target.state, IndicatorTerms.lead_id, IndicatorTerms.placeholder)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .join(IndicatorTerms, (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == version.id))
        .join(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == version.id) & (Target.year == period.year),
        )
        .join(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == version.id))
        .where(Indicator.agreement_id == agreement.id, MeasureTerms.frequency == period.frequency)
    ).all()
    with beyond(session, Beyond.ASKING):
        there = set(session.scalars(select(Return.measure_id).where(Return.period_id == period.id)))
    asked = [
        Return(period_id=period.id, measure_id=measure.id, organisation_id=lead_id, state=State.NOT_STARTED)
        for measure, state, lead_id, placeholder in rows
        if measure.id not in there and is_expected(state, placeholder=placeholder)
    ]
    with beyond(session, Beyond.ASKING):
        session.add_all(asked)
        session.flush()
    return len(asked)


def close_for_returns(database: Database, actor: Actor, key: str) -> None:
    """Close a period: it takes no more new returns. What was submitted can still be queried and corrected."""
    require(actor, Action.PERIOD_MANAGE)
    with database.write(actor) as session:
        period = find_period(session, current_agreement(session).id, key)
        if period.opened_at is None or period.closed_at is not None:
            raise Conflict(f"{period.key} is not open.")
        period.closed_at = database.clock.now()
        audit.record(session, Action.PERIOD_MANAGE, f"period {period.key}", after={"open": False})


def reopen_for_partner(database: Database, actor: Actor, key: str, organisation: str, until: date, reason: str) -> None:
    """Open a period again for one partner ('team': for the partnership team's own returns) until a day, on the
    record. Invalid for a day that is over or without a reason; Conflict for a period that was never opened."""
    require(actor, Action.PERIOD_MANAGE)
    reason = checked(reason, "reason", "Say why: the record keeps it.")
    if until < database.clock.today():
        raise Invalid({"until": "That day is over: choose today or a later one."})
    with database.write(actor) as session:
        period = find_period(session, current_agreement(session).id, key)
        if period.opened_at is None:
            raise Conflict(f"{period.key} has not been opened yet: open it for everybody.")
        partner = _organisation(session, organisation)
        session.add(
            PeriodReopening(
                period_id=period.id,
                organisation_id=partner.id if partner else None,
                until=until,
                reason=reason,
                person_id=actor.person_id,
                at=database.clock.now(),
            )
        )
        audit.record(
            session,
            Action.PERIOD_MANAGE,
            f"period {period.key} for {partner.key if partner else TEAM_KEY}",
            after={"open": True, "until": until},
            reason=reason,
            organisation_id=partner.id if partner else None,
        )


def _organisation(session: Session, key: str) -> Organisation | None:
    key = key.strip().lower()
    if key == TEAM_KEY:
        return None
    found = session.scalars(select(Organisation).where(Organisation.key == key)) if storable(key) else None
    row = found.one_or_none() if found else None
    if row is None:
        raise Invalid({"organisation": "Choose one of the partners."})
    return row


def set_release(database: Database, actor: Actor, key: str, measure: str, released_on: date) -> None:
    """Note when the source of a measure comes out for a period: until then nobody is late. NotFound for a measure
    that is none of the agreement's; Invalid for a day before the period's end."""
    require(actor, Action.PERIOD_MANAGE)
    try:
        code = measure_code(measure)
    except ValueError as error:
        raise NotFound(str(error)) from None
    with database.write(actor) as session:
        agreement = current_agreement(session)
        period = find_period(session, agreement.id, key)
        if released_on <= period.ends_on:
            raise Invalid({"released_on": "A source cannot come out before the period has ended."})
        row = session.scalars(
            select(Measure)
            .join(Indicator, Measure.indicator_id == Indicator.id)
            .where(Indicator.agreement_id == agreement.id, Measure.code == code)
        ).one_or_none()
        if row is None:
            raise NotFound(f"{code} is not a measure of this agreement.")
        before = session.scalar(
            select(SourceRelease.released_on)
            .where(SourceRelease.measure_id == row.id, SourceRelease.period_id == period.id)
            .order_by(SourceRelease.id.desc())
            .limit(1)
        )
        session.add(
            SourceRelease(
                measure_id=row.id,
                period_id=period.id,
                released_on=released_on,
                noted_on=database.clock.today(),
                noted_at=database.clock.now(),
            )
        )
        audit.record(
            session,
            Action.PERIOD_MANAGE,
            f"source of {code} for {period.key}",
            before={"released_on": before},
            after={"released_on": released_on},
        )


def note_chase(database: Database, actor: Actor, key: str, measure: str, text: str) -> None:
    """Note, for the team alone, that a partner was asked for a return that has not come in. NotFound for a measure
    that the period does not ask for; Conflict when its return is there; Invalid without a word."""
    require(actor, Action.PERIOD_MANAGE)
    text = checked(text, "note", "Say whom you reached, and what was promised.")
    with database.write(actor) as session:
        period = find_period(session, current_agreement(session).id, key)
        asked = Measure.code == (measure if storable(measure) else "")
        query = (
            select(Return).join(Measure, Return.measure_id == Measure.id).where(Return.period_id == period.id, asked)
        )
        with beyond(session, Beyond.STANDING):
            row = session.scalars(query).one_or_none()
        if row is None:
            raise NotFound(f"{period.key} does not ask for this measure.")
        if row.state not in WITH_THE_PARTNER:
            raise Conflict(f"{name_of(row)} has come in: nobody needs to be asked for it.")
        with beyond(session, Beyond.ASKING):
            say(session, row, Message.CHASED, text)
        audit.record(session, Action.PERIOD_MANAGE, f"chasing of {name_of(row)}", after={"note": text})
