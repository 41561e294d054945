"""What becomes of each figure in public, and what may be done with a publication."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import gate
from models.rules.broken import IllegalMove, NotReady
from models.rules.gate import (
    OPEN,
    Missing,
    PublicationState,
    Publishing,
    Shown,
    check_move,
    check_ready,
    compare,
    missing,
    no_longer_rated,
    puts_right,
)
from models.rules.terms import NoRating, Rating, State

PLACE = ("NI 16", "2008/09 Q2")
WORSE = Shown(Decimal("2.42"), Rating.WORSE, own=True)
NONE = Shown(reason=NoRating.NOT_REPORTED, own=True)
SMALL = Shown(suppressed=True)


def test_examples_in_the_module_hold() -> None:
    assert doctest.testmod(gate).failed == 0


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, WORSE, Publishing.NEW),
        (NONE, WORSE, Publishing.NEW),
        (SMALL, WORSE, Publishing.NEW),
        (WORSE, WORSE, None),
        (WORSE, Shown(Decimal("2.43"), Rating.WORSE, own=True), Publishing.REVISED),
        (WORSE, Shown(Decimal("2.42"), Rating.WITHIN, own=True), Publishing.REVISED),
        (WORSE, Shown(Decimal("2.420"), Rating.WORSE, own=True), None),
        (WORSE, Shown(Decimal("2.42")), None),  # an older period's rating is not printed any more
        (Shown(Decimal("2.42")), WORSE, None),
        (WORSE, NONE, Publishing.WITHDRAWN),
        (WORSE, None, Publishing.WITHDRAWN),
        (WORSE, SMALL, Publishing.SUPPRESSED),
        (None, SMALL, Publishing.SUPPRESSED),
        (SMALL, SMALL, None),
        (None, NONE, Publishing.MISSING),
        (NONE, NONE, Publishing.MISSING),
        (NONE, None, None),
        (None, Shown(), None),
    ],
)
def test_what_becomes_of_a_figure(before: Shown | None, after: Shown | None, kind: Publishing | None) -> None:
    old, new = ({PLACE: one} if one else {} for one in (before, after))
    assert compare(old, new) == ({PLACE: kind} if kind else {})
    was_shown = before is not None and before.value is not None
    assert puts_right(old, compare(old, new)) is (kind is not None and was_shown)


@given(
    st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.sampled_from((WORSE, NONE, SMALL)))
)
def test_the_same_again_changes_nothing_that_is_shown(shown: dict[tuple[str, str], Shown]) -> None:
    again = compare(shown, shown)
    assert set(again.values()) <= {Publishing.MISSING}
    assert not puts_right(shown, again)


def test_each_move_has_the_states_that_it_starts_from() -> None:
    allowed = {
        "release": {PublicationState.PREPARED, PublicationState.HELD},
        "hold": {PublicationState.PREPARED, PublicationState.SCHEDULED},
        "leave": {PublicationState.PREPARED, PublicationState.SCHEDULED, PublicationState.HELD},
        "publish": {PublicationState.SCHEDULED},
    }
    assert set(OPEN) == allowed["leave"]
    for move, states in allowed.items():
        for state in PublicationState:
            if state in states:
                check_move(move, state)
            else:
                with pytest.raises(IllegalMove, match=state):
                    check_move(move, state)


END = date(2008, 12, 31)


@pytest.mark.parametrize(
    ("today", "verified", "sentence"),
    [
        (END, 40, "is not over: its last day is 31 December 2008"),
        (END - timedelta(days=30), 0, "is not over"),
        (END + timedelta(days=1), 0, "Nothing is verified"),
    ],
)
def test_an_edition_is_of_a_period_that_is_over_and_of_something_verified(
    today: date, verified: int, sentence: str
) -> None:
    with pytest.raises(NotReady, match=sentence):
        check_ready("2008/09 Q3", END, today, verified)
    check_ready("2008/09 Q3", END, END + timedelta(days=1), 1)


@pytest.mark.parametrize(
    ("state", "reason", "waits"),
    [
        (State.SUBMITTED, NoRating.NOT_DUE, Missing.TEAM),
        (State.SUBMITTED, NoRating.PLACEHOLDER, Missing.TEAM),
        (None, NoRating.NOT_REPORTED, Missing.TEAM),
        (State.QUERIED, NoRating.NOT_DUE, Missing.PARTNER),
        (State.NOT_STARTED, NoRating.LATE, Missing.PARTNER),
        (State.DRAFT, NoRating.BEING_CHECKED, Missing.PARTNER),
        (State.NOT_STARTED, NoRating.NOT_DUE, Missing.NOT_DUE),
        (None, NoRating.NOT_DUE, Missing.NOT_DUE),
        (State.NOT_STARTED, NoRating.PLACEHOLDER, Missing.IMPOSSIBLE),
        (None, NoRating.DROPPED, Missing.IMPOSSIBLE),
        (State.VERIFIED, NoRating.NOT_REPORTED, Missing.IMPOSSIBLE),
    ],
)
def test_on_whom_a_missing_figure_waits(state: State | None, reason: NoRating, waits: Missing) -> None:
    assert missing(state, reason) is waits


def test_only_what_both_editions_have_has_lost_its_rating() -> None:
    before = {"a": Rating.WORSE, "b": None, "c": Rating.BETTER, "gone": Rating.WITHIN}
    assert no_longer_rated(before, {"a": None, "b": None, "c": Rating.WORSE, "new": None}) == ["a"]
