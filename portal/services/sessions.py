"""Signing in and out, sessions, and API tokens: how an actor comes to be known."""

import contextlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, select, update

from models.agreement import Agreement
from models.people import ApiToken, Person, SignIn
from models.rules.terms import TokenScope
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, SignInRequired, Unavailable
from portal.formats.passwords import digest, hashed, matches
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.patience import note_failure, require_patience
from portal.records.people import actor_of, end_tokens, find_person
from portal.records.sign_on import sign_on_alone
from portal.viewmodels.people import TokenLine
from portal.words.sign_on import NOT_RIGHT, not_right

IDLE = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_ADDRESS = 254
TOKEN_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=3 * 365)
LONGEST_TOKEN_NAME = 100

_NOBODY = hashed(secrets.token_urlsafe())
"""Verified against when there is no such account, so that the answer takes as long."""


class Live(NamedTuple):
    """A session that lives: whose it is, and until when if nothing more is asked in it."""

    actor: Actor
    ends_at: datetime


def sign_in(database: Database, actor: Actor, email: str, password: str) -> str:
    """Start a session; answers its token. SignInRequired, with the same words whatever was wrong; TooMany after too
    many failures."""
    require(actor, Action.SITE_OPEN)
    email = email.strip().lower()[:LONGEST_ADDRESS] if storable(email) else "an address that cannot be written"
    with database.read(actor) as session:
        require_patience(session, email)
        kept = session.scalar(select(Person.password_hash).where(Person.email == email))
    right = matches(kept or _NOBODY, password)  # outside of what is written: nobody waits for it
    with database.write(actor) as session:
        require_patience(session, email)  # others guessed meanwhile
        person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
        known, alone = None, sign_on_alone(session, email)
        barred = alone is not None and person is not None and alone.organisation_id == person.organisation_id
        if right and person is not None and person.password_hash == kept and not person.disabled and not barred:
            known = actor_of(person, actor.address)
        else:
            note_failure(session, email, "session:refuse", person)
    if known is None:
        # By the domain alone, so that nothing is told of an account.
        raise SignInRequired(not_right(alone.organisation.name) if alone else NOT_RIGHT)
    return begin(database, known)


def begin(database: Database, actor: Actor, *, way: str = "") -> str:
    """A session for somebody who has shown who they are; answers its token, of which only a digest is kept. `way` says
    in the trail how they did, where it was not by a password."""
    token, now = secrets.token_urlsafe(32), database.clock.now()
    with database.write(actor) as session:
        session.add(SignIn(token_hash=digest(token), person_id=actor.person_id, started_at=now, last_seen_at=now))
        audit.record(session, "session:start", f"account {actor.email}", after={"way": way} if way else None)
    return token


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


def issue_token(
    database: Database,
    actor: Actor,
    email: str,
    *,
    name: str = "",
    scope: str = TokenScope.WRITE,
    days: int = TOKEN_LIFE.days,
) -> str:
    """A new API token that acts as the account for so many days, as far as its scope goes; `name` is what it is for.
    Only its digest is kept. Invalid for another scope, a name that cannot be kept, or a life beyond LONGEST_LIFE."""
    require(actor, Action.ACCOUNT_MANAGE)
    name = name.strip()
    wrong: dict[str, str] = {}
    if scope not in tuple(TokenScope):
        wrong["scope"] = f"{scope!r} is not a scope; the scopes are {', '.join(TokenScope)}."
    if not 1 <= days <= LONGEST_LIFE.days:
        wrong["days"] = f"A token lives from 1 to {LONGEST_LIFE.days} days, not {days}."
    if len(name) > LONGEST_TOKEN_NAME or not name.isprintable():
        wrong["name"] = f"Name the token in at most {LONGEST_TOKEN_NAME} characters, on one line."
    if wrong:
        raise Invalid(wrong)
    token = f"portal_{secrets.token_urlsafe(32)}"
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.disabled:
            raise Conflict(f"The account {person.email} is disabled.")
        now = database.clock.now()
        ends = now + timedelta(days=days)
        made = {"token_hash": digest(token), "created_at": now, "expires_at": ends, "name": name, "scope": scope}
        session.add(ApiToken(person_id=person.id, **made))
        after = {"name": name, "scope": scope, "expires": ends.date()}
        audit.record(session, "token:issue", f"account {person.email}", after=after)
    return token


def tokens(database: Database, actor: Actor, email: str) -> tuple[TokenLine, ...]:
    """The API tokens of an account that were not revoked, the newest first; never what they are."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        person = find_person(session, email)
        rows = session.scalars(
            select(ApiToken)
            .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
        )
        now = database.clock.now()
        return tuple(
            TokenLine(row.name, row.scope, row.created_at, row.expires_at, row.last_used_at, row.expires_at < now)
            for row in rows
        )


def revoke_tokens(database: Database, actor: Actor, email: str, name: str | None = None) -> int:
    """End every API token of an account, or those with a name, and no session; answers how many there were."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.write(actor) as session:
        return end_tokens(session, find_person(session, email), name)


def who_holds(database: Database, token: str, address: str) -> Actor:
    """Who an API token acts as. SignInRequired when it is unknown, expired, revoked, or its account disabled."""
    with database.read(Actor(name="token", address=address)) as session:
        row = session.scalars(select(ApiToken).where(ApiToken.token_hash == digest(token))).one_or_none()
        if row is None or row.revoked_at or row.person.disabled or row.expires_at < database.clock.now():
            raise SignInRequired("The token is not valid: it is unknown, expired or revoked.")
        return replace(actor_of(row.person, address), token_id=row.id, token_scope=row.scope)


def count_use(database: Database, actor: Actor) -> int | None:
    """Count one request with the actor's token, and note that it was used now; answers how many there were within this
    minute of the clock, over all processes of the portal. None when it cannot be counted: while the database takes no
    writes, reading goes on."""
    now = database.clock.now()
    minute = int(now.timestamp()) // 60
    more = case((ApiToken.minute == minute, ApiToken.asked + 1), else_=1)
    used = {"minute": minute, "asked": more, "last_used_at": now}
    with contextlib.suppress(Unavailable), database.write(actor) as session:
        query = update(ApiToken).where(ApiToken.id == actor.token_id).values(used).returning(ApiToken.asked)
        return session.scalar(query)
    return None
