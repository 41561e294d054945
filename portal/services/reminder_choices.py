"""What a person chooses to be reminded of, signed in or by the link of a message."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.agreement import Agreement
from models.people import Person
from models.reminders import OutboxMessage, ReminderChoice
from models.rules.reminders import OCCASIONS, Occasion
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.mail import person_of
from portal.history import noted
from portal.policy import Action, may, require
from portal.records.agreement import visible
from portal.records.outbox import declined, lines
from portal.viewmodels.reminders import Choices

RECEIVED = 50
"""So many of their own messages a person sees."""


def choices(database: Database, actor: Actor) -> Choices:
    """What the actor is reminded of, and what was sent to them."""
    require(actor, Action.REMINDER_CHOOSE)
    with database.read(actor) as session:
        person = session.get_one(Person, actor.person_id)
        refused = declined(session, [person.id]).get(person.id, frozenset())
        own = (
            select(OutboxMessage)
            .options(selectinload(OutboxMessage.said))
            .where(OutboxMessage.person_id == person.id, OutboxMessage.agreement_id.in_(visible(session)))
            .order_by(OutboxMessage.id.desc())
            .limit(RECEIVED)
        )
        return Choices(
            email=person.email,
            role=person.role,
            wanted=tuple((occasion, occasion not in refused) for occasion in OCCASIONS[person.role]),
            received=lines(session.scalars(own)),
            sees_outbox=may(actor, Action.REMINDER_SEND),
        )


def choose(database: Database, actor: Actor, wanted: Collection[str]) -> None:
    """Be reminded of these occasions from now on, and of no others of one's role. Invalid for one that is not there;
    Conflict for a role that is reminded of nothing."""
    require(actor, Action.REMINDER_CHOOSE)
    with database.write(actor) as session:
        person = session.get_one(Person, actor.person_id)
        own = OCCASIONS[person.role]
        if not own:
            raise Conflict("Your account is not reminded of anything: there is nothing to choose.")
        if not set(wanted) <= set(own):
            raise Invalid({"wanted": "Choose among what your account is reminded of."})
        _keep(session, person, {occasion: occasion in wanted for occasion in own}, by_link=False)


def stop(database: Database, actor: Actor, key: str, token: str) -> None:
    """Stop all reminders to the account that a link was made for; `key` is what links are signed with. Twice is as good
    as once. Whoever has the link may: a mail program presses it for its owner. NotFound for a link that is not one."""
    require(actor, Action.SITE_OPEN)
    with database.write(actor) as session:
        person = _whose(session, key, token)
        _keep(session, person, dict.fromkeys(OCCASIONS[person.role], False), by_link=True)


def whose(database: Database, actor: Actor, key: str, token: str) -> None:
    """Let a link pass that was made for an account. NotFound for one that is not one."""
    require(actor, Action.SITE_OPEN)
    with database.read(actor) as session:
        _whose(session, key, token)


def _whose(session: Session, key: str, token: str) -> Person:
    number = person_of(key, token)
    person = session.get(Person, number) if number is not None else None
    if person is None:
        raise NotFound("This link is not whole, or was made with another key. Sign in to choose.")
    return person


def _keep(session: Session, person: Person, wanted: dict[Occasion, bool], *, by_link: bool) -> None:
    """Add a step for each occasion that is wanted otherwise than before."""
    refused = declined(session, [person.id]).get(person.id, frozenset())
    changed = {occasion: yes for occasion, yes in wanted.items() if yes is (occasion in refused)}
    if not changed:
        return
    day, at = noted(session)
    for occasion, yes in changed.items():
        session.add(ReminderChoice(person_id=person.id, occasion=occasion, wanted=yes, by_link=by_link, day=day, at=at))
    if person.agreement_id is not None:
        session.info["agreement"] = session.get_one(Agreement, person.agreement_id).key
    audit.record(
        session,
        Action.REMINDER_CHOOSE,
        f"reminders to {person.email}",
        after={"wanted": changed, "by_link": by_link},
        organisation_id=person.organisation_id,
    )
