"""How far a figure is from what it is held against, in a measure that all indicators have in common: the tolerance."""

from decimal import Decimal
from enum import StrEnum

from models.rules.expected import Expected
from models.rules.rating import Tolerance
from models.rules.terms import Polarity


class NoDistance(StrEnum):
    """Why a figure has no distance that can be held against others'."""

    NOTHING_AGREED = "nothing to hold it against"
    NO_GOOD_WAY = "neither high nor low is good"
    NO_TOLERANCE = "no tolerance"
    OPEN_RANGE = "range open at an end"


def distance(
    figure: Decimal, expected: Expected | None, polarity: Polarity, tolerance: Tolerance
) -> Decimal | NoDistance:
    """By how many tolerances an unrounded figure beats what was expected of it (negative: misses it): 0 on the point,
    1 and -1 on the edges of the acceptable range, further than 1 exactly where that range is left.

    A range is its own tolerance: 0 in its middle, -1 on either edge, and never more than 0, as it has no better side.
    Open at one end it has no width, and so no distance.

    >>> distance(Decimal("2.42"), Expected(Decimal(2)), Polarity.LOWER, Tolerance(amount=Decimal(10)))
    Decimal('-2.1')
    """
    if polarity is Polarity.NONE:
        return NoDistance.NO_GOOD_WAY
    if expected is None:
        return NoDistance.NOTHING_AGREED
    if polarity is Polarity.RANGE:
        if expected.low is None or expected.high is None:
            return NoDistance.OPEN_RANGE
        margin = (expected.high - expected.low) / 2
        lead = 0 - abs(figure - expected.low - margin)
    else:
        if expected.value is None:
            return NoDistance.NOTHING_AGREED
        margin = tolerance.margin(expected.value)
        lead = figure - expected.value if polarity is Polarity.HIGHER else expected.value - figure
    return lead / margin if margin > 0 else NoDistance.NO_TOLERANCE
