"""Figures that are impossible in their unit are told from those that are only unusual."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import entry
from models.rules.entry import FEWEST, Oddity, impossible, is_outlier, unusual
from portal.formats.agreement_csv import read_agreement
from portal.settings import package_data


def test_its_examples_are_true() -> None:
    assert doctest.testmod(entry).failed == 0


@pytest.mark.parametrize("unit", ["%", "%, cumulative in the year"])
@pytest.mark.parametrize(("figure", "possible"), [("100", True), ("100.00", True), ("0", True), ("100.01", False)])
def test_a_percentage_goes_from_nothing_to_a_hundred(unit: str, figure: str, possible: bool) -> None:
    sentence = impossible(Decimal(figure), unit)
    assert sentence == (None if possible else "A percentage cannot be more than 100.")


@pytest.mark.parametrize(
    ("unit", "counted"),
    [
        ("%", "%"),
        ("%, cumulative in the year", "%"),
        ("homes", "homes"),
        ("homes, cumulative in the year", "homes"),
        ("per 100,000", "per 100,000"),
        ("offences per 1,000 population, monthly rate", "offences per 1,000 population, monthly rate"),
        ("mean score out of 5", "mean score out of 5"),
    ],
)
def test_a_count_or_a_share_is_not_less_than_nothing(unit: str, counted: str) -> None:
    assert impossible(Decimal("-0.01"), unit) == f"This cannot be less than 0: it is counted in {counted}."
    assert impossible(Decimal(0), unit) is None


@pytest.mark.parametrize(
    "unit",
    [
        "% change from 1998",
        "% reduction from baseline",
        "percentage points from baseline",
        "percentage point gap",
        "£ thousand",
        "£",
    ],
)
def test_changes_gaps_reductions_and_money_may_be_negative_or_large(unit: str) -> None:
    assert impossible(Decimal("-5.30"), unit) is None
    assert impossible(Decimal(11043), unit) is None


@pytest.mark.parametrize("unit", ["homes", "per 100,000", "% of regional average", "people"])
def test_what_is_no_plain_percentage_may_be_over_a_hundred(unit: str) -> None:
    assert impossible(Decimal(2776), unit) is None


def test_no_figure_that_leicester_returned_is_impossible() -> None:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    units = {measure.code: measure.reported_unit for measure in agreement.measures}
    figures = {row.measure: row.value for row in agreement.returns if row.value is not None}
    assert len(figures) == 25
    assert {measure for measure, figure in figures.items() if impossible(figure, units[measure])} == set()


def series(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


STEADY = series("82", "84", "83", "85", "84", "86")  # median 84, the median deviation from it 1
figures = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=1)


@pytest.mark.parametrize(
    ("figure", "odd"), [("84", False), ("89", False), ("89.18", False), ("89.19", True), ("78.81", True), ("79", False)]
)
def test_a_figure_is_an_outlier_from_a_modified_z_of_three_and_a_half(figure: str, odd: bool) -> None:
    assert is_outlier(Decimal(figure), STEADY) is odd


def test_a_modified_z_of_just_three_and_a_half_is_an_outlier() -> None:
    """0.6745 times 3.5 over 0.6745: with a deviation of 6745 and a distance of 35,000 the score is 3.5 exactly."""
    before = series("0", "0", "6745", "-6745", "6745", "-6745")
    assert is_outlier(Decimal(35_000), before)
    assert not is_outlier(Decimal("34999.99"), before)


def test_the_figure_is_left_out_of_its_own_median_and_deviation() -> None:
    """With itself among them, four figures could never make a fifth an outlier this near."""
    assert is_outlier(Decimal(20), series("10", "11", "12", "13"))


def test_too_few_figures_say_nothing_about_what_is_usual() -> None:
    assert len(series("1", "2", "3", "4")) == FEWEST
    assert not is_outlier(Decimal(1_000_000), series("1", "2", "3"))
    assert is_outlier(Decimal(1_000_000), series("1", "2", "3", "4"))
    assert unusual(Decimal(5), []) == ()


@pytest.mark.parametrize(("figure", "odd"), [("5", False), ("6", False), ("4", False), ("6.1", True), ("3.9", True)])
def test_where_most_figures_are_the_same_the_change_is_held_against_past_changes(figure: str, odd: bool) -> None:
    before = series("5", "5", "6", "5", "5")
    assert is_outlier(Decimal(figure), before) is odd


@pytest.mark.parametrize(("figure", "odd"), [("7", False), ("5", True), ("5.9", True), ("7.1", True)])
def test_a_change_is_a_change_from_the_last_figure(figure: str, odd: bool) -> None:
    """The changes before went from nothing to one up; the last figure is 6, most are 5."""
    assert is_outlier(Decimal(figure), series("5", "5", "5", "5", "6")) is odd


def test_where_all_figures_are_the_same_any_change_is_unusual() -> None:
    before = series("5", "5", "5", "5")
    assert [is_outlier(figure, before) for figure in series("5", "5.0", "5.01", "4.99")] == [False, False, True, True]


@pytest.mark.parametrize(
    ("figure", "last", "oddities"),
    [
        ("50", "5", (Oddity.TEN_TIMES,)),
        ("51", "5", (Oddity.TEN_TIMES,)),
        ("49.9", "5", ()),
        ("0.5", "5", (Oddity.A_TENTH,)),
        ("0.49", "5", (Oddity.A_TENTH,)),
        ("0.51", "5", ()),
        ("0", "5", ()),
        ("-53.0", "-5.3", (Oddity.TEN_TIMES,)),
        ("-0.53", "-5.3", (Oddity.A_TENTH,)),
        ("-5.3", "5.3", ()),
        ("5", "0", ()),
        ("0", "0", (Oddity.SAME_AGAIN,)),
        ("5.00", "5", (Oddity.SAME_AGAIN,)),
    ],
)
def test_a_slipped_point_and_a_forgotten_figure_are_asked_about(
    figure: str, last: str, oddities: tuple[Oddity, ...]
) -> None:
    assert unusual(Decimal(figure), series("7", last)) == oddities


def test_everything_unusual_is_told_at_once() -> None:
    assert unusual(Decimal(850), series("82", "84", "83", "85", "84")) == (Oddity.OUTLIER, Oddity.TEN_TIMES)


def test_only_the_last_figure_can_be_forgotten_there() -> None:
    assert unusual(Decimal(84), series("84", "83", "85")) == ()


@given(figures, st.lists(figures, max_size=12))
@settings(max_examples=80, deadline=None)
def test_mirroring_every_figure_changes_nothing(figure: Decimal, before: list[Decimal]) -> None:
    assert unusual(-figure, [-value for value in before]) == unusual(figure, before)
