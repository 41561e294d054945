"""The direction of travel: whether a measure gets better, from two figures or, when there are enough, by signals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.rules.aim import Aim
from models.rules.xmr import RUN, Limits, Signal, chart


class Direction(StrEnum):
    """Where a measure is going; the last two where neither way is good."""

    IMPROVING = "improving"
    WORSENING = "worsening"
    NO_CHANGE = "no change"
    INCREASING = "increasing"
    DECREASING = "decreasing"


class Basis(StrEnum):
    """What a direction was decided by; said beside it wherever it is shown. Of two figures alone, chance decides as
    often as not."""

    TWO_FIGURES = "two figures"
    PROCESS_LIMITS = "process limits"
    SAME_PERIOD = "same period a year before"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Travel:
    """A direction and the figures that it was decided from: the latest, and what it was held against. With process
    limits those are there too, and the latest figure's signals."""

    direction: Direction
    basis: Basis
    latest: Decimal
    against: Decimal
    limits: Limits | None = None
    signals: tuple[Signal, ...] = ()


def against_previous(figures: Sequence[Decimal], aim: Aim, breaks: Collection[int] = ()) -> Travel | None:
    """The direction at the latest figure, the oldest first, periods without a figure left out; None where nothing
    goes before it since the last break of the series (`breaks` as in `xmr.chart`).

    Under eight points since the break: against the previous figure. From eight on: no change unless the XmR chart
    has a signal at the latest point; its first signal decides, and the figure is held against the mean or, when it
    ends seven rising or falling, against the first of those. Source: the portal's design, section 3.

    For a range, towards it is improving and away from it worsening; inside before and after is no change.

    >>> from models.rules.terms import Polarity
    >>> against_previous([Decimal("2.14"), Decimal("2.42")], Aim(Polarity.LOWER)).direction
    <Direction.WORSENING: 'worsening'>
    """
    segments = chart(figures, breaks)
    if not segments or len(segments[-1].signals) < 2:
        return None
    limits, signals = segments[-1].limits, segments[-1].signals[-1]
    latest = figures[-1]
    if limits is None:
        return Travel(_way(figures[-2], latest, aim), Basis.TWO_FIGURES, latest, figures[-2])
    if not signals:
        return Travel(Direction.NO_CHANGE, Basis.PROCESS_LIMITS, latest, limits.mean, limits)
    against = figures[-RUN] if signals[0] in (Signal.RISING, Signal.FALLING) else limits.mean
    return Travel(_way(against, latest, aim), Basis.PROCESS_LIMITS, latest, against, limits, signals)


def against_year_before(latest: Decimal, year_before: Decimal, aim: Aim) -> Travel:
    """The direction against the same period a year before: for measures that follow the seasons, where the previous
    quarter misleads. Always of two figures; the two must have no break of the series between them.

    >>> from models.rules.terms import Polarity
    >>> against_year_before(Decimal(80), Decimal(75), Aim(Polarity.NONE)).direction
    <Direction.INCREASING: 'increasing'>
    """
    return Travel(_way(year_before, latest, aim), Basis.SAME_PERIOD, latest, year_before)


def against_baseline(latest: Decimal, baseline: Decimal, aim: Aim) -> Travel:
    """The direction against the figure that the agreement started from, in the same unit. Always of two figures."""
    return Travel(_way(baseline, latest, aim), Basis.BASELINE, latest, baseline)


def _way(earlier: Decimal, later: Decimal, aim: Aim) -> Direction:
    before, after = aim.merit(earlier), aim.merit(later)
    if before is None or after is None:
        return _told(earlier, later, Direction.INCREASING, Direction.DECREASING)
    return _told(before, after, Direction.IMPROVING, Direction.WORSENING)


def _told(before: Decimal, after: Decimal, up: Direction, down: Direction) -> Direction:
    if after > before:
        return up
    return down if after < before else Direction.NO_CHANGE
