"""Actions of indicators as they stand, or stood on a past day, and the steps that make them."""

from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, aliased

from models.actions import ActionStep, IndicatorAction
from models.agreement import Indicator
from models.people import Organisation, Person
from models.rules.actions import ActionState, rank, urgency
from portal.history import BUILT, looked_at, only_known
from portal.records.return_names import TEAM
from portal.records.together import Answered, Asked, ask
from portal.viewmodels.actions import ActionLine, Step
from portal.viewmodels.past import AsAt

_SAID = ("text", "named", "due_on", "state", "evidence", "reason", "day", "at")


def standing_actions(session: Session, *where: ColumnElement[bool], whole: bool = False) -> tuple[ActionLine, ...]:
    """The actions that meet conditions on their last step, on Indicator or on IndicatorAction, by urgency: as they stand,
    or stood in the past that the session looks at. One statement; `whole` brings all their steps, and so takes no
    condition on the last one."""
    return actions_of(session, ask(session, asked_actions(looked_at(session), *where, whole=whole)))


def open_actions(session: Session, *where: ColumnElement[bool]) -> tuple[ActionLine, ...]:
    """The open actions that meet conditions, the longest overdue first."""
    return standing_actions(session, is_open(), *where)


def is_open() -> ColumnElement[bool]:
    """Whether an action is open by its last step: a condition on ActionStep."""
    return ActionStep.state == ActionState.OPEN


def asked_actions(past: AsAt | None, *where: ColumnElement[bool], whole: bool = False) -> Asked:
    """The question behind `standing_actions`, to be asked together with others."""
    return _asked(past, whole).where(*where)


@lru_cache(maxsize=BUILT)
def _asked(past: AsAt | None, whole: bool) -> Asked:
    step, owner, spoken_for = aliased(ActionStep), aliased(Organisation), aliased(Organisation)
    # Asked action by action, and the step then found by its number: see `asked_risks`.
    newest = select(func.max(step.id)).where(step.action_id == IndicatorAction.id)
    query = (
        select(
            ActionStep.id,
            *(getattr(ActionStep, name) for name in _SAID),
            IndicatorAction.id.label("action"),
            IndicatorAction.version,
            Indicator.code,
            owner.name.label("owner"),
            owner.key.label("owner_key"),
            func.coalesce(spoken_for.name, Person.name, "").label("who"),
        )
        .join(IndicatorAction, IndicatorAction.id == ActionStep.action_id)
        .join(Indicator, Indicator.id == IndicatorAction.indicator_id)
        .outerjoin(owner, owner.id == ActionStep.owner_id)
        .outerjoin(spoken_for, spoken_for.id == ActionStep.organisation_id)
        .outerjoin(Person, Person.id == ActionStep.person_id)
    )
    if whole:
        return only_known(past, query, ActionStep.day, ActionStep.at)
    return query.where(ActionStep.id == only_known(past, newest, step.day, step.at).scalar_subquery())


def actions_of(session: Session, rows: Answered) -> tuple[ActionLine, ...]:
    """The actions that `asked_actions` found, by urgency."""
    today = session.info["clock"].today()
    ordered = sorted(rows, key=lambda row: (row.action, row.id))
    lines = [_line(list(steps), today) for _, steps in groupby(ordered, lambda row: row.action)]
    return tuple(sorted(lines, key=lambda line: (*rank(line.now.state, line.now.due_on), line.id)))


def _line(rows: Answered, today: date) -> ActionLine:
    last = rows[-1]
    return ActionLine(
        id=last.action,
        version=last.version,
        indicator=last.code,
        steps=tuple(_step(row) for row in rows),
        urgency=urgency(last.state, last.due_on, today),
        today=today,
    )


def _step(row: Row[*tuple[Any, ...]]) -> Step:
    said = {name: getattr(row, name) for name in _SAID}
    return Step(owner=row.owner or TEAM, owner_key=row.owner_key or "", who=row.who, **said)
