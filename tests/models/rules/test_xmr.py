"""The XmR chart: its known check, every signal at its edge, and no change from another unit or side."""

import doctest
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.rules import xmr
from models.rules.xmr import FEWEST, HIGH, RUN, SETTLED, Limits, Segment, Signal, chart

ABOVE, BELOW = Signal.ABOVE_LIMIT, Signal.BELOW_LIMIT
OPPOSITE = {
    Signal.ABOVE_LIMIT: Signal.BELOW_LIMIT,
    Signal.RISING: Signal.FALLING,
    Signal.NEAR_UPPER: Signal.NEAR_LOWER,
    Signal.RUN_ABOVE: Signal.RUN_BELOW,
}
OPPOSITE |= {low: high for high, low in OPPOSITE.items()}
KNOWN = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)

figures = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=2)
# Few different figures, so that ties, runs and points just on a limit come up.
coarse = st.lists(st.integers(-4, 4).map(Decimal), max_size=24)
serieses = st.one_of(coarse, st.lists(figures, max_size=24))


def series(*numbers: float | str) -> list[Decimal]:
    return [Decimal(str(number)) for number in numbers]


def only(found: tuple[Segment, ...]) -> Segment:
    assert len(found) == 1
    return found[0]


def limits_of(*numbers: float | str) -> Limits:
    limits = only(chart(series(*numbers))).limits
    assert limits is not None
    return limits


def where(numbers: list[Decimal], signal: Signal) -> list[int]:
    return [point for point, signals in enumerate(only(chart(numbers)).signals) if signal in signals]


def test_its_examples_are_true() -> None:
    assert doctest.testmod(xmr).failed == 0


def test_the_known_series_has_its_known_limits() -> None:
    limits = limits_of(*KNOWN)
    lines = (limits.mean, limits.lower, limits.upper, limits.near_lower, limits.near_upper)
    assert [f"{line:.2f}" for line in lines] == ["1.94", "-0.72", "4.60", "0.17", "3.72"]
    assert abs(limits.upper - limits.mean - Decimal("2.66")) < Decimal("1e-26")
    assert not limits.provisional
    assert where(series(*KNOWN), ABOVE) == [4]
    assert all(signals in ((), (ABOVE,)) for signals in only(chart(series(*KNOWN))).signals)


@pytest.mark.parametrize(("step", "average"), [("3267", "716.625"), ("3266.999", "999.9998888888888888888888889")])
def test_a_range_of_just_the_screen_is_left_out_and_one_under_it_is_not(step: str, average: str) -> None:
    """Beside eight ranges of 716.625, one of 3267 makes the average 1000."""
    points = [Decimal(0)]
    for size in [Decimal("716.625")] * 4 + [Decimal(step)] + [Decimal("716.625")] * 4:
        points.append(points[-1] + size)
    limits = only(chart(points)).limits
    assert limits is not None
    assert abs(limits.upper - limits.mean - Decimal("2.66") * Decimal(average)) < Decimal("1e-20")


def test_what_is_outlying_among_the_ranges_that_are_left_stays() -> None:
    """After 100 has gone, 5 is far over 3.267 times the average of the others; it is not left out too."""
    numbers = series(0, 1, 0, 1, 0, 1, 0, 1, 0, 5, 105, 105)
    limits = only(chart(numbers)).limits
    assert limits is not None
    assert limits.upper - limits.mean == Decimal("2.66") * Decimal(13) / 10


def test_limits_come_with_eight_points_and_settle_with_thirteen() -> None:
    assert (FEWEST, SETTLED) == (8, 13)
    found = {length: only(chart(series(*[1, 2] * 7)[:length])).limits for length in range(1, 15)}
    assert [length for length, limits in found.items() if limits is None] == [1, 2, 3, 4, 5, 6, 7]
    assert [length for length, limits in found.items() if limits and limits.provisional] == [8, 9, 10, 11, 12]


