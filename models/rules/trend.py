"""The recent trend of yearly figures, tested: whether the latest five rise or fall by more than chance would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from models.rules.exact import rounded, total
from models.rules.interval import Interval, counted_of

POINTS = 5
SIGNIFICANT_OVER = Fraction("9.54953570608324")
"""The 99.8% point of the chi-square distribution with one degree of freedom."""

WIDTH = Fraction("3.92")
"""The width of a 95% interval in standard errors: 1.96 to either side."""

_Point = tuple[int, Fraction, Fraction]
"""A year counted from 1, its value, and how much that weighs."""


class Trend(StrEnum):
    """What the test says, or why it says nothing."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no significant change"
    TOO_FEW = "too few points"
    NOT_CALCULABLE = "cannot be calculated"


@dataclass(frozen=True, slots=True)
class RecentTrend:
    """The answer, with the test's statistic and the slope in a year: in the figures' unit, or in log-odds for
    proportions. Both are None when nothing could be tested."""

    trend: Trend
    chi_square: Decimal | None = None
    slope: Decimal | None = None


def trend_of_values(values: Sequence[Decimal], intervals: Sequence[Interval]) -> RecentTrend:
    """The trend of the latest five yearly figures, the oldest first, from their 95% intervals.

    They must be yearly, of periods that do not overlap, with no break of the series: the test is not for quarters.
    An interval of no width cannot be weighed: not calculable. ValueError when there is not one interval for each
    value. Source: the recent trends of Public Health England's Fingertips: a weighted straight line, significant when
    chi-square is over the 99.8% point and leaving out any one year does not turn the slope; a flat line counts as
    rising.

    >>> values = [Decimal(text) for text in ("24.67", "24.6", "28", "30.2", "30.6")]
    >>> trend_of_values(values, [Interval(value - 1, value + 1) for value in values]).trend
    <Trend.INCREASING: 'increasing'>
    """
    latest = list(zip(values, intervals, strict=True))[-POINTS:]
    if len(latest) < POINTS:
        return RecentTrend(Trend.TOO_FEW)
    widths = [Fraction(interval.high) - Fraction(interval.low) for _, interval in latest]
    if 0 in widths:
        return RecentTrend(Trend.NOT_CALCULABLE)
    points = _points([Fraction(value) for value, _ in latest], [(WIDTH / width) ** 2 for width in widths])
    return _answer(points, _line(points)[1])


def trend_of_proportions(numerators: Sequence[Decimal | int], denominators: Sequence[Decimal | int]) -> RecentTrend:
    """The trend of the latest five yearly proportions, the oldest first, from their counts: chi-square for a trend in
    proportions, with the slope of the log-odds. What is said of `trend_of_values` holds here too.

    A year with none or all of its cases has no log-odds: not calculable. ValueError for counts that cannot be.

    >>> counts, people = (994, 1023, 1199, 1332, 1367), (40299, 41527, 42811, 44064, 44701)
    >>> round(trend_of_proportions(counts, people).chi_square, 1)
    Decimal('47.9')
    """
    latest = [counted_of(*pair) for pair in zip(numerators, denominators, strict=True)][-POINTS:]
    if len(latest) < POINTS:
        return RecentTrend(Trend.TOO_FEW)
    if any(cases in (0, people) for cases, people in latest):
        return RecentTrend(Trend.NOT_CALCULABLE)
    weights = [Fraction(people) for _, people in latest]
    shares = [Fraction(cases) / Fraction(people) for cases, people in latest]
    share = total(Fraction(cases) for cases, _ in latest) / total(weights)
    # A share's variance is share x (1 - share) / people: by that the weights are too large.
    chi_square = _line(_points(shares, weights))[1] / (share * (1 - share))
    # Logarithms have no end: here, and nowhere else, 28 digits stand for them.
    log_odds = [Fraction((cases / (people - cases)).ln()) for cases, people in latest]
    return _answer(_points(log_odds, [Fraction(1)] * POINTS), chi_square)


def _points(values: Sequence[Fraction], weights: Sequence[Fraction]) -> list[_Point]:
    return list(zip(range(1, POINTS + 1), values, weights, strict=True))


def _line(points: Sequence[_Point]) -> tuple[Fraction, Fraction]:
    """The slope of the weighted straight line, and its square over its variance. In fractions, so that flat is flat."""
    weight = total(w for _, _, w in points)
    moment = total(w * t for t, _, w in points)
    lean = weight * total(w * t * y for t, y, w in points) - moment * total(w * y for _, y, w in points)
    spread = weight * total(w * t * t for t, _, w in points) - moment * moment
    return lean / spread, lean * lean / (spread * weight)


def _answer(points: Sequence[_Point], chi_square: Fraction) -> RecentTrend:
    slope, _ = _line(points)
    without_one = [_line([point for point in points if point is not left_out])[0] for left_out in points]
    rests_on_one = len({each >= 0 for each in (slope, *without_one)}) > 1
    if rests_on_one or chi_square <= SIGNIFICANT_OVER:
        trend = Trend.NO_CHANGE
    else:
        trend = Trend.INCREASING if slope > 0 else Trend.DECREASING
    return RecentTrend(trend, rounded(chi_square), rounded(slope))
