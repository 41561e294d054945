"""Accounts: making, changing and disabling one, and its password."""

from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import Person
from models.rules.terms import Role
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.formats.passwords import hashed, matches, weakness
from portal.policy import Action, require
from portal.records.accounts import PAGE, found_accounts, sought
from portal.records.messages import checked
from portal.records.patience import note_failure, require_patience
from portal.records.people import (
    account_of,
    check_person,
    end_sessions,
    find_person,
    left_alone,
    make_person,
    managed_person,
    organisation_choices,
)
from portal.viewmodels.people import AccountPage, Accounts, LeftAlone


def change_password(database: Database, actor: Actor, old: str, new: str, again: str) -> None:
    """Change one's own password; ends every session and every API token of the account. Invalid for a wrong old
    password, and only then for a weak new one; TooMany as for signing in, which wrong old ones are counted with."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.read(actor) as session:
        require_patience(session, actor.email)
        kept = session.get_one(Person, actor.person_id).password_hash
    if not matches(kept, old):  # outside of what is written: it takes its time, and nobody else may write meanwhile
        with database.write(actor) as session:
            require_patience(session, actor.email)
            note_failure(session, actor.email, "password:refuse")
        raise Invalid({"old": "This is not your present password."})
    if sentence := weakness(new, (actor.email, actor.name)):
        raise Invalid({"new": sentence})
    if new != again:
        raise Invalid({"again": "The two new passwords differ."})
    chosen = hashed(new)
    with database.write(actor) as session:
        person = session.get_one(Person, actor.person_id)
        if person.password_hash != kept:
            raise Conflict("The password was changed at the same moment, elsewhere. Sign in with that one.")
        _set_password(session, person, chosen)


def set_password(database: Database, actor: Actor, email: str, password: str) -> None:
    """Give an account a new password, from the command line or by the administrator; ends its sessions
    and its API tokens."""
    require(actor, Action.ACCOUNT_MANAGE)
    if sentence := weakness(password, (email,)):
        raise Invalid({"password": sentence})
    chosen = hashed(password)
    with database.write(actor) as session:
        _set_password(session, find_person(session, email), chosen)


def _set_password(session: Session, person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    end_sessions(session, person)
    audit.record(session, Action.PASSWORD_CHANGE, f"account {person.email}")


def add_person(
    database: Database,
    actor: Actor,
    email: str,
    name: str,
    role: str,
    organisation: str | None,
    password: str,
    *,
    agreement: str = "",
    demo: bool = False,
) -> None:
    """Make an account. Contributors and leads need an organisation, by its key; `agreement` is the key of the one that
    the account is for, '' for all. Invalid says what is wrong; only the demo takes whatever password its user chose."""
    require(actor, Action.ACCOUNT_MANAGE)
    if not demo and (sentence := weakness(password, (email, name))):
        raise Invalid({"password": sentence})
    chosen = hashed(password)
    with database.write(actor) as session:
        make_person(session, email, name, role, organisation, agreement, chosen)


def set_disabled(database: Database, actor: Actor, email: str, disabled: bool) -> None:
    """Disable an account, which ends its sessions and its API tokens for good, or enable it again."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.id == actor.person_id:
            raise Conflict("You cannot disable your own account: another administrator has to.")
        person.disabled = disabled
        end_sessions(session, person)
        audit.record(session, Action.ACCOUNT_MANAGE, f"account {person.email}", after={"disabled": disabled})


def accounts(database: Database, actor: Actor, text: str = "", after: int = 0) -> Accounts:
    """A page of the accounts that the actor manages, by organisation and name: of those in whose name, e-mail address or
    organisation each word of a text is, in any case. `after` is the number of the account to go on from."""
    require(actor, Action.ACCOUNT_MANAGE)
    text = sought(text)
    with database.read(actor) as session:
        rows = found_accounts(session, text, after)
        found = tuple(account_of(person, agreement or "") for person, agreement in rows[:PAGE])
        return Accounts(text, after, found, found[-1].id if len(rows) > PAGE else None)


def account_page(database: Database, actor: Actor, number: int) -> AccountPage:
    """One account, to be changed. NotFound for a number that is none."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        person = managed_person(session, number)
        organisation = person.organisation
        agreement = session.get(Agreement, person.agreement_id) if person.agreement_id else None
        return AccountPage(
            account_of(person, agreement.title if agreement else ""),
            organisation.key if organisation else "",
            organisation_choices(session),
            person.id == actor.person_id,
        )


def change_person(
    database: Database, actor: Actor, number: int, name: str, role: str, organisation: str, reason: str
) -> LeftAlone | None:
    """Change an account's name, role and organisation (its key, '' for none), on the record. Another role or
    organisation ends its sessions and its tokens; what was done for the former one stays that one's. Invalid for what
    cannot be, and when nothing is changed; Conflict for one's own role. Answers which organisation is left without anybody to
    send in the returns that it is asked for."""
    require(actor, Action.ACCOUNT_MANAGE)
    reason = checked(reason, "reason", "Say why: the record keeps it.")
    with database.write(actor) as session:
        person = managed_person(session, number)
        name = name.strip()
        found, wrong = check_person(session, name, role, organisation)
        if not name:
            wrong["name"] = "Give the person's name."
        if wrong:
            raise Invalid(wrong)
        moved = (person.role, person.organisation_id) != (Role(role), found.id if found else None)
        if person.id == actor.person_id and moved:
            raise Conflict("You cannot change your own role or organisation: another administrator has to.")
        if not moved and name == person.name:
            raise Invalid({"name": "This is what the account says already."})
        before, former = _said(person), person.organisation
        person.name, person.role, person.organisation = name, Role(role), found
        if moved:
            end_sessions(session, person)
        audit.record(
            session,
            Action.ACCOUNT_MANAGE,
            f"account {person.email}",
            before=before,
            after=_said(person),
            reason=reason,
        )
        session.flush()
        return left_alone(session, former) if former is not None and moved else None


def _said(person: Person) -> dict[str, object]:
    organisation = person.organisation.key if person.organisation else None
    return {"name": person.name, "role": person.role, "organisation": organisation}
