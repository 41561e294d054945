"""Reminders: who is written to today, and asking at once those who are late for a period."""

from sqlalchemy.orm import Session

from models.agreement import Agreement, Period
from models.people import Person
from models.rules.reminders import Occasion
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict
from portal.policy import PARTNERS, Action, require
from portal.records.agreement import current_agreement, find_period
from portal.records.outbox import drafts, forget_bodies, write
from portal.records.sign_ins import forget_old
from portal.viewmodels.reminders import Draft, Fact, Planned

ATTEMPTS = 3
"""So often a run looks again when another one wrote at the same moment: then it sees what that one wrote."""


def plan(database: Database, actor: Actor, base: str) -> Planned:
    """What would be written into the outbox today, of the agreement that the actor is shown. Writes nothing."""
    require(actor, Action.REMINDER_SEND)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        return Planned(agreement.title, drafts(session, agreement, base))


def remind(database: Database, actor: Actor, base: str) -> Planned:
    """Write into the outbox what people of one agreement are to be reminded of today and were not yet: one message for
    each, however often and by however many at once this is called. `base` is the portal's address, for the links. What
    old messages said is forgotten on the way, and the rows of sessions, attempts and links that are long over."""
    require(actor, Action.REMINDER_SEND)
    for attempt in range(ATTEMPTS):
        try:
            return _remind(database, actor, base)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # the loop above answers or raises


def _remind(database: Database, actor: Actor, base: str) -> Planned:
    with database.write(actor) as session:
        agreement = current_agreement(session)
        forget_bodies(session)
        forget_old(session)
        made = drafts(session, agreement, base)
        _keep(session, agreement, made)
        return Planned(agreement.title, made)


def remind_late(database: Database, actor: Actor, key: str, base: str) -> int:
    """Write at once to the people of every partner that is late for a period, of its overdue returns: whoever was
    reminded of these today already, or declined it, is not written to. Answers how many are. Conflict for nobody."""
    require(actor, Action.REMINDER_SEND)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        period: Period = find_period(session, agreement.id, key)

        def late(person: Person, fact: Fact) -> bool:
            wanted = fact.occasion is Occasion.OVERDUE and fact.period == period.key
            return wanted and person.role in PARTNERS

        made = drafts(session, agreement, base, late, at_once=True)
        if not made:
            raise Conflict(
                "Nobody is left to write to: no partner is late that may still send, or its people were reminded today, "
                "have no account, or chose not to be."
            )
        _keep(session, agreement, made, about=period.key)
        return len(made)


def _keep(session: Session, agreement: Agreement, made: tuple[Draft, ...], about: str = "") -> None:
    if not made:
        return
    write(session, agreement, made)
    day = session.info["clock"].today()
    said = {draft.email: sorted({fact.occasion for fact in draft.facts}) for draft in made}
    subject = f"reminders of {day}" + (f" on {about}" if about else "")
    audit.record(session, Action.REMINDER_SEND, subject, after={"to": said})
