"""The XmR chart of a series: limits between which it varies by itself, and signals that something has changed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from models.rules.exact import rounded, total

TO_LIMIT = Fraction("2.66")
"""From the average moving range to three standard deviations: 3 / 1.128, Shewhart's d2 for ranges of two."""

SCREEN = Fraction("3.267")
"""Moving ranges from this many times their average are left out, once: Shewhart's D4 for ranges of two."""

NEAR = Fraction(2, 3)
"""How far along the way from mean to limit a point is near the limit."""

RUN = 7
FEWEST = 8
"""Points of a segment from which on it has limits, and signals."""

SETTLED = 13
"""Points from which on limits are not provisional: the NHS's 'Making Data Count' shows none before."""


class Signal(StrEnum):
    """Something that chance seldom does, the most telling first: a point's first signal decides what it means."""

    ABOVE_LIMIT = "above the upper limit"
    BELOW_LIMIT = "below the lower limit"
    RISING = "7 rising"
    FALLING = "7 falling"
    NEAR_UPPER = "2 of 3 near the upper limit"
    NEAR_LOWER = "2 of 3 near the lower limit"
    RUN_ABOVE = "7 above the mean"
    RUN_BELOW = "7 below the mean"


HIGH = frozenset({Signal.ABOVE_LIMIT, Signal.RISING, Signal.NEAR_UPPER, Signal.RUN_ABOVE})
"""Signals that figures are higher than before; the others say that they are lower."""

_HIGH_AND_LOW = tuple(zip(list(Signal)[::2], list(Signal)[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a segment, in the figures' unit; a near limit is two thirds of the way from mean to limit.
    They are rounded to 28 digits, and may be what no figure can be: a count under 0."""

    mean: Decimal
    lower: Decimal
    upper: Decimal
    near_lower: Decimal
    near_upper: Decimal
    provisional: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """The points from `start`, counted from 0, to the next declared break. `signals` has each point's, which may be
    none; with fewer points than FEWEST there are no limits and no signals."""

    start: int
    limits: Limits | None
    signals: tuple[tuple[Signal, ...], ...]


def chart(figures: Sequence[Decimal], breaks: Collection[int] = ()) -> tuple[Segment, ...]:
    """The segments of a series, oldest figure first; periods without a figure are left out before.

    `breaks` are the places, counted from 0, of the points at which the series was declared to start anew; a break
    after the last figure has nothing to start yet. A negative one is a ValueError. Source: the portal's design,
    section 3, after the NHS's 'Making Data Count'.

    >>> limits = chart([Decimal(n) for n in (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)])[0].limits
    >>> [round(line, 2) for line in (limits.mean, limits.lower, limits.upper)]
    [Decimal('1.94'), Decimal('-0.72'), Decimal('4.60')]
    """
    starts = sorted({0, *breaks})
    if starts[0] < 0:
        raise ValueError(f"A series has no point {starts[0]} to start anew at.")
    edges = [*(start for start in starts if start < len(figures)), len(figures)]
    return tuple(_segment(start, figures[start:end]) for start, end in pairwise(edges))


def _segment(start: int, figures: Sequence[Decimal]) -> Segment:
    if len(figures) < FEWEST:
        return Segment(start, None, ((),) * len(figures))
    # As fractions, so that a figure just on a limit is on it: a third has no end in decimals.
    exact = [Fraction(figure) for figure in figures]
    mean = total(exact) / len(exact)
    reach = TO_LIMIT * _average_range(exact)
    limits = Limits(
        mean=rounded(mean),
        lower=rounded(mean - reach),
        upper=rounded(mean + reach),
        near_lower=rounded(mean - NEAR * reach),
        near_upper=rounded(mean + NEAR * reach),
        provisional=len(figures) < SETTLED,
    )
    return Segment(start, limits, _signals([figure - mean for figure in exact], reach))


def _average_range(figures: Sequence[Fraction]) -> Fraction:
    """The average moving range without the outlying ones, unless only those moved: a flat series with one spike would
    have no width at all, and every point of it would be outside. It is 0 when nothing moves."""
    ranges = [abs(later - earlier) for earlier, later in pairwise(figures)]
    average = total(ranges) / len(ranges)
    kept = [each for each in ranges if each < SCREEN * average]
    return total(kept) / max(len(kept), 1) or average


def _signals(off: list[Fraction], reach: Fraction) -> tuple[tuple[Signal, ...], ...]:
    """Each point's signals in the order of `Signal`. The low side is the high side of the series upside down."""
    found: list[list[Signal]] = [[] for _ in off]
    sides = zip(_upward(off, reach), _upward([-each for each in off], reach), strict=True)
    for names, sets in zip(_HIGH_AND_LOW, sides, strict=True):
        for name, points in zip(names, sets, strict=True):
            for point in points:
                found[point].append(name)
    return tuple(map(tuple, found))


def _upward(off: Sequence[Fraction], reach: Fraction) -> tuple[set[int], set[int], set[int], set[int]]:
    """The points outside, rising, near a limit and in a run, all upward; `off` is how far each is from the mean."""
    outside = {point for point, each in enumerate(off) if each > reach}
    close = {point for point, each in enumerate(off) if each > NEAR * reach} - outside

    def together(length: int, holds: Callable[[range], bool]) -> set[int]:
        windows = (range(first, first + length) for first in range(len(off) - length + 1))
        return {point for window in windows if holds(window) for point in window}

    def above(window: range) -> bool:
        return all(off[point] > 0 for point in window)

    rising = together(RUN, lambda window: all(off[one] < off[other] for one, other in pairwise(window)))
    near = close & together(3, lambda window: above(window) and len(close.intersection(window)) >= 2)
    return outside, rising, near, together(RUN, above)
