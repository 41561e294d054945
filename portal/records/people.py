"""Finding an account, and whom it stands for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import Person
from portal.actor import Actor
from portal.errors import NotFound
from portal.policy import Action, scope


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