def test_with_seven_points_even_a_trend_is_no_signal() -> None:
    assert only(chart(series(1, 2, 3, 4, 5, 6, 7))) == Segment(0, None, ((),) * 7)


def test_without_figures_there_is_no_segment() -> None:
    assert chart([]) == ()
    assert chart([], [0]) == ()


def test_figures_that_are_all_the_same_have_limits_on_themselves_and_no_signal() -> None:
    found = only(chart(series(*[100] * 9)))
    assert found.limits == Limits(*series(100, 100, 100, 100, 100), provisional=True)
    assert found.signals == ((),) * 9


def test_one_spike_in_a_flat_series_is_the_one_thing_outside() -> None:
    """The only two ranges that are not 0 are outlying; without them the limits would be the mean itself."""
    numbers = series(5, 5, 5, 5, 7, 5, 5, 5, 5)
    limits = limits_of(5, 5, 5, 5, 7, 5, 5, 5, 5)
    assert abs(limits.upper - limits.mean - Decimal("2.66") * 4 / 8) < Decimal("1e-20")
    assert (where(numbers, ABOVE), where(numbers, BELOW)) == ([4], [])


@pytest.mark.parametrize(("past", "outside"), [("0", []), ("0.000001", [7])])
def test_just_on_a_limit_is_not_outside_it(past: str, outside: list[int]) -> None:
    """The mean is 5.5 and the ranges average 25 / 7, which has no end in decimals; the upper limit is 15."""
    numbers = series(8, 6, 3, 0, 4, 3, 5, 15)
    numbers[7] += Decimal(past)
    assert where(numbers, ABOVE) == outside
    assert where([-number for number in numbers], BELOW) == outside


@pytest.mark.parametrize(("past", "near"), [("0", []), ("0.000001", [5, 6])])
def test_just_on_a_near_limit_is_not_near_the_limit(past: str, near: list[int]) -> None:
    """The mean is 0 and the ranges average 75 / 7: two thirds of 2.66 times that are 19."""
    numbers = series(-12, -5, -14, -23, 5, 19, 19, 11)
    for point in (5, 6):
        numbers[point] += Decimal(past)
    assert where(numbers, Signal.NEAR_UPPER) == near
    assert where([-number for number in numbers], Signal.NEAR_LOWER) == near


@pytest.mark.parametrize(
    ("three", "near"),
    [
        ((12, 12, 5), [20, 21]),
        ((12, 5, 12), [20, 22]),
        ((5, 12, 12), [21, 22]),
        ((12, 12, 12), [20, 21, 22]),
        ((13, 18, 13), [20, 22]),  # 18 is outside: on the same side, but not near
        ((13, 18, 5), []),
        ((12, 5, 5), []),
        ((12, 12, 2), []),  # 2 is below the mean
        ((12, 2, 12), []),
        ((2, 12, 12), []),
    ],
)
def test_two_of_three_on_one_side_are_near_the_limit(three: tuple[int, int, int], near: list[int]) -> None:
    numbers = series(*[4, 0] * 10, *three, 0)
    assert where(numbers, Signal.NEAR_UPPER) == near
    assert where([-number for number in numbers], Signal.NEAR_LOWER) == near


@pytest.mark.parametrize(
    ("above", "run"),
    [
        ((1, 3, 1, 3, 1, 3), []),
        ((1, 3, 1, 3, 1, 3, 1), [7, 8, 9, 10, 11, 12, 13]),
        ((1, 3, 1, 3, 1, 3, 1, 3), [7, 8, 9, 10, 11, 12, 13, 14]),
        ((1, 3, 1, 0, 1, 3, 1, 3), []),
    ],
)
def test_seven_strictly_on_one_side_of_the_mean_are_a_run(above: tuple[int, ...], run: list[int]) -> None:
    """The points before make the mean 0; one that is on it ends a run."""
    before = [-1] * 6
    before[0] -= sum(above) - 6
    numbers = series(*before, 0, *above)
    assert sum(numbers) == 0
    assert where(numbers, Signal.RUN_ABOVE) == run
    assert where(numbers, Signal.RUN_BELOW) == []
    assert where([-number for number in numbers], Signal.RUN_BELOW) == run


