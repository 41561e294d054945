"""What people write and nothing ever changes again: who wrote a row and when, of whom it speaks, what of it is new."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, Indicator, IndicatorTerms, SignedUp
from models.base import Base
from models.people import Organisation
from portal.actor import Actor
from portal.errors import Forbidden, Invalid
from portal.formats.texts import storable
from portal.history import noted
from portal.policy import Action
from portal.records.agreement import version_in_force
from portal.records.messages import checked
from portal.scopes import scope

Said = TypeVar("Said")


def put(session: Session, row: Base) -> None:
    """Add a row as written by the session's actor, for whom he or she speaks where the row has that, now or on the day
    on which the session notes what it writes."""
    actor: Actor = session.info["actor"]
    made: Any = row
    made.person_id = actor.person_id
    if hasattr(made, "organisation_id"):
        made.organisation_id = actor.organisation_id
    made.day, made.at = noted(session)
    session.add(made)
    session.flush()


def require_led(session: Session, actor: Actor, row: Indicator, action: Action, elsewhere: str) -> int | None:
    """The lead of an indicator in the version that is in force now; Forbidden, with what to say `elsewhere`, unless the
    actor holds the action for it."""
    version = version_in_force(session, row.agreement_id, session.info["clock"].today())
    found = session.execute(
        select(IndicatorTerms.lead_id, scope(actor, action).label("allowed")).where(
            IndicatorTerms.indicator_id == row.id, IndicatorTerms.version_id == version.id
        )
    ).one_or_none()
    if found is None or not found.allowed:
        raise Forbidden(elsewhere)
    lead_id: int | None = found.lead_id
    return lead_id


def owners(session: Session) -> tuple[tuple[str, str], ...]:
    """Who something can be given to, by key and name: whoever leads or signed up to an indicator of the agreement that is
    shown, in any version."""
    query = (
        select(Organisation.key, Organisation.name)
        .where(has_a_part(Agreement.key == session.info["agreement"]))
        .order_by(Organisation.name)
    )
    rows = session.execute(query)
    return tuple((key, name) for key, name in rows)


def has_a_part(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an organisation leads or signed up to an indicator of one agreement, in any version."""
    return Organisation.id.in_(union(*having_a_part(which)))


def having_a_part(which: ColumnElement[bool]) -> tuple[Select[int | None], Select[int | None]]:
    """The organisations that lead an indicator of one agreement, and those that signed up to one, in any version."""
    versions = select(AgreementVersion.id).join(Agreement, Agreement.id == AgreementVersion.agreement_id)
    own = versions.where(which)
    leads = select(IndicatorTerms.lead_id).where(IndicatorTerms.version_id.in_(own))
    signed = select(SignedUp.organisation_id).where(SignedUp.version_id.in_(own))
    return leads, signed


def owner_of(session: Session, key: str) -> int | None:
    """The organisation with a key, None for '', which stands for the partnership team; Invalid for no such one."""
    if not key:
        return None
    found = session.scalar(select(Organisation.id).where(Organisation.key == key)) if storable(key) else None
    if found is None:
        raise Invalid({"owner": "Choose an organisation of the list."})
    return found


def perhaps(texts: Mapping[str, str], longest: Mapping[str, int]) -> dict[str, str]:
    """Texts that may be empty, by field, as they can be kept; Invalid for too much, which `longest` says where it is
    not as much as a message."""
    limits = {name: {"longest": longest[name]} for name in texts if name in longest}
    return {
        name: checked(said, name, "", **limits.get(name, {})) if said.strip() else "" for name, said in texts.items()
    }


def differing(was: Mapping[str, Said], now: Mapping[str, Said]) -> tuple[dict[str, Said], dict[str, Said]]:
    """What the audit trail keeps of a change: of each side only what is otherwise on the other."""
    changed = [name for name in was if was[name] != now[name]]
    return {name: was[name] for name in changed}, {name: now[name] for name in changed}
