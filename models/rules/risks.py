"""Risks: what likelihood and impact make together, in which band that is, when one is to be looked at again."""

from datetime import date
from enum import StrEnum

from models.rules.actions import ActionState, Urgency
from models.rules.actions import urgency as urgency_of_action

SCALE = (1, 2, 3, 4)
"""Likelihood and impact both go from 1 to 4."""


class RiskState(StrEnum):
    """Where a risk is."""

    OPEN = "open"
    CLOSED = "closed"


class Band(StrEnum):
    """How much a risk weighs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very high"


BANDS = {Band.VERY_HIGH: 12, Band.HIGH: 8, Band.MEDIUM: 4, Band.LOW: 1}
"""The lowest score of each band, the heaviest first."""


def score(likelihood: int, impact: int) -> int:
    """Likelihood times impact, 1 to 16; ValueError for what is not on the scale.

    >>> score(3, 4)
    12
    """
    if likelihood not in SCALE or impact not in SCALE:
        raise ValueError(f"Likelihood and impact go from {SCALE[0]} to {SCALE[-1]}.")
    return likelihood * impact


def band(likelihood: int, impact: int) -> Band:
    """The band of a risk, by its score.

    >>> band(2, 2), band(2, 4), band(4, 4)
    (<Band.MEDIUM: 'medium'>, <Band.HIGH: 'high'>, <Band.VERY_HIGH: 'very high'>)
    """
    found = score(likelihood, impact)
    return next(band for band, lowest in BANDS.items() if found >= lowest)


def urgency(state: RiskState, review_on: date, today: date) -> Urgency | None:
    """How urgent it is to look at a risk again; None for one that is closed."""
    return urgency_of_action(ActionState.OPEN, review_on, today) if state is RiskState.OPEN else None


def rank(
    state: RiskState, review_on: date, today: date, likelihood: int, impact: int
) -> tuple[bool, bool, int, int, date]:
    """By this risks are sorted: open ones first; of these those whose review is overdue; then the heaviest, of equal
    ones that with the greater impact, then what is to be looked at soonest."""
    overdue = urgency(state, review_on, today) is Urgency.OVERDUE
    return state is not RiskState.OPEN, not overdue, -score(likelihood, impact), -impact, review_on


def needs_word(before: tuple[RiskState, int, int, date], after: tuple[RiskState, int, int, date]) -> bool:
    """Whether a change must be explained: another state, likelihood, impact or review date (that is: what the review
    found)."""
    return before != after
