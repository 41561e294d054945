"""The recent trend: Fingertips' own cases come out, and each condition turns the answer at its edge."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.rules import trend
from models.rules.interval import Interval
from models.rules.trend import SIGNIFICANT_OVER, RecentTrend, Trend, trend_of_proportions, trend_of_values

INCREASING, DECREASING, NO_CHANGE = Trend.INCREASING, Trend.DECREASING, Trend.NO_CHANGE
TOO_FEW, NOT_CALCULABLE = RecentTrend(Trend.TOO_FEW), RecentTrend(Trend.NOT_CALCULABLE)

figures = st.decimals(-100, 100, allow_nan=False, allow_infinity=False, places=2)
widths = st.decimals("0.1", 20, allow_nan=False, allow_infinity=False, places=2)
five = st.lists(st.tuples(figures, widths), min_size=5, max_size=5)


def series(*texts: float | str) -> list[Decimal]:
    return [Decimal(str(text)) for text in texts]


def around(values: list[Decimal], *sizes: float | str) -> list[Interval]:
    """An interval of each size around its value; one size is for all."""
    all_sizes = series(*sizes) * (1 if len(sizes) > 1 else len(values))
    return [Interval(value - size / 2, value + size / 2) for value, size in zip(values, all_sizes, strict=True)]


def of_values(values: list[Decimal], *sizes: float | str) -> RecentTrend:
    return trend_of_values(values, around(values, *sizes))


def test_its_examples_are_true() -> None:
    assert doctest.testmod(trend).failed == 0


def test_fingertips_rising_values_rise() -> None:
    values = series("24.67", "24.6", "28", "30.2", "30.6")
    ends = [("23.16", "26.25"), ("23.15", "26.19"), ("26.44", "29.64"), ("28.63", "31.9"), ("28.98", "32.25")]
    found = trend_of_values(values, [Interval(Decimal(low), Decimal(high)) for low, high in ends])
    assert found.trend is INCREASING
    assert found.chi_square is not None
    assert found.slope is not None
    assert (f"{found.chi_square:.2f}", f"{found.slope:.3f}") == ("46.77", "1.752")


def test_fingertips_wavering_values_have_no_trend() -> None:
    values = series("20.5506", "19.5952", "19.0349", "21.3966", "18.4372")
    ends = [
        *(("18.1803", "23.1427"), ("17.3444", "22.0602"), ("16.8421", "21.4394")),
        *(("19.0918", "23.8975"), ("16.2925", "20.7941")),
    ]
    found = trend_of_values(values, [Interval(Decimal(low), Decimal(high)) for low, high in ends])
    assert found.trend is NO_CHANGE
    assert f"{found.chi_square:.3f}" == "0.464"


def test_fingertips_rising_proportions_rise() -> None:
    counts, people = [994, 1023, 1199, 1332, 1367], [40299, 41527, 42811, 44064, 44701]
    found = trend_of_proportions(counts, people)
    assert found.trend is INCREASING
    assert f"{found.chi_square:.1f}" == "47.9"
    others = [of - cases for cases, of in zip(counts, people, strict=True)]
    assert trend_of_proportions(others, people).trend is DECREASING


def test_proportions_are_tested_by_the_formula_in_counts() -> None:
    c, n = [53, 51, 45, 40, 41], [100, 110, 90, 120, 130]
    years = range(1, 6)
    people, cases = sum(n), sum(c)
    lean = people * sum(a * t for a, t in zip(c, years, strict=True))
    lean -= cases * sum(b * t for b, t in zip(n, years, strict=True))
    spread = people * sum(b * t * t for b, t in zip(n, years, strict=True))
    spread -= sum(b * t for b, t in zip(n, years, strict=True)) ** 2
    found = trend_of_proportions(c, n)
    assert found.chi_square is not None
    assert abs(found.chi_square - Decimal(people * lean**2) / (cases * (people - cases) * spread)) < Decimal("1e-24")


def test_the_slope_of_proportions_is_that_of_their_log_odds() -> None:
    """Odds of 1, 2, 4, 8 and 16 to one rise by the logarithm of 2 in a year."""
    found = trend_of_proportions([100, 200, 400, 800, 1600], [200, 300, 500, 900, 1700])
    assert found.slope is not None
    assert abs(found.slope - Decimal(2).ln()) < Decimal("1e-26")
    assert found.trend is INCREASING


def test_it_takes_five_years_and_the_latest_of_more() -> None:
    values = series(1, 2, 3, 4, 5)
    assert of_values(values[:4], 1) == trend_of_values([], []) == TOO_FEW
    assert trend_of_proportions([1, 2, 3, 4], [9, 9, 9, 9]) == TOO_FEW
    assert of_values([Decimal(900), *values], 0, 1, 1, 1, 1, 1) == of_values(values, 1)
    assert of_values(values, 1).trend is INCREASING
    assert trend_of_proportions([9, 1, 2, 3, 4, 5], [9] * 6) == trend_of_proportions([1, 2, 3, 4, 5], [9] * 5)


@pytest.mark.parametrize(("slope", "found"), [("0.97721", NO_CHANGE), ("0.97722", INCREASING)])
def test_chi_square_must_be_over_its_point_of_99_8_per_cent(slope: str, found: Trend) -> None:
    """With intervals 3.92 wide every weight is 1, and chi-square is ten times the slope's square."""
    assert Fraction("9.54953570608324") == SIGNIFICANT_OVER
    values = [Decimal(slope) * year for year in range(5)]
    assert of_values(values, "3.92").trend is found
    assert of_values(values, "3.92").chi_square == 10 * Decimal(slope) ** 2
    assert of_values(values, "3.92").slope == Decimal(slope)


