"""An area's figure among those of other areas: its rank, its quartile, and how far it is from the middle."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto
from statistics import median

from models.rules.aim import Aim

FEWEST_FOR_QUARTILES = 4
"""With fewer areas some quarter of the group would be empty."""


class Order(StrEnum):
    """What comes first in a rank: said beside it wherever it is shown."""

    BEST_FIRST = auto()
    HIGHEST_FIRST = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an area stands in its group. `rank` is 1 for the first `of` so many; `quartile` is 1 to 4, 1 the quarter
    that comes first, or None for a group too small. `median` is the group's, and `from_median` the figure less that
    (negative: below it, whether that is good or bad), both in the figures' unit."""

    rank: int
    of: int
    order: Order
    quartile: int | None
    median: Decimal
    from_median: Decimal


def place(area: str, figures: Mapping[str, Decimal], aim: Aim) -> Place:
    """The place of an area among all areas that have a figure, itself one of them.

    The best comes first; where neither way is good, the highest, and the order says so. For a range the nearest to it
    comes first, and all inside are equal. Areas that are equal share the better rank, and the ranks after it are left
    out: 1, 2, 2, 4. An area is in the first quartile when fewer than a quarter of the group come before it, in the
    second when fewer than half do, and so on: no thresholds are interpolated, equal areas share a quartile, a later
    quartile may then be empty, and a group that four does not divide has more areas in the quartiles that come first.
    A KeyError for an area that has no figure. Source: the portal's own, after the quartiles of the Audit Commission.

    >>> from models.rules.terms import Polarity
    >>> figures = {"Leicester": Decimal(12), "Derby": Decimal(9), "Nottingham": Decimal(15), "Coventry": Decimal(11)}
    >>> found = place("Leicester", figures, Aim(Polarity.LOWER))
    >>> found.rank, found.of, found.quartile, found.from_median
    (3, 4, 3, Decimal('0.5'))
    """
    merits = {name: merit for name, figure in figures.items() if (merit := aim.merit(figure)) is not None}
    order, scores = (Order.BEST_FIRST, merits) if merits else (Order.HIGHEST_FIRST, figures)
    before, of = sum(score > scores[area] for score in scores.values()), len(figures)
    quartile = 4 * before // of + 1 if of >= FEWEST_FOR_QUARTILES else None
    middle = median(figures.values())
    return Place(before + 1, of, order, quartile, middle, figures[area] - middle)
