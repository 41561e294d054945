"""The annual review's categories, cell by cell, and the counts that Leicester published from them."""

from collections import Counter, defaultdict

import pytest

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
