"""Reading the audit trail of an agreement: the team and the administrator all of it, partners what concerns them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union_all
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.people import Person
from portal import audit as chain
from portal.actor import Actor
from portal.clock import LONDON
from portal.damage import require_sound
from portal.database import Database
from portal.errors import Damaged
from portal.formats.texts import storable
from portal.policy import Action, may, require
from portal.records.agreement import shown_agreement
from portal.scopes import scope, told
from portal.viewmodels.audit import Event, Trail, Verdict

PAGE = 50
LONGEST = 100
MOST = 10_000
"""So many events go into a file."""


def trail(
    database: Database,
    actor: Actor,
    text: str = "",
    before: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Trail:
    """A page of events, newest first: of the agreement that is shown, and those that belong to none.
    `text` is looked for in who, action, subject and reason, in any case, as whole words; `since` and `until` are the
    first and the last day; `before` is the number of the event to go on from."""
    require(actor, Action.AUDIT_READ)
    text = _sought(text)
    with database.read(actor) as session:
        where = _where(actor, text, since, until)
        if before.isascii() and before.isdigit() and len(before) < 10:
            where.append(AuditEvent.number < int(before))
        rows = session.execute(_events(session, where, PAGE + 1)).all()
        events = tuple(_event(row, actor, of_whom, tells) for row, of_whom, tells in rows[:PAGE])
        return Trail(text, events, events[-1].number if len(rows) > PAGE else None, since, until)


def found(
    database: Database, actor: Actor, text: str = "", since: date | None = None, until: date | None = None
) -> tuple[Event, ...]:
    """All events that such a search finds, the newest first: at most MOST."""
    require(actor, Action.AUDIT_READ)
    with database.read(actor) as session:
        rows = session.execute(_events(session, _where(actor, _sought(text), since, until), MOST))
        return tuple(_event(row, actor, of_whom, tells) for row, of_whom, tells in rows)


def verify(database: Database, actor: Actor) -> Verdict:
    """Check the whole trail, of every agreement: that no event was changed, removed or put elsewhere; and each edition
    against it. It tells no event, and is for whoever may read the trail. Damaged for a database file that is broken."""
    require(actor, Action.AUDIT_READ)
    with database.read(actor) as session:
        require_sound(session.connection())
        try:
            broken = chain.first_break(session)
            editions, wrong = chain.checked_editions(session)
        except (ValueError, LookupError, TypeError) as error:  # it is no date or no word any more
            raise Damaged(f"A row of the audit trail or an edition cannot be read any more: {error}.") from error
    return Verdict(broken, editions, tuple(wrong))


def _sought(text: str) -> str:
    return text.strip()[:LONGEST] if storable(text) else ""


def _events(session: Session, where: list[ColumnElement[bool]], most: int) -> Select[AuditEvent, int | None, bool]:
    """The newest events for which the conditions hold, of the agreement that is shown and of none; with the organisation
    of whoever did it, and whether its reader is told what it says."""
    actor: Actor = session.info["actor"]
    query = (
        select(AuditEvent, Person.organisation_id, told(actor))
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .order_by(AuditEvent.number.desc())
        .limit(most)
    )
    known = select(AuditEvent.number).where(scope(actor, Action.AUDIT_READ), *where)
    newest = known.order_by(AuditEvent.number.desc()).limit(most)
    agreement = shown_agreement(session)
    if agreement is None:
        return query.where(AuditEvent.number.in_(newest))
    # Each for itself is read off the end of an index; both in one condition are looked for among all areas' events.
    own, nobodys = (
        select(newest.where(of).subquery())
        for of in (AuditEvent.agreement == agreement.key, AuditEvent.agreement.is_(None))
    )
    return query.where(AuditEvent.number.in_(union_all(own, nobodys)))


def _where(actor: Actor, text: str, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Which events are sought; what is not told is not found by its words either."""
    columns = (AuditEvent.who, AuditEvent.action, AuditEvent.subject)
    where = [or_(*(_says(one, text) for one in columns), told(actor) & _says(AuditEvent.reason, text))] if text else []
    if since is not None:
        where.append(AuditEvent.at >= _midnight(since))
    if until is not None and until < date.max:
        where.append(AuditEvent.at < _midnight(until + timedelta(days=1)))
    return where


def _says(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column has a text as whole words: 'NI 16' is not in 'NI 165'. What is
    neither a letter nor a digit at its ends may have anything beside it."""
    before = r"(?<![0-9A-Za-z])" if text[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if text[-1].isalnum() else ""
    whole: ColumnElement[bool] = column.regexp_match(f"(?i){before}{re.escape(text)}{after}")
    return whole & column.icontains(text, autoescape=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _event(row: AuditEvent, actor: Actor, of_whom: int | None, tells: bool) -> Event:
    """An event as the actor may see it: that something was done is no secret, what it says may be; and partners learn
    only of their own people, and of those who failed to sign in as them, from where they came."""
    before, after, reason = (row.before, row.after, row.reason) if tells else ("", "", "")
    overseer = may(actor, Action.RETURN_OVERSEE) or may(actor, Action.ACCOUNT_MANAGE)
    sees_address = overseer or row.person_id is None or of_whom == actor.organisation_id
    address = row.address if sees_address else ""
    return Event(row.number, row.at, row.who, address, row.action, row.subject, before, after, reason)
