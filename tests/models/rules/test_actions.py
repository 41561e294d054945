"""Actions: overdue from the day after the due date, read by urgency, and explained where they are moved."""

from datetime import date, timedelta
from itertools import product

import pytest

from models.rules.actions import SOON, ActionState, Urgency, needs_word, rank, urgency

TODAY = date(2009, 1, 20)
OPEN, DONE, DROPPED = ActionState.OPEN, ActionState.DONE, ActionState.DROPPED


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-400, Urgency.OVERDUE),
        (-1, Urgency.OVERDUE),
        (0, Urgency.SOON),
        (SOON.days, Urgency.SOON),
        (SOON.days + 1, Urgency.LATER),
    ],
)
def test_an_action_is_overdue_from_the_day_after_its_due_date(days: int, expected: Urgency) -> None:
    assert urgency(OPEN, TODAY + timedelta(days), TODAY) is expected


def test_without_a_due_date_it_is_open_and_never_overdue() -> None:
    assert urgency(OPEN, None, TODAY) is Urgency.UNDATED


@pytest.mark.parametrize("state", [DONE, DROPPED])
@pytest.mark.parametrize("due_on", [None, date(2008, 1, 1), date(2010, 1, 1)])
def test_what_is_done_or_dropped_is_not_urgent(state: ActionState, due_on: date | None) -> None:
    assert urgency(state, due_on, TODAY) is None


def test_the_longest_overdue_comes_first_and_what_is_over_last() -> None:
    ordered = [
        (OPEN, date(2008, 12, 1)),
        (OPEN, date(2009, 1, 1)),
        (OPEN, date(2010, 1, 1)),
        (OPEN, None),
        (DONE, date(2008, 1, 1)),
        (DONE, None),
        (DROPPED, date(2008, 1, 1)),
    ]
    assert sorted(ordered[3:] + ordered[:3], key=lambda one: rank(*one)) == ordered


def test_another_state_or_another_day_needs_a_word_and_a_first_day_needs_none() -> None:
    days = (None, date(2009, 1, 1), date(2009, 2, 1))
    for before, after in product(product(ActionState, days), repeat=2):
        same_state, known = before[0] is after[0], before[1] is not None
        assert needs_word(before, after) is not (same_state and (not known or before[1] == after[1]))
