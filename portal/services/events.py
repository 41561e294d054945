"""Events of an indicator: recording what happened on a day, and withdrawing what was recorded wrongly."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Indicator
from models.events import IndicatorEvent
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.events import led_indicator
from portal.records.messages import checked
from portal.records.return_rows import is_row_number

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


def _require_sensible(session: Session, day: date) -> None:
    if day > session.info["clock"].today():
        raise Invalid({"day": "That day is still to come: record the event when it has happened."})
    if day.year < int(current_agreement(session).first_year[:4]) - YEARS_BEFORE:
        raise Invalid({"day": "That is long before the agreement: is the year right?"})


def _subject(row: Indicator) -> str:
    return f"events of {row.code}"
