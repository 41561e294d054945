"""The distance that all indicators have in common: its zero, its edges, its mirror, and that it agrees with the rating."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import distance as module
from models.rules.distance import NoDistance, distance
from models.rules.expected import Expected
from models.rules.rating import Tolerance, rate
from models.rules.terms import Polarity, Rating, ToleranceKind

HIGHER, LOWER, RANGE = Polarity.HIGHER, Polarity.LOWER, Polarity.RANGE
ONE_WAY = st.sampled_from([HIGHER, LOWER])
TEN = Tolerance(ToleranceKind.PERCENT, Decimal(10))
"""The tolerance of these tests, whatever the default is."""

figures = st.decimals(-1_000_000, 1_000_000, allow_nan=False, allow_infinity=False, places=3)
some = figures.filter(bool)
amounts = st.decimals("0.01", 60, allow_nan=False, allow_infinity=False, places=2)
tolerances = st.builds(Tolerance, st.sampled_from(ToleranceKind), amounts)
ranges = st.tuples(figures, figures).filter(lambda ends: ends[0] != ends[1]).map(sorted)


def found(figure: Decimal, expected: Expected, polarity: Polarity, tolerance: Tolerance | None = None) -> Decimal:
    """A distance that there is."""
    by = distance(figure, expected, polarity, tolerance or TEN)
    assert isinstance(by, Decimal)
    return by


def band(low: Decimal, high: Decimal) -> Expected:
    return Expected(None, low, high)


def test_its_example_is_true() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("figure", "polarity", "by"),
    [
        ("100", HIGHER, "0"),
        ("110", HIGHER, "1"),
        ("90", HIGHER, "-1"),
        ("60", HIGHER, "-4"),
        ("110", LOWER, "-1"),
        ("95", LOWER, "0.5"),
    ],
)
def test_it_counts_tolerances_and_better_is_more(figure: str, polarity: Polarity, by: str) -> None:
    assert found(Decimal(figure), Expected(Decimal(100)), polarity) == Decimal(by)


@pytest.mark.parametrize(
    ("figure", "by"), [("12.5", "0"), ("10", "-1"), ("15", "-1"), ("17.5", "-2"), ("13.75", "-0.5")]
)
def test_a_range_is_its_own_tolerance_and_has_no_better_side(figure: str, by: str) -> None:
    assert found(Decimal(figure), band(Decimal(10), Decimal(15)), RANGE) == Decimal(by)


@given(figures, some, ONE_WAY, tolerances)
def test_past_one_is_where_the_rating_leaves_the_acceptable_range(
    figure: Decimal, point: Decimal, polarity: Polarity, tolerance: Tolerance
) -> None:
    by = found(figure, Expected(point), polarity, tolerance)
    rating = rate(figure, Expected(point), polarity, tolerance).rating
    assert rating is (Rating.BETTER if by > 1 else Rating.WORSE if by < -1 else Rating.WITHIN)


@given(figures, ranges)
def test_past_minus_one_is_where_a_range_is_left(figure: Decimal, ends: list[Decimal]) -> None:
    by = found(figure, band(*ends), RANGE)
    assert by <= 0
    assert rate(figure, band(*ends), RANGE, TEN).rating is (Rating.WORSE if by < -1 else Rating.WITHIN)


@given(figures, some, tolerances)
def test_the_other_polarity_is_its_mirror(figure: Decimal, point: Decimal, tolerance: Tolerance) -> None:
    expected = Expected(point)
    assert found(figure, expected, HIGHER, tolerance) == -found(figure, expected, LOWER, tolerance)


@given(some, ONE_WAY, tolerances)
def test_the_point_itself_is_nought_without_a_sign(point: Decimal, polarity: Polarity, tolerance: Tolerance) -> None:
    by = found(point, Expected(point), polarity, tolerance)
    assert (by, by.is_signed()) == (0, False)


@given(figures, some, ONE_WAY, tolerances, st.decimals("0.001", 1000, places=3, allow_nan=False))
def test_another_unit_makes_no_difference(
    figure: Decimal, point: Decimal, polarity: Polarity, tolerance: Tolerance, times: Decimal
) -> None:
    """Thousands of pounds or pounds: a tolerance in the measure's own unit goes with it."""
    other = Tolerance(tolerance.kind, tolerance.amount * (times if tolerance.kind is ToleranceKind.UNIT else 1))
    here = found(figure, Expected(point), polarity, tolerance)
    there = found(figure * times, Expected(point * times), polarity, other)
    assert abs(here - there) <= abs(here) * Decimal("1e-24")


@given(figures, ranges, figures)
def test_a_range_may_be_moved_and_widened(figure: Decimal, ends: list[Decimal], by: Decimal) -> None:
    here, moved = found(figure, band(*ends), RANGE), found(figure + by, band(ends[0] + by, ends[1] + by), RANGE)
    assert here == moved
    wider = found(figure, band(ends[0] - 1, ends[1] + 1), RANGE)
    assert here <= wider


@pytest.mark.parametrize(
    ("expected", "polarity", "tolerance", "why"),
    [
        (None, HIGHER, TEN, NoDistance.NOTHING_AGREED),
        (Expected(None), LOWER, TEN, NoDistance.NOTHING_AGREED),
        (Expected(Decimal(5)), Polarity.NONE, TEN, NoDistance.NO_GOOD_WAY),
        (None, Polarity.NONE, TEN, NoDistance.NO_GOOD_WAY),
        (Expected(Decimal(0)), HIGHER, TEN, NoDistance.NO_TOLERANCE),
        (Expected(Decimal(5)), HIGHER, Tolerance(amount=Decimal(0)), NoDistance.NO_TOLERANCE),
        (Expected(None, Decimal(80)), RANGE, TEN, NoDistance.OPEN_RANGE),
        (Expected(None, None, Decimal(80)), RANGE, TEN, NoDistance.OPEN_RANGE),
        (Expected(Decimal(5)), RANGE, TEN, NoDistance.OPEN_RANGE),
        (Expected(None, Decimal(5), Decimal(5)), RANGE, TEN, NoDistance.NO_TOLERANCE),
    ],
)
def test_what_cannot_be_compared_says_why(
    expected: Expected | None, polarity: Polarity, tolerance: Tolerance, why: NoDistance
) -> None:
    assert distance(Decimal(7), expected, polarity, tolerance) is why


def test_a_zero_milestone_is_measured_by_a_tolerance_in_its_own_unit() -> None:
    assert found(Decimal(3), Expected(Decimal(0)), LOWER, Tolerance(ToleranceKind.UNIT, Decimal(2))) == Decimal("-1.5")


def test_why_there_is_no_distance_is_said_in_these_words() -> None:
    assert [str(one) for one in NoDistance] == [
        "nothing to hold it against",
        "neither high nor low is good",
        "no tolerance",
        "range open at an end",
    ]
