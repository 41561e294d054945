"""Figures as people type them: read exactly, or refused with what to type."""

import doctest
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.formats import numbers
from portal.formats.numbers import decimals, parse_figure

quick = settings(max_examples=30, deadline=None)
figures = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(numbers).failed == 0


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("2.420", "2.420"),
        ("0", "0"),
        ("007", "7"),
        (".5", "0.5"),
        ("1,450", "1450"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1\u00a0234\u202f567", "1234567"),
        ("£10,326", "10326"),
        ("£ 10.906", "10.906"),
        ("80.3%", "80.3"),
        ("80.30 %", "80.30"),
        ("-5.3", "-5.3"),
        ("\u22125.3", "-5.3"),
        ("\u2212 7.97 %", "-7.97"),
        ("-£3", "-3"),
        ("£\u22123", "-3"),
        ("+6", "6"),
        ("  28.1\t", "28.1"),
        ("9" * 18, "9" * 18),
        ("0" * 30 + "1", "1"),
        ("0.0123456789", "0.0123456789"),
    ],
)
def test_figures_people_type(typed, figure):
    parsed = parse_figure(typed)
    assert str(parsed) == figure


def test_nobody_means_minus_nothing():
    assert str(parse_figure("-0.0")) == "0.0"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "There is no figure: type one, such as 1234.5."),
        ("  \u00a0 ", "There is no figure"),
        ("NaN", "is not a figure: type digits only"),
        ("Infinity", "is not a figure"),
        ("-inf", "is not a figure"),
        ("1e5", "has an exponent: type the figure out in full"),
        ("1.5E-3", "has an exponent"),
        ("1.2.3", "has more than one point"),
        ("1,23", "has a comma that does not mark thousands"),
        ("1234,567", "has a comma that does not mark thousands"),
        ("0,123", "has a comma that does not mark thousands"),
        ("1,234,56", "has a comma that does not mark thousands"),
        (",123", "has a comma that does not mark thousands"),
        ("1.234,5", "has a comma that does not mark thousands"),
        ("1" * 19, "is too long: type at most 18 digits before the point"),
        ("1,000,000,000,000,000,000", "is too long"),
        ("0." + "1" * 11, "is too fine: type at most 10 decimals"),
        ("\u0663", "has digits other than 0 to 9"),
        ("\uff11\uff12", "has digits other than 0 to 9"),
        ("\u00b2", "has digits other than 0 to 9"),
        ("5.", "is not a figure"),
        (".", "is not a figure"),
        ("-", "is not a figure"),
        ("%", "is not a figure"),
        ("£", "is not a figure"),
        ("--5", "is not a figure"),
        ("-£-5", "is not a figure"),
        ("£5%", "is not a figure"),
        ("5%%", "is not a figure"),
        ("%5", "is not a figure"),
        ("5£", "is not a figure"),
        ("1_000", "is not a figure"),
        ("0x10", "is not a figure"),
        ("about 5", "is not a figure"),
        ("n/a", "is not a figure"),
    ],
)
def test_what_is_no_figure_is_refused_with_what_to_type(typed, why):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        parse_figure(typed)
    assert why in str(refused.value)
    assert "type" in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_long_text_is_not_repeated_in_full():
    with pytest.raises(ValueError, match="is not a figure") as refused:
        parse_figure("x" * 10_000)
    assert len(str(refused.value)) < 150


@quick
@given(figures)
def test_a_figure_is_read_back_however_it_is_dressed(figure):
    assert str(parse_figure(f"{figure:f}")) == str(figure if figure else abs(figure))
    assert parse_figure(f"{figure:,f}") == figure
    assert parse_figure(f" £{figure:,f} ".replace("-", "\u2212")) == figure
    assert parse_figure(f"{figure:f} %") == figure


@quick
@given(st.text(max_size=30))
def test_any_text_is_a_finite_figure_or_refused(text):
    with suppress(ValueError):
        assert parse_figure(text).is_finite()


@pytest.mark.parametrize(
    ("several", "most"),
    [
        ([], 0),
        (["100"], 0),
        (["1E+2"], 0),
        (["2.420", "10.5"], 2),
        (["0.00", "3.0"], 0),
        (["1990.90", "2776.00"], 1),
        (["-7.97"], 2),
        (["123456789012345678.0123456789"], 10),
    ],
)
def test_decimals_that_are_needed(several, most):
    assert decimals(*map(Decimal, several)) == most


@quick
@given(figures)
def test_decimals_show_all_there_is(figure):
    places = decimals(figure)
    assert Decimal(f"{figure:.{places}f}") == figure
    assert places == 0 or Decimal(f"{figure:.{places - 1}f}") != figure
