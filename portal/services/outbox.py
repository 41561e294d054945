"""The outbox: sending what waits in it, what the team sees of it, and trying again what failed."""

from collections import Counter
from dataclasses import dataclass
from email.errors import MessageError

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.agreement import Agreement
from models.people import Organisation, Person
from models.reminders import OutboxMessage
from models.rules.outbox import TOO_OLD, Delivery, pause_after
from models.rules.reminders import OCCASIONS
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.delivery import Channel, Refused, Unreachable
from portal.errors import Conflict, Forbidden, NotFound
from portal.formats.mail import email_of, for_the_wire
from portal.formats.sealing import opened
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.invitations import LETTER
from portal.records.outbox import UNDER_WAY, claim, claimed, declined, lines, link_of, still_wanted
from portal.records.return_rows import is_row_number
from portal.viewmodels.reminders import Letter, Outbox, Sent, Silent
from portal.words import reminders as words_of

SHOWN = 200
"""So many messages the team's page shows."""


def deliver(
    database: Database, actor: Actor, channel: Channel, way: str, sender: str, base: str, key: str | None
) -> Sent:
    """Send what waits, of all agreements, through a channel; only for whoever holds the command line. `way` is the
    channel in words, `sender` the address that messages come from, `base` the portal's own, `key` signs the links.

    Each message is claimed in one transaction, sent, and marked in another: who dies between sending and marking
    leaves a message that is sent once more when its lease has ended, with the same Message-ID. No mail server can be
    asked to do better."""
    require(actor, Action.REMINDER_SEND)
    if not actor.operator:
        raise Forbidden("Messages are sent by the command line: portal remind.")
    sent, dropped, unreachable = 0, 0, ""
    wrong: list[tuple[str, str, bool]] = []
    try:
        while (letter := _next(database, actor, key)) is not None:
            if isinstance(letter, _Ended):
                dropped += letter.state is Delivery.DROPPED
                wrong += [(letter.email, letter.why, False)] if letter.state is Delivery.FAILED else []
                continue
            try:
                channel.send(email_of(letter, sender, base, None if letter.link else key), for_the_wire(letter.email))
            except Unreachable as error:
                _give_back(database, actor, letter)
                unreachable = error.sentence
                break
            except (Refused, ValueError, MessageError) as error:  # whatever is wrong with one, the others go out
                again = _refused(database, actor, letter, str(error), getattr(error, "temporary", False))
                wrong.append((letter.email, words_of.one_line(str(error)), again))
            else:
                _sent(database, actor, letter, way)
                sent += 1
    finally:
        channel.close()
    return Sent(sent, dropped, tuple(wrong), unreachable, _left(database, actor))


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a message whose turn came and that is not to be sent any more."""

    state: Delivery
    email: str
    why: str


def _next(database: Database, actor: Actor, key: str | None) -> Letter | _Ended | None:
    """The next letter, or what became of it instead; None for no more."""
    with database.write(actor) as session:
        row = claim(session)
        if row is None:
            return None
        if not still_wanted(session, row):
            _end(session, row, Delivery.DROPPED, words_of.NOT_WANTED)
            return _Ended(row.state, row.person.email, row.error)
        if row.made_at < database.clock.now() - TOO_OLD:
            _end(session, row, Delivery.FAILED, words_of.WAITED_TOO_LONG)
            return _Ended(row.state, row.person.email, row.error)
        person, link = row.person, link_of(session, row) is not None
        body = opened(key or "", LETTER, row.body, database.clock.now()) if link else row.body
        if body is None:
            _end(session, row, Delivery.FAILED, words_of.OTHER_KEY)
            return _Ended(row.state, row.person.email, row.error)
        return Letter(
            row.id, row.tries, person.id, person.name, person.email, row.title, body, row.message_id, row.made_at, link
        )


def _sent(database: Database, actor: Actor, letter: Letter, way: str) -> None:
    with database.write(actor) as session:
        if (row := claimed(session, letter)) is not None:
            row.way, row.sent_at = way, database.clock.now()
            _end(session, row, Delivery.SENT, "")


def _refused(database: Database, actor: Actor, letter: Letter, why: str, temporary: bool) -> bool:
    """Keep why a message was refused; answers whether it is tried again."""
    with database.write(actor) as session:
        row = claimed(session, letter)
        pause = pause_after(letter.tries) if temporary else None
        if row is None:
            return True
        if pause is None:
            _end(session, row, Delivery.FAILED, why)
        else:
            row.state, row.leased_until, row.error = Delivery.WAITING, None, words_of.one_line(why)
            row.next_at = database.clock.now() + pause
        return pause is not None


def _give_back(database: Database, actor: Actor, letter: Letter) -> None:
    """Nothing was tried: the message waits as it did."""
    with database.write(actor) as session:
        if (row := claimed(session, letter)) is not None:
            row.state, row.leased_until, row.tries = Delivery.WAITING, None, row.tries - 1


def _end(session: Session, row: OutboxMessage, state: Delivery, error: str) -> None:
    """What becomes of a message in the end, on the record."""
    row.state, row.leased_until, row.error = state, None, words_of.one_line(error)
    if state is not Delivery.FAILED and link_of(session, row) is not None:
        row.body = ""  # nobody needs the link any more, sealed or not
    session.info["agreement"] = session.get_one(Agreement, row.agreement_id).key
    said = {"state": state, "day": row.day, "way": row.way, "error": row.error, "message": row.message_id}
    subject = f"reminder to {row.person.email}"
    audit.record(session, Action.REMINDER_SEND, subject, after=said, organisation_id=row.organisation_id)


def _left(database: Database, actor: Actor) -> int:
    with database.read(actor) as session:
        waiting = select(func.count(OutboxMessage.id)).where(OutboxMessage.state.in_(UNDER_WAY))
        return session.scalar(waiting) or 0


def outbox(database: Database, actor: Actor, shown: str = "") -> Outbox:
    """The newest messages of the agreement that the actor is shown, all or those of one state; whoever chose to be
    reminded of less. NotFound for a state that is none."""
    require(actor, Action.REMINDER_SEND)
    if shown and shown not in list(Delivery):
        raise NotFound("Messages are never in such a state.")
    chosen = Delivery(shown) if shown else None
    with database.read(actor) as session:
        agreement = current_agreement(session)
        mine = OutboxMessage.agreement_id == agreement.id
        counts: Counter[Delivery] = Counter()
        for state, number in session.execute(
            select(OutboxMessage.state, func.count(OutboxMessage.id)).where(mine).group_by(OutboxMessage.state)
        ):
            counts[state] = number
        query = select(OutboxMessage).options(selectinload(OutboxMessage.said)).where(mine)
        if chosen is not None:
            query = query.where(OutboxMessage.state == chosen)
        rows = session.scalars(query.order_by(OutboxMessage.id.desc()).limit(SHOWN + 1)).all()
        return Outbox(
            lines=lines(rows[:SHOWN]),
            counts=tuple((state, counts[state]) for state in Delivery),
            shown=chosen,
            more=len(rows) > SHOWN,
            silent=_silent(session, agreement),
        )


def _silent(session: Session, agreement: Agreement) -> tuple[Silent, ...]:
    here = Person.agreement_id.is_(None) | (Person.agreement_id == agreement.id)
    refused = declined(session, select(Person.id).where(here))
    people = session.execute(
        select(Person, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(refused), Person.disabled.is_(False))
        .where(here)
        .order_by(Organisation.name, Person.name)
    )
    found = []
    for person, organisation in people:
        # Of what their role is not reminded of anyway, nothing needs to be said.
        own = tuple(one for one in OCCASIONS[person.role] if one in refused[person.id])
        if own:
            found.append(Silent(person.name, person.email, organisation or "", own))
    return tuple(found)


def try_again(database: Database, actor: Actor, number: int) -> None:
    """Let a message that failed wait for the next run, as if it had never been tried. NotFound for none of the agreement
    that is shown; Conflict for one that did not fail, or of which nothing is kept any more."""
    require(actor, Action.REMINDER_SEND)
    with database.write(actor) as session:
        agreement = current_agreement(session)
        query = select(OutboxMessage).where(OutboxMessage.id == (number if is_row_number(number) else 0))
        query = query.where(OutboxMessage.agreement_id == agreement.id)
        row = session.scalars(query.with_for_update(of=OutboxMessage)).one_or_none()
        if row is None:
            raise NotFound("There is no such message.")
        if row.state is not Delivery.FAILED:
            raise Conflict("This message has not failed: look again.")
        if not row.body or row.made_at < database.clock.now() - TOO_OLD:
            raise Conflict("This message is too old to be sent: it would say what is no longer so.")
        row.state, row.tries, row.next_at = Delivery.WAITING, 0, database.clock.now()
        said = {"state": row.state, "message": row.message_id}
        subject = f"reminder to {row.person.email}"
        audit.record(session, Action.REMINDER_SEND, subject, after=said, organisation_id=row.organisation_id)
