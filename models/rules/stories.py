"""The simple stories that a series of figures may follow, and how much each is believed once the figures are known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from math import cos, exp, log, pi, sqrt
from operator import mul
from typing import TypeAlias

from models.rules.outlook import Part


class Method(StrEnum):
    """How the level behind the figures moves."""

    LEVEL = "level"
    WANDER = "wandering level"
    TREND = "trend"
    DAMPED = "damped trend"
    STEP = "new level"


Window: TypeAlias = tuple[tuple[int, float], ...]
"""What one figure adds up: periods, counted from the first, each with its weight. A rate is one period of weight 1."""
_Kernel: TypeAlias = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Move:
    """A way in which the level moves: its belief beforehand, and how far it moves in a quarter, against the noise of
    one figure. What happens `once` may happen at any figure: a step lasts, an odd figure of a level stands alone."""

    method: Method
    prior: float
    size: float
    once: bool = False


MOVES = (
    Move(Method.LEVEL, 0.15, 0.0),
    Move(Method.LEVEL, 0.12, 5.0, once=True),
    Move(Method.STEP, 0.18, 5.0, once=True),
    Move(Method.WANDER, 0.13, 0.3),
    Move(Method.WANDER, 0.10, 1.0),
    Move(Method.WANDER, 0.07, 3.0),
    Move(Method.TREND, 0.05, 0.6),
    Move(Method.DAMPED, 0.05, 0.3),
    Move(Method.DAMPED, 0.15, 0.6),
)
"""Round numbers, chosen by back-test and the same for every measure (docs/forecast-honesty.md)."""

DAMPING = 0.85
"""What is left of a damped trend's slope after a quarter."""


@dataclass(frozen=True, slots=True)
class Season:
    """A pattern that comes back every year: its belief beforehand, its size against the noise of one figure, and
    whether it is a wave (one rise and one fall in the year) or has its own height in each period."""

    prior: float
    size: float
    wave: bool = False


NO_SEASON = Season(0.5, 0.0)
SEASONS = (
    NO_SEASON,
    Season(0.1, 1.0),
    Season(0.2, 3.0),
    Season(0.05, 6.0),
    Season(0.05, 2.0, wave=True),
    Season(0.1, 5.0, wave=True),
)
ONCE_SEASON = Season(0.5, 3.0)
"""Beside what may happen at any one figure only one season is tried: there are as many such stories as figures."""


@dataclass(frozen=True, slots=True)
class Design:
    """Which periods the figures tell of, which the coming figure, and how many make a year. Equal for all measures
    that are returned alike, so what follows from it alone is worked out once."""

    figures: tuple[Window, ...]
    coming: Window
    periods: int
    seasonal: bool


@dataclass(frozen=True, slots=True)
class _Story:
    """One story for one design: the figures' covariances as a Cholesky factor, and what follows without figures."""

    method: Method
    seasonal: bool
    belief: float
    rows: tuple[list[float], ...]
    pivots: tuple[float, ...]
    ones: list[float]
    link: list[float]
    size: float
    coming: float
    variance: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The stories' answers, the way that is believed most, and the belief that there is a season, 0 to 1."""

    parts: tuple[Part, ...]
    freedom: int
    method: Method
    season: float


def weigh(design: Design, values: Sequence[float]) -> Weighed | None:
    """Each story is a normal distribution of all figures with unknown level and noise; it is believed by its prior x
    how well it would have foretold the figures, and forecasts with a Student's t of one degree less than figures.
    None when the figures have no noise at all: nothing then says how far the next may be. Source: Bayesian model
    averaging of Gaussian structural models (Harvey 1989; Hoeting and others 1999), vague priors for level and noise."""
    freedom = len(values) - 1
    found: list[tuple[_Story, float, Part]] = []
    for story in _stories(design):
        white = _solve(story.rows, story.pivots, values)
        level = sum(map(mul, story.ones, white)) / story.size
        rest = [value - level * one for value, one in zip(white, story.ones, strict=True)]
        noise = sum(map(mul, rest, rest))
        if noise < 1e-18:
            return None
        centre = story.coming * level + sum(map(mul, story.link, rest))
        belief = story.belief - freedom / 2 * log(noise)
        found.append((story, belief, Part(1.0, centre, sqrt(story.variance * noise / freedom))))
    most = max(belief for _, belief, _ in found)
    whole = sum(exp(belief - most) for _, belief, _ in found)
    by_method = dict.fromkeys(Method, 0.0)
    parts, season = [], 0.0
    for story, belief, part in found:
        weight = exp(belief - most) / whole
        by_method[story.method] += weight
        season += weight * story.seasonal
        if weight > 1e-4:
            parts.append(Part(weight, part.centre, part.spread))
    kept = sum(part.weight for part in parts)
    return Weighed(
        tuple(Part(part.weight / kept, part.centre, part.spread) for part in parts),
        freedom,
        max(Method, key=lambda method: by_method[method]),
        season,
    )


