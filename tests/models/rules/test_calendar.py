"""Financial years and quarters, and the days on which returns open, are due and close."""

import doctest
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import calendar
from models.rules.calendar import (
    IN_A_YEAR,
    CalendarPeriod,
    answer_by,
    calendar_period,
    last_day,
    periods,
)
from models.rules.codes import period_key, period_slug
from models.rules.terms import Frequency


def year_of(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02}"


def Quarter(year: str, number: int) -> CalendarPeriod:  # noqa: N802
    return CalendarPeriod(year, Frequency.QUARTERLY, number)


years = st.integers(1900, 2200).map(year_of)


def test_its_examples_are_true() -> None:
    assert doctest.testmod(calendar).failed == 0


@pytest.mark.parametrize(
    ("year", "number", "starts", "ends"),
    [
        ("2008/09", 1, date(2008, 4, 1), date(2008, 6, 30)),
        ("2008/09", 2, date(2008, 7, 1), date(2008, 9, 30)),
        ("2008/09", 3, date(2008, 10, 1), date(2008, 12, 31)),
        ("2008/09", 4, date(2009, 1, 1), date(2009, 3, 31)),
        ("1999/00", 4, date(2000, 1, 1), date(2000, 3, 31)),
    ],
)
def test_a_year_goes_from_april_to_march_and_its_last_quarter_is_in_the_next(
    year: str, number: int, starts: date, ends: date
) -> None:
    quarter = Quarter(year, number)
    assert (quarter.starts_on, quarter.ends_on, quarter.key) == (starts, ends, f"{year} Q{number}")


@pytest.mark.parametrize(
    ("number", "opens", "due", "closes"),
    [
        (1, date(2008, 7, 1), date(2008, 7, 30), date(2008, 8, 29)),
        (2, date(2008, 10, 1), date(2008, 10, 30), date(2008, 11, 29)),
        (3, date(2009, 1, 1), date(2009, 1, 30), date(2009, 3, 1)),
        (4, date(2009, 4, 1), date(2009, 4, 30), date(2009, 5, 30)),
    ],
)
def test_a_return_opens_the_day_after_its_quarter_is_due_in_30_days_and_closes_after_60(
    number: int, opens: date, due: date, closes: date
) -> None:
    quarter = Quarter("2008/09", number)
    assert (quarter.opens_on, quarter.due_on, quarter.closes_on) == (opens, due, closes)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    assert Quarter("2007/08", 3).closes_on == date(2008, 2, 29)
    last = Quarter("2007/08", 4)
    assert (last.ends_on - last.starts_on).days + 1 == 91
    assert (Quarter("2008/09", 4).ends_on - Quarter("2008/09", 4).starts_on).days + 1 == 90


def test_a_century_that_is_no_leap_year_is_none() -> None:
    last = Quarter("1899/00", 4)
    assert (last.ends_on - last.starts_on).days + 1 == 90


@given(years, st.sampled_from(Frequency))
@settings(max_examples=60, deadline=None)
def test_the_periods_of_a_kind_follow_one_another_without_gap(year: str, kind: Frequency) -> None:
    found = periods(year, kind)
    assert [one.number for one in found] == list(range(1, IN_A_YEAR[kind] + 1))
    for one, following in pairwise(found):
        assert following.starts_on == one.opens_on == one.ends_on + timedelta(days=1)
    assert found[0].starts_on == date(int(year[:4]), 4, 1)
    assert found[-1].ends_on == date(int(year[:4]) + 1, 3, 31)
    assert all(q.ends_on < q.opens_on < q.due_on < q.closes_on for q in found)
    assert found[-1].share_of_year == 1


@given(years)
@settings(max_examples=30, deadline=None)
def test_every_period_is_found_by_its_key_and_its_address(year: str) -> None:
    everything = periods(year)
    assert len({one.key for one in everything}) == len(everything) == 12 + 4 + 2 + 1
    for one in everything:
        assert calendar_period(one.key) == one
        assert period_key(one.key) == period_key(period_slug(one.key)) == one.key


@pytest.mark.parametrize(
    ("key", "starts", "ends", "due", "closes"),
    [
        ("2008/09 H1", date(2008, 4, 1), date(2008, 9, 30), date(2008, 10, 30), date(2008, 11, 29)),
        ("2008/09 H2", date(2008, 10, 1), date(2009, 3, 31), date(2009, 4, 30), date(2009, 5, 30)),
        ("2008/09", date(2008, 4, 1), date(2009, 3, 31), date(2009, 4, 30), date(2009, 5, 30)),
        ("2008/09 Oct", date(2008, 10, 1), date(2008, 10, 31), date(2008, 11, 15), date(2008, 11, 30)),
        ("2007/08 Feb", date(2008, 2, 1), date(2008, 2, 29), date(2008, 3, 15), date(2008, 3, 30)),
    ],
)
def test_halves_years_and_months(key: str, starts: date, ends: date, due: date, closes: date) -> None:
    one = calendar_period(key)
    assert (one.starts_on, one.ends_on, one.due_on, one.closes_on) == (starts, ends, due, closes)


def test_a_quarter_of_the_year_goes_by_each_quarter() -> None:
    found = periods("2008/09", Frequency.QUARTERLY)
    assert [one.share_of_year for one in found] == [Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1)]
    assert calendar_period("2008/09 H1").share_of_year == calendar_period("2008/09 Sep").share_of_year == Decimal("0.5")


DUE, CLOSES = date(2009, 4, 30), date(2009, 5, 30)


@pytest.mark.parametrize(
    ("released", "by", "last"),
    [
        (None, DUE, CLOSES),
        (date(2009, 4, 1), DUE, CLOSES),
        (DUE, DUE, CLOSES),
        (date(2009, 5, 1), date(2009, 5, 1), date(2009, 5, 31)),
        (date(2009, 9, 30), date(2009, 9, 30), date(2009, 10, 30)),
    ],
)
def test_nobody_is_asked_before_the_source_is_out_and_everybody_has_as_long_after_it(
    released: date | None, by: date, last: date
) -> None:
    assert answer_by(DUE, released) == by
    assert last_day(CLOSES, DUE, released) == last
