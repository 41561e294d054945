"""Accounts and passwords."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import Organisation, Person, SignIn
from models.rules.terms import Role
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.formats.passwords import hashed, matches, weakness
from portal.formats.texts import storable
from portal.policy import PARTNERS, Action, require, scope
from portal.records.people import find_person
from portal.viewmodels.people import Account

LONGEST_NAME = 200


def change_password(database: Database, actor: Actor, old: str, new: str, again: str) -> None:
    """Change one's own password; ends every session of the account. Invalid for a wrong old or a weak new one."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        person = session.get_one(Person, actor.person_id)
        wrong: dict[str, str] = {}
        if not matches(person.password_hash, old):
            wrong["old"] = "This is not your present password."
        if sentence := weakness(new, (person.email, person.name)):
            wrong["new"] = sentence
        elif new != again:
            wrong["again"] = "The two new passwords differ."
        if wrong:
            raise Invalid(wrong)
        _set_password(session, database, person, new)


def set_password(database: Database, actor: Actor, email: str, password: str) -> None:
    """Give an account a new password, from the command line or by the administrator; ends its sessions."""
    require(actor, Action.ACCOUNT_MANAGE)
    if sentence := weakness(password, (email,)):
        raise Invalid({"password": sentence})
    with database.write(actor) as session:
        _set_password(session, database, find_person(session, email), password)


def _set_password(session: Session, database: Database, person: Person, password: str) -> None:
    person.password_hash = hashed(password)
    _end_sessions(session, database, person)
    audit.record(session, Action.PASSWORD_CHANGE, f"account {person.email}")


def _end_sessions(session: Session, database: Database, person: Person) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .values(ended_at=database.clock.now())
    )


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
    email, wrong = email.strip().lower(), {}
    if email.count("@") != 1 or any(c.isspace() for c in email) or len(email) > 254:
        wrong["email"] = f"{email!r} is not an e-mail address."
    elif not storable(email):
        wrong["email"] = "The e-mail address holds a character that cannot be stored."
    if len(name) > LONGEST_NAME or not storable(name):
        wrong["name"] = f"The name has {len(name)} characters; at most {LONGEST_NAME} fit, of those that can be stored."
    if role not in tuple(Role):
        wrong["role"] = f"{role!r} is not a role; the roles are {', '.join(Role)}."
    if not demo and (sentence := weakness(password, (email, name))):
        wrong["password"] = sentence
    with database.write(actor) as session:
        found = session.scalars(select(Organisation).where(Organisation.key == (organisation or ""))).one_or_none()
        if organisation and found is None:
            wrong["organisation"] = f"There is no organisation {organisation!r}."
        bound = session.scalars(select(Agreement).where(Agreement.key == agreement)).one_or_none()
        if agreement and bound is None:
            wrong["agreement"] = f"There is no agreement {agreement!r}."
        elif actor.bound_to is not None and (bound is None or bound.id != actor.bound_to):
            wrong["agreement"] = "Your account is for one agreement: name that one."
        if not organisation and role in PARTNERS:
            wrong["organisation"] = f"A {role} belongs to an organisation: name its key."
        if wrong:
            raise Invalid(wrong)
        if session.scalar(select(Person.id).where(Person.email == email)) is not None:
            raise Conflict(f"There is an account {email} already.")
        person = Person(
            email=email,
            name=name.strip() or email,
            role=Role(role),
            organisation_id=found.id if found else None,
            agreement_id=bound.id if bound else None,
            password_hash=hashed(password),
            created_at=database.clock.now(),
        )
        session.add(person)
        after: dict[str, str | None] = {"role": role, "organisation": organisation}
        if bound is not None:
            session.info["agreement"] = after["agreement"] = bound.key
        audit.record(session, Action.ACCOUNT_MANAGE, f"account {email}", after=after)


def set_disabled(database: Database, actor: Actor, email: str, disabled: bool) -> None:
    """Disable an account, which ends its sessions and refuses its tokens at once, or enable it again."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.id == actor.person_id:
            raise Conflict("You cannot disable your own account: another administrator has to.")
        person.disabled = disabled
        _end_sessions(session, database, person)
        audit.record(session, Action.ACCOUNT_MANAGE, f"account {person.email}", after={"disabled": disabled})


def accounts(database: Database, actor: Actor) -> tuple[Account, ...]:
    """Every account that the actor manages, by organisation and name."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        rows = session.execute(
            select(Person, Agreement.title)
            .outerjoin(Agreement, Agreement.id == Person.agreement_id)
            .where(scope(actor, Action.ACCOUNT_MANAGE))
        )
        found = [
            Account(
                p.id,
                p.name,
                p.email,
                p.role,
                p.organisation.name if p.organisation else "",
                agreement or "",
                p.disabled,
            )
            for p, agreement in rows
        ]
    return tuple(sorted(found, key=lambda account: (account.organisation, account.name)))
