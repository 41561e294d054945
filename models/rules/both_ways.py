"""Performance both ways: how many figures are better or worse than their baselines, and how many than their milestones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.rules.change import Incomparable
from models.rules.direction import Direction, Travel
from models.rules.terms import Rating

Side = Rating | Incomparable | None
"""How a figure stands against its baseline: better, the same ('within') or worse; why that cannot be said; None where
neither high nor low is good."""

_SIDE = {
    Direction.IMPROVING: Rating.BETTER,
    Direction.NO_CHANGE: Rating.WITHIN,
    Direction.WORSENING: Rating.WORSE,
}


def side(found: Travel | Incomparable) -> Side:
    """The side of its baseline that a figure is on, by its direction since then.

    >>> side(Incomparable.OTHER_UNIT)
    <Incomparable.OTHER_UNIT: 'baseline in another unit'>
    """
    return found if isinstance(found, Incomparable) else _SIDE.get(found.direction)


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of one period, counted twice: by the rating against the milestone (None: no rating), and by the side of
    the baseline. Either adds up to `total`."""

    total: int
    by_milestone: Mapping[Rating | None, int]
    by_baseline: Mapping[Side, int]

    @property
    def comparable(self) -> int:
        """How many can be held against their baselines."""
        return sum(n for one, n in self.by_baseline.items() if isinstance(one, Rating))

    @property
    def reasons(self) -> Mapping[Incomparable | None, int]:
        """Why the others cannot, with how many each."""
        return {one: n for one, n in self.by_baseline.items() if not isinstance(one, Rating)}


def tally(figures: Iterable[tuple[Rating | None, Travel | Incomparable]]) -> Tally:
    """Count the figures of one period, each with its rating and its direction since the baseline."""
    pairs = [(rating, side(found)) for rating, found in figures]
    return Tally(len(pairs), Counter(rating for rating, _ in pairs), Counter(one for _, one in pairs))