@pytest.mark.parametrize(
    ("numbers", "rising"),
    [
        ((9, 0, 1, 2, 3, 4, 5, 4, 9), []),
        ((9, 0, 1, 2, 3, 4, 5, 6, 5), [1, 2, 3, 4, 5, 6, 7]),
        ((9, 0, 1, 2, 3, 4, 5, 6, 7), [1, 2, 3, 4, 5, 6, 7, 8]),
        ((9, 0, 1, 2, 3, 3, 4, 5, 6), []),
        ((0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9), [4, 5, 6, 7, 8, 9, 10]),
    ],
)
def test_seven_strictly_rising_are_a_trend_and_a_tie_breaks_it(numbers: tuple[int, ...], rising: list[int]) -> None:
    assert RUN == 7
    assert where(series(*numbers), Signal.RISING) == rising
    assert where(series(*numbers), Signal.FALLING) == []
    assert where([-number for number in series(*numbers)], Signal.FALLING) == rising


def test_a_point_has_all_its_signals_the_most_telling_first() -> None:
    numbers = series(*[0, 1] * 10, 2, 3, 4, 5, 6, 7, 8)
    assert only(chart(numbers)).signals[-1] == (ABOVE, Signal.RISING, Signal.RUN_ABOVE)
    assert list(Signal) == [
        *(Signal.ABOVE_LIMIT, Signal.BELOW_LIMIT, Signal.RISING, Signal.FALLING),
        *(Signal.NEAR_UPPER, Signal.NEAR_LOWER, Signal.RUN_ABOVE, Signal.RUN_BELOW),
    ]
    assert {signal for signal in Signal if signal in HIGH} == {
        *(Signal.ABOVE_LIMIT, Signal.RISING, Signal.NEAR_UPPER, Signal.RUN_ABOVE)
    }


def test_a_signal_is_told_in_these_words() -> None:
    assert [*Signal] == [
        *("above the upper limit", "below the lower limit", "7 rising", "7 falling"),
        *("2 of 3 near the upper limit", "2 of 3 near the lower limit", "7 above the mean", "7 below the mean"),
    ]


def test_a_declared_break_starts_anew() -> None:
    numbers = series(*[1, 2] * 5, *[101, 102] * 4)
    old, new = chart(numbers, [10])
    assert [(segment.start, len(segment.signals)) for segment in (old, new)] == [(0, 10), (10, 8)]
    assert [_rest(old), _rest(new)] == [_rest(only(chart(half))) for half in (numbers[:10], numbers[10:])]
    assert [segment.limits and segment.limits.mean for segment in (old, new)] == [Decimal("1.5"), Decimal("101.5")]
    assert any(only(chart(numbers)).signals)
    assert not any((*old.signals, *new.signals))


def _rest(segment: Segment) -> tuple[Limits | None, tuple[tuple[Signal, ...], ...]]:
    return segment.limits, segment.signals


def test_breaks_may_come_in_any_order_twice_or_after_the_last_figure() -> None:
    numbers = series(1, 2, 3, 4, 5)
    assert [segment.start for segment in chart(numbers, [3, 1, 3, 0, 5, 9])] == [0, 1, 3]
    assert [len(segment.signals) for segment in chart(numbers, {4})] == [4, 1]
    with pytest.raises(ValueError, match=r"^A series has no point -1 to start anew at\.$"):
        chart(numbers, [2, -1])


