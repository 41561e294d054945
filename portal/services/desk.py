"""A side's desk: what it has to return, what waits for its word, and what is not due yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.actions import ActionStep
from models.agreement import Agreement, Indicator, IndicatorTerms, Measure, MeasureTerms, Period, Target
from models.returns import Return, ReturnRevision
from models.risks import RiskStep
from models.rules.codes import period_slug
from models.rules.moves import WITH_THE_PARTNER
from models.rules.silence import NOT_IN_FORCE
from models.rules.terms import State
from portal import words
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, may, require
from portal.records.actions import open_actions
from portal.records.agreement import current_agreement, find_period, in_force, known_versions, version_in_force
from portal.records.concurrence import dissents, has_spoken
from portal.records.return_names import TEAM
from portal.records.return_view import tasks
from portal.records.risks import of_agreement, open_risks
from portal.scopes import makes, of_side, scope
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.returns import Desk, DeskPeriod, Task
from portal.viewmodels.risks import RiskLine


def desk(database: Database, actor: Actor, period: str | None = None) -> Desk:
    """What the actor's side has to return now, in the agreement's order; or everything of one period."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        chosen = find_period(session, agreement.id, period) if period else None
        own = select(Return).join(Period, Return.period_id == Period.id).join(Measure, Return.measure_id == Measure.id)
        own = own.where(Period.agreement_id == agreement.id, scope(actor, Action.RETURN_EDIT))
        own = own.order_by(Period.ends_on.desc(), Period.starts_on.desc(), Measure.position)
        if chosen is not None:
            lines = tasks(session, session.scalars(own.where(Period.id == chosen.id)).all())
        else:
            still = (Period.opened_at.is_not(None) & Period.closed_at.is_(None)) | Return.state.in_(WITH_THE_PARTNER)
            lines = tasks(session, session.scalars(own.where(still)).all())
            # Of a period that is over only what can still be done: reopened for this side, or sent back to it.
            lines = [t for t in lines if t.current or (t.takes and t.state in WITH_THE_PARTNER)]
        return Desk(
            organisation=TEAM if makes(actor, None) else actor.organisation_name,
            chosen=chosen.key if chosen else None,
            today=database.clock.today(),
            periods=_by_period(session, agreement, _with_what_was_sent(session, lines)),
            signed_up=_signed_up(session, actor, agreement) if chosen is None else (),
            not_due=_not_due(session, actor, agreement, {line.measure for line in lines}) if chosen is None else (),
            earlier=_earlier(session, actor, agreement),
            actions=_actions(session, actor, agreement) if chosen is None else (),
            risks=_risks(session, actor, agreement) if chosen is None else (),
            may_pack=may(actor, Action.PACK_MAKE),
        )


def _with_what_was_sent(session: Session, lines: Sequence[Task]) -> list[Task]:
    """The lines with their side's own figures, and when each was sent."""
    number = {line.id for line in lines}
    sent = {
        row.id: (row, submitted_at if row.state not in WITH_THE_PARTNER else None)
        for row, submitted_at in session.execute(
            select(Return, ReturnRevision.submitted_at)
            .outerjoin(
                ReturnRevision,
                (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.revision),
            )
            .where(Return.id.in_(number))
        )
    }
    return [replace(line, figure=_figure(sent[line.id][0]), sent_at=sent[line.id][1]) for line in lines]


def _figure(row: Return) -> str:
    return "" if row.value is None else words.figure_or_dash(row.value, row.measure.decimals, "")


def _by_period(session: Session, agreement: Agreement, lines: Sequence[Task]) -> tuple[DeskPeriod, ...]:
    due = dict(session.execute(select(Period.key, Period.due_on).where(Period.agreement_id == agreement.id)).all())
    return tuple(DeskPeriod(key, due[key], tuple(own)) for key, own in groupby(lines, lambda line: line.period))


