"""Actions on an indicator: whether one is overdue on a day, in which order they are read, which change needs a word."""

from datetime import date, timedelta
from enum import StrEnum, auto

SOON = timedelta(days=30)
"""An action that is due within so many days is due soon: a quarter has three times as many."""


class ActionState(StrEnum):
    """Where an action is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Urgency(StrEnum):
    """How an open action stands to its due date. What is done or dropped is not urgent."""

    OVERDUE = auto()
    SOON = auto()
    LATER = auto()
    UNDATED = auto()


def urgency(state: ActionState, due_on: date | None, today: date) -> Urgency | None:
    """How urgent an action is on a day; None for one that is not open. On its due date it is not overdue yet."""
    if state is not ActionState.OPEN:
        return None
    if due_on is None:
        return Urgency.UNDATED
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due_on <= today + SOON else Urgency.LATER


def rank(state: ActionState, due_on: date | None) -> tuple[int, date]:
    """By this actions are sorted: the open ones first, those longest overdue at the top and those without a date at
    the end; then what was done, then what was dropped."""
    return list(ActionState).index(state), due_on or date.max


def needs_word(before: tuple[ActionState, date | None], after: tuple[ActionState, date | None]) -> bool:
    """Whether a change must be explained: another state, or another due date than one that was known. To give a date
    to an action that had none needs no reason."""
    (state, due_on), (new_state, new_due_on) = before, after
    return new_state is not state or (due_on is not None and new_due_on != due_on)
