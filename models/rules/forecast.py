"""Where a measure will be at the year's end: a central value and an 80% range, from the figures so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum, auto
from itertools import groupby, pairwise

from models.rules.outlook import Outlook
from models.rules.stories import Design, Method, Window, weigh

FEWEST = 6
"""Fewer figures than this cannot tell a season from a step or from noise: the back-test's ranges then cover anything
from 55% to 98% of what comes (docs/forecast-honesty.md)."""

FEWEST_WITH_PROFILE = 3
"""With a stored profile nothing but the year's size is left to find."""

MOST = 40
"""Older figures than the latest so many are left out: more were not back-tested, and each costs time."""

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""The edges of the range leave one outturn in ten below and one in ten above."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One returned figure: its financial year ('2008/09'), its number within the year (1 is the first), its value."""

    year: str
    number: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """A measure's figures, oldest first, gaps allowed; `periods` make a year (12, 4, 2 or 1). A cumulative measure
    counts from nothing at the year's start; its profile is the share of the year reached by each period's end (0 to
    1, the last is 1). `low` and `high` bound what can be: 0 and 100 for a percentage, 0 and None for a count. Figures
    before a declared break in the series are not of this series."""

    figures: tuple[Figure, ...]
    periods: int
    cumulative: bool = False
    profile: tuple[Decimal, ...] | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year's end in the measure's unit: as likely above `central` as below, and in 80% of cases from `low` to
    `high`. `method` and `season` say which story the figures bear out most, `points` how many figures were used."""

    central: Decimal
    low: Decimal
    high: Decimal
    method: Method
    season: bool
    points: int
    outlook: Outlook


class NoForecast(StrEnum):
    """Why there is no forecast."""

    TOO_FEW = auto()
    TOO_FAR = auto()
    NEVER_VARIED = auto()
    NOT_AHEAD = auto()


class Place(StrEnum):
    """Where the partner's own forecast lies beside the portal's."""

    BELOW = auto()
    WITHIN = auto()
    ABOVE = auto()


def forecast(series: Series, year: str) -> Forecast | NoForecast:
    """The figure at the end of a financial year, or why none is forecast.

    A rate is forecast as it will stand; a cumulative measure as what has been reached and what the rest of the year
    will add, and never below what has been reached, unless it has fallen within a year before. Floats inside, since
    all is estimated. ValueError when the series is not in order or its profile is not one. Source: stories.py.

    >>> homes = [Figure("2007/08", n, Decimal(v)) for n, v in enumerate((110, 190, 320, 400), 1)]
    >>> homes += [Figure("2008/09", n, Decimal(v)) for n, v in enumerate((120, 210), 1)]
    >>> answer = forecast(Series(tuple(homes), 4, cumulative=True, low=Decimal(0)), "2008/09")
    >>> isinstance(answer, Forecast) and round(answer.low), round(answer.central), round(answer.high)
    (385, 423, 456)
    """
    _check(series)
    if not series.figures:
        return NoForecast.TOO_FEW
    last = _time(series.figures[-1].year, series.figures[-1].number, series.periods)
    ahead = _time(year, series.periods, series.periods) - last
    if ahead <= 0:
        return NoForecast.NOT_AHEAD
    if ahead > series.periods:
        return NoForecast.TOO_FAR
    if len(series.figures) < fewest(series, ahead):
        return NoForecast.TOO_FEW
    recent = replace(series, figures=series.figures[-MOST:])
    return _cumulative(recent, year) if series.cumulative else _rate(recent, ahead)


def fewest(series: Series, ahead: int) -> int:
    """How many figures a forecast so many periods ahead needs: a year and two more, so that something has been seen
    twice, and twice as many as it looks ahead."""
    if series.cumulative and series.profile:
        return FEWEST_WITH_PROFILE
    return max(FEWEST, series.periods + 2, 2 * ahead)


def place(partner: Decimal, portal: Forecast) -> Place:
    """The partner's forecast held against the portal's range; on the edge is within."""
    if partner < portal.low:
        return Place.BELOW
    return Place.ABOVE if partner > portal.high else Place.WITHIN


def _rate(series: Series, ahead: int) -> Forecast | NoForecast:
    times = [_time(figure.year, figure.number, series.periods) for figure in series.figures]
    windows: list[Window] = [((time - times[0], 1.0),) for time in times]
    coming = ((times[-1] - times[0] + ahead, 1.0),)
    # Held against the last figure, so that moving the whole series moves the forecast and changes nothing else.
    origin = series.figures[-1].value
    values = [figure.value - origin for figure in series.figures]
    return _answer(series, windows, coming, values, origin, series.low)


def _cumulative(series: Series, year: str) -> Forecast | NoForecast:
    added = list(_added(series))
    start = added[0][0].start
    windows = [_window(periods, series, start) for periods, _ in added]
    last = series.figures[-1]
    reached = last.value if last.year == year else Decimal(0)
    done = last.number if last.year == year else 0
    coming = _window(
        range(_time(year, done, series.periods) + 1, _time(year, series.periods, series.periods) + 1), series, start
    )
    values = [value for _, value in added]
    floor = series.low if min(values) < 0 else reached
    return _answer(series, windows, coming, values, reached, floor)


def _answer(
    series: Series,
    windows: Sequence[Window],
    coming: Window,
    values: Sequence[Decimal],
    origin: Decimal,
    floor: Decimal | None,
) -> Forecast | NoForecast:
    scale = max(abs(value) for value in values)
    seasonal = series.profile is None or not series.cumulative
    design = Design(tuple(windows), coming, series.periods, seasonal)
    weighed = weigh(design, [float(value / scale) for value in values]) if scale else None
    if weighed is None:
        return NoForecast.NEVER_VARIED
    outlook = Outlook(weighed.parts, weighed.freedom, origin, scale, floor, series.high)
    low, central, high = (outlook.quantile(share) for share in (LOW, MIDDLE, HIGH))
    return Forecast(central, low, high, weighed.method, weighed.season > 0.5, len(series.figures), outlook)


def _added(series: Series) -> Iterator[tuple[range, Decimal]]:
    """What each figure adds to the one before it in its year, and the periods in which it was added."""
    for _, figures in groupby(series.figures, lambda figure: figure.year):
        number, reached = 0, Decimal(0)
        for figure in figures:
            time = _time(figure.year, figure.number, series.periods)
            yield range(time - figure.number + number + 1, time + 1), figure.value - reached
            number, reached = figure.number, figure.value


def _window(times: range, series: Series, start: int) -> Window:
    return tuple((time - start, _share(time, series)) for time in times)


def _share(time: int, series: Series) -> float:
    """A period's share of the year, 1 where all are equal. A period that adds nothing is given a little, or the
    smallest figure there would be a wonder."""
    if series.profile is None:
        return 1.0
    number = (time - 1) % series.periods
    before = series.profile[number - 1] if number else Decimal(0)
    return max(float(series.profile[number] - before) * series.periods, 0.02)


def _time(year: str, number: int, periods: int) -> int:
    """Periods counted from the year 0."""
    return int(year[:4]) * periods + number


def _check(series: Series) -> None:
    times = [_time(figure.year, figure.number, series.periods) for figure in series.figures]
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise ValueError("The figures must be in order, one for each period.")
    if any(not 1 <= figure.number <= series.periods for figure in series.figures):
        raise ValueError(f"A figure's number within the year must be 1 to {series.periods}.")
    if series.profile is not None:
        steps = [Decimal(0), *series.profile]
        if len(series.profile) != series.periods or steps[-1] != 1 or any(b < a for a, b in pairwise(steps)):
            raise ValueError(f"A profile must rise to 1 in {series.periods} shares.")