@lru_cache(maxsize=16)
def _stories(design: Design) -> tuple[_Story, ...]:
    return tuple(_story(design, *told) for told in _told(design))


def _told(design: Design) -> Iterator[tuple[Method, Season, float, _Kernel]]:
    """Each way of moving with each season: the belief beforehand, and the covariance of the level in two periods."""
    seasons = [season for season in SEASONS if design.periods > 2 or not season.wave]
    if design.periods == 1 or not design.seasonal:
        seasons = [NO_SEASON]
    starts = [window[0][0] for window in design.figures]
    for move in MOVES:
        kernels = [_even(move, design.periods)]
        beside = seasons
        if move.once:
            kernels = [_once(move, start) for start in starts[move.method is Method.STEP :]]
            beside = seasons if len(seasons) == 1 else [NO_SEASON, ONCE_SEASON]
        whole = len(kernels) * sum(season.prior for season in beside)
        for kernel in kernels:
            for season in beside:
                prior = move.prior * season.prior / whole
                yield move.method, season, prior, _sum(kernel, _season(season, design.periods))


def _sum(one: _Kernel, other: _Kernel) -> _Kernel:
    return lambda s, t: one(s, t) + other(s, t)


def _even(move: Move, periods: int) -> _Kernel:
    """The covariance of the level in two periods, from how far it may move in so many periods: for all that move
    evenly, (v(s) + v(t) - v(t - s)) / 2, where v is the variance of the move."""
    quarter = 4 / periods

    @cache
    def moved(lag: int) -> float:
        if move.method is Method.WANDER:
            return move.size**2 * quarter * lag
        if move.method is Method.TREND:
            return (move.size * quarter * lag) ** 2
        if move.method is Method.DAMPED:
            left = DAMPING**quarter
            return (move.size * quarter) ** 2 * (lag + 2 * sum((lag - k) * left**k for k in range(1, lag)))
        return 0.0

    return lambda s, t: (moved(s) + moved(t) - moved(abs(t - s))) / 2


def _once(move: Move, start: int) -> _Kernel:
    """At the newest figure nobody can tell a step from an odd figure: both are believed, and the range is wide until
    the next figure comes."""
    if move.method is Method.STEP:
        return lambda s, t: move.size**2 if s >= start and t >= start else 0.0
    return lambda s, t: move.size**2 if s == t == start else 0.0


def _season(season: Season, periods: int) -> _Kernel:
    if season.wave:
        return lambda s, t: season.size**2 * cos(2 * pi * (t - s) / periods)
    return lambda s, t: season.size**2 if (t - s) % periods == 0 else 0.0


def _story(design: Design, method: Method, season: Season, prior: float, kernel: _Kernel) -> _Story:
    def together(one: Window, other: Window) -> float:
        return sum(u * v * kernel(s, t) for s, u in one for t, v in other)

    rows: list[list[float]] = []
    pivots: list[float] = []
    for i, window in enumerate(design.figures):
        row: list[float] = []
        for j in range(i):
            row.append((together(window, design.figures[j]) - sum(map(mul, row, rows[j]))) / pivots[j])
        # Each figure's own noise grows with what it adds up: a count of half a year has twice a quarter's variance.
        pivots.append(sqrt(together(window, window) + _weight(window) - sum(map(mul, row, row))))
        rows.append(row)
    ones = _solve(rows, pivots, [_weight(window) for window in design.figures])
    link = _solve(rows, pivots, [together(window, design.coming) for window in design.figures])
    size = sum(map(mul, ones, ones))
    coming = _weight(design.coming)
    unexplained = coming - sum(map(mul, ones, link))
    variance = together(design.coming, design.coming) + coming - sum(map(mul, link, link)) + unexplained**2 / size
    belief = log(prior) - sum(map(log, pivots)) - log(size) / 2
    return _Story(method, season.size > 0, belief, tuple(rows), tuple(pivots), ones, link, size, coming, variance)


def _weight(window: Window) -> float:
    return sum(weight for _, weight in window)


def _solve(rows: Sequence[list[float]], pivots: Sequence[float], values: Sequence[float]) -> list[float]:
    """The values freed of what they have in common: forward substitution, oldest first."""
    found: list[float] = []
    for row, pivot, value in zip(rows, pivots, values, strict=True):
        found.append((value - sum(map(mul, row, found))) / pivot)
    return found
