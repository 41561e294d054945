"""How indicators and their measures stand in a period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.rules.change import Baseline, Change, Incomparable, Moved
from models.rules.direction import Direction, Travel
from models.rules.evidence import Strength
from models.rules.expected import Expected
from models.rules.interval import Interval
from models.rules.rollup import Counts
from models.rules.terms import Group, NoRating, Polarity, Rating, State
from portal.viewmodels.forecasts import YearEnd


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a series: the period's key and the value in the reported unit; `anew`: a declared break makes the
    series start anew here. `rating` is the one that it was verified with."""

    period: str
    value: Decimal
    anew: bool = False
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class MeasureStanding:
    """One measure in one period. `rating` is what counts; `rating_by_rule` what the rule says without the override.
    `lead` is by how much the figure beats what was expected, `margin` what does not count, `interval` where the true
    figure lies with 95% confidence, `year_value` the year's own figure beside a rolling average; all in `unit`.
    `travel` is the direction against the figures before, `year_before` against the same period a year before, for
    measures that follow the seasons, `since_baseline` against where the agreement started, or why that cannot be
    said. `history` ends with the figure itself. `outlook` is the portal's forecast of the year's end, where it was
    asked for. `held_since` is the day on which its milestone was set, where that was after the figure came in.
    `suppressed` are the periods whose figures are too small for everybody to see: only editions have
    such."""

    code: str
    part: str
    unit: str
    polarity: Polarity
    decimals: int
    value: Decimal | None
    expected: Expected | None
    lead: Decimal | None
    margin: Decimal | None
    rating: Rating | None
    rating_by_rule: Rating | None
    override_reason: str | None
    no_rating_reason: NoRating | None
    forecast_value: Decimal | None
    forecast: Rating | None
    commentary: str
    state: State | None
    history: tuple[Point, ...] = ()
    interval: Interval | None = None
    year_value: Decimal | None = None
    strength: Strength | None = None
    travel: Travel | None = None
    year_before: Travel | None = None
    baseline: Baseline | None = None
    since_baseline: Travel | Incomparable = Incomparable.NO_FIGURE
    outlook: YearEnd | None = None
    suppressed: tuple[str, ...] = ()
    held_since: date | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last rating that an indicator had before, and the period that it was for."""

    period: str
    rating: Rating


@dataclass(frozen=True, slots=True)
class IndicatorStanding:
    """One indicator in one period: the worst of its measures, or the reason why it has no rating. `before` is the
    last rating before this one, `change` what became of it; `since_baseline` is the worst direction of its measures
    against their baselines, or why there is none. `ratings` has those up to now by the last day of their periods."""

    code: str
    title: str
    group: Group
    theme: str
    lead: str
    placeholder: bool
    rating: Rating | None
    no_rating_reason: NoRating | None
    forecast: Rating | None
    overridden: bool
    measures: tuple[MeasureStanding, ...]
    before: Earlier | None = None
    change: Change = Change.NONE
    since_baseline: Direction | Incomparable = Incomparable.NO_FIGURE
    lead_key: str = ""
    ratings: Mapping[date, Rating] = field(default_factory=dict)

    @property
    def reported(self) -> bool:
        """Whether there is something to show: a rating, or a figure that nothing is agreed to rate it by."""
        return self.rating is not None or any(measure.value is not None for measure in self.measures)

    @property
    def commentary(self) -> str:
        """What the lead said, once, even where several measures carry the same words."""
        return "\n\n".join(dict.fromkeys(m.commentary for m in self.measures if m.commentary))


@dataclass(frozen=True, slots=True)
class ThemeStanding:
    """One theme in one period, with its indicators worst first."""

    key: str
    title: str
    counts: Counts
    indicators: tuple[IndicatorStanding, ...]
    moved: Moved = field(default_factory=Moved)
