"""Signing in and out, sessions, and API tokens: how an actor comes to be known."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import ApiToken, Person, SignIn, SignInAttempt
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, SignInRequired, TooMany
from portal.formats.passwords import digest, hashed, matches
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.people import actor_of, find_person

IDLE = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=5)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 50
LONGEST_ADDRESS = 254
TOKEN_LIFE = timedelta(days=365)

_NOBODY = hashed(secrets.token_urlsafe())
"""Verified against when there is no such account, so that the answer takes as long."""


class Live(NamedTuple):
    """A session that lives: whose it is, and until when if nothing more is asked in it."""

    actor: Actor
    ends_at: datetime


def sign_in(database: Database, actor: Actor, email: str, password: str) -> str:
    """Start a session; answers its token. SignInRequired, with the same words whatever was wrong; TooMany after ten
    failures in five minutes for one account from one address, or fifty from one address."""
    require(actor, Action.SITE_OPEN)
    email = email.strip().lower()[:LONGEST_ADDRESS] if storable(email) else "an address that cannot be written"
    with database.write(actor) as session:
        _require_patience(session, database, actor, email)
        person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
        right = matches(person.password_hash if person else _NOBODY, password)
        known = actor_of(person, actor.address) if right and person is not None and not person.disabled else None
        if known is None:
            session.add(SignInAttempt(email=email, address=actor.address, at=database.clock.now()))
            audit.record(session, "session:refuse", f"account {email}")
    if known is None:
        raise SignInRequired("The e-mail address or the password is not right.")
    return begin(database, known)


def begin(database: Database, actor: Actor) -> str:
    """A session for somebody who has shown who they are; answers its token, of which only a digest is kept."""
    token, now = secrets.token_urlsafe(32), database.clock.now()
    with database.write(actor) as session:
        session.add(SignIn(token_hash=digest(token), person_id=actor.person_id, started_at=now, last_seen_at=now))
        audit.record(session, "session:start", f"account {actor.email}")
    return token


def _require_patience(session: Session, database: Database, actor: Actor, email: str) -> None:
    since = database.clock.now() - WINDOW
    failed = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > since)
    here = failed.where(SignInAttempt.address == actor.address)
    both = here.where(SignInAttempt.email == email)
    if (session.scalar(both) or 0) >= PER_ACCOUNT_AND_ADDRESS or (session.scalar(here) or 0) >= PER_ADDRESS:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(f"Too many attempts to sign in. Wait {seconds // 60} minutes, then try again.", seconds)


def who_is(database: Database, token: str, address: str) -> Live | None:
    """Who a session's token belongs to; None when it has ended, was idle for half an hour, is twelve hours old, or
    its account is disabled."""
    nobody = Actor(name="session", address=address)
    now = database.clock.now()
    with database.read(nobody) as session:
        found = session.execute(
            select(SignIn, Agreement.key)
            .outerjoin(Agreement, Agreement.id == SignIn.agreement_id)
            .where(SignIn.token_hash == digest(token))
        ).one_or_none()
        row, chosen = found if found else (None, None)
        if row is None or row.ended_at or row.person.disabled:
            return None
        if now - row.last_seen_at > IDLE or now - row.started_at > AT_MOST:
            return None
        # An account for one agreement has nothing to choose, whatever was chosen before it was one.
        actor = actor_of(row.person, address, chosen if chosen and row.person.agreement_id is None else "")
        seen, at_most = row.last_seen_at, row.started_at + AT_MOST
    if now - seen > SEEN_EVERY:
        with database.write(nobody) as session:
            session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(last_seen_at=now))
        seen = now
    return Live(actor, min(seen + IDLE, at_most))


def sign_out(database: Database, actor: Actor, token: str) -> None:
    """End a session for good."""
    with database.write(actor) as session:
        session.execute(
            update(SignIn)
            .where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None))
            .values(ended_at=database.clock.now())
        )
        audit.record(session, "session:end", f"account {actor.email}")


def issue_token(database: Database, actor: Actor, email: str) -> str:
    """A new API token that acts as the account, for a year; only its digest is kept."""
    require(actor, Action.ACCOUNT_MANAGE)
    token = f"portal_{secrets.token_urlsafe(32)}"
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.disabled:
            raise Conflict(f"The account {person.email} is disabled.")
        now = database.clock.now()
        session.add(
            ApiToken(token_hash=digest(token), person_id=person.id, created_at=now, expires_at=now + TOKEN_LIFE)
        )
        audit.record(session, "token:issue", f"account {person.email}")
    return token


def who_holds(database: Database, token: str, address: str) -> Actor:
    """Who an API token acts as. SignInRequired when it is unknown, expired, revoked, or its account disabled."""
    with database.read(Actor(name="token", address=address)) as session:
        row = session.scalars(select(ApiToken).where(ApiToken.token_hash == digest(token))).one_or_none()
        if row is None or row.revoked_at or row.person.disabled or row.expires_at < database.clock.now():
            raise SignInRequired("The token is not valid: it is unknown, expired or revoked.")
        return actor_of(row.person, address)
