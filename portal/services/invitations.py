"""Invitations: an account whose person chooses their own password, by a link that is good once."""

import secrets
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.invitations import Invitation
from models.people import Person, SignIn
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.passwords import digest, hashed, weakness
from portal.policy import Action, require
from portal.records.factors import factor_of, recovery_codes_left
from portal.records.invitations import is_good, post_link
from portal.records.people import actor_of, end_links, end_sessions, find_person, make_person, managed_person
from portal.records.sign_ins import living
from portal.viewmodels.people import FactorState, Invited, Mailing, SigningIn

LIFE = timedelta(days=7)
PATH = "/welcome/"
DEAD = "This link is not good any more: it was used, is too old, or a newer one was made. Ask for another one."


def invite(
    database: Database,
    actor: Actor,
    email: str,
    name: str,
    role: str,
    organisation: str | None,
    *,
    agreement: str = "",
    mailing: Mailing | None = None,
) -> Invited:
    """Make an account that nobody can sign in to yet, and a link with which its person chooses the password; with a
    `mailing` it goes to them by e-mail too. The link is answered and kept nowhere. Invalid says what is wrong, Conflict
    that there is such an account."""
    require(actor, Action.ACCOUNT_MANAGE)
    nobodys = hashed(secrets.token_urlsafe(32))  # a real one, so that it takes as long to be refused as any other
    with database.write(actor) as session:
        person = make_person(session, email, name, role, organisation, agreement, nobodys)
        session.flush()
        return _link(session, person, mailing)


def new_link(database: Database, actor: Actor, email: str, mailing: Mailing | None = None) -> Invited:
    """A link with which an account's person chooses a new password, in place of any that was made before. The present
    password stays good until then. Conflict for a disabled account, and for one's own."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.disabled:
            raise Conflict(f"The account {person.email} is disabled: enable it first.")
        if person.id == actor.person_id:
            raise Conflict("Change your own password with the present one, on the page Password.")
        return _link(session, person, mailing)


def _link(session: Session, person: Person, mailing: Mailing | None) -> Invited:
    end_links(session, person)
    token, now = secrets.token_urlsafe(32), session.info["clock"].now()
    link = Invitation(
        token_hash=digest(token), person_id=person.id, email=person.email, made_at=now, expires_at=now + LIFE
    )
    session.add(link)
    session.flush()
    path = f"{PATH}{token}"
    mailed = mailing is not None and post_link(session, person, link, path, mailing)
    after = {"until": link.expires_at.date(), "mailed": mailed}
    audit.record(session, "account:invite", f"account {person.email}", after=after)
    return Invited(person.name, person.email, path, link.expires_at, mailed)


def whose(database: Database, actor: Actor, token: str) -> str:
    """The e-mail address of the account whose password a link lets choose. NotFound for a link that is not good."""
    require(actor, Action.SITE_OPEN)
    with database.read(actor) as session:
        return _good(session, token).person.email


def choose_password(database: Database, actor: Actor, token: str, new: str, again: str) -> None:
    """Choose the password of the account that a link is for, and use the link up. Every session of the account and
    every token of its programs ends; nobody is signed in, and a second factor stays. NotFound for a link that is not
    good; Invalid for a password that cannot be taken, after which the link still is."""
    require(actor, Action.SITE_OPEN)
    with database.read(actor) as session:
        person = _good(session, token).person
    if sentence := weakness(new, (person.email, person.name)):
        raise Invalid({"new": sentence})
    if new != again:
        raise Invalid({"again": "The two passwords differ."})
    chosen = hashed(new)
    with database.write(actor_of(person, actor.address)) as session:
        link = _good(session, token, lock=True)
        link.used_at = database.clock.now()
        link.person.password_hash = chosen
        end_sessions(session, link.person)
        audit.record(session, "account:welcome", f"account {person.email}", after={"password": "chosen by a link"})


def _good(session: Session, token: str, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(Invitation.token_hash == digest(token))
    link = session.scalars(query.with_for_update(of=Invitation) if lock else query).one_or_none()
    if link is None or not is_good(session, link):
        raise NotFound(DEAD)
    return link


def signing_in(database: Database, actor: Actor, number: int) -> SigningIn:
    """How one account signs in. NotFound for a number that is none of those that the actor manages."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        person = managed_person(session, number)
        alive = SignIn.person_id == person.id, living(database.clock.now())
        factor = factor_of(session, person.id)
        links = session.scalars(
            select(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        )
        until = [link.expires_at for link in links if is_good(session, link)]
        return SigningIn(
            id=person.id,
            name=person.name,
            email=person.email,
            disabled=person.disabled,
            sessions=session.scalar(select(func.count(SignIn.id)).where(*alive)) or 0,
            factor=FactorState(factor.since if factor else None, recovery_codes_left(session, person.id)),
            link_until=until[0] if until else None,
            own=person.id == actor.person_id,
        )