def _signed_up(session: Session, actor: Actor, agreement: Agreement) -> tuple[Task, ...]:
    """The submitted returns of others that the actor's organisation signed up to and has not spoken to yet, and those
    on which its dissent is open."""
    if not may(actor, Action.RETURN_COUNTERSIGN):
        return ()
    rows = session.scalars(
        select(Return)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Period.agreement_id == agreement.id, scope(actor, Action.RETURN_COUNTERSIGN))
        .where(dissents(actor) | ((Return.state == State.SUBMITTED) & ~has_spoken(actor)))
        .order_by(Measure.position)
    )
    return tuple(tasks(session, rows.all()))


def _not_due(session: Session, actor: Actor, agreement: Agreement, asked: set[str]) -> tuple[tuple[str, str], ...]:
    """The actor's measures that nothing on the desk asks for, each with the period that asks for it next."""
    today = session.info["clock"].today()
    versions = known_versions(session, agreement.id)
    version = in_force(versions, today)
    rows = session.execute(
        select(Measure.id, Measure.code, Target.state)
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Measure.indicator_id)
        .join(Target, (Target.measure_id == Measure.id) & (Target.version_id == version.id))
        .where(IndicatorTerms.version_id == version.id, of_side(actor, IndicatorTerms.lead_id))
        .where(Target.year == _year(session, agreement, today))
        .order_by(Measure.position)
    )
    coming = session.scalars(
        select(Period)
        .where(Period.agreement_id == agreement.id, Period.opened_at.is_(None), Period.ends_on >= today)
        .order_by(Period.ends_on)
    ).all()
    terms = session.execute(
        select(MeasureTerms.version_id, MeasureTerms.measure_id, MeasureTerms.frequency).where(
            MeasureTerms.version_id.in_([one.id for one in versions])
        )
    )
    returned = {(version_id, measure_id): frequency for version_id, measure_id, frequency in terms}
    kinds = [(one, in_force(versions, one.ends_on).id) for one in coming]
    return tuple(
        (code, next((one.key for one, by in kinds if returned.get((by, number)) is one.frequency), ""))
        for number, code, state in rows
        if code not in asked and state not in NOT_IN_FORCE
    )


def _actions(session: Session, actor: Actor, agreement: Agreement) -> tuple[ActionLine, ...]:
    """The open actions of the indicators that the actor's side leads now, and those that it owns on others."""
    own = _owned_or_led(session, actor, agreement, ActionStep.owner_id)
    return open_actions(session, Indicator.agreement_id == agreement.id, own)


def _risks(session: Session, actor: Actor, agreement: Agreement) -> tuple[RiskLine, ...]:
    """The same of risks; those of themes too, where it owns them."""
    own = _owned_or_led(session, actor, agreement, RiskStep.owner_id)
    return open_risks(session, of_agreement(agreement.id), own)


def _owned_or_led(session: Session, actor: Actor, agreement: Agreement, owner_id: Any) -> ColumnElement[bool]:
    version = version_in_force(session, agreement.id, session.info["clock"].today())
    led = select(IndicatorTerms.indicator_id).where(
        IndicatorTerms.version_id == version.id, of_side(actor, IndicatorTerms.lead_id)
    )
    return of_side(actor, owner_id) | Indicator.id.in_(led)


def _year(session: Session, agreement: Agreement, today: date) -> str:
    """The financial year of a day, or the agreement's last one."""
    within = select(Period.year).where(
        Period.agreement_id == agreement.id, Period.starts_on <= today, Period.ends_on >= today
    )
    return session.scalar(within.limit(1)) or agreement.last_year


def _earlier(session: Session, actor: Actor, agreement: Agreement) -> tuple[tuple[str, str], ...]:
    """The periods in which the actor's side has returns, as slugs and keys, the newest first."""
    rows = session.execute(
        select(Period.key)
        .join(Return, Return.period_id == Period.id)
        .where(Period.agreement_id == agreement.id, scope(actor, Action.RETURN_EDIT))
        .group_by(Period.key, Period.ends_on, Period.starts_on)
        .order_by(Period.ends_on.desc(), Period.starts_on.desc())
    )
    return tuple((period_slug(key), key) for (key,) in rows)
