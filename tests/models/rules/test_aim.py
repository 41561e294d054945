"""What a measure aims at tells the better of two figures."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import aim
from models.rules.aim import Aim, aim_of
from models.rules.expected import Expected
from models.rules.terms import Polarity

figures = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=2)
TEN_TO_FIFTEEN = Aim(Polarity.RANGE, Decimal(10), Decimal(15))


def test_its_examples_are_true() -> None:
    assert doctest.testmod(aim).failed == 0


def test_the_higher_the_better_or_the_lower() -> None:
    assert Aim(Polarity.HIGHER).merit(Decimal("2.5")) == Decimal("2.5")
    assert Aim(Polarity.LOWER).merit(Decimal("2.5")) == Decimal("-2.5")


@pytest.mark.parametrize(
    ("figure", "merit"),
    [("9.9", "-0.1"), ("10", "0"), ("12", "0"), ("15", "0"), ("15.1", "-0.1"), ("-3", "-13"), ("40", "-25")],
)
def test_for_a_range_merit_is_how_far_outside(figure: str, merit: str) -> None:
    assert TEN_TO_FIFTEEN.merit(Decimal(figure)) == Decimal(merit)


@pytest.mark.parametrize(("figure", "floor", "ceiling"), [("4", "-1", "0"), ("5", "0", "0"), ("7", "0", "-2")])
def test_a_range_open_at_one_end_has_one_edge(figure: str, floor: str, ceiling: str) -> None:
    assert Aim(Polarity.RANGE, low=Decimal(5)).merit(Decimal(figure)) == Decimal(floor)
    assert Aim(Polarity.RANGE, high=Decimal(5)).merit(Decimal(figure)) == Decimal(ceiling)


def test_a_measure_aims_within_the_edges_of_what_is_expected() -> None:
    assert aim_of(Polarity.RANGE, Expected(None, low=Decimal(5))) == Aim(Polarity.RANGE, Decimal(5), None)
    assert aim_of(Polarity.RANGE, Expected(None, high=Decimal(9))) == Aim(Polarity.RANGE, None, Decimal(9))
    assert aim_of(Polarity.LOWER, None) == Aim(Polarity.LOWER)


@pytest.mark.parametrize(
    "neither",
    [
        Aim(Polarity.NONE),
        Aim(Polarity.NONE, Decimal(1), Decimal(2)),
        Aim(Polarity.RANGE),
    ],
)
def test_without_a_way_or_an_edge_no_figure_is_better_than_another(neither: Aim) -> None:
    assert neither.merit(Decimal(5)) is None


def test_a_range_may_be_a_point_but_not_end_below_its_beginning() -> None:
    assert Aim(Polarity.RANGE, Decimal(3), Decimal(3)).merit(Decimal(4)) == -1
    with pytest.raises(ValueError, match=r"This range begins at 3 and ends below that, at 2\.9\."):
        Aim(Polarity.RANGE, Decimal(3), Decimal("2.9"))


@given(figures, figures, figures)
@settings(max_examples=60, deadline=None)
def test_upside_down_a_range_and_its_figures_have_the_same_merit(figure: Decimal, one: Decimal, other: Decimal) -> None:
    low, high = min(one, other), max(one, other)
    upside_down = Aim(Polarity.RANGE, -high, -low)
    assert Aim(Polarity.RANGE, low, high).merit(figure) == upside_down.merit(-figure)
