"""Charts as data, drawn twice: as components in layouts/charts.py and as SVG text in layouts/svg.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.rules.distance import NoDistance
from models.rules.expected import Expected
from models.rules.rollup import Counts
from models.rules.terms import NoRating, Polarity, Rating
from models.rules.xmr import Limits, Signal
from portal.viewmodels.forecasts import YearEnd


@dataclass(frozen=True, slots=True)
class CountsChart:
    """How many indicators of each group have each rating; `title` says what it shows, `source` whence."""

    title: str
    source: str
    groups: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure's figures, oldest first, with what the last was expected to be. `alternative` says it in words."""

    values: tuple[Decimal, ...]
    expected: Decimal | None
    tone: str
    alternative: str


class Layer(StrEnum):
    """What can be laid over a measure's figures, or left out."""

    TARGET = "target"
    FORECAST = "forecast"
    LIMITS = "limits"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One verified figure: `day` is its period's last. `signals` are the process limits', in their order; `anew` is
    the reason for a declared break of the series here, '' for none."""

    period: str
    day: date
    value: Decimal
    rating: Rating | None
    no_rating_reason: NoRating | None
    expected: Expected | None
    signals: tuple[Signal, ...] = ()
    anew: str = ""


@dataclass(frozen=True, slots=True)
class HistoricPoint:
    """One figure from before the agreement: `day` is its period's last; `counted`: the process limits rest on it too,
    since it is of the measure's own kind of period. `source` is '' where it is not known."""

    period: str
    day: date
    value: Decimal
    source: str
    counted: bool


@dataclass(frozen=True, slots=True)
class ChartAim:
    """What a figure is, or will be, held against at one period's end."""

    period: str
    day: date
    expected: Expected


@dataclass(frozen=True, slots=True)
class ChartLimits:
    """The process limits of one stretch of the series, with the days of its first and last figure."""

    first: date
    last: date
    limits: Limits


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """A numbered event; the number stands on the chart and before the event's text."""

    number: int
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class MeasureChart:
    """One measure's figures over the agreement's years, after those from before it (`historic`). `first` and `year_end`
    bound what there is to show of them; `aims` may go on to the agreement's end. A `cumulative` measure counts from nothing
    each year: it has no process limits. `outlook` is the portal's forecast, `partner` the partner's own."""

    code: str
    part: str
    title: str
    unit: str
    decimals: int
    source: str
    polarity: Polarity
    cumulative: bool
    first: date
    year_end: date
    points: tuple[ChartPoint, ...] = ()
    aims: tuple[ChartAim, ...] = ()
    limits: tuple[ChartLimits, ...] = ()
    baseline: Decimal | None = None
    baseline_period: str = ""
    outlook: YearEnd | None = None
    partner: Decimal | None = None
    floor: Decimal | None = None
    events: tuple[ChartEvent, ...] = ()
    historic: tuple[HistoricPoint, ...] = ()

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that there is something for."""
        forecast = (self.outlook is not None and self.outlook.central is not None) or self.partner is not None
        found = {
            Layer.TARGET: bool(self.aims) or self.baseline is not None,
            Layer.FORECAST: forecast,
            Layer.LIMITS: bool(self.limits),
            Layer.EVENTS: bool(self.events),
        }
        return tuple(layer for layer in Layer if found[layer])


@dataclass(frozen=True, slots=True)
class PrintedShares:
    """How an earlier agreement's measures stood at a half-year's end, in per cent of all, as printed: they need not
    make a hundred. None stands for the measures without a figure; a share that is not given is not in it."""

    day: date
    shares: Mapping[Rating | None, Decimal]


@dataclass(frozen=True, slots=True)
class CountedShares:
    """How many of an agreement's indicators had each rating at a period's end, of how many."""

    period: str
    ratings: Mapping[Rating, int]
    total: int

    @property
    def rated(self) -> int:
        return sum(self.ratings.values())


@dataclass(frozen=True, slots=True)
class SharesChart:
    """The share of each rating over the years, the oldest first: of earlier agreements, by their titles, as printed,
    and of this one as counted."""

    earlier: Mapping[str, tuple[PrintedShares, ...]]
    agreement: str
    counted: tuple[CountedShares, ...]


@dataclass(frozen=True, slots=True)
class SpineFigure:
    """One measure's figure, and what it is held against. `part` is which of an indicator's measures it is, where there
    are several; `judged`: people judged otherwise than the rule."""

    code: str
    title: str
    part: str
    theme: str
    value: Decimal
    unit: str
    decimals: int
    expected: Expected | None
    rating: Rating | None
    no_rating_reason: NoRating | None
    judged: bool


@dataclass(frozen=True, slots=True)
class SpineChart:
    """The distance of every figure of a period on one axis, in tolerances, the worst first; `unplaced` are the figures
    that have none, and why. `silent` counts the indicators without a figure, of `total`, by the reason."""

    period: str
    rows: tuple[tuple[SpineFigure, Decimal], ...]
    unplaced: tuple[tuple[SpineFigure, NoDistance], ...]
    silent: Counts
    total: int


@dataclass(frozen=True, slots=True)
class PanelPoint:
    """One figure's distance; `anew`: a declared break makes the series start anew here."""

    period: str
    day: date
    distance: Decimal
    rating: Rating | None
    anew: bool


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One measure's distances, the oldest first: at least one."""

    code: str
    title: str
    points: tuple[PanelPoint, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One theme's measures."""

    theme: str
    title: str
    lines: tuple[PanelLine, ...]


@dataclass(frozen=True, slots=True)
class PanelsChart:
    """A panel for every theme, all with the same axes, from the agreement's first day to the shown period's last."""

    first: date
    last: date
    panels: tuple[Panel, ...]
