"""How strong the evidence behind a rating is, from what is known of the figure: printed beside the rating."""

from enum import StrEnum

from models.rules.xmr import SETTLED

FEW = 5
"""With fewer points than this a series shows nothing that chance would not."""


class Strength(StrEnum):
    """How far a rating is to be believed."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


def strength(verified: bool, points: int, has_interval: bool) -> Strength:
    """The strength of the evidence. Source: the portal's design, section 3.

    `verified` says that the figure is not provisional; `points` counts the figures of its series since the last
    break, itself among them; `has_interval` that its confidence interval is known. Verified, it is strong with an
    interval, be it the only figure, or from 13 points on (as many as settle an XmR chart's limits), and fair from 5
    on. Everything else is weak. A negative number of points is a ValueError.

    >>> strength(verified=True, points=12, has_interval=False)
    <Strength.FAIR: 'fair'>
    """
    if points < 0:
        raise ValueError(f"A series cannot have {points} points.")
    if verified and (has_interval or points >= SETTLED):
        return Strength.STRONG
    return Strength.FAIR if verified and points >= FEW else Strength.WEAK
