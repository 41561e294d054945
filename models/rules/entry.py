"""Checks on a figure as it is entered: what cannot be is refused; what is unusual is asked about, and may stand."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from models.rules.expected import base_unit

MODIFIED_Z = Decimal("0.6745")
UNUSUAL_FROM = Decimal("3.5")
FEWEST = 4
"""Fewer figures than this say nothing about what is usual."""

_MAY_BE_NEGATIVE = ("change", "points", "reduction", "gap", "£")


class Oddity(StrEnum):
    """What is unusual about a figure."""

    OUTLIER = "outlier"
    TEN_TIMES = "ten times"
    A_TENTH = "a tenth"
    SAME_AGAIN = "same again"


def impossible(figure: Decimal, unit: str) -> str | None:
    """A sentence when the figure cannot be right in this unit: a share over 100% or under 0, a negative count.
    Changes, gaps, reductions and money may be negative. None when the figure is possible."""
    low, high = bounds(unit)
    if high is not None and figure > high:
        return "A percentage cannot be more than 100."
    if low is not None and figure < low:
        return f"This cannot be less than 0: it is counted in {base_unit(unit)}."
    return None


def bounds(unit: str) -> tuple[Decimal | None, Decimal | None]:
    """Between which figures everything possible in a unit lies; None where there is no end."""
    unit = base_unit(unit)
    low = None if any(word in unit for word in _MAY_BE_NEGATIVE) else Decimal(0)
    return low, Decimal(100) if unit == "%" else None


def unusual(figure: Decimal, before: Sequence[Decimal]) -> tuple[Oddity, ...]:
    """What is unusual about a figure against those before it, oldest first. Nothing is refused for it.

    Ten times or a tenth of the last figure is mostly a slip of the decimal point, the last figure again mostly a
    forgotten one; an outlier is far from all that went before.

    >>> unusual(Decimal(850), [Decimal(n) for n in (82, 84, 83, 85, 84, 86)])
    (<Oddity.OUTLIER: 'outlier'>,)
    """
    found = []
    if is_outlier(figure, before):
        found.append(Oddity.OUTLIER)
    if before and before[-1] != 0:
        ratio = figure / before[-1]
        if ratio >= 10:
            found.append(Oddity.TEN_TIMES)
        # No slip of the point makes a 0: where one is unusual it is an outlier.
        elif figure != 0 and abs(ratio) <= Decimal("0.1"):
            found.append(Oddity.A_TENTH)
    if before and figure == before[-1]:
        found.append(Oddity.SAME_AGAIN)
    return tuple(found)


def is_outlier(figure: Decimal, before: Sequence[Decimal]) -> bool:
    """The modified z-score of the figure, left out of its own median and deviation, is 3.5 or more. Where most of the
    figures are the same the deviation is 0; the figure is then unusual when its change from the last one is outside
    the range of the changes before. Source: Iglewicz and Hoaglin's modified z-score."""
    if len(before) < FEWEST:
        return False
    middle = median(before)
    deviation = median(abs(value - middle) for value in before)
    if deviation:
        return MODIFIED_Z * abs(figure - middle) / deviation >= UNUSUAL_FROM
    changes = [later - earlier for earlier, later in pairwise(before)]
    return not min(changes) <= figure - before[-1] <= max(changes)
