"""What becomes of each figure in public, and what may be done with a publication."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import gate
from models.rules.broken import IllegalMove
from models.rules.gate import OPEN, PublicationState, Publishing, Shown, check_move, compare, puts_right
from models.rules.terms import NoRating, Rating

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
