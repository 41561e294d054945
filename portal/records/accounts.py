"""The lists of accounts and organisations, a page at a time: what is sought in them, and where a page begins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, contains_eager

from models.agreement import Agreement
from models.people import Organisation, OrganisationName, Person
from portal.formats.texts import storable
from portal.policy import Action
from portal.records.people import concern
from portal.scopes import scope

PAGE = 50
LONGEST = 100

Found = Sequence[Row[Person, str | None]]


def sought(text: str) -> str:
    """What is looked for, as it can be."""
    return text.strip()[:LONGEST] if storable(text) else ""


def found_accounts(session: Session, text: str, after: int) -> Found:
    """The accounts that are the actor's to manage and in whose name, e-mail address or organisation a text is, in any
    case: those that stand for no organisation first, then by organisation, each by name; one more than fit on a page, to
    tell whether there are more. `after` is the number of the account that the page before ended with, 0 for the first
    page."""
    managed = scope(session.info["actor"], Action.ACCOUNT_MANAGE)
    last = session.scalars(select(Person).where(Person.id == after, managed)).one_or_none() if after else None
    found: list[Row[Person, str | None]] = []
    if last is None or last.organisation is None:
        found += session.execute(_of_none(session, text, last)).all()
    if len(found) <= PAGE:
        within = last if last is not None and last.organisation is not None else None
        found += session.execute(_of_some(session, text, within)).all()
    return found[: PAGE + 1]


def _accounts(session: Session) -> Select[Person, str | None]:
    agreement = select(Agreement.title).where(Agreement.id == Person.agreement_id).scalar_subquery()
    return select(Person, agreement).where(scope(session.info["actor"], Action.ACCOUNT_MANAGE)).limit(PAGE + 1)


def _of_none(session: Session, text: str, last: Person | None) -> Select[Person, str | None]:
    """Those without an organisation, read off the index on it and the name."""
    query = _accounts(session).where(Person.organisation_id.is_(None), _says(text, Person.name, Person.email))
    if last is not None:
        query = query.where(Person.name >= last.name, tuple_(Person.name, Person.id) > tuple_(last.name, last.id))
    return query.order_by(Person.name, Person.id)


def _of_some(session: Session, text: str, last: Person | None) -> Select[Person, str | None]:
    """Those with one, read off the index of organisations by name, and of each its people's."""
    query = _accounts(session).join(Organisation, Organisation.id == Person.organisation_id)
    query = query.options(contains_eager(Person.organisation))
    query = query.where(_says(text, Person.name, Person.email, Organisation.name))
    of = last.organisation if last is not None else None
    # This is there for the index: organisations are read from it in their order, and a page far behind begins there.
    query = query.where(Organisation.name >= (of.name if of is not None else ""))
    if last is not None and of is not None:
        keys = (Organisation.name, Organisation.id, Person.name, Person.id)
        query = query.where(tuple_(*keys) > tuple_(of.name, of.id, last.name, last.id))
    return query.order_by(Organisation.name, Organisation.id, Person.name, Person.id)


def found_members(session: Session, text: str, after: int) -> Sequence[Row[Organisation, int]]:
    """The organisations that concern the actor and in whose name or key a text is, by name, each with how many active
    accounts it has; one more than fit on a page. `after` is the number of the one that the page before ended with."""
    active = select(func.count()).where(Person.organisation_id == Organisation.id, Person.disabled.is_(False))
    theirs = concern(session.info["actor"])
    query = select(Organisation, active.correlate(Organisation).scalar_subquery()).where(theirs)
    query = query.where(_says(text, Organisation.name, Organisation.key))
    last = (
        session.scalars(select(Organisation).where(Organisation.id == after, theirs)).one_or_none() if after else None
    )
    if last is not None:
        place = tuple_(Organisation.name, Organisation.id) > tuple_(last.name, last.id)
        query = query.where(Organisation.name >= last.name, place)
    return session.execute(query.order_by(Organisation.name, Organisation.id).limit(PAGE + 1)).all()


def former_names(session: Session, of: Sequence[int]) -> Sequence[OrganisationName]:
    """What organisations were called before, the oldest name first."""
    query = select(OrganisationName).where(OrganisationName.organisation_id.in_(of))
    return session.scalars(query.order_by(OrganisationName.id)).all()


def _says(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether every word of a text is in one of the columns, in any case."""
    words = text.split()
    return and_(true(), *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))
