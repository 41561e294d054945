"""Delivery plans: reading the one of an indicator, and writing its next version."""

from dataclasses import asdict, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plans import PlanVersion
from models.rules.codes import slug
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound, Stale
from portal.history import looked_at, only_known
from portal.policy import Action, require
from portal.records.events import indicator_now, led_indicator
from portal.records.messages import checked
from portal.records.noting import differing, put
from portal.viewmodels.past import AsAt
from portal.viewmodels.plans import Plan, PlanPage, Written

LONGEST = {"existing": 200, "address": 500}
"""All else may be as long as a message."""
ELSEWHERE = "Another organisation leads this indicator: its delivery plan is for its lead and the team to write."
NAMES = tuple(field.name for field in fields(Plan))


def plan_page(
    database: Database, actor: Actor, code: str, number: int | None = None, as_at: AsAt | None = None
) -> PlanPage:
    """The delivery plan of an indicator, the newest version or the one with a number. NotFound for no such indicator,
    and for a number that is none of its versions."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        row, _, allowed = indicator_now(session, actor, code, Action.PLAN_WRITE)
        versions = tuple(map(_written, _versions(session, row.id)))
        shown = next((one for one in versions if number in (None, one.number)), None)
        if shown is None and number is not None:
            raise NotFound(f"The delivery plan of {row.code} has no version {number}.")
        may_write = allowed and as_at is None
        return PlanPage(row.code, row.title, slug(row.code), shown, versions, may_write, as_at)


def write_plan(database: Database, actor: Actor, code: str, seen: int, plan: Plan) -> int:
    """Write the next version of an indicator's delivery plan; answers its number. The team may, and the lead of the
    indicator. `seen` is the number of the version that was looked at, 0 for none: Stale when there is a newer one.
    Invalid, by field, for what cannot be taken."""
    require(actor, Action.PLAN_WRITE)
    plan = _checked(plan)
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.PLAN_WRITE, ELSEWHERE)
        newest = next(iter(_versions(session, row.id)), None)
        if seen != (newest.number if newest else 0):
            raise Stale("This plan changed after you opened the page. Nothing was saved: open it again and look.")
        before = asdict(_written(newest).plan) if newest else dict.fromkeys(NAMES, "")
        after = asdict(plan)
        if after == before:
            raise Invalid({"aim": "Nothing is different from what the plan says already."})
        made = PlanVersion(indicator_id=row.id, number=seen + 1, **after)
        put(session, made)
        gone, new = differing(before, after)
        audit.record(
            session,
            Action.PLAN_WRITE,
            f"delivery plan of {row.code}",
            before={"version": seen, **gone},
            after={"version": made.number, **new},
            organisation_id=lead_id,
        )
        return made.number


def _versions(session: Session, indicator_id: int) -> list[PlanVersion]:
    query = select(PlanVersion).where(PlanVersion.indicator_id == indicator_id).order_by(PlanVersion.number.desc())
    return list(session.scalars(only_known(looked_at(session), query, PlanVersion.day, PlanVersion.at)))


def _written(row: PlanVersion) -> Written:
    who = row.organisation.name if row.organisation else row.person.name if row.person else ""
    return Written(row.number, who, row.day, Plan(**{name: getattr(row, name) for name in NAMES}))


def _checked(plan: Plan) -> Plan:
    """The plan as it can be kept. An address is one of the web, so that a link to it opens a page and does nothing."""
    said = {name: checked(text, name, "") if text.strip() else "" for name, text in asdict(plan).items()}
    for name, longest in LONGEST.items():
        if len(said[name]) > longest:
            raise Invalid({name: f"The text has {len(said[name])} characters; at most {longest} fit."})
    address = said["address"]
    if address and (not address.lower().startswith(("https://", "http://")) or len(address.split()) > 1):
        raise Invalid({"address": "Write the address as it stands in a browser, like https://www.example.org/plan."})
    if address and not said["existing"]:
        raise Invalid({"existing": "Write the title of the plan that is at this address."})
    if not said["aim"] and not said["existing"]:
        raise Invalid({"aim": "Write the aim, or name the plan that stands in."})
    return Plan(**said)
