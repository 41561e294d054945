"""The indicators of a review's period, each with its category."""

from collections.abc import Iterable

from models.rules.review import review_category
from models.rules.terms import Group
from portal.viewmodels.annual_review import Reviewed
from portal.viewmodels.indicators import IndicatorStanding


def reviewed(standings: Iterable[IndicatorStanding]) -> tuple[Reviewed, ...]:
    """The designated ones of how indicators stand: the review counts no others."""
    return tuple(categorised(one) for one in standings if one.group is Group.DESIGNATED)


def categorised(indicator: IndicatorStanding) -> Reviewed:
    """One indicator with the category that the rule gives it."""
    empty = indicator.placeholder and all(measure.value is None for measure in indicator.measures)
    return Reviewed(indicator, review_category(indicator.rating, indicator.forecast, placeholder_without_data=empty))
