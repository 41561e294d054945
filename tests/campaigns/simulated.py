"""Series whose truth is known: levels, trends, seasons, steps, walks, counts, percentages and cumulative counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import cos, exp, pi, sqrt
from random import Random

FIRST_YEAR = 1990
BANDS = ((3, 5), (6, 8), (9, 16), (17, 40))


@dataclass(frozen=True, slots=True)
class Design:
    """How many figures are known, how many make a year, and the number of the last within its year."""

    length: int
    periods: int
    last: int

    @property
    def ahead(self) -> int:
        return self.periods - self.last or self.periods

    @property
    def band(self) -> tuple[int, int]:
        return next(band for band in BANDS if band[0] <= self.length <= band[1])

    @property
    def unseen(self) -> int:
        """Periods of the first year before the first figure."""
        return self.place(0)[1]

    def place(self, index: int) -> tuple[int, int]:
        """Year and number (from 0) of a figure, counted from the first known one."""
        time = FIRST_YEAR * self.periods + index - (self.length - self.last)
        return divmod(time, self.periods)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What happened: the values in order, the outturn last; for cumulative kinds, what each period added, from the
    first year's start. Errors are told in `unit`. `shares` is a stored profile, as a share of the year for each period."""

    values: list[float]
    unit: float
    shares: list[float] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of series: how it comes about, what can be, and whether it counts through the year."""

    name: str
    simulate: Callable[[Random, Design, int], Simulated]
    cumulative: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    seasonal: bool = False
    gaps: bool = False
    places: int = 2


def either(random: Random, low: float, high: float) -> float:
    """A size in this range, up or down."""
    return random.uniform(low, high) * random.choice((-1, 1))


def noisy(random: Random, level: Iterable[float]) -> Simulated:
    """Every figure is its level and a noise of standard deviation 1, the unit in which all else is told."""
    return Simulated([50 + value + random.gauss(0, 1) for value in level], 1.0)


def level(random: Random, design: Design, count: int) -> Simulated:
    return noisy(random, [0.0] * count)


def trend(random: Random, design: Design, count: int) -> Simulated:
    slope = either(random, 0.1, 1.0) * 4 / design.periods
    return noisy(random, [slope * t for t in range(count)])


def damped(random: Random, design: Design, count: int) -> Simulated:
    left, way = random.uniform(0.8, 0.95) ** (4 / design.periods), either(random, 3, 8)
    return noisy(random, [way * (1 - left**t) for t in range(count)])


def pattern(random: Random, periods: int) -> list[float]:
    """A year's pattern of its own heights, mean 0 and standard deviation 1."""
    heights = [random.gauss(0, 1) for _ in range(periods)]
    mean = sum(heights) / periods
    spread = sqrt(sum((height - mean) ** 2 for height in heights) / periods)
    return [(height - mean) / spread for height in heights]


def season(random: Random, design: Design, count: int) -> Simulated:
    heights, size = pattern(random, design.periods), random.uniform(1, 4)
    return noisy(random, [size * heights[design.place(t)[1]] for t in range(count)])


def season_and_trend(random: Random, design: Design, count: int) -> Simulated:
    heights, size = pattern(random, design.periods), random.uniform(1, 4)
    slope = either(random, 0.1, 0.4) * 4 / design.periods
    return noisy(random, [size * heights[design.place(t)[1]] + slope * t for t in range(count)])


def wave(random: Random, design: Design, count: int) -> Simulated:
    size, shift = random.uniform(1, 4), random.uniform(0, 2 * pi)
    return noisy(random, [size * cos(2 * pi * design.place(t)[1] / design.periods + shift) for t in range(count)])


def step(random: Random, design: Design, count: int) -> Simulated:
    """One lasting change of level, anywhere between the first and the last known figure."""
    start, size = random.randrange(1, design.length), either(random, 2, 6)
    return noisy(random, [size * (t >= start) for t in range(count)])


def odd(random: Random, design: Design, count: int) -> Simulated:
    """A level, and one known figure far off it."""
    place, size = random.randrange(design.length), either(random, 4, 8)
    return noisy(random, [size * (t == place) for t in range(count)])


