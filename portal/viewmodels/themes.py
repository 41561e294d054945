"""The executive's views: all themes side by side, and one theme."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.rules.change import Moved
from models.rules.rollup import Counts
from portal.viewmodels.indicators import ThemeStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """A period that can be looked at."""

    key: str
    slug: str
    current: bool


@dataclass(frozen=True, slots=True)
class Themes:
    """Every theme of the agreement in one period."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    counts: Counts
    themes: tuple[ThemeStanding, ...]
    moved: Moved
    as_at: AsAt | None = None


@dataclass(frozen=True, slots=True)
class ThemePage:
    """One theme in one period; `dissents` are the open ones of partners that signed up, by the indicator's code;
    `provisional` the codes of the measures with a rating that the usual revision of their source could change."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    theme: ThemeStanding
    dissents: Mapping[str, tuple[Said, ...]]
    provisional: frozenset[str] = frozenset()
    as_at: AsAt | None = None
