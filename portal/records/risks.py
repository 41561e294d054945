"""Risks as they stand, or stood on a past day, and the steps that make them."""

from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select, union_all
from sqlalchemy.orm import Session, aliased

from models.agreement import Indicator, IndicatorTerms, Theme
from models.people import Organisation, Person
from models.risks import Risk, RiskStep
from models.rules.codes import slug
from models.rules.risks import RiskState, rank, urgency
from portal.actor import Actor
from portal.history import BUILT, looked_at, only_known
from portal.policy import Action, may
from portal.records.agreement import version_in_force
from portal.records.return_names import TEAM
from portal.records.together import Answered, Asked, ask
from portal.scopes import scope
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import RiskLine, RiskStepped

_SAID = ("text", "likelihood", "impact", "mitigation", "named", "review_on", "state", "reason", "day", "at")


def of_agreement(agreement_id: int) -> ColumnElement[bool]:
    """The risks of an agreement, on its themes and on its indicators."""
    on_themes = select(Risk.id).join(Theme, Theme.id == Risk.theme_id).where(Theme.agreement_id == agreement_id)
    on_indicators = select(Risk.id).join(Indicator, Indicator.id == Risk.indicator_id)
    return Risk.id.in_(union_all(on_themes, on_indicators.where(Indicator.agreement_id == agreement_id)))


def of_theme(theme_id: int | ScalarSelect[int]) -> ColumnElement[bool]:
    """The risks of a theme and of its indicators."""
    on_indicators = select(Risk.id).join(Indicator, Indicator.id == Risk.indicator_id)
    own = select(Risk.id).where(Risk.theme_id == theme_id)
    return Risk.id.in_(union_all(own, on_indicators.where(Indicator.theme_id == theme_id)))


def standing_risks(
    session: Session, *where: ColumnElement[bool], whole: bool = False, writable: frozenset[int | None] = frozenset()
) -> tuple[RiskLine, ...]:
    """The risks that meet conditions on Risk, Indicator, Theme or their last step, as they stand, or stood in the past
    that the session looks at: open ones first, of these those whose review is overdue, then the heaviest. One
    statement; `whole` brings all their steps, and so takes no condition on the last one. `writable` are the indicators
    whose risks the reader may change, None among them for those of themes."""
    return risks_of(session, ask(session, asked_risks(looked_at(session), *where, whole=whole)), writable)


def open_risks(session: Session, *where: ColumnElement[bool]) -> tuple[RiskLine, ...]:
    """The open risks that meet conditions, those whose review is overdue first."""
    return standing_risks(session, is_open(), *where)


def is_open() -> ColumnElement[bool]:
    """Whether a risk is open by its last step: a condition on RiskStep."""
    return RiskStep.state == RiskState.OPEN


def asked_risks(past: AsAt | None, *where: ColumnElement[bool], whole: bool = False) -> Asked:
    """The question behind `standing_risks`, to be asked together with others."""
    return _asked(past, whole).where(*where)


@lru_cache(maxsize=BUILT)
def _asked(past: AsAt | None, whole: bool) -> Asked:
    step, owner, spoken_for = aliased(RiskStep), aliased(Organisation), aliased(Organisation)
    # Asked risk by risk, and the step then found by its number: a step that is asked whether it is the last makes
    # PostgreSQL expect few of all, and it may go through every area's once for each of them.
    newest = select(func.max(step.id)).where(step.risk_id == Risk.id)
    query = (
        select(
            RiskStep.id,
            *(getattr(RiskStep, name) for name in _SAID),
            Risk.id.label("risk"),
            Risk.version,
            Risk.indicator_id,
            Indicator.code,
            Indicator.title,
            Theme.key.label("theme"),
            Theme.title.label("theme_title"),
            owner.name.label("owner"),
            owner.key.label("owner_key"),
            func.coalesce(spoken_for.name, Person.name, "").label("who"),
        )
        .join(Risk, Risk.id == RiskStep.risk_id)
        .outerjoin(Indicator, Indicator.id == Risk.indicator_id)
        # One theme, its own or its indicator's: PostgreSQL looks for the order of eight tables, not of more.
        .outerjoin(Theme, Theme.id == func.coalesce(Risk.theme_id, Indicator.theme_id))
        .outerjoin(owner, owner.id == RiskStep.owner_id)
        .outerjoin(spoken_for, spoken_for.id == RiskStep.organisation_id)
        .outerjoin(Person, Person.id == RiskStep.person_id)
    )
    if whole:
        return only_known(past, query, RiskStep.day, RiskStep.at)
    return query.where(RiskStep.id == only_known(past, newest, step.day, step.at).scalar_subquery())


def risks_of(session: Session, rows: Answered, writable: frozenset[int | None] = frozenset()) -> tuple[RiskLine, ...]:
    """The risks that `asked_risks` found, in the order of `standing_risks`."""
    today = session.info["clock"].today()
    ordered = sorted(rows, key=lambda row: (row.risk, row.id))
    lines = [_line(list(steps), today, writable) for _, steps in groupby(ordered, lambda row: row.risk)]
    return tuple(sorted(lines, key=lambda line: (*_rank(line), line.id)))


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


def _line(rows: Answered, today: date, writable: frozenset[int | None]) -> RiskLine:
    last = rows[-1]
    return RiskLine(
        id=last.risk,
        version=last.version,
        indicator=last.code or "",
        indicator_title=last.title or "",
        theme_key=last.theme,
        theme_title=last.theme_title,
        steps=tuple(_step(row) for row in rows),
        urgency=urgency(last.state, last.review_on, today),
        today=today,
        may_change=last.indicator_id in writable,
    )


def _step(row: Row[*tuple[Any, ...]]) -> RiskStepped:
    said = {name: getattr(row, name) for name in _SAID}
    return RiskStepped(owner=row.owner or TEAM, owner_key=row.owner_key or "", who=row.who, **said)
