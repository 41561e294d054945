"""Changing who somebody is: name, role and organisation; and what an organisation is called."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.people import Organisation, OrganisationName, Person
from models.rules.terms import Role
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.formats.texts import storable
from portal.policy import Action, require, scope
from portal.records.messages import checked
from portal.records.people import LONGEST_NAME, check_person, end_sessions
from portal.records.return_rows import is_row_number
from portal.viewmodels.people import Account, AccountPage, Member


def account_page(database: Database, actor: Actor, number: int) -> AccountPage:
    """One account, to be changed. NotFound for a number that is none."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        person = _numbered(session, number)
        named = session.execute(select(Organisation.key, Organisation.name).order_by(Organisation.name))
        organisation = person.organisation
        agreement = session.get(Agreement, person.agreement_id) if person.agreement_id else None
        return AccountPage(
            Account(
                person.id,
                person.name,
                person.email,
                person.role,
                organisation.name if organisation else "",
                agreement.title if agreement else "",
                person.disabled,
            ),
            organisation.key if organisation else "",
            tuple((key, name) for key, name in named),
            person.id == actor.person_id,
        )


def _numbered(session: Session, number: int) -> Person:
    managed = scope(session.info["actor"], Action.ACCOUNT_MANAGE)
    query = select(Person).where(Person.id == (number if is_row_number(number) else 0), managed)
    person = session.scalars(query).one_or_none()
    if person is None:
        raise NotFound("There is no such account.")
    return person


def change_person(
    database: Database, actor: Actor, number: int, name: str, role: str, organisation: str, reason: str
) -> None:
    """Change an account's name, role and organisation (its key, '' for none), on the record. Another role or
    organisation ends its sessions and its tokens; what was done for the former one stays that one's. Invalid for what
    cannot be, and when nothing is changed; Conflict for one's own role."""
    require(actor, Action.ACCOUNT_MANAGE)
    reason = checked(reason, "reason", "Say why: the record keeps it.")
    with database.write(actor) as session:
        person = _numbered(session, number)
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
        before = _said(person)
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


def _said(person: Person) -> dict[str, object]:
    organisation = person.organisation.key if person.organisation else None
    return {"name": person.name, "role": person.role, "organisation": organisation}


def members(database: Database, actor: Actor) -> tuple[Member, ...]:
    """Every organisation, by name."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        former: dict[int, tuple[tuple[str, date], ...]] = {}
        for row in session.scalars(select(OrganisationName).order_by(OrganisationName.id)):
            former[row.organisation_id] = (*former.get(row.organisation_id, ()), (row.name, row.until))
        rows = session.execute(
            select(Organisation, func.count(Person.id))
            .outerjoin(Person, (Person.organisation_id == Organisation.id) & Person.disabled.is_(False))
            .group_by(Organisation.id)
            .order_by(Organisation.name)
        )
        return tuple(Member(row.key, row.name, former.get(row.id, ()), count) for row, count in rows)


def rename_organisation(database: Database, actor: Actor, key: str, name: str, since: date, reason: str) -> None:
    """Give an organisation another name, from a day on, on the record: it is the same organisation, with the same
    returns. Every page says the new name at once; editions that are published keep the old one. Invalid for a name that
    cannot be, or that another has or had, a day that is to come, or no reason; Forbidden to whose account is for one
    agreement: organisations are common to all."""
    require(actor, Action.ACCOUNT_MANAGE)
    if actor.bound_to is not None:
        raise Forbidden("An organisation may have a part in other agreements: ask an administrator of all of them.")
    name, key = name.strip(), key.strip().lower()
    wrong: dict[str, str] = {}
    if not name or len(name) > LONGEST_NAME or not storable(name):
        wrong["new_name"] = f"Give the new name: at most {LONGEST_NAME} characters, of those that can be stored."
    if since > database.clock.today():
        wrong["since"] = "That day is to come: rename it when it has come."
    try:
        reason = checked(reason, "why", "Say why: the record keeps it.")
    except Invalid as error:
        wrong |= error.fields
    with database.write(actor) as session:
        rows = session.scalars(select(Organisation)).all()
        row = next((one for one in rows if one.key == key), None)
        if row is None:
            wrong["renamed"] = "Choose one of the organisations."
        elif any(one.name.casefold() == name.casefold() for one in rows):
            wrong["new_name"] = f"There is an organisation called {name} already."
        if wrong or row is None:
            raise Invalid(wrong)
        session.add(
            OrganisationName(
                organisation_id=row.id,
                name=row.name,
                until=since - timedelta(days=1),
                reason=reason,
                person_id=actor.person_id,
                at=database.clock.now(),
            )
        )
        audit.record(
            session,
            Action.ACCOUNT_MANAGE,
            f"organisation {row.key}",
            before={"name": row.name},
            after={"name": name, "since": since},
            reason=reason,
            organisation_id=row.id,
        )
        row.name = name