def walk(random: Random, moves: Iterable[float]) -> list[float]:
    """A level that moves on from where it is, by draws of these sizes."""
    at, walked = 0.0, []
    for size in moves:
        at += random.gauss(0, size)
        walked.append(at)
    return walked


def wander(random: Random, design: Design, count: int) -> Simulated:
    return noisy(random, walk(random, [random.uniform(0.3, 1) * sqrt(4 / design.periods)] * count))


def pure_walk(random: Random, design: Design, count: int) -> Simulated:
    """No noise at all: each figure is the last one and a step of 1 in a quarter."""
    return Simulated([50 + at for at in walk(random, [sqrt(4 / design.periods)] * count)], 1.0)


def poisson(random: Random, mean: float) -> int:
    """A count of what happens independently; for many, to the nearest whole of a normal draw."""
    if mean > 200:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    left, count = random.random(), 0
    while left > exp(-mean):
        left *= random.random()
        count += 1
    return count


def counts(random: Random, design: Design, count: int) -> Simulated:
    mean = exp(random.uniform(1.1, 4.1))
    return Simulated([poisson(random, mean) for _ in range(count)], sqrt(mean))


def percentages(random: Random, design: Design, count: int) -> Simulated:
    """A share of 50 to 400 people, about 88% to 98%, whose odds wander."""
    people, odds = random.randint(50, 400), random.uniform(2, 4)
    shares = [1 / (1 + exp(-odds - moved)) for moved in walk(random, [0.1] * count)]
    values = [100 * sum(random.random() < share for _ in range(people)) / people for share in shares]
    return Simulated(values, 1.0)


def through_the_year(random: Random, design: Design, count: int) -> tuple[list[float], list[float], float]:
    """What each period adds to a count of 20 to 2,000 a year: shares of the year that are its own, years that differ
    by 12%, and periods that vary by 18% more than chance."""
    mean = exp(random.uniform(3.0, 7.6))
    weights = [random.gammavariate(8 if design.periods < 12 else 20, 1) for _ in range(design.periods)]
    shares = [weight / sum(weights) for weight in weights]
    years: dict[int, float] = {}
    size, added = 1.0, []
    for t in range(-design.unseen, count):
        year, number = design.place(t)
        if year not in years:
            size *= exp(random.gauss(0, 0.12))
            years[year] = size
        added.append(float(poisson(random, mean * years[year] * shares[number] * random.gammavariate(30, 1 / 30))))
    return added, shares, mean / 100


def cumulative(random: Random, design: Design, count: int) -> Simulated:
    added, _, unit = through_the_year(random, design, count)
    return Simulated(added, unit)


def cumulative_with_profile(random: Random, design: Design, count: int) -> Simulated:
    added, shares, unit = through_the_year(random, design, count)
    return Simulated(added, unit, shares)


def cumulative_with_learnt_profile(random: Random, design: Design, count: int) -> Simulated:
    """The stored profile is the mean of two earlier years, which vary as all years do."""
    added, shares, unit = through_the_year(random, design, count)
    seen = [
        sum(poisson(random, unit * 100 * share * random.gammavariate(30, 1 / 30)) for _ in (1, 2)) for share in shares
    ]
    if not all(seen):
        return Simulated(added, unit, shares)
    return Simulated(added, unit, [one / sum(seen) for one in seen])


NOTHING, ALL = Decimal(0), Decimal(100)
KINDS = (
    Kind("level", level),
    Kind("trend", trend),
    Kind("damped trend", damped),
    Kind("season", season, seasonal=True),
    Kind("season, gaps", season, seasonal=True, gaps=True),
    Kind("season and trend", season_and_trend, seasonal=True),
    Kind("wave", wave, seasonal=True),
    Kind("step", step),
    Kind("odd figure", odd),
    Kind("wandering level", wander),
    Kind("random walk", pure_walk),
    Kind("counts", counts, low=NOTHING, places=0),
    Kind("percentages", percentages, low=NOTHING, high=ALL, places=1),
    Kind("cumulative", cumulative, True, NOTHING, places=0),
    Kind("cumulative, profile", cumulative_with_profile, True, NOTHING, places=0),
    Kind("cumulative, learnt profile", cumulative_with_learnt_profile, True, NOTHING, places=0),
)
NOT_PROMISED = ("random walk",)
