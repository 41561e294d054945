"""The chance that a forecast measure reaches its target: a number, and the words that UK government uses for it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.rules.forecast import Forecast
from models.rules.terms import Polarity

LEAST, MOST = Decimal("0.02"), Decimal("0.98")
"""A few figures never make certain: what is beyond these is said as these."""


class Chance(StrEnum):
    """The words of the PHIA probability yardstick. Source: GOV.UK, 'Explaining Uncertainty in UK Intelligence
    Assessment', 24 March 2025."""

    REMOTE = "remote chance"
    HIGHLY_UNLIKELY = "highly unlikely"
    UNLIKELY = "unlikely"
    REALISTIC = "realistic possibility"
    LIKELY = "likely"
    HIGHLY_LIKELY = "highly likely"
    ALMOST_CERTAIN = "almost certain"


YARDSTICK = (
    (Decimal("0.925"), Chance.ALMOST_CERTAIN),
    (Decimal("0.775"), Chance.HIGHLY_LIKELY),
    (Decimal("0.525"), Chance.LIKELY),
    (Decimal("0.375"), Chance.REALISTIC),
    (Decimal("0.225"), Chance.UNLIKELY),
    (Decimal("0.075"), Chance.HIGHLY_UNLIKELY),
    (Decimal(0), Chance.REMOTE),
)
"""From which probability each word is said. The yardstick leaves gaps (0-5%, 10-20, 25-35, 40 to under 50, 55-75,
80-90, 95-100) so that nobody reads a border as exact; a number in a gap takes the word that is nearer."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """The chance of reaching a target: from 0.02 to 0.98, in hundredths, and in words."""

    probability: Decimal
    words: Chance


def chance_of_reaching(
    forecast: Forecast, low: Decimal | None, high: Decimal | None, polarity: Polarity
) -> Prospect | None:
    """The chance that the year ends on the target or better: at `low` or more where high is good, at `high` or less
    where low is good, between the two for a range; a target that is a point has them equal. In the forecast's unit:
    a target in another is not held against it. None without polarity or without the edge that is asked for.
    """
    outlook = forecast.outlook
    if polarity is Polarity.HIGHER and low is not None:
        return prospect(outlook.at_least(low))
    if polarity is Polarity.LOWER and high is not None:
        return prospect(outlook.at_most(high))
    if polarity is Polarity.RANGE and low is not None and high is not None:
        return prospect(outlook.at_least(low) + outlook.at_most(high) - 1)
    return None


def prospect(probability: float) -> Prospect:
    """A probability as it is told. The word is chosen by the number as shown, so that the two never disagree.

    >>> prospect(0.8712)
    Prospect(probability=Decimal('0.87'), words=<Chance.HIGHLY_LIKELY: 'highly likely'>)
    """
    shown = min(max(round(Decimal(probability), 2), LEAST), MOST)
    return Prospect(shown, next(word for start, word in YARDSTICK if shown >= start))
