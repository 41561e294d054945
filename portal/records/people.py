"""Finding an account, whom it stands for, what may be said of its person, and ending what lets somebody act as it."""

from sqlalchemy import ColumnElement, func, select, true, union, update
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.invitations import Invitation
from models.people import ApiToken, Organisation, Person
from models.returns import Return
from models.rules.moves import WITH_THE_PARTNER
from models.rules.terms import Role
from portal import audit
from portal.actor import Actor
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.texts import storable
from portal.policy import PARTNERS, Action, holders
from portal.records.noting import having_a_part
from portal.records.return_rows import is_row_number
from portal.records.sign_ins import end_sign_ins
from portal.scopes import scope
from portal.viewmodels.people import Account, LeftAlone
from portal.wall import Beyond, beyond

LONGEST_NAME = 200


def find_person(session: Session, email: str) -> Person:
    """The account with an e-mail address, in any case; NotFound when there is none that the session's actor manages.
    What is done to an account of one agreement is noted as done in it."""
    managed = scope(session.info["actor"], Action.ACCOUNT_MANAGE)
    person = session.scalars(select(Person).where(Person.email == email.strip().lower(), managed)).one_or_none()
    if person is None:
        raise NotFound(f"There is no account {email!r}.")
    if person.agreement_id is not None:
        session.info["agreement"] = session.get_one(Agreement, person.agreement_id).key
    return person


def managed_person(session: Session, number: int) -> Person:
    """The account with a number; NotFound when it is none that the session's actor manages."""
    managed = scope(session.info["actor"], Action.ACCOUNT_MANAGE)
    query = select(Person).where(Person.id == (number if is_row_number(number) else 0), managed)
    person = session.scalars(query).one_or_none()
    if person is None:
        raise NotFound("There is no such account.")
    return person


def actor_of(person: Person, address: str, agreement: str = "") -> Actor:
    """The actor that an account stands for, shown the agreement with this key, '' for the usual one."""
    return Actor(
        name=person.name,
        role=person.role,
        person_id=person.id,
        email=person.email,
        organisation_id=person.organisation_id,
        organisation_name=person.organisation.name if person.organisation else "",
        address=address,
        agreement=agreement,
        bound_to=person.agreement_id,
    )


def account_of(person: Person, agreement: str) -> Account:
    """An account as its page tells it; `agreement` is the title of the one that it is for, '' for all."""
    organisation = person.organisation.name if person.organisation else ""
    return Account(person.id, person.name, person.email, person.role, organisation, agreement, person.disabled)


def end_sessions(session: Session, person: Person) -> None:
    """End every session of an account, its API tokens, and its links to choose a password: for good."""
    end_sign_ins(session, person.id)
    end_links(session, person)
    end_tokens(session, person)


def end_links(session: Session, person: Person) -> None:
    """End every link with which an account's password may be chosen."""
    session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None), Invitation.ended_at.is_(None))
        .values(ended_at=session.info["clock"].now())
    )


def end_tokens(session: Session, person: Person, name: str | None = None) -> int:
    """End an account's API tokens for good, or those with a name; answers how many there were."""
    now = session.info["clock"].now()
    alive = select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    if name is not None:
        alive = alive.where(ApiToken.name == name.strip())
    ended = session.scalars(alive.where(ApiToken.expires_at > now)).all()
    for token in ended:
        token.revoked_at = now
    if ended:
        audit.record(
            session,
            "token:revoke",
            f"account {person.email}",
            after={"tokens": len(ended), **({"name": name} if name is not None else {})},
        )
    return len(ended)


def concern(actor: Actor) -> ColumnElement[bool]:
    """Which organisations concern whoever manages accounts: for those of one agreement its partners, and whom its
    accounts stand for; else all."""
    if actor.bound_to is None:
        return true()
    theirs = select(Person.organisation_id).where(Person.agreement_id == actor.bound_to)
    return Organisation.id.in_(union(*having_a_part(Agreement.id == actor.bound_to), theirs))


def organisation_choices(session: Session) -> tuple[tuple[str, str], ...]:
    """Every organisation that concerns the session's actor, by key and name."""
    query = select(Organisation.key, Organisation.name).where(concern(session.info["actor"]))
    return tuple((key, name) for key, name in session.execute(query.order_by(Organisation.name)))


def check_person(
    session: Session, name: str, role: str, organisation: str | None
) -> tuple[Organisation | None, dict[str, str]]:
    """The organisation with a key, and what is wrong with what is said of a person, as a sentence for each field."""
    wrong: dict[str, str] = {}
    if len(name) > LONGEST_NAME or not storable(name):
        wrong["name"] = f"The name has {len(name)} characters; at most {LONGEST_NAME} fit, of those that can be stored."
    if role not in tuple(Role):
        wrong["role"] = f"{role!r} is not a role; the roles are {', '.join(Role)}."
    found = None
    if organisation and storable(organisation):
        found = session.scalars(select(Organisation).where(Organisation.key == organisation)).one_or_none()
    if organisation and found is None:
        wrong["organisation"] = f"There is no organisation {organisation!r}."
    if not organisation and role in PARTNERS:
        wrong["organisation"] = f"A {role} belongs to an organisation: name its key."
    return found, wrong


def make_person(
    session: Session, email: str, name: str, role: str, organisation: str | None, agreement: str, password_hash: str
) -> Person:
    """A new account, on the record; `organisation` and `agreement` are keys, '' for none and for all agreements. Invalid
    says what is wrong, Conflict that there is one with this address already."""
    actor: Actor = session.info["actor"]
    email, wrong = email.strip().lower(), {}
    if email.count("@") != 1 or any(c.isspace() for c in email) or len(email) > 254:
        wrong["email"] = f"{email!r} is not an e-mail address."
    elif not storable(email):
        wrong["email"] = "The e-mail address holds a character that cannot be stored."
    found, more = check_person(session, name, role, organisation)
    bound = None
    if agreement and storable(agreement):
        bound = session.scalars(select(Agreement).where(Agreement.key == agreement)).one_or_none()
    if agreement and bound is None:
        wrong["agreement"] = f"There is no agreement {agreement!r}."
    elif actor.bound_to is not None and (bound is None or bound.id != actor.bound_to):
        wrong["agreement"] = "Your account is for one agreement: name that one."
    if wrong := more | wrong:
        raise Invalid(wrong)
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Conflict(f"There is an account {email} already.")
    person = Person(
        email=email,
        name=name.strip() or email,
        role=Role(role),
        organisation_id=found.id if found else None,
        agreement_id=bound.id if bound else None,
        password_hash=password_hash,
        created_at=session.info["clock"].now(),
    )
    session.add(person)
    after: dict[str, str | None] = {"role": role, "organisation": organisation}
    if bound is not None:
        session.info["agreement"] = after["agreement"] = bound.key
    audit.record(session, Action.ACCOUNT_MANAGE, f"account {email}", after=after)
    return person


def left_alone(session: Session, organisation: Organisation) -> LeftAlone | None:
    """An organisation that is asked for returns, and of which nobody is left who may submit them; None otherwise."""
    leads = select(Person.id).where(
        Person.organisation_id == organisation.id, Person.role.in_(holders(Action.RETURN_SUBMIT))
    )
    if session.scalars(leads.where(Person.disabled.is_(False))).first() is not None:
        return None
    waiting = Return.organisation_id == organisation.id, Return.state.in_(WITH_THE_PARTNER)
    with beyond(session, Beyond.STANDING):
        asked = session.scalar(select(func.count(Return.id)).where(*waiting)) or 0
    return LeftAlone(organisation.name, asked) if asked else None
