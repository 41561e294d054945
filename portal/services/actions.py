"""Actions of an indicator: adding one, and saying what has become of one."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actions import ActionStep, IndicatorAction
from models.agreement import Agreement, Indicator
from models.rules.actions import ActionState, needs_word
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound, Stale
from portal.policy import Action, require
from portal.records.actions import standing_actions
from portal.records.events import led_indicator
from portal.records.messages import checked
from portal.records.noting import differing, owner_of, perhaps, put, require_led
from portal.records.return_rows import is_row_number
from portal.viewmodels.actions import Typed

LONGEST = {"text": 500, "named": 200}
"""An action is a sentence or two; all else that is typed here may be as long as a message."""
YEARS_AFTER = 5
"""An action may outlast the agreement; what is due later than this is a slip of the hand."""
ELSEWHERE = "Another organisation leads this indicator: its actions are for its lead and the team to write."


def add_action(database: Database, actor: Actor, code: str, typed: Typed) -> int:
    """Add an open action to an indicator; answers its number. The team may, and the lead of the indicator. Invalid for
    what cannot be taken, by field; Conflict where the same action is open already."""
    require(actor, Action.ACTION_CHANGE)
    with database.write(actor) as session:
        row, lead_id = led_indicator(session, actor, code, Action.ACTION_CHANGE, ELSEWHERE)
        step = _checked(session, row, replace(typed, state=ActionState.OPEN.value), "")
        same = (IndicatorAction.indicator_id == row.id, ActionStep.text == step.text)
        if any(line.now.state is ActionState.OPEN for line in standing_actions(session, *same)):
            raise Conflict("The same action is open on this indicator already.")
        action = IndicatorAction(indicator_id=row.id, version=1)
        session.add(action)
        session.flush()
        step.action_id = action.id
        put(session, step)
        after = {"action": action.id, **_said(step)}
        audit.record(session, Action.ACTION_CHANGE, _subject(row), after=after, organisation_id=lead_id)
        return action.id


def change_action(
    database: Database, actor: Actor, action_id: int, version: int | None, typed: Typed, word: str
) -> str:
    """Say what has become of an action: done, dropped, moved to another day, or worded otherwise; answers its
    indicator's code. What it said before stays on record. Invalid where the change needs a word and has none; Stale when
    it is not at the version that was looked at, NotFound for no action, Forbidden for another lead's."""
    require(actor, Action.ACTION_CHANGE)
    with database.write(actor) as session:
        action, lead_id = _action(session, actor, action_id)
        if version is not None and version != action.version:
            raise Stale("This action changed after you opened the page. Nothing was saved: open it again and look.")
        (before,) = session.scalars(
            select(ActionStep).where(ActionStep.action_id == action.id).order_by(ActionStep.id.desc()).limit(1)
        )
        after = _checked(session, action.indicator, typed, word)
        was, now = _said(before), _said(after)
        if was == now:
            raise Invalid({"text": "Nothing is different from what the action says already."})
        if not after.reason and needs_word((before.state, before.due_on), (after.state, after.due_on)):
            raise Invalid({"word": "Say in a word why: the record keeps it."})
        gone, new = differing(was, now)
        action.version += 1
        after.action_id = action.id
        put(session, after)
        audit.record(
            session,
            Action.ACTION_CHANGE,
            _subject(action.indicator),
            before={"action": action.id, **gone},
            after={"action": action.id, **new},
            reason=after.reason,
            organisation_id=lead_id,
        )
        return action.indicator.code


def _action(session: Session, actor: Actor, action_id: int) -> tuple[IndicatorAction, int | None]:
    """An action that the actor may change now, locked, and the lead of its indicator."""
    number = action_id if is_row_number(action_id) else 0
    action = session.scalars(
        select(IndicatorAction).where(IndicatorAction.id == number).with_for_update(of=IndicatorAction)
    ).one_or_none()
    if action is None or actor.bound_to not in (None, action.indicator.agreement_id):
        raise NotFound("There is no such action.")
    row = action.indicator
    session.info["agreement"] = session.get_one(Agreement, row.agreement_id).key  # whichever the actor is shown
    return action, require_led(session, actor, row, Action.ACTION_CHANGE, ELSEWHERE)


def _checked(session: Session, row: Indicator, typed: Typed, word: str) -> ActionStep:
    """What was typed as a step that can be kept; Invalid, by field, for what cannot."""
    text = checked(typed.text, "text", "Write what will be done.", LONGEST["text"])
    kept = perhaps({"named": typed.named, "evidence": typed.evidence, "word": word}, LONGEST)
    if typed.state not in list(ActionState):
        raise Invalid({"state": "Choose open, done or dropped."})
    _require_sensible(session, row, typed.due_on)
    return ActionStep(
        text=text,
        owner_id=owner_of(session, typed.owner),
        named=kept["named"],
        due_on=typed.due_on,
        state=ActionState(typed.state),
        evidence=kept["evidence"],
        reason=kept["word"],
    )


def _require_sensible(session: Session, row: Indicator, due_on: date | None) -> None:
    agreement = session.get_one(Agreement, row.agreement_id)
    first, last = int(agreement.first_year[:4]), int(agreement.last_year[:4])
    if due_on is not None and not first <= due_on.year <= last + YEARS_AFTER:
        raise Invalid({"due": "That is far from the agreement's years: is the year right?"})


def _said(step: ActionStep) -> dict[str, Any]:
    """A step as the audit trail keeps it."""
    return {name: getattr(step, name) for name in ("text", "owner_id", "named", "due_on", "state", "evidence")}


def _subject(row: Indicator) -> str:
    return f"actions of {row.code}"
