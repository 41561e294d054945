"""What has changed: a rating since the last time that there was one, a figure since the baseline."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from models.rules.aim import Aim
from models.rules.direction import Direction, Travel, against_baseline
from models.rules.expected import CUMULATIVE, base_unit
from models.rules.rollup import WORST_FIRST
from models.rules.terms import NoRating, Rating


class Change(StrEnum):
    """What became of an indicator's rating."""

    WORSE = "rated worse than before"
    BETTER = "rated better than before"
    SAME = "rated as before"
    FIRST = "rated for the first time"
    LOST = "rated before, not now"
    NONE = "not rated, or not due"


def change(now: Rating | None, before: Rating | None, reason: NoRating | None = None) -> Change:
    """What became of a rating; `before` is the last one there was, None where there was none, and `reason` says why
    there is none now: what is not due has not been lost.

    >>> change(Rating.WORSE, Rating.WITHIN)
    <Change.WORSE: 'rated worse than before'>
    """
    if now is None:
        return Change.NONE if before is None or reason is NoRating.NOT_DUE else Change.LOST
    if before is None:
        return Change.FIRST
    if now is before:
        return Change.SAME
    return Change.BETTER if WORST_FIRST.index(now) > WORST_FIRST.index(before) else Change.WORSE


class Incomparable(StrEnum):
    """Why a measure cannot be held against its baseline."""

    NO_FIGURE = "no figure"
    NO_BASELINE = "no baseline"
    OTHER_UNIT = "baseline in another unit"
    PART_OF_YEAR = "only part of the year counted"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a measure started: the value in the target's unit, None where it is not known; and when, in words."""

    value: Decimal | None
    unit: str
    period: str = ""


def since_baseline(
    figure: Decimal | None, baseline: Baseline, reported_unit: str, aim: Aim, share_of_year: Decimal
) -> Travel | Incomparable:
    """The direction of a reported figure against the baseline, always of two figures, or why there is none: a
    baseline is of a whole year in the target's unit, so that a figure in another unit, or one that adds up within
    the year before the year is over (`share_of_year` under 1), cannot be held against it.

    >>> from models.rules.terms import Polarity
    >>> homes, aim = "homes, cumulative in the year", Aim(Polarity.HIGHER)
    >>> since_baseline(Decimal(300), Baseline(Decimal(1100), "homes"), homes, aim, Decimal("0.5"))
    <Incomparable.PART_OF_YEAR: 'only part of the year counted'>
    """
    if figure is None:
        return Incomparable.NO_FIGURE
    if baseline.value is None:
        return Incomparable.NO_BASELINE
    if base_unit(reported_unit) != base_unit(baseline.unit):
        return Incomparable.OTHER_UNIT
    if reported_unit.endswith(CUMULATIVE) and share_of_year < 1:
        return Incomparable.PART_OF_YEAR
    return against_baseline(figure, baseline.value, aim)


WORST_DIRECTION_FIRST = (
    Direction.WORSENING,
    Direction.NO_CHANGE,
    Direction.IMPROVING,
    Direction.INCREASING,
    Direction.DECREASING,
)


def worst_direction(measures: Sequence[Travel | Incomparable]) -> Direction | Incomparable:
    """An indicator's direction since the baseline: the worst of its measures', else its first measure's reason for
    none."""
    found = {measure.direction for measure in measures if isinstance(measure, Travel)}
    reasons = (measure for measure in measures if not isinstance(measure, Travel))
    return next((d for d in WORST_DIRECTION_FIRST if d in found), None) or next(reasons, Incomparable.NO_FIGURE)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many indicators of a group changed in which way since their last rating, and how they stand against their
    baselines; what none did is left out. Either adds up to the group."""

    since_last: dict[Change, int] = field(default_factory=dict)
    since_baseline: dict[Direction | Incomparable, int] = field(default_factory=dict)


def moved(indicators: Iterable[tuple[Change, Direction | Incomparable]]) -> Moved:
    """Count (change since the last rating, direction since the baseline) pairs, in the order of the vocabularies."""
    pairs = list(indicators)
    changes, directions = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    vocabulary = (*WORST_DIRECTION_FIRST, *Incomparable)
    return Moved(
        {word: changes[word] for word in Change if changes[word]},
        {word: directions[word] for word in vocabulary if directions[word]},
    )
