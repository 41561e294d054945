"""What a figure is held against: the milestone, a straight line, the year's target, or nothing."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import CalendarPeriod
from models.rules.expected import Basis, Expected, YearTarget, base_unit, expected_value
from models.rules.terms import Frequency

HOMES, IN_THE_YEAR = "homes", "homes, cumulative in the year"
QUARTER, WHOLE = Decimal("0.25"), Decimal(1)


def target(low: str, high: str | None = None, unit: str = HOMES) -> YearTarget:
    return YearTarget(Decimal(low), Decimal(high or low), unit)


@pytest.mark.parametrize("unit", [HOMES, IN_THE_YEAR, "something else"])
@pytest.mark.parametrize("aim", [None, target("940"), target("10", "15")])
def test_an_agreed_milestone_comes_before_everything_else(unit: str, aim: YearTarget | None) -> None:
    milestone = Expected(Decimal(300))
    assert expected_value(milestone, aim, unit, QUARTER) is milestone
    assert milestone.basis is Basis.MILESTONE


@pytest.mark.parametrize(("quarter", "reached"), [(1, "235"), (2, "470"), (3, "705"), (4, "940")])
def test_what_is_counted_through_the_year_goes_up_in_a_straight_line(quarter: int, reached: str) -> None:
    found = expected_value(
        None, target("940"), IN_THE_YEAR, CalendarPeriod("2008/09", Frequency.QUARTERLY, quarter).share_of_year
    )
    value = Decimal(reached)
    assert found == Expected(value, value, value, Basis.STRAIGHT_LINE)


def test_a_stored_profile_comes_before_the_straight_line() -> None:
    """A tenth of the year's homes are usually there after a quarter."""
    found = expected_value(None, target("940"), IN_THE_YEAR, QUARTER, Decimal("0.1"))
    assert found == Expected(Decimal(94), Decimal(94), Decimal(94), Basis.PROFILE)


def test_a_profile_is_for_what_is_counted_through_the_year() -> None:
    found = expected_value(None, target("63"), HOMES, QUARTER, Decimal("0.1"))
    assert found == Expected(Decimal(63), Decimal(63), Decimal(63), Basis.YEAR_TARGET)


def test_an_edition_keeps_where_an_expected_value_came_from_in_these_words() -> None:
    assert [*Basis] == ["milestone", "profile", "straight line", "year target"]


def test_a_straight_line_is_exact() -> None:
    found = expected_value(None, target("0.3"), IN_THE_YEAR, Decimal("0.75"))
    assert found is not None
    assert found.value == Decimal("0.225")


def test_everything_else_is_held_against_the_years_target_as_it_stands() -> None:
    found = expected_value(None, target("63"), HOMES, QUARTER)
    assert found == Expected(Decimal(63), Decimal(63), Decimal(63), Basis.YEAR_TARGET)


def test_a_target_that_is_a_range_has_edges_and_no_point() -> None:
    found = expected_value(None, target("10", "15"), HOMES, QUARTER)
    assert found == Expected(None, Decimal(10), Decimal(15), Basis.YEAR_TARGET)


def test_a_straight_line_needs_a_point_to_go_to() -> None:
    assert expected_value(None, target("10", "15"), IN_THE_YEAR, QUARTER) is None


@pytest.mark.parametrize(
    ("reported", "aimed"),
    [
        ("offences per 1,000 population, monthly rate", "offences per 1,000 population"),
        ("% reduction from baseline", "tonnes per capita"),
        ("% change from 1998", "per 1,000"),
        ("£ thousand", "£ million"),
        ("%", "homes"),
        ("", "homes"),
    ],
)
def test_a_figure_in_another_unit_than_the_target_is_held_against_nothing(reported: str, aimed: str) -> None:
    assert expected_value(None, target("5", unit=aimed), reported, QUARTER) is None


def test_without_milestone_and_target_there_is_nothing() -> None:
    assert expected_value(None, None, HOMES, QUARTER) is None


def test_how_a_unit_is_counted_does_not_make_it_another_unit() -> None:
    assert [base_unit(unit) for unit in (HOMES, IN_THE_YEAR, "%, cumulative in the year", "%", "")] == [
        "homes",
        "homes",
        "%",
        "%",
        "",
    ]
    found = expected_value(None, target("12", unit="%, cumulative in the year"), "%, cumulative in the year", QUARTER)
    assert found is not None
    assert (found.value, found.basis) == (Decimal(3), Basis.STRAIGHT_LINE)


def test_a_target_is_a_point_where_its_edges_meet_however_they_are_written() -> None:
    assert target("10", "10.0").point == 10
    assert target("10", "10.01").point is None


@given(st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=2))
@settings(max_examples=50, deadline=None)
def test_at_the_years_end_the_line_has_reached_the_target(aim: Decimal) -> None:
    on_the_line = expected_value(None, YearTarget(aim, aim, HOMES), IN_THE_YEAR, WHOLE)
    as_it_stands = expected_value(None, YearTarget(aim, aim, HOMES), HOMES, WHOLE)
    assert on_the_line is not None
    assert as_it_stands is not None
    assert on_the_line.value == as_it_stands.value == aim
