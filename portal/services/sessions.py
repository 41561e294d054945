"""Signing in and out, sessions, and API tokens: how an actor comes to be known."""

import contextlib
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, bindparam, case, select, update

from models.agreement import Agreement
from models.factors import SecondFactor
from models.people import ApiToken, Person, SignIn
from models.rules.sessions import AT_MOST, IDLE
from models.rules.terms import Role, TokenScope
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound, SignInRequired, Unavailable
from portal.formats.passwords import digest, hashed, matches, outdated
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.patience import note_failure, require_patience
from portal.records.people import actor_of, end_tokens, find_person
from portal.records.return_rows import is_row_number
from portal.records.sign_ins import begin_session, end_session, end_sign_ins, living
from portal.records.sign_on import sign_on_alone
from portal.viewmodels.people import OwnSession, TokenLine
from portal.words.sign_on import NOT_RIGHT, not_right

SEEN_EVERY = timedelta(minutes=1)
LONGEST_ADDRESS = 254
TOKEN_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=3 * 365)
LONGEST_TOKEN_NAME = 100

_NOBODY = hashed(secrets.token_urlsafe())
"""Verified against when there is no such account, so that the answer takes as long."""


class Live(NamedTuple):
    """A session that lives: whose it is, and until when if nothing more is asked in it. `half`: a second factor is still
    to be given in it, and until then it is good for nothing else; `enrolled`: the account has one."""

    actor: Actor
    ends_at: datetime
    half: bool
    enrolled: bool


def sign_in(database: Database, actor: Actor, email: str, password: str) -> str:
    """Start a session; answers its token. SignInRequired, with the same words whatever was wrong; TooMany after too
    many failures."""
    require(actor, Action.SITE_OPEN)
    email = email.strip().lower()[:LONGEST_ADDRESS] if storable(email) else "an address that cannot be written"
    with database.read(actor) as session:
        require_patience(session, email)
        kept = session.scalar(select(Person.password_hash).where(Person.email == email))
    right = matches(kept or _NOBODY, password)  # outside of what is written: nobody waits for it
    stronger = hashed(password) if right and kept and outdated(kept) else None
    with database.write(actor) as session:
        require_patience(session, email)  # others guessed meanwhile
        person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
        known, alone = None, sign_on_alone(session, email)
        barred = alone is not None and person is not None and alone.organisation_id == person.organisation_id
        if right and person is not None and person.password_hash == kept and not person.disabled and not barred:
            known = actor_of(person, actor.address)
            person.password_hash = stronger or person.password_hash
        else:
            note_failure(session, email, "session:refuse", person)
    if known is None:
        # By the domain alone, so that nothing is told of an account.
        raise SignInRequired(not_right(alone.organisation.name) if alone else NOT_RIGHT)
    return begin(database, known)


def begin(database: Database, actor: Actor, *, way: str = "", factor: bool = False) -> str:
    """A session for somebody who has shown who they are; answers its token, of which only a digest is kept. `way` says
    in the trail how they did, where it was not by a password. `factor`: they have shown a second factor too, so that
    the session is whole whoever they are."""
    with database.write(actor) as session:
        return begin_session(session, actor, way=way, factor=factor)


_WITH_TOKEN = (
    select(SignIn, Agreement.key, SecondFactor.person_id)
    .outerjoin(Agreement, Agreement.id == SignIn.agreement_id)
    .outerjoin(SecondFactor, SecondFactor.person_id == SignIn.person_id)
    .where(SignIn.token_hash == bindparam("digest", type_=String))
)
"""The session with a token's digest: asked with every request, and so built once."""


def who_is(database: Database, token: str, address: str, required: Collection[Role] = ()) -> Live | None:
    """Who a session's token belongs to; None when it has ended, was idle for half an hour, is twelve hours old, or
    its account is disabled. It is half one until a second factor was given in it, where the account has one, or its role
    is one of those of which one is `required`."""
    nobody = Actor(name="session", address=address)
    now = database.clock.now()
    with database.read(nobody) as session:
        found = session.execute(_WITH_TOKEN, {"digest": digest(token)}).one_or_none()
        row, chosen, enrolled = found if found else (None, None, None)
        if row is None or row.ended_at or row.person.disabled:
            return None
        # Nor does one live on that was seen far ahead of now, by a clock that was wrong: nobody can tell how old it is.
        if abs(now - row.last_seen_at) > IDLE or now - row.started_at > AT_MOST:
            return None
        # An account for one agreement has nothing to choose, whatever was chosen before it was one.
        actor = actor_of(row.person, address, chosen if chosen and row.person.agreement_id is None else "")
        seen, at_most = row.last_seen_at, row.started_at + AT_MOST
        half = row.factor_at is None and (enrolled is not None or row.person.role in required)
    if abs(now - seen) > SEEN_EVERY:
        # A database that is full or busy can still be read by whoever is signed in.
        with contextlib.suppress(Unavailable), database.write(nobody) as session:
            session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(last_seen_at=now))
        seen = now
    return Live(actor, min(seen + IDLE, at_most), half, enrolled is not None)


def sign_out(database: Database, actor: Actor, token: str) -> None:
    """End a session for good."""
    with database.write(actor) as session:
        end_session(session, token)
        audit.record(session, "session:end", f"account {actor.email}")


def own_sessions(database: Database, actor: Actor, token: str) -> tuple[OwnSession, ...]:
    """The actor's own sessions that live, the one with this token first and then the newest."""
    require(actor, Action.PASSWORD_CHANGE)
    here = digest(token)
    with database.read(actor) as session:
        rows = session.scalars(
            select(SignIn)
            .where(SignIn.person_id == actor.person_id, living(database.clock.now()))
            .order_by(SignIn.token_hash != here, SignIn.started_at.desc(), SignIn.id.desc())
        )
        return tuple(
            OwnSession(
                row.id, row.started_at, row.last_seen_at, row.address, row.factor_at is not None, row.token_hash == here
            )
            for row in rows
        )


def end_own(database: Database, actor: Actor, number: int) -> None:
    """End one of the actor's own sessions, by its number. NotFound for one that is not theirs, or is over."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        named = SignIn.id == (number if is_row_number(number) else 0), SignIn.person_id == actor.person_id
        row = session.scalars(select(SignIn).where(*named, living(database.clock.now()))).one_or_none()
        if row is None:
            raise NotFound("There is no such session, or it has ended already.")
        row.ended_at = database.clock.now()
        audit.record(session, "session:end", f"account {actor.email}", after={"began": row.started_at.isoformat()})


def sign_out_everywhere(database: Database, actor: Actor) -> None:
    """End every session of the actor's own. Tokens of their programs stay: those are the administrator's to end."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        count = end_sign_ins(session, actor.person_id or 0)
        audit.record(session, "session:end", f"account {actor.email}", after={"sessions": count})


def end_all(database: Database, actor: Actor, email: str) -> int:
    """End every session of an account; answers how many lived. NotFound for one that the actor does not manage."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.write(actor) as session:
        person = find_person(session, email)
        count = end_sign_ins(session, person.id)
        audit.record(session, "session:end", f"account {person.email}", after={"sessions": count})
        return count


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
