"""Requests with an Idempotency-Key: reserving the key before the work, keeping the answer after it, for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlalchemy.orm import Session

from models.requests import KeyedRequest
from portal.actor import Actor
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, InProgress, Invalid, SignInRequired
from portal.wall import Beyond, beyond

KEPT = timedelta(hours=24)
ABANDONED = timedelta(seconds=60)
"""After this long without an answer, whoever worked on a request is taken to have died."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """One try at the work under a key. `begun_at` tells it from a later try that took it over."""

    person_id: int
    key: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: `etag` is the header as it was sent, `body` is JSON."""

    status: int
    etag: str | None
    body: str


def reserve(database: Database, actor: Actor, key: str, fingerprint: str) -> Reservation | Answer:
    """The key for this try, or the answer when the same request was answered before. Invalid when the key stands for
    another request; InProgress while somebody works on this one. Keys that are older than a day are forgotten."""
    if actor.person_id is None:
        raise SignInRequired()
    try:
        with database.write(actor) as session:
            now = database.clock.now()  # not sooner: SQLite may have let us wait for the others
            begun = KeyedRequest.begun_at  # one from far ahead is of a clock that was wrong
            with beyond(session, Beyond.FORGETTING):
                session.execute(delete(KeyedRequest).where(or_(begun < now - KEPT, begun > now + KEPT)))
            session.add(
                KeyedRequest(person_id=actor.person_id, key=key, fingerprint=fingerprint, begun_at=now, status=None)
            )
    except Conflict:  # the primary key decides between two first tries
        with database.write(actor) as session:
            return _again(session, actor.person_id, key, fingerprint)
    return Reservation(actor.person_id, key, now)


def _again(session: Session, person_id: int, key: str, fingerprint: str) -> Reservation | Answer:
    """What a try gets under a key that is there already; the row is locked, so that only one takes it over."""
    row = session.get(KeyedRequest, (person_id, key), with_for_update=True)
    if row is None:  # the other try was refused a moment ago
        raise InProgress()
    if row.fingerprint != fingerprint:
        raise Invalid({"Idempotency-Key": "This key was used for another request. Choose a new key for a new request."})
    if row.status is not None:
        return Answer(row.status, row.etag, row.body or "")
    clock: Clock = session.info["clock"]
    now = clock.now()
    if abs(now - row.begun_at) < ABANDONED:  # a clock that was set back must not keep it for longer
        raise InProgress()
    row.begun_at = now
    return Reservation(person_id, key, now)


def store(database: Database, actor: Actor, reservation: Reservation, answer: Answer) -> None:
    """Keep the answer of the work that is done. Nothing when a later try took the key over."""
    values = {"status": answer.status, "etag": answer.etag, "body": answer.body}
    with database.write(actor) as session:
        session.execute(update(KeyedRequest).where(_held(reservation)).values(values))


def release(database: Database, actor: Actor, reservation: Reservation) -> None:
    """Free the key of work that was refused or failed. Nothing when a later try took the key over."""
    with database.write(actor) as session:
        session.execute(delete(KeyedRequest).where(_held(reservation)))


def _held(reservation: Reservation) -> ColumnElement[bool]:
    return and_(
        KeyedRequest.person_id == reservation.person_id,
        KeyedRequest.key == reservation.key,
        KeyedRequest.begun_at == reservation.begun_at,
        KeyedRequest.status.is_(None),
    )
