"""Actions in words: when they are due, what became of them, and that nothing is said twice or lost."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.rules.actions import ActionState, urgency
from portal import words
from portal.viewmodels.actions import ActionLine, Step

TODAY = date(2009, 1, 20)
FIRST = Step(
    text="Extra patrols.",
    owner="Police",
    owner_key="police",
    named="",
    due_on=None,
    state=ActionState.OPEN,
    evidence="",
    reason="",
    who="Police",
    day=date(2009, 1, 5),
    at=datetime(2009, 1, 5, 12, tzinfo=UTC),
)
DONE = replace(FIRST, state=ActionState.DONE, day=date(2009, 1, 12))


def line(*steps: Step) -> ActionLine:
    return ActionLine(1, len(steps), "NI 16", steps, urgency(steps[-1].state, steps[-1].due_on, TODAY), TODAY)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((FIRST,), "No due date"),
        ((replace(FIRST, due_on=date(2009, 1, 19)),), "Overdue by 1 day, due 19 January 2009"),
        ((replace(FIRST, due_on=date(2008, 12, 31)),), "Overdue by 20 days, due 31 December 2008"),
        ((replace(FIRST, due_on=TODAY),), "Due 20 January 2009, today"),
        ((replace(FIRST, due_on=date(2009, 2, 1)),), "Due 1 February 2009, in 12 days"),
        ((FIRST, DONE), "Done on 12 January 2009"),
        ((FIRST, DONE, replace(DONE, day=TODAY, evidence="It fell.")), "Done on 12 January 2009"),
        ((DONE, replace(FIRST, day=TODAY), replace(DONE, day=TODAY)), "Done on 20 January 2009"),
        ((replace(FIRST, state=ActionState.DROPPED),), "Dropped on 5 January 2009"),
    ],
)
def test_when_it_is_due_or_since_when_it_is_over(steps: tuple[Step, ...], said: str) -> None:
    assert words.action_due(line(*steps)) == said


def test_how_many_are_open_and_how_urgent() -> None:
    late = line(replace(FIRST, due_on=date(2009, 1, 1)))
    assert words.actions_counted([]) == "none open"
    assert words.actions_counted([line(FIRST, DONE)]) == "none open"
    assert words.actions_counted([late, line(FIRST), line(FIRST), line(DONE)]) == (
        "3 open, 1 overdue, 2 without a due date"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, FIRST, "Added."),
        (None, replace(FIRST, who=""), "Came in with the agreement's files."),
        (FIRST, DONE, "Done."),
        (DONE, FIRST, "Opened again."),
        (FIRST, replace(FIRST, due_on=TODAY), "Due 20 January 2009."),
        (replace(FIRST, due_on=TODAY), FIRST, "No due date instead of 20 January 2009."),
        (FIRST, replace(FIRST, named="An inspector"), "For Police (An inspector) instead of Police."),
        (FIRST, replace(FIRST, text="Patrols."), "Worded otherwise, not “Extra patrols.”."),
        (FIRST, replace(DONE, evidence="It fell."), "Done; evidence of impact written."),
        (replace(FIRST, evidence="It fell."), FIRST, "Evidence of impact taken away."),
    ],
)
def test_what_a_step_did(before: Step | None, after: Step, said: str) -> None:
    assert words.step(before, after) == said


PATROLS = line(FIRST)


@pytest.mark.parametrize(
    ("commentary", "left"),
    [
        ("It rose.\n\nWhat is being done:\n- Extra patrols.", "It rose."),
        ("It rose.\n\nWhat is being done:\n- Extra  patrols.\n- Gates.", "It rose.\n\nWhat is being done:\n- Gates."),
        ("- Extra patrols.", ""),
        ("It rose, see:", "It rose, see:"),
        ("Extra patrols.", "Extra patrols."),
        ("One\n  two\n\nthree", "One\n  two\n\nthree"),
        ("", ""),
    ],
)
def test_what_is_listed_beside_a_commentary_is_not_said_twice(commentary: str, left: str) -> None:
    assert words.said_once(commentary, [PATROLS]) == left
    assert words.said_once(commentary, []) == commentary
