"""Reading the audit trail of an agreement: the team and the administrator all of it, partners what concerns them."""

from sqlalchemy import or_, select

from models.audit import AuditEvent
from portal.actor import Actor
from portal.database import Database
from portal.formats.texts import storable
from portal.policy import Action, makes, require, scope
from portal.records.agreement import shown_agreement
from portal.viewmodels.audit import Event, Trail

PAGE = 50
LONGEST = 100


def trail(database: Database, actor: Actor, text: str = "", before: str = "") -> Trail:
    """A page of events, newest first: of the agreement that is shown, and those that belong to none.
    `text` is looked for in who, action, subject and reason, in any case; `before`
    is the number of the event to go on from."""
    require(actor, Action.AUDIT_READ)
    text = text.strip()[:LONGEST] if storable(text) else ""
    with database.read(actor) as session:
        query = select(AuditEvent).where(scope(actor, Action.AUDIT_READ)).order_by(AuditEvent.number.desc())
        agreement = shown_agreement(session)
        if agreement is not None:
            query = query.where(or_(AuditEvent.agreement == agreement.key, AuditEvent.agreement.is_(None)))
        if text:
            columns = (AuditEvent.who, AuditEvent.action, AuditEvent.subject, AuditEvent.reason)
            query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
        if before.isascii() and before.isdigit() and len(before) < 10:
            query = query.where(AuditEvent.number < int(before))
        rows = session.scalars(query.limit(PAGE + 1)).all()
        events = tuple(_event(row, actor) for row in rows[:PAGE])
        return Trail(text, events, events[-1].number if len(rows) > PAGE else None)


def _event(row: AuditEvent, actor: Actor) -> Event:
    """An event as the actor may see it: that a draft was saved is no secret, what it says is its own side's alone."""
    hidden = row.action == Action.RETURN_EDIT and not makes(actor, row.organisation_id)
    before, after = ("", "") if hidden else (row.before, row.after)
    return Event(row.number, row.at, row.who, row.address, row.action, row.subject, before, after, row.reason)
