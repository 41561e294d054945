"""From days and figures to places on a drawing: what there is room for, and the round numbers of its axis."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.rules.expected import Expected
from portal.viewmodels.charts import Layer, MeasureChart

HEIGHT = 300
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day stands across, in per cent, and a figure down, in pixels."""

    first: date
    last: date
    low: Decimal
    high: Decimal

    def x(self, day: date) -> float:
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)

    def y(self, value: Decimal) -> float:
        return round(float(HEIGHT * (1 - (value - self.low) / (self.high - self.low))), 1)


def scale_of(chart: MeasureChart, wanted: Collection[Layer]) -> Scale | None:
    """Room for the figures and for the layers that are wanted; None when there is nothing to make room for."""
    values = [*(one.value for one in chart.historic), *(point.value for point in chart.points)]
    last = chart.year_end
    if Layer.TARGET in wanted:
        values += [edge for aim in chart.aims for edge in edges(aim.expected)]
        values += [chart.baseline] if chart.baseline is not None else []
        last = max([last, *(aim.day for aim in chart.aims)])
    if Layer.FORECAST in wanted:
        found = chart.outlook
        asked = (found.low, found.central, found.high) if found else ()
        values += [value for value in (*asked, chart.partner) if value is not None]
    if Layer.LIMITS in wanted:
        values += [stretch.limits.upper for stretch in chart.limits]
        values += [one.limits.lower for one in chart.limits if chart.floor is None or one.limits.lower >= chart.floor]
    if not values:
        return None
    return Scale(chart.first, last, *_room(chart, values))


def _room(chart: MeasureChart, values: list[Decimal]) -> tuple[Decimal, Decimal]:
    """A little more than the figures need, so that none stands on the edge; what counts up from nothing begins there,
    and what cannot be negative has no room for it."""
    low, high = min(values), max(values)
    room = (high - low) * Decimal("0.1") or abs(high) * Decimal("0.1") or Decimal(1)
    if chart.cumulative:
        return min(low, Decimal(0)), high + room
    if chart.floor is not None and low >= chart.floor:
        return max(low - room, chart.floor), high + room
    return low - room, high + room


def edges(expected: Expected) -> tuple[Decimal, ...]:
    """What of an expected value can be drawn: one line for a point, two for a range, one for a range open at an end."""
    if expected.low is None and expected.high is None:
        return () if expected.value is None else (expected.value,)
    return tuple(dict.fromkeys(edge for edge in (expected.low, expected.high) if edge is not None))


def ticks(low: Decimal, high: Decimal) -> tuple[Decimal, list[Decimal]]:
    """A step of 1, 2 or 5 times a power of ten, and its multiples from `low` to `high`: six at most.

    >>> [str(tick) for tick in ticks(Decimal("1.83"), Decimal("2.61"))[1]]
    ['2.000', '2.200', '2.400', '2.600']
    """
    step = Decimal(1).scaleb((high - low).adjusted() - 1)
    for times in (2, Decimal("2.5"), 2) * 4:
        if (high - low) / step < MOST_TICKS:
            break
        step *= times
    first = -(-low // step)
    found, value = [], first * step
    while value <= high:
        if value >= low:
            found.append(value)
        value += step
    return step, found
