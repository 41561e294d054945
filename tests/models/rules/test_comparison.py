"""A figure's place among other areas': ranks with ties, quartiles without thresholds, distance to the middle."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import comparison
from models.rules.aim import Aim
from models.rules.comparison import Order, Place, place
from models.rules.terms import Polarity

HIGHER, LOWER, NEITHER = Aim(Polarity.HIGHER), Aim(Polarity.LOWER), Aim(Polarity.NONE)
TEN_TO_FIFTEEN = Aim(Polarity.RANGE, Decimal(10), Decimal(15))
groups = st.lists(st.integers(-5, 20), min_size=1, max_size=25)


def group(*numbers: float) -> dict[str, Decimal]:
    return {chr(ord("a") + at): Decimal(str(number)) for at, number in enumerate(numbers)}


def ranks(figures: dict[str, Decimal], aim: Aim) -> list[int]:
    return [place(area, figures, aim).rank for area in figures]


def quartiles(figures: dict[str, Decimal], aim: Aim = HIGHER) -> list[int | None]:
    return [place(area, figures, aim).quartile for area in figures]


def test_its_examples_are_true() -> None:
    assert doctest.testmod(comparison).failed == 0


def test_the_best_comes_first_and_equals_share_the_better_rank() -> None:
    figures = group(5, 8, 8, 2)
    assert ranks(figures, HIGHER) == [3, 1, 1, 4]
    assert ranks(figures, LOWER) == [2, 3, 3, 1]
    assert {place("a", figures, aim).order for aim in (HIGHER, LOWER)} == {Order.BEST_FIRST}


def test_equal_figures_are_equal_however_they_are_written() -> None:
    assert ranks({"a": Decimal("5.0"), "b": Decimal("5.00")}, HIGHER) == [1, 1]


@pytest.mark.parametrize("aim", [NEITHER, Aim(Polarity.RANGE)])
def test_where_neither_way_is_good_the_highest_comes_first_and_is_named_so(aim: Aim) -> None:
    figures = group(5, 0, 8, 2)
    assert ranks(figures, aim) == [2, 4, 1, 3]
    assert quartiles(figures, aim) == [2, 4, 1, 3]
    assert {place(area, figures, aim).order for area in figures} == {Order.HIGHEST_FIRST}


def test_for_a_range_the_nearest_comes_first_and_all_inside_are_equal() -> None:
    figures = group(8, 10, 15, 16, 12, 0)
    assert ranks(figures, TEN_TO_FIFTEEN) == [5, 1, 1, 4, 1, 6]
    assert place("a", figures, TEN_TO_FIFTEEN).order is Order.BEST_FIRST


@pytest.mark.parametrize(
    ("size", "found"),
    [
        (1, [None]),
        (3, [None] * 3),
        (4, [1, 2, 3, 4]),
        (5, [1, 1, 2, 3, 4]),
        (6, [1, 1, 2, 3, 3, 4]),
        (7, [1, 1, 2, 2, 3, 3, 4]),
        (8, [1, 1, 2, 2, 3, 3, 4, 4]),
    ],
)
def test_a_quartile_says_how_much_of_the_group_comes_before(size: int, found: list[int | None]) -> None:
    assert quartiles(group(*range(size, 0, -1))) == found


def test_equal_areas_share_a_quartile_and_one_may_be_empty() -> None:
    assert quartiles(group(9, 9, 9, 1)) == [1, 1, 1, 4]
    assert quartiles(group(7, 7, 7, 7, 7)) == [1] * 5


def test_the_middle_is_the_groups_and_the_distance_has_a_sign() -> None:
    odd, even = group(5, 8.5, 2), group(5, 8, 2, 6)
    assert place("b", odd, LOWER) == Place(3, 3, Order.BEST_FIRST, None, Decimal(5), Decimal("3.5"))
    assert place("c", even, HIGHER) == Place(4, 4, Order.BEST_FIRST, 4, Decimal("5.5"), Decimal("-3.5"))


def test_an_area_alone_is_the_first_of_one_and_its_own_middle() -> None:
    assert place("a", group(3), NEITHER) == Place(1, 1, Order.HIGHEST_FIRST, None, Decimal(3), Decimal(0))


def test_an_area_without_a_figure_has_no_place() -> None:
    with pytest.raises(KeyError):
        place("z", group(1, 2), HIGHER)


@given(groups)
@settings(max_examples=60, deadline=None)
def test_upside_down_with_the_other_polarity_every_place_is_the_same(numbers: list[int]) -> None:
    figures = group(*numbers)
    upside_down = {area: -figure for area, figure in figures.items()}
    assert ranks(figures, HIGHER) == ranks(upside_down, LOWER)
    assert quartiles(figures) == quartiles(upside_down, LOWER)


@given(groups, st.integers(-100, 100), st.integers(1, 100))
@settings(max_examples=60, deadline=None)
def test_another_unit_moves_nobody(numbers: list[int], shift: int, scale: int) -> None:
    figures = group(*numbers)
    other = {area: figure * scale + shift for area, figure in figures.items()}
    for area in figures:
        one, another = place(area, figures, HIGHER), place(area, other, HIGHER)
        assert (one.rank, one.quartile) == (another.rank, another.quartile)
        assert one.from_median * scale == another.from_median


@given(groups, st.sampled_from([HIGHER, LOWER, NEITHER, TEN_TO_FIFTEEN]))
@settings(max_examples=80, deadline=None)
def test_ranks_are_as_many_as_come_before_and_quartiles_follow_them(numbers: list[int], aim: Aim) -> None:
    figures = group(*numbers)
    places = [place(area, figures, aim) for area in figures]
    for each in places:
        assert each.rank == 1 + sum(other.rank < each.rank for other in places)
        assert each.of == len(numbers)
        assert (each.quartile is None) is (len(numbers) < 4)
        if each.quartile is not None:
            assert each.quartile - 1 <= 4 * (each.rank - 1) / len(numbers) < each.quartile
