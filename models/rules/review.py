"""How the annual review counts the designated indicators, from their ratings and forecasts at quarter 2."""

from models.rules.terms import Rating, ReviewCategory

REVIEW_QUARTER = 2
"""The annual review uses the data of the second quarter: Leicester's of 2008/09 was written from 30 September."""


def review_category(
    current: Rating | None, forecast: Rating | None, *, placeholder_without_data: bool = False
) -> ReviewCategory:
    """The category of one designated indicator. Source: the partnership's own counts of 2008/09 (16, 3, 5, 11).

    A placeholder without data is no data, whatever is forecast. Forecast worse is at risk, whatever the figure says
    now; else a worse figure is off trajectory, expected to recover; otherwise on track. With neither there is nothing
    to judge by: no data.

    >>> review_category(Rating.WORSE, Rating.BETTER)
    <ReviewCategory.OFF_TRAJECTORY: 'off_trajectory'>
    """
    if placeholder_without_data:
        return ReviewCategory.NO_DATA
    if forecast is Rating.WORSE:
        return ReviewCategory.AT_RISK
    if current is Rating.WORSE:
        return ReviewCategory.OFF_TRAJECTORY
    if current is None and forecast is None:
        return ReviewCategory.NO_DATA
    return ReviewCategory.ON_TRACK