@pytest.mark.parametrize(("point", "found"), [("10", NO_CHANGE), ("9.9999", INCREASING)])
def test_just_on_the_point_is_not_significant(monkeypatch: pytest.MonkeyPatch, point: str, found: Trend) -> None:
    monkeypatch.setattr(trend, "SIGNIFICANT_OVER", Fraction(point))
    assert of_values(series(1, 2, 3, 4, 5), "3.92").trend is found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((1, 2, 3, 4, 5), INCREASING),
        ((5, 4, 3, 2, 1), DECREASING),
        ((5, 5, 5, 5, 5), NO_CHANGE),
        ((4, 3, 2, 1, 90), NO_CHANGE),  # rises, but falls without the last
        ((-90, 4, 3, 2, 1), NO_CHANGE),  # rises, but falls without the first
        ((1, 2, 3, 4, -90), NO_CHANGE),
        ((0, 0, 0, 0, 90), INCREASING),  # flat without the last, which counts as rising
        ((0, 0, 0, 0, -90), NO_CHANGE),
        ((90, 0, 0, 0, 0), NO_CHANGE),
    ],
)
def test_no_one_year_may_turn_the_slope(values: tuple[int, ...], found: Trend) -> None:
    answer = of_values(series(*values), "0.1")
    assert answer.trend is found
    assert answer.chi_square is not None
    assert (answer.chi_square > 100) is (len(set(values)) > 1)


def test_proportions_that_rest_on_one_year_have_no_trend() -> None:
    found = trend_of_proportions([300, 290, 280, 270, 900], [1000] * 5)
    assert found.chi_square is not None
    assert found.chi_square > 100
    assert found.trend is NO_CHANGE


def test_a_surer_year_weighs_more() -> None:
    """The same values; the line follows the years with the narrow intervals."""
    values = series(1, 2, 3, 4, 0)
    assert of_values(values, 1).slope == 0
    assert of_values(values, 1, 1, 1, 1, 100).slope == pytest.approx(Decimal(1), abs=Decimal("0.001"))


def test_what_cannot_be_weighed_cannot_be_calculated() -> None:
    assert of_values(series(1, 2, 3, 4, 5), 1, 1, 0, 1, 1) == NOT_CALCULABLE
    assert trend_of_proportions([5, 3, 1, 1, 2], [5, 5, 5, 4, 4]) == NOT_CALCULABLE
    assert trend_of_proportions([2, 3, 0, 1, 2], [5, 5, 5, 4, 4]) == NOT_CALCULABLE
    assert trend_of_proportions([4, 3, 1, 1, 2], [5, 5, 5, 4, 4]).trend is NO_CHANGE


def test_every_value_needs_its_own_interval_and_counts_must_be_possible() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        trend_of_values(series(1, 2), [Interval(Decimal(0), Decimal(1))])
    with pytest.raises(ValueError, match="argument 2 is longer"):
        trend_of_proportions([1], [2, 3])
    with pytest.raises(ValueError, match="A numerator cannot be more than its denominator: 7 of 5"):
        trend_of_proportions([1, 7], [5, 5])


@given(five, figures, st.decimals("0.01", 100, allow_nan=False, allow_infinity=False, places=2))
@settings(max_examples=60, deadline=None)
def test_another_unit_or_another_zero_changes_nothing_but_the_slope(
    points: list[tuple[Decimal, Decimal]], shift: Decimal, scale: Decimal
) -> None:
    values, sizes = [value for value, _ in points], [size for _, size in points]
    found = of_values(values, *map(str, sizes))
    other = of_values([value * scale + shift for value in values], *(str(size * scale) for size in sizes))
    assert (other.trend, other.chi_square) == (found.trend, found.chi_square)
    assert found.slope is not None
    assert other.slope is not None
    assert abs(found.slope * scale - other.slope) < Decimal("1e-20")


@given(five)
@settings(max_examples=60, deadline=None)
def test_upside_down_rising_is_falling(points: list[tuple[Decimal, Decimal]]) -> None:
    values, sizes = [value for value, _ in points], [str(size) for _, size in points]
    assume(len(set(values)) == 5)  # a line that is flat without one year counts as rising, either way up
    found, mirrored = of_values(values, *sizes), of_values([-value for value in values], *sizes)
    assert mirrored.chi_square == found.chi_square
    assert found.slope is not None
    assert mirrored.slope == -found.slope
    if found.trend in (INCREASING, DECREASING):
        assert (found.trend is INCREASING) is (found.slope > 0)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None)
def test_counting_the_others_turns_a_trend_round(pairs: list[tuple[int, int]]) -> None:
    people = [cases + others for cases, others in pairs]
    found = trend_of_proportions([cases for cases, _ in pairs], people)
    mirrored = trend_of_proportions([others for _, others in pairs], people)
    assert mirrored.chi_square == found.chi_square
    assert found.slope is not None
    assert mirrored.slope is not None
    assert abs(mirrored.slope + found.slope) < Decimal("1e-24")
