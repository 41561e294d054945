"""The direction of travel: two figures while there are few, signals from eight on, the same either way up."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import direction
from models.rules.aim import Aim
from models.rules.direction import Basis, Direction, Travel, against_previous, against_year_before
from models.rules.terms import Polarity
from models.rules.xmr import HIGH, Signal, chart

IMPROVING, WORSENING, NO_CHANGE = Direction.IMPROVING, Direction.WORSENING, Direction.NO_CHANGE
INCREASING, DECREASING = Direction.INCREASING, Direction.DECREASING
HIGHER, LOWER, NEITHER = Aim(Polarity.HIGHER), Aim(Polarity.LOWER), Aim(Polarity.NONE)
TEN_TO_FIFTEEN = Aim(Polarity.RANGE, Decimal(10), Decimal(15))
OPPOSITE = {IMPROVING: WORSENING, WORSENING: IMPROVING, NO_CHANGE: NO_CHANGE}

coarse = st.lists(st.integers(-4, 4).map(Decimal), max_size=20)
aims = st.sampled_from([HIGHER, LOWER, NEITHER, TEN_TO_FIFTEEN, Aim(Polarity.RANGE)])


def series(*numbers: float | str) -> list[Decimal]:
    return [Decimal(str(number)) for number in numbers]


def travel(figures: list[Decimal], aim: Aim = HIGHER, breaks: tuple[int, ...] = ()) -> Travel:
    found = against_previous(figures, aim, breaks)
    assert found is not None
    return found


def test_its_examples_are_true() -> None:
    assert doctest.testmod(direction).failed == 0


def test_other_programs_read_a_direction_and_what_decided_it_in_these_words() -> None:
    assert [*Direction] == ["improving", "worsening", "no change", "increasing", "decreasing"]
    assert [*Basis] == ["two figures", "process limits", "same period a year before", "baseline"]


@pytest.mark.parametrize(
    ("earlier", "later", "aim", "way"),
    [
        ("2.14", "2.42", HIGHER, IMPROVING),
        ("2.14", "2.42", LOWER, WORSENING),
        ("2.14", "2.42", NEITHER, INCREASING),
        ("2.42", "2.14", HIGHER, WORSENING),
        ("2.42", "2.14", LOWER, IMPROVING),
        ("2.42", "2.14", NEITHER, DECREASING),
        ("2.4", "2.40", HIGHER, NO_CHANGE),
        ("2.4", "2.40", LOWER, NO_CHANGE),
        ("2.4", "2.40", NEITHER, NO_CHANGE),
        ("8", "9", TEN_TO_FIFTEEN, IMPROVING),
        ("9", "8", TEN_TO_FIFTEEN, WORSENING),
        ("9", "12", TEN_TO_FIFTEEN, IMPROVING),
        ("12", "16", TEN_TO_FIFTEEN, WORSENING),
        ("17", "16", TEN_TO_FIFTEEN, IMPROVING),
        ("10", "15", TEN_TO_FIFTEEN, NO_CHANGE),  # inside before and after
        ("8", "17", TEN_TO_FIFTEEN, NO_CHANGE),  # as far outside as before
        ("8", "9", Aim(Polarity.RANGE), INCREASING),
        ("9", "8", Aim(Polarity.RANGE), DECREASING),
    ],
)
def test_of_two_figures_the_better_one_tells_the_direction(earlier: str, later: str, aim: Aim, way: Direction) -> None:
    before, after = Decimal(earlier), Decimal(later)
    assert travel([before, after], aim) == Travel(way, Basis.TWO_FIGURES, after, before)
    assert against_year_before(after, before, aim) == Travel(way, Basis.SAME_PERIOD, after, before)


def test_one_figure_or_none_goes_nowhere() -> None:
    assert against_previous([], HIGHER) is None
    assert against_previous(series(5), HIGHER) is None
    assert against_previous(series(5, 6), HIGHER, [1]) is None
    assert against_previous(series(5, 6, 7), HIGHER, [1]) == Travel(
        IMPROVING, Basis.TWO_FIGURES, Decimal(7), Decimal(6)
    )


def test_two_figures_decide_up_to_seven_and_process_limits_from_eight_on() -> None:
    seven, eight = series(1, 2, 1, 2, 1, 2, 1), series(1, 2, 1, 2, 1, 2, 1, 2)
    assert (travel(seven).basis, travel(seven).direction) == (Basis.TWO_FIGURES, WORSENING)
    assert travel(eight) == Travel(
        NO_CHANGE, Basis.PROCESS_LIMITS, Decimal(2), Decimal("1.5"), chart(eight)[0].limits, ()
    )


def test_the_points_are_counted_from_the_last_break() -> None:
    numbers = series(9, 9, 1, 2, 1, 2, 1, 2, 1, 2)
    assert travel(numbers).basis is Basis.PROCESS_LIMITS
    assert travel(numbers, breaks=(2,)).against == Decimal("1.5")
    assert travel(numbers, breaks=(3,)) == Travel(IMPROVING, Basis.TWO_FIGURES, Decimal(2), Decimal(1))


@pytest.mark.parametrize(
    ("numbers", "signal", "against"),
    [
        ((1, 2, 1, 2, 1, 2, 1, 2, 1, 9), Signal.ABOVE_LIMIT, "2.2"),
        ((9, 0, 1, 2, 3, 4, 5, 6), Signal.RISING, "0"),
        ((9, 9, 9, 0, 1, 2, 3, 4, 5, 6, 7), Signal.RISING, "1"),
        ((*[4, 0] * 10, 5, 12, 12), Signal.NEAR_UPPER, None),
        ((-7, -1, -1, -1, -1, -1, -1, 1, 3, 1, 3, 1, 3, 1), Signal.RUN_ABOVE, "0"),
    ],
)
def test_each_signal_at_the_latest_point_decides(numbers: tuple[int, ...], signal: Signal, against: str | None) -> None:
    """Seven rising are held against the first of the seven, which may be higher than the mean; the others against
    the mean."""
    figures = series(*numbers)
    segment = chart(figures)[0]
    assert segment.limits is not None
    expected = segment.limits.mean if against is None else Decimal(against)
    found = travel(figures)
    assert found == Travel(IMPROVING, Basis.PROCESS_LIMITS, figures[-1], expected, segment.limits, segment.signals[-1])
    assert found.signals[0] is signal
    assert travel(figures, LOWER).direction is WORSENING
    assert travel(figures, NEITHER).direction is INCREASING
    upside_down = [-figure for figure in figures]
    assert travel(upside_down).against == -expected
    assert [travel(upside_down, aim).direction for aim in (HIGHER, LOWER, NEITHER)] == [
        *(WORSENING, IMPROVING, DECREASING)
    ]


def test_the_first_signal_is_the_one_that_decides() -> None:
    rise = series(*[0, 8] * 10, 6, 7, 8, 9, 10, 11, 12)
    assert travel(rise).signals == (Signal.RISING, Signal.RUN_ABOVE)
    assert travel(rise).against == 6


def test_the_limits_are_those_of_the_latest_segment() -> None:
    figures = series(*[1, 2] * 4, *[101, 102] * 4, 109)
    segment = chart(figures, [8])[-1]
    assert segment.limits is not None
    assert travel(figures, breaks=(8,)) == Travel(
        IMPROVING, Basis.PROCESS_LIMITS, Decimal(109), segment.limits.mean, segment.limits, segment.signals[-1]
    )
    assert travel(figures[:-1], breaks=(8,)).limits == chart(figures[8:-1])[0].limits


def test_a_signal_at_an_earlier_point_is_past() -> None:
    figures = series(1, 2, 1, 2, 1, 2, 1, 2, 9, 2)
    assert any(chart(figures)[0].signals[-2])
    assert travel(figures).direction is NO_CHANGE


def test_a_point_below_the_limit_is_lower_though_it_ends_a_rise() -> None:
    """After a fall from 100 seven points rise a little; the latest is far below where the measure used to be."""
    figures = series(*[100, 101] * 25, 40, 41, 42, 43, 44, 45, 46)
    found = travel(figures)
    assert found.signals == (Signal.BELOW_LIMIT, Signal.RISING, Signal.RUN_BELOW)
    assert found.direction is WORSENING


@pytest.mark.parametrize(
    ("numbers", "way"),
    [
        ((20, 21, 20, 21, 20, 21, 20, 21, 20, 12), IMPROVING),
        ((12, 13, 12, 13, 12, 13, 12, 13, 12, 25), WORSENING),
        ((11.5, 12, 11.5, 12, 11.5, 12, 11.5, 12, 11.5, 15), NO_CHANGE),
        ((20, 21, 20, 21, 20, 21, 20, 21, 20, 30), WORSENING),
        ((9, 2, 3, 4, 5, 6, 7, 8), IMPROVING),
    ],
)
def test_a_signal_towards_a_range_improves_and_one_away_from_it_worsens(
    numbers: tuple[float, ...], way: Direction
) -> None:
    found = travel(series(*numbers), TEN_TO_FIFTEEN)
    assert found.signals
    assert (found.basis, found.direction) == (Basis.PROCESS_LIMITS, way)


@given(coarse)
@settings(max_examples=120, deadline=None)
def test_what_improves_when_high_is_good_worsens_when_low_is(figures: list[Decimal]) -> None:
    higher, lower, neither = (against_previous(figures, aim) for aim in (HIGHER, LOWER, NEITHER))
    if higher is None or lower is None or neither is None:
        assert len(figures) < 2
        return
    assert lower.direction is OPPOSITE[higher.direction]
    assert neither.direction is {IMPROVING: INCREASING, WORSENING: DECREASING}.get(higher.direction, NO_CHANGE)
    if higher.signals:
        assert higher.direction is (IMPROVING if higher.signals[0] in HIGH else WORSENING)
    else:
        assert higher.limits is None or higher.direction is NO_CHANGE


@given(coarse)
@settings(max_examples=80, deadline=None)
def test_upside_down_with_the_other_polarity_the_direction_is_the_same(figures: list[Decimal]) -> None:
    upside_down = [-figure for figure in figures]
    one, other = against_previous(figures, HIGHER), against_previous(upside_down, LOWER)
    assert (one and (one.direction, one.basis)) == (other and (other.direction, other.basis))


@given(coarse, aims, st.integers(0, 20))
@settings(max_examples=80, deadline=None)
def test_figures_before_a_break_decide_nothing(figures: list[Decimal], aim: Aim, start: int) -> None:
    if start < len(figures):
        assert against_previous(figures, aim, [start]) == against_previous(figures[start:], aim)


@given(st.integers(2, 20), aims)
def test_figures_that_are_all_the_same_are_no_change(length: int, aim: Aim) -> None:
    assert travel(series(*[7] * length), aim).direction is NO_CHANGE
