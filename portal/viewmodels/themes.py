"""The executive's views: all themes side by side, and one theme."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.rules.change import Moved
from models.rules.rollup import Counts
from models.rules.terms import Rating
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.money import Money
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said
from portal.viewmodels.risks import RiskLine


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """A period that can be looked at."""

    key: str
    slug: str
    current: bool


@dataclass(frozen=True, slots=True)
class Newer:
    """A period after the one that is shown, with how many of its figures are verified, and how many of these are rated
    worse than anticipated."""

    key: str
    slug: str
    figures: int
    worse: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One indicator's line of the heat map: its ratings at the quarters' ends, None for none; the last is of the
    period that is shown."""

    indicator: IndicatorStanding
    ratings: tuple[Rating | None, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which indicators are wanted, as said in the address: '' for all. `options` are the choices of each, with their
    words' keys, in order."""

    chosen: Mapping[str, str]
    options: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Themes:
    """Every theme of the agreement in one period. `pressing` has the indicators that are rated worse than anticipated,
    or expected to end the year so, the most pressing first, and `actions` what is done about these; `newer` what has been
    verified of later periods; `heat` the indicators that the filters let through, by quarter (`quarters`, the oldest
    first); `beside` the keys of the other pages about the whole agreement that its reader may open."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    counts: Counts
    themes: tuple[ThemeStanding, ...]
    moved: Moved
    quarters: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    filters: Filters
    pressing: tuple[IndicatorStanding, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    newer: tuple[Newer, ...] = ()
    beside: frozenset[str] = frozenset()
    as_at: AsAt | None = None


@dataclass(frozen=True, slots=True)
class ThemePage:
    """One theme in one period; `dissents` are the open ones of partners that signed up, by the indicator's code;
    `provisional` the codes of the measures with a rating that the usual revision of their source could change; `actions`
    the open ones of its indicators, the longest overdue first, `risks` the open ones of the theme and of its indicators,
    `money` what is committed to these, `planned` the codes of those with a delivery plan; `may_pack`: its
    reader may ask for a briefing pack on it."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    theme: ThemeStanding
    dissents: Mapping[str, tuple[Said, ...]]
    provisional: frozenset[str] = frozenset()
    actions: tuple[ActionLine, ...] = ()
    risks: tuple[RiskLine, ...] = ()
    money: Money = field(default_factory=Money)
    planned: frozenset[str] = frozenset()
    as_at: AsAt | None = None
    may_pack: bool = False
