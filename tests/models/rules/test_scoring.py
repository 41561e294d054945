"""How frozen forecasts are scored once the outturn is known."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import scoring
from models.rules.scoring import Frozen, Score, in_per_cent, score

values = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=2)


def portal(central: str, low: str, high: str, outturn: str) -> Frozen:
    return Frozen(Decimal(central), Decimal(outturn), Decimal(low), Decimal(high))


def partner(central: str, outturn: str) -> Frozen:
    return Frozen(Decimal(central), Decimal(outturn))


def test_its_examples_are_true() -> None:
    assert doctest.testmod(scoring).failed == 0


def test_three_quarters_of_one_measure() -> None:
    """Forecasts of NI 154 for a year that ended on 800 homes."""
    found = score(
        [portal("940", "820", "1060", "800"), portal("850", "780", "920", "800"), portal("790", "770", "810", "800")]
    )
    assert found == Score(Decimal(60), Decimal(200) / 3, Decimal(2) / 3, 3, 3)


def test_a_partners_forecast_has_no_range_and_so_no_coverage() -> None:
    found = score([partner("1450", "800"), partner("800", "800")])
    assert found == Score(Decimal(325), Decimal(325), None, 2, 0)


def test_nothing_to_score_is_no_score_and_not_a_perfect_one() -> None:
    assert score([]) == Score(None, None, None, 0, 0)


@pytest.mark.parametrize(
    ("outturn", "held"), [("10", True), ("20", True), ("15", True), ("9.99", False), ("20.01", False)]
)
def test_the_edges_of_a_range_belong_to_it(outturn: str, held: bool) -> None:
    assert portal("14", "10", "20", outturn).held is held


def test_errors_both_ways_cancel_in_the_bias_and_not_in_the_error() -> None:
    found = score([partner("12", "10"), partner("8", "10")])
    assert (found.bias, found.mean_absolute_error) == (0, 2)


def test_measures_in_several_units_are_scored_together_in_per_cent_of_what_came() -> None:
    told = in_per_cent([portal("110", "90", "120", "100"), partner("4", "5"), partner("3", "0")])
    assert told == [portal("110", "90", "120", "100"), partner("80", "100")]
    assert score(told) == Score(Decimal(-5), Decimal(15), Decimal(1), 2, 1)


@pytest.mark.parametrize(("low", "high"), [(Decimal(9), None), (None, Decimal(12))])
def test_half_a_range_is_none(low: Decimal | None, high: Decimal | None) -> None:
    one = Frozen(Decimal(10), Decimal(10), low, high)
    assert one.held is None
    assert in_per_cent([one]) == [Frozen(Decimal(100), Decimal(100))]


def test_too_much_forecast_of_a_negative_outturn_is_a_positive_error() -> None:
    (told,) = in_per_cent([portal("-4", "-8", "-2", "-5")])
    assert (told.error, told.held) == (20, True)


@given(st.lists(st.tuples(values, values), max_size=6), values)
@settings(max_examples=60, deadline=None)
def test_moving_forecasts_and_outturns_together_changes_no_score(
    pairs: list[tuple[Decimal, Decimal]], by: Decimal
) -> None:
    here = score([Frozen(one, other, one - 5, one + 5) for one, other in pairs])
    there = score([Frozen(one + by, other + by, one + by - 5, one + by + 5) for one, other in pairs])
    assert here == there


@given(st.lists(st.tuples(values, values), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_bias_is_never_larger_than_the_error(pairs: list[tuple[Decimal, Decimal]]) -> None:
    found = score([Frozen(one, other) for one, other in pairs])
    assert found.bias is not None
    assert found.mean_absolute_error is not None
    assert abs(found.bias) <= found.mean_absolute_error + Decimal("1e-20")
