"""The limits of a count are the means whose tails are 2.5%, reckoned here anew and in another way."""

import doctest
from decimal import Decimal, getcontext, localcontext
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import garwood
from models.rules.garwood import TAIL, exact_limits

NEARLY = Decimal("1e-17")


def at_most(cases: int, mean: Decimal) -> Decimal:
    """The chance of so many cases or fewer, term by term from none on."""
    with localcontext(prec=60):
        term = total = (-mean).exp()
        for number in range(1, cases + 1):
            term = term * mean / number
            total += term
        return total


def off(chance: Decimal) -> Decimal:
    return abs(chance / TAIL - 1)


def test_its_examples_are_true() -> None:
    assert doctest.testmod(garwood).failed == 0


@pytest.mark.parametrize(
    ("cases", "lower", "upper"),
    [
        (0, "0.0000", "3.6889"),
        (1, "0.0253", "5.5716"),
        (2, "0.2422", "7.2247"),
        (3, "0.6187", "8.7673"),
        (5, "1.6235", "11.6683"),
        (20, "12.2165", "30.8884"),
        (100, "81.3640", "121.6268"),
    ],
)
def test_the_limits_are_the_tabled_ones(cases: int, lower: str, upper: str) -> None:
    assert tuple(f"{limit:.4f}" for limit in exact_limits(cases)) == (lower, upper)


@pytest.mark.parametrize("cases", [0, 1, 2, 7, 99, 100, 101, 102, 1000, 10_000, 100_000])
def test_each_limit_leaves_two_and_a_half_per_cent_beyond_it(cases: int) -> None:
    lower, upper = exact_limits(cases)
    assert off(at_most(cases, upper)) < NEARLY
    if cases:
        assert off(1 - at_most(cases - 1, lower)) < NEARLY


def test_of_no_cases_the_lower_limit_is_nothing_and_the_upper_known_in_closed_form() -> None:
    lower, upper = exact_limits(0)
    assert str(lower) == "0"
    assert exp(-upper) == pytest.approx(0.025, rel=1e-14)


@given(st.integers(0, 2000))
@settings(max_examples=40, deadline=None)
def test_both_tail_equations_hold_for_any_count(cases: int) -> None:
    lower, upper = exact_limits(cases)
    assert lower <= cases < upper
    assert off(at_most(cases, upper)) < NEARLY
    assert cases == 0 or off(1 - at_most(cases - 1, lower)) < NEARLY


@given(st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_one_case_more_raises_both_limits(cases: int) -> None:
    fewer, more = exact_limits(cases), exact_limits(cases + 1)
    assert fewer[0] < more[0]
    assert fewer[1] < more[1]


def test_the_limits_have_the_digits_of_other_figures_and_leave_no_other_precision_behind() -> None:
    before = getcontext().prec
    lower, upper = exact_limits(7)
    assert [len(limit.as_tuple().digits) for limit in (lower, upper)] == [28, 28]
    assert getcontext().prec == before
