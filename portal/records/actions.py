"""Actions of indicators as they stand, or stood on a past day, and the steps that make them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.actions import ActionStep, IndicatorAction
from models.agreement import Indicator
from models.rules.actions import ActionState, rank, urgency
from portal.history import only_known
from portal.records.return_names import TEAM
from portal.viewmodels.actions import ActionLine, Step


def standing_actions(session: Session, *where: ColumnElement[bool], whole: bool = False) -> tuple[ActionLine, ...]:
    """The actions that meet conditions on their last step, on Indicator or on IndicatorAction, by urgency: as they stand,
    or stood in the past that the session looks at. One statement; `whole` brings all their steps, and so takes no
    condition on the last one."""
    newest = select(func.max(ActionStep.id)).group_by(ActionStep.action_id)
    last = only_known(session, newest, ActionStep.day, ActionStep.at)
    query = (
        select(ActionStep)
        .join(IndicatorAction, IndicatorAction.id == ActionStep.action_id)
        .join(Indicator, Indicator.id == IndicatorAction.indicator_id)
        .where(*where)
        .order_by(ActionStep.action_id, ActionStep.id)
    )
    known = only_known(session, query, ActionStep.day, ActionStep.at)
    query = known if whole else query.where(ActionStep.id.in_(last))
    today = session.info["clock"].today()
    lines = [_line(list(steps), today) for _, steps in groupby(session.scalars(query), lambda step: step.action_id)]
    return tuple(sorted(lines, key=lambda line: (*rank(line.now.state, line.now.due_on), line.id)))


def open_actions(session: Session, *where: ColumnElement[bool]) -> tuple[ActionLine, ...]:
    """The open actions that meet conditions, the longest overdue first."""
    return standing_actions(session, ActionStep.state == ActionState.OPEN, *where)


def _line(steps: Sequence[ActionStep], today: date) -> ActionLine:
    action, last = steps[-1].of, steps[-1]
    return ActionLine(
        id=action.id,
        version=action.version,
        indicator=action.indicator.code,
        steps=tuple(_step(step) for step in steps),
        urgency=urgency(last.state, last.due_on, today),
        today=today,
    )


def _step(row: ActionStep) -> Step:
    who = row.organisation.name if row.organisation else row.person.name if row.person else ""
    return Step(
        owner=row.owner.name if row.owner else TEAM,
        owner_key=row.owner.key if row.owner else "",
        who=who,
        **{
            name: getattr(row, name) for name in ("text", "named", "due_on", "state", "evidence", "reason", "day", "at")
        },
    )
