"""The corporate assessment: five themes scored 1 to 4, the overall score by the published rules, and what would raise it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

LOWEST, HIGHEST = 1, 4
THEMES = 5
"""The rules are published for five themes, and say nothing of fewer or more."""


@dataclass(frozen=True, slots=True)
class Level:
    """What it takes to reach an overall score: at least `many` themes with a score of `least` or more, and none with less
    than `floor`. `said` is the sentence that it was read from."""

    overall: int
    many: int
    least: int
    floor: int
    said: str

    def is_reached(self, scores: Sequence[int]) -> bool:
        """Whether these scores reach it."""
        return sum(score >= self.least for score in scores) >= self.many and min(scores) >= self.floor


LEVELS = (
    Level(4, 2, 4, 3, "Two or more themes score 4 and none scores less than 3"),
    Level(3, 3, 3, 2, "Three or more themes score 3 or more and none scores less than 2"),
    Level(2, 3, 2, LOWEST, "Three or more themes score 2 or more"),
    Level(1, 0, LOWEST, LOWEST, "Any other combination"),
)
"""The published rules, the highest first. 'Three or more themes with a score of 3', as they are printed elsewhere, is read
as 3 or more: read literally 4, 4, 3, 2, 2 would give 2, and a better score could cost a point."""


def level(scores: Sequence[int]) -> Level:
    """The highest level that five scores reach; ValueError for what is not five scores from 1 to 4.

    >>> level((4, 3, 2, 3, 3)).overall
    3
    """
    _require(scores)
    return next(one for one in LEVELS if one.is_reached(scores))


def next_level(scores: Sequence[int]) -> Level | None:
    """The level one point above the one that is reached; None at the highest."""
    reached = level(scores).overall
    return next((one for one in LEVELS if one.overall == reached + 1), None)


def changes_for_one_more(scores: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The fewest points that give one point more overall: every set of five scores that does it by raising themes by as
    few points in all as it can be done with; those that touch the fewest themes first. Empty where nothing is higher.

    >>> changes_for_one_more((4, 3, 2, 3, 3))
    ((4, 3, 4, 3, 3), (4, 4, 3, 3, 3), (4, 3, 3, 4, 3), (4, 3, 3, 3, 4))
    """
    aim = next_level(scores)
    if aim is None:
        return ()
    raised = product(*(range(score, HIGHEST + 1) for score in scores))
    enough = [found for found in raised if level(found).overall >= aim.overall]
    fewest = min(map(sum, enough))

    def order(found: Sequence[int]) -> tuple[int, list[int]]:
        touched = sum(one != score for one, score in zip(found, scores, strict=True))
        return touched, [-one for one in found]

    return tuple(sorted((found for found in enough if sum(found) == fewest), key=order))


def _require(scores: Sequence[int]) -> None:
    if len(scores) != THEMES or not all(LOWEST <= score <= HIGHEST for score in scores):
        raise ValueError(f"An assessment has {THEMES} scores from {LOWEST} to {HIGHEST}, not {list(scores)}.")