def by_definition(numbers: list[Decimal]) -> list[set[Signal]]:
    """The signals once more, point by point and word for word as the design says them."""
    exact = [Fraction(number) for number in numbers]
    mean = sum(exact) / len(exact)
    ranges = [abs(later - earlier) for earlier, later in pairwise(exact)]
    small = [each for each in ranges if each * len(ranges) < Fraction(3267, 1000) * sum(ranges)]
    kept = small if any(small) else ranges
    reach = Fraction(266, 100) * sum(kept) / len(kept)
    found: list[set[Signal]] = [set() for _ in exact]
    for point in range(len(exact)):
        if exact[point] > mean + reach:
            found[point].add(Signal.ABOVE_LIMIT)
        if exact[point] < mean - reach:
            found[point].add(Signal.BELOW_LIMIT)
    for window in zip(*(range(first, len(exact)) for first in range(7)), strict=False):
        values = [exact[point] for point in window]
        seven = {
            Signal.RUN_ABOVE: min(values) > mean,
            Signal.RUN_BELOW: max(values) < mean,
            Signal.RISING: values == sorted(set(values)),
            Signal.FALLING: values == sorted(set(values), reverse=True),
        }
        for point in window:
            found[point] |= {signal for signal, given_ in seven.items() if given_}
    for window in zip(*(range(first, len(exact)) for first in range(3)), strict=False):
        values = [exact[point] for point in window]
        for side, signal in ((1, Signal.NEAR_UPPER), (-1, Signal.NEAR_LOWER)):
            ways = [side * (value - mean) for value in values]
            close = [point for point, way in zip(window, ways, strict=True) if reach * 2 / 3 < way <= reach]
            if min(ways) > 0 and len(close) >= 2:
                for point in close:
                    found[point].add(signal)
    return found


@given(st.one_of(st.lists(st.integers(-4, 4).map(Decimal), min_size=8, max_size=24), st.permutations(range(-6, 7))))
@example(series(*[4, 0] * 10, 12, 18, 12))
@example(series(5, 5, 5, 5, 7, 5, 5, 5, 5))
@settings(max_examples=150, deadline=None)
def test_the_signals_are_those_of_the_definitions(numbers: list[Decimal]) -> None:
    signals = only(chart([Decimal(number) for number in numbers])).signals
    assert [set(each) for each in signals] == by_definition(numbers)
    assert all(list(each) == [signal for signal in Signal if signal in each] for each in signals)


@given(serieses)
@settings(max_examples=80, deadline=None)
def test_upside_down_high_and_low_change_places(numbers: list[Decimal]) -> None:
    for segment, mirrored in zip(chart(numbers), chart([-number for number in numbers]), strict=True):
        assert [{OPPOSITE[signal] for signal in each} for each in segment.signals] == [*map(set, mirrored.signals)]
        if segment.limits is not None:
            of, m = segment.limits, mirrored.limits
            assert m is not None
            assert (m.mean, m.lower, m.upper) == (-of.mean, -of.upper, -of.lower)
            assert (m.near_lower, m.near_upper) == (-of.near_upper, -of.near_lower)
            assert m.provisional is of.provisional


@given(serieses, figures, st.decimals("0.001", 1000, allow_nan=False, allow_infinity=False, places=3))
@settings(max_examples=80, deadline=None)
def test_another_unit_or_another_zero_changes_no_signal(numbers: list[Decimal], shift: Decimal, scale: Decimal) -> None:
    for segment, other in zip(chart(numbers), chart([n * scale + shift for n in numbers]), strict=True):
        assert other.signals == segment.signals
        if segment.limits is not None:
            of, to = segment.limits, other.limits
            assert to is not None
            pairs = [(of.mean, to.mean), (of.lower, to.lower), (of.near_upper, to.near_upper)]
            assert all(abs(one * scale + shift - another) < Decimal("1e-18") for one, another in pairs)


@given(serieses, st.sets(st.integers(0, 30)))
@settings(max_examples=60, deadline=None)
def test_every_point_is_in_one_segment_that_knows_no_other(numbers: list[Decimal], breaks: set[int]) -> None:
    segments = chart(numbers, breaks)
    assert sum(len(segment.signals) for segment in segments) == len(numbers)
    for segment in segments:
        alone = only(chart(numbers[segment.start : segment.start + len(segment.signals)]))
        assert _rest(alone) == _rest(segment)
        assert segment.limits is not None or len(segment.signals) < FEWEST
