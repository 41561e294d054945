"""What organisations are called, and renaming one."""

from datetime import date, timedelta

from sqlalchemy import select

from models.people import Organisation, OrganisationName
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Forbidden, Invalid
from portal.formats.texts import storable
from portal.policy import Action, require
from portal.records.accounts import PAGE, former_names, found_members, sought
from portal.records.messages import checked
from portal.records.people import LONGEST_NAME, organisation_choices
from portal.viewmodels.people import Member, Members


def members(database: Database, actor: Actor, text: str = "", after: int = 0) -> Members:
    """A page of the organisations that concern the actor, by name: of those in whose name or key each word of a text is,
    in any case. `after` is the number of the organisation to go on from."""
    require(actor, Action.ACCOUNT_MANAGE)
    text = sought(text)
    with database.read(actor) as session:
        rows = found_members(session, text, after)
        former: dict[int, tuple[tuple[str, date], ...]] = {}
        for name in former_names(session, [row.id for row, _ in rows]):
            former[name.organisation_id] = (*former.get(name.organisation_id, ()), (name.name, name.until))
        found = tuple(Member(row.id, row.key, row.name, former.get(row.id, ()), count) for row, count in rows[:PAGE])
        return Members(text, after, found, found[-1].id if len(rows) > PAGE else None)


def choices(database: Database, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Every organisation that concerns the actor, by key and name: to choose one of."""
    require(actor, Action.ACCOUNT_MANAGE)
    with database.read(actor) as session:
        return organisation_choices(session)


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
