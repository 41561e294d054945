"""The feed of what changed, for partners' own systems: made of the audit trail, so that it is kept once."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, true
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, Period
from models.audit import AuditEvent
from models.returns import Return
from models.rules.terms import State
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, granted, require
from portal.reach import signed_up
from portal.records.agreement import current_agreement
from portal.scopes import of_side, scope
from portal.services.scorecard import reading_editions
from portal.viewmodels.feed import ChangeLine, Feed
from portal.wall import Beyond, beyond

CAME_TO = {
    Action.RETURN_EDIT: State.DRAFT,
    Action.RETURN_SUBMIT: State.SUBMITTED,
    Action.RETURN_WITHDRAW: State.DRAFT,
    Action.RETURN_QUERY: State.QUERIED,
    Action.RETURN_VERIFY: State.VERIFIED,
    Action.RETURN_REOPEN: State.DRAFT,
}
"""What is done to a return, and the state that it is in then."""
OVERSEEN = tuple(action for action in CAME_TO if action is not Action.RETURN_EDIT)
EDITION, PERIOD, AGREEMENT, REFRESH = "edition ", "period ", "agreement ", "refresh "
"""How the trail names what the feed tells of, beside returns."""


def changes(database: Database, actor: Actor, since: int = 0, limit: int = 100) -> Feed:
    """What changed after the event with a number in the agreement that is shown, as far as the actor may know of it, in
    the order in which it was done: at most `limit`. The trail's numbers are given one after the other, each with its
    transaction: nothing that is done later ever comes before what was told. NotFound without an agreement."""
    require(actor, Action.CHANGE_READ)
    with reading_editions(database, actor) as session:
        agreement = current_agreement(session)
        with beyond(session, Beyond.TRAIL):
            rows = session.execute(_query(session, agreement).where(AuditEvent.number > since).limit(limit + 1)).all()
        told = tuple(_line(event, measure, period) for event, measure, period in rows[:limit])
        return Feed(agreement.key, told, len(rows) > limit)


def _query(session: Session, agreement: Agreement) -> Select[Any]:
    actor: Actor = session.info["actor"]
    # Each return that may be read, by its name in the trail, with how far the actor sees into its life.
    waits = and_(signed_up(actor.organisation_id), Return.state == State.SUBMITTED)
    named = (
        select(
            Measure.code,
            Period.key,
            (literal("return ") + Measure.code + " " + Period.key).label("subject"),
            of_side(actor, Return.organisation_id).label("own"),
            scope(actor, Action.RETURN_OVERSEE).label("overseen"),
            (waits if granted(actor, Action.RETURN_COUNTERSIGN) else ~true()).label("waits"),
            Return.verified_revision.is_not(None).label("verified"),
        )
        .join(Measure, Return.measure_id == Measure.id)
        .join(Period, Return.period_id == Period.id)
        # PostgreSQL knows how many returns a measure has, and believes that every period has as many.
        .join(Indicator, Indicator.id == Measure.indicator_id)
        .where(Indicator.agreement_id == agreement.id, scope(actor, Action.RETURN_READ))
        .subquery()
    )
    done = AuditEvent.action
    told = [
        named.c.own & done.in_(CAME_TO),
        named.c.overseen & done.in_(OVERSEEN),
        named.c.waits & (done == Action.RETURN_SUBMIT),
        named.c.verified & (done == Action.RETURN_VERIFY),
        (done == Action.EDITION_PUBLISH) & AuditEvent.subject.startswith(EDITION),
        (done == Action.AGREEMENT_CHANGE) & AuditEvent.subject.startswith(AGREEMENT),
        (done == Action.AGREEMENT_CHANGE) & AuditEvent.subject.startswith(REFRESH) & _made_a_version(),
    ]
    if granted(actor, Action.RETURN_READ):
        # One that was opened again for a partner is that partner's business.
        theirs = or_(AuditEvent.subject.not_like("% for %"), of_side(actor, AuditEvent.organisation_id))
        told.append((done == Action.PERIOD_MANAGE) & AuditEvent.subject.startswith(PERIOD) & theirs)
    return (
        select(AuditEvent, named.c.code, named.c.key)
        .outerjoin(named, AuditEvent.subject == named.c.subject)
        .where(AuditEvent.agreement == agreement.key, or_(*told))
        .order_by(AuditEvent.number)
    )


def _made_a_version() -> ColumnElement[bool]:
    return AuditEvent.after.contains('"version":')


def _line(event: AuditEvent, measure: str | None, period: str | None) -> ChangeLine:
    """An event as it is told: what it came to and nothing of what was said, by whom, or why."""
    after = json.loads(event.after) if event.after else {}
    if measure is not None:
        came_to, revision = CAME_TO[Action(event.action)], after.get("revision")
        return ChangeLine(event.number, event.at, "return", came_to, period=period, measure=measure, revision=revision)
    if event.subject.startswith(EDITION):
        number = int(event.subject.removeprefix(EDITION))
        return ChangeLine(event.number, event.at, "edition", "published", period=after.get("period"), edition=number)
    if event.subject.startswith(PERIOD):
        key = event.subject.removeprefix(PERIOD).partition(" for ")[0]
        return ChangeLine(event.number, event.at, "period", "open" if after["open"] else "closed", period=key)
    loaded = event.subject.startswith(AGREEMENT)
    state, version = ("loaded", None) if loaded else ("refreshed", after["version"])
    return ChangeLine(event.number, event.at, "agreement", state, version=version)
