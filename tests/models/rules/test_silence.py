"""Every blank has one reason, the agreement's before the return's."""

from datetime import date
from itertools import product

import pytest

from models.rules.silence import is_expected, reason_without_figure
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
    yearly: bool = False,
    state: State | None = State.NOT_STARTED,
    today: date = AFTER,
) -> NoRating:
    return reason_without_figure(target, placeholder=placeholder, yearly=yearly, state=state, due=DUE, today=today)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (TargetState.DROPPED, NoRating.DROPPED),
        (TargetState.WITHDRAWN, NoRating.WITHDRAWN),
        (TargetState.MAA_ONLY, NoRating.MAA_ONLY),
    ],
)
def test_what_is_not_in_force_says_so_whatever_else_is_true(target: TargetState, said: NoRating) -> None:
    for placeholder, yearly, state, today in product((True, False), (True, False), STATES, (BEFORE, AFTER)):
        assert reason(target, placeholder=placeholder, yearly=yearly, state=state, today=today) is said


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("yearly", [True, False])
def test_a_placeholder_is_a_placeholder_and_never_late(yearly: bool, state: State | None) -> None:
    assert reason(placeholder=True, yearly=yearly, state=state) is NoRating.PLACEHOLDER


@pytest.mark.parametrize("state", STATES)
def test_a_yearly_measure_is_not_due_in_a_quarter_and_never_late(state: State | None) -> None:
    assert reason(yearly=True, state=state) is NoRating.NOT_DUE


@pytest.mark.parametrize("today", [BEFORE, DUE, AFTER])
def test_what_nobody_was_asked_for_is_not_reported_and_never_late(today: date) -> None:
    assert reason(state=None, today=today) is NoRating.NOT_REPORTED


@pytest.mark.parametrize("state", WITH_THE_PARTNER)
@pytest.mark.parametrize(
    ("today", "said"), [(BEFORE, NoRating.NOT_DUE), (DUE, NoRating.NOT_DUE), (AFTER, NoRating.LATE)]
)
def test_a_return_is_late_from_the_day_after_its_due_date(state: State, today: date, said: NoRating) -> None:
    assert reason(state=state, today=today) is said


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED, State.PUBLISHED])
def test_what_has_left_the_partner_is_never_late(state: State) -> None:
    assert reason(state=state, today=AFTER) is NoRating.NOT_REPORTED
    assert reason(state=state, today=DUE) is NoRating.NOT_DUE


@pytest.mark.parametrize("target", TargetState)
def test_a_quarter_asks_for_what_is_in_force_and_not_for_what_comes_once_a_year(target: TargetState) -> None:
    assert is_expected(target, yearly=False) is (target in ASKED)
    assert is_expected(target, yearly=True) is False
