"""Rolling up: an indicator from its measures, a theme from its indicators. Counts and worsts, never averages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.rules.rating import Judgement
from models.rules.terms import NoRating, Rating

WORST_FIRST = (Rating.WORSE, Rating.WITHIN, Rating.BETTER)


def worst(ratings: Iterable[Rating | None]) -> Rating | None:
    """The worst rating there is; a measure without one hides nothing.

    >>> worst([Rating.BETTER, None, Rating.WORSE])
    <Rating.WORSE: 'worse'>
    """
    present = set(ratings)
    return next((rating for rating in WORST_FIRST if rating in present), None)


def first_reason(judgements: Sequence[Judgement]) -> NoRating | None:
    """Why an indicator has no rating: its first unrated measure's reason. None when any measure is rated."""
    if not judgements or any(judgement.rating for judgement in judgements):
        return None
    return judgements[0].reason


@dataclass(frozen=True, slots=True)
class Counts:
    """How many indicators of a group have each rating, and how many have none, by reason."""

    better: int = 0
    within: int = 0
    worse: int = 0
    none: dict[NoRating, int] = field(default_factory=dict)

    @property
    def no_rating(self) -> int:
        return sum(self.none.values())

    @property
    def rated(self) -> int:
        return self.better + self.within + self.worse

    @property
    def total(self) -> int:
        return self.rated + self.no_rating


def count(indicators: Iterable[tuple[Rating | None, NoRating | None]]) -> Counts:
    """Count (rating, reason for none) pairs, the reasons in the order of the vocabulary."""
    pairs = list(indicators)
    ratings = Counter(rating for rating, _ in pairs)
    reasons = Counter(reason for rating, reason in pairs if rating is None)
    return Counts(
        ratings[Rating.BETTER],
        ratings[Rating.WITHIN],
        ratings[Rating.WORSE],
        {reason: reasons[reason] for reason in NoRating if reasons[reason]},
    )
