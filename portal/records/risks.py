"""Risks as they stand, or stood on a past day, and the steps that make them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.agreement import Indicator, IndicatorTerms, Theme
from models.risks import Risk, RiskStep
from models.rules.codes import slug
from models.rules.risks import RiskState, rank, urgency
from portal.actor import Actor
from portal.history import only_known
from portal.policy import Action, may
from portal.records.agreement import version_in_force
from portal.records.return_names import TEAM
from portal.scopes import scope
from portal.viewmodels.risks import RiskLine, RiskStepped


def of_agreement(agreement_id: int) -> ColumnElement[bool]:
    """The risks of an agreement, on its themes and on its indicators."""
    return or_(Theme.agreement_id == agreement_id, Indicator.agreement_id == agreement_id)


def of_theme(theme_id: int) -> ColumnElement[bool]:
    """The risks of a theme and of its indicators."""
    return or_(Risk.theme_id == theme_id, Indicator.theme_id == theme_id)


def standing_risks(
    session: Session, *where: ColumnElement[bool], whole: bool = False, writable: frozenset[int | None] = frozenset()
) -> tuple[RiskLine, ...]:
    """The risks that meet conditions on Risk, Indicator, Theme or their last step, as they stand, or stood in the past
    that the session looks at: open ones first, of these those whose review is overdue, then the heaviest. One
    statement; `whole` brings all their steps, and so takes no condition on the last one. `writable` are the indicators
    whose risks the reader may change, None among them for those of themes."""
    newest = select(func.max(RiskStep.id)).group_by(RiskStep.risk_id)
    last = only_known(session, newest, RiskStep.day, RiskStep.at)
    query = (
        select(RiskStep)
        .join(Risk, Risk.id == RiskStep.risk_id)
        .outerjoin(Indicator, Indicator.id == Risk.indicator_id)
        .outerjoin(Theme, Theme.id == Risk.theme_id)
        .where(*where)
        .order_by(RiskStep.risk_id, RiskStep.id)
    )
    known = only_known(session, query, RiskStep.day, RiskStep.at)
    query = known if whole else query.where(RiskStep.id.in_(last))
    today = session.info["clock"].today()
    grouped = groupby(session.scalars(query), lambda step: step.risk_id)
    lines = [_line(list(steps), today, writable) for _, steps in grouped]
    return tuple(sorted(lines, key=lambda line: (*_rank(line), line.id)))


def open_risks(session: Session, *where: ColumnElement[bool]) -> tuple[RiskLine, ...]:
    """The open risks that meet conditions, those whose review is overdue first."""
    return standing_risks(session, RiskStep.state == RiskState.OPEN, *where)


def writable_now(session: Session, actor: Actor, agreement_id: int) -> dict[int | None, tuple[str, str]]:
    """What the actor may write risks on today, by the indicator's id: its key and name, in order. None stands for the
    themes, with nothing to be named by."""
    found: dict[int | None, tuple[str, str]] = {None: ("", "")} if may(actor, Action.THEME_RISK) else {}
    version = version_in_force(session, agreement_id, session.info["clock"].today())
    rows = session.execute(
        select(Indicator.id, Indicator.code, Indicator.title)
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .where(IndicatorTerms.version_id == version.id, scope(actor, Action.RISK_WRITE))
        .order_by(Indicator.position)
    )
    return found | {number: (slug(code), f"{code} {title}") for number, code, title in rows}


def _rank(line: RiskLine) -> tuple[bool, bool, int, int, date]:
    now = line.now
    return rank(now.state, now.review_on, line.today, now.likelihood, now.impact)


def _line(steps: Sequence[RiskStep], today: date, writable: frozenset[int | None]) -> RiskLine:
    risk, last = steps[-1].of, steps[-1]
    theme = risk.theme or (risk.indicator.theme if risk.indicator else None)
    assert theme is not None  # a risk is on one or the other
    return RiskLine(
        id=risk.id,
        version=risk.version,
        indicator=risk.indicator.code if risk.indicator else "",
        indicator_title=risk.indicator.title if risk.indicator else "",
        theme_key=theme.key,
        theme_title=theme.title,
        steps=tuple(_step(step) for step in steps),
        urgency=urgency(last.state, last.review_on, today),
        today=today,
        may_change=risk.indicator_id in writable,
    )


def _step(row: RiskStep) -> RiskStepped:
    names = ("text", "likelihood", "impact", "mitigation", "named", "review_on", "state", "reason", "day", "at")
    return RiskStepped(
        owner=row.owner.name if row.owner else TEAM,
        owner_key=row.owner.key if row.owner else "",
        who=row.organisation.name if row.organisation else row.person.name if row.person else "",
        **{name: getattr(row, name) for name in names},
    )
