"""Putting one message into the outbox, whatever it is about: it then waits for whoever sends."""

import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import Person
from models.reminders import OutboxFact, OutboxMessage
from models.rules.outbox import Delivery
from models.rules.reminders import Occasion
from portal.actor import Actor
from portal.history import noted


def post(
    session: Session,
    agreement: Agreement,
    person: Person,
    *,
    number: int,
    title: str,
    body: str,
    named: str,
    said: Iterable[tuple[Occasion, str]],
) -> None:
    """A message of today to somebody in an agreement, their `number`-th of the day. `named` is what no other message has:
    its id is made of it. `said` are the occasions and subjects of which it tells."""
    actor: Actor = session.info["actor"]
    day, now = noted(session)
    session.add(
        OutboxMessage(
            agreement_id=agreement.id,
            person_id=person.id,
            role=person.role,
            organisation_id=person.organisation_id,
            day=day,
            number=number,
            title=title,
            body=body,
            message_id=hashlib.sha256(named.encode()).hexdigest()[:40],
            made_at=now,
            made_by_id=actor.person_id,
            state=Delivery.WAITING,
            tries=0,
            next_at=now,
            way="",
            error="",
            said=[OutboxFact(occasion=occasion, subject=subject) for occasion, subject in said],
        )
    )
