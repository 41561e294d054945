"""Events of an indicator: recording what happened on a day, and withdrawing what was recorded wrongly."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Indicator, IndicatorTerms
from models.events import IndicatorEvent
from models.rules.codes import indicator_code
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.policy import Action, require, scope
from portal.services.agreement import current_agreement, version_in_force
from portal.services.messages import checked
from portal.services.return_rows import is_row_number
from portal.viewmodels.indicator_page import Event

LONGEST = 200
"""It stands beside a chart: a sentence, not a commentary."""

YEARS_BEFORE = 10
"""An event may be older than the agreement, since it may explain the baseline; more than this is a slip of the hand."""

ELSEWHERE = "Another organisation leads this indicator: its events are for its lead and the team to record."


def record_event(database: Database, actor: Actor, code: str, day: date, text: str) -> int:
    """Note on an indicator's chart what happened on a day; answers the event's number. The team may, and the lead of
    the indicator. Invalid for no text, too much, or a day that is still to come; Conflict for the same event again."""
    require(actor, Action.EVENT_RECORD)
    text = checked(text, "text", "Write what happened.")
    if len(text) > LONGEST:
        raise Invalid({"text": f"The text has {len(text)} characters; at most {LONGEST} fit beside the chart."})
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.EVENT_RECORD, ELSEWHERE)
        _require_sensible(session, day)
        same = select(IndicatorEvent.id).where(
            IndicatorEvent.indicator_id == row.id,
            IndicatorEvent.day == day,
            IndicatorEvent.text == text,
            IndicatorEvent.withdrawn_at.is_(None),
        )
        if session.scalar(same.limit(1)) is not None:
            raise Conflict("This event has been recorded already.")
        event = IndicatorEvent(
            indicator_id=row.id,
            day=day,
            text=text,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            at=database.clock.now(),
        )
        session.add(event)
        session.flush()
        after = {"event": event.id, "day": day, "text": text}
        audit.record(session, Action.EVENT_RECORD, _subject(row), after=after, organisation_id=lead_id)
        return event.id


def withdraw_event(database: Database, actor: Actor, code: str, event_id: int, reason: str) -> None:
    """Take an event off an indicator's chart, with the reason; the event stays on record. NotFound for one that is none
    of the indicator's; Conflict for one that was withdrawn before."""
    require(actor, Action.EVENT_RECORD)
    reason = checked(reason, "reason", "Say why it is withdrawn: the record keeps it.")
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.EVENT_RECORD, ELSEWHERE)
        number = event_id if is_row_number(event_id) else 0
        event = session.scalars(
            select(IndicatorEvent)
            .where(IndicatorEvent.id == number, IndicatorEvent.indicator_id == row.id)
            .with_for_update(of=IndicatorEvent)
        ).one_or_none()
        if event is None:
            raise NotFound("There is no such event on this indicator.")
        if event.withdrawn_at is not None:
            raise Conflict("This event has been withdrawn already.")
        event.withdrawn_at, event.withdrawn_by_id = database.clock.now(), actor.person_id
        event.withdrawn_reason = reason
        audit.record(
            session,
            Action.EVENT_RECORD,
            _subject(row),
            before={"event": event.id, "day": event.day, "text": event.text},
            after={"event": event.id, "withdrawn": True},
            reason=reason,
            organisation_id=lead_id,
        )


def events_of(session: Session, indicator_id: int, *, withdrawn: bool) -> tuple[Event, ...]:
    """An indicator's events, oldest first; those that were withdrawn only where they are asked for."""
    query = select(IndicatorEvent).where(IndicatorEvent.indicator_id == indicator_id)
    if not withdrawn:
        query = query.where(IndicatorEvent.withdrawn_at.is_(None))
    return tuple(
        Event(
            id=row.id,
            day=row.day,
            text=row.text,
            who=row.organisation.name if row.organisation else row.person.name if row.person else "",
            at=row.at,
            withdrawn=row.withdrawn_reason if row.withdrawn_at is not None else None,
            withdrawn_by=row.withdrawn_by.name if row.withdrawn_by else "",
        )
        for row in session.scalars(query.order_by(IndicatorEvent.day, IndicatorEvent.id))
    )


def led_indicator(
    session: Session, actor: Actor, code: str, action: Action, elsewhere: str
) -> tuple[Indicator, int | None]:
    """An indicator for which the actor holds an action of its lead and the team now, and its lead. NotFound for no such
    indicator, Forbidden, with what to say `elsewhere`, for one that another leads: that it exists is no secret."""
    row, lead_id, allowed = indicator_now(session, actor, code, action)
    if not allowed:
        raise Forbidden(elsewhere)
    return row, lead_id


def indicator_now(session: Session, actor: Actor, code: str, action: Action) -> tuple[Indicator, int | None, bool]:
    """An indicator of the version that is in force today, its lead, and whether the actor holds an action for it.
    NotFound for no such indicator."""
    try:
        key = indicator_code(code)
    except ValueError as error:
        raise NotFound(str(error)) from None
    agreement = current_agreement(session)
    version = version_in_force(session, agreement.id, session.info["clock"].today())
    found = session.execute(
        select(Indicator, IndicatorTerms.lead_id, scope(actor, action).label("allowed"))
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .where(Indicator.agreement_id == agreement.id, Indicator.code == key, IndicatorTerms.version_id == version.id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"{key} is not an indicator of this agreement.")
    row, lead_id, allowed = found
    return row, lead_id, bool(allowed)


def _require_sensible(session: Session, day: date) -> None:
    if day > session.info["clock"].today():
        raise Invalid({"day": "That day is still to come: record the event when it has happened."})
    if day.year < int(current_agreement(session).first_year[:4]) - YEARS_BEFORE:
        raise Invalid({"day": "That is long before the agreement: is the year right?"})


def _subject(row: Indicator) -> str:
    return f"events of {row.code}"
