"""The annual review's categories, cell by cell, and the counts that Leicester published from them."""

import doctest
from collections import Counter, defaultdict
from itertools import product

import pytest

from models.rules import review
from models.rules.review import REVIEW_QUARTER, review_category
from models.rules.rollup import worst
from models.rules.terms import Group, Rating, ReviewCategory
from portal.formats.agreement_csv import read_agreement
from portal.settings import package_data

B, W, X = Rating.BETTER, Rating.WITHIN, Rating.WORSE
ON, OFF, RISK, NONE = (
    ReviewCategory.ON_TRACK,
    ReviewCategory.OFF_TRAJECTORY,
    ReviewCategory.AT_RISK,
    ReviewCategory.NO_DATA,
)


def test_its_examples_are_true() -> None:
    assert doctest.testmod(review).failed == 0


@pytest.mark.parametrize(
    ("current", "forecast", "category"),
    [
        (B, B, ON),
        (B, W, ON),
        (B, X, RISK),
        (B, None, ON),
        (W, B, ON),
        (W, W, ON),
        (W, X, RISK),
        (W, None, ON),
        (X, B, OFF),
        (X, W, OFF),
        (X, X, RISK),
        (X, None, OFF),
        (None, B, ON),
        (None, W, ON),
        (None, X, RISK),
        (None, None, NONE),
    ],
)
def test_a_worse_forecast_comes_first_then_a_worse_figure(
    current: Rating | None, forecast: Rating | None, category: ReviewCategory
) -> None:
    assert review_category(current, forecast) is category


@pytest.mark.parametrize(("current", "forecast"), [*product((B, W, X, None), repeat=2)])
def test_a_placeholder_without_data_is_no_data_whatever_is_said_of_it(
    current: Rating | None, forecast: Rating | None
) -> None:
    assert review_category(current, forecast, placeholder_without_data=True) is NONE


def test_leicesters_review_of_2008_09_is_16_3_5_and_11() -> None:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    indicator_of = {measure.code: measure.indicator for measure in agreement.measures}
    current, forecast = defaultdict(list), defaultdict(list)
    for row in agreement.returns:
        assert row.period.endswith(f"Q{REVIEW_QUARTER}")
        current[indicator_of[row.measure]].append(row.performance)
        forecast[indicator_of[row.measure]].append(row.forecast)
    counts = Counter(
        review_category(worst(current[indicator.code]), worst(forecast[indicator.code]))
        for indicator in agreement.indicators
        if indicator.group is Group.DESIGNATED
    )
    assert counts == {ON: 16, OFF: 3, RISK: 5, NONE: 11}
