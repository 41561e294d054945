"""Every blank has one reason, the agreement's before the return's."""

from datetime import date
from itertools import product

import pytest

from models.rules.silence import is_expected, is_late, reason_without_figure
from models.rules.terms import NoRating, State, TargetState

DUE = date(2009, 1, 30)
BEFORE, AFTER = date(2009, 1, 29), date(2009, 1, 31)
WITH_THE_PARTNER = (State.NOT_STARTED, State.DRAFT, State.QUERIED)
ASKED = (TargetState.SET, TargetState.NOT_APPLICABLE)
STATES = (None, *State)


def reason(
    target: TargetState = TargetState.SET,
    *,
    placeholder: bool = False,
    due: date | None = DUE,
    released: date | None = None,
    state: State | None = State.NOT_STARTED,
    today: date = AFTER,
    came_in: date | None = None,
) -> NoRating:
    return reason_without_figure(
        target, placeholder=placeholder, state=state, due=due, released=released, today=today, came_in=came_in
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (TargetState.DROPPED, NoRating.DROPPED),
        (TargetState.WITHDRAWN, NoRating.WITHDRAWN),
        (TargetState.MAA_ONLY, NoRating.MAA_ONLY),
    ],
)
def test_what_is_not_in_force_says_so_whatever_else_is_true(target: TargetState, said: NoRating) -> None:
    for placeholder, due, state, today in product((True, False), (DUE, None), STATES, (BEFORE, AFTER)):
        assert reason(target, placeholder=placeholder, due=due, state=state, today=today) is said


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("due", [DUE, None])
def test_a_placeholder_is_a_placeholder_and_never_late(due: date | None, state: State | None) -> None:
    assert reason(placeholder=True, due=due, state=state) is NoRating.PLACEHOLDER


@pytest.mark.parametrize("state", STATES)
def test_a_measure_is_not_due_where_no_period_of_its_own_ends(state: State | None) -> None:
    assert reason(due=None, state=state) is NoRating.NOT_DUE


@pytest.mark.parametrize(
    ("today", "said"), [(BEFORE, NoRating.NOT_DUE), (DUE, NoRating.NOT_DUE), (AFTER, NoRating.NOT_REPORTED)]
)
def test_what_nobody_was_asked_for_is_not_reported_and_never_late(today: date, said: NoRating) -> None:
    assert reason(state=None, today=today) is said


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_late_before_the_source_is_out(state: State | None) -> None:
    released = date(2009, 9, 30)
    assert reason(state=state, released=released, today=DUE) is NoRating.NOT_DUE
    assert reason(state=state, released=released, today=AFTER) is NoRating.SOURCE_NOT_PUBLISHED
    assert reason(state=state, released=released, today=released) is NoRating.SOURCE_NOT_PUBLISHED
    after = reason(state=state, released=released, today=date(2009, 10, 1))
    checked = NoRating.BEING_CHECKED if state is State.SUBMITTED else NoRating.NOT_REPORTED
    assert after is (NoRating.LATE if state in WITH_THE_PARTNER else checked)


def test_a_source_that_came_out_before_the_due_date_changes_nothing() -> None:
    assert reason(released=BEFORE, today=DUE) is NoRating.NOT_DUE
    assert reason(released=BEFORE, today=AFTER) is NoRating.LATE


@pytest.mark.parametrize("state", WITH_THE_PARTNER)
@pytest.mark.parametrize(
    ("today", "said"), [(BEFORE, NoRating.NOT_DUE), (DUE, NoRating.NOT_DUE), (AFTER, NoRating.LATE)]
)
def test_a_return_is_late_from_the_day_after_its_due_date(state: State, today: date, said: NoRating) -> None:
    assert reason(state=state, today=today) is said


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED, State.PUBLISHED])
def test_what_has_left_the_partner_is_never_late(state: State) -> None:
    said = NoRating.BEING_CHECKED if state is State.SUBMITTED else NoRating.NOT_REPORTED
    for came_in in (None, BEFORE, AFTER):
        assert reason(state=state, today=AFTER, came_in=came_in) is said
        assert not is_late(state, DUE, came_in, AFTER)
    assert reason(state=state, today=DUE) is NoRating.NOT_DUE


@pytest.mark.parametrize("state", [State.DRAFT, State.QUERIED])
def test_what_came_in_in_time_and_was_sent_back_is_being_checked(state: State) -> None:
    for came_in in (BEFORE, DUE):
        assert reason(state=state, came_in=came_in) is NoRating.BEING_CHECKED
    assert reason(state=state, came_in=AFTER) is NoRating.LATE
    # In time is by the day on which the source comes out, where that is later.
    assert reason(state=state, released=AFTER, came_in=AFTER, today=date(2009, 2, 1)) is NoRating.BEING_CHECKED


@pytest.mark.parametrize("target", TargetState)
def test_a_period_asks_for_what_is_in_force(target: TargetState) -> None:
    assert is_expected(target) is (target in ASKED)
