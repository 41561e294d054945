"""Figures that are impossible in their unit, and those that are only unusual."""

from decimal import Decimal

import pytest

from models.rules.entry import impossible
from portal.formats.agreement_csv import read_agreement
from portal.settings import package_data


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
