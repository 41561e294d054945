"""An edition as the public reads it, rebuilt from its frozen content alone."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.direction import Travel
from models.rules.rollup import Counts
from models.rules.terms import NoRating, Rating
from portal.viewmodels.charts import MeasureChart
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One edition: numbered, dated, with its themes and the hash of its content. `corrects` is the edition that it puts
    right, and `note` says what was wrong there. Of what came after it: `corrected_by` is the newest edition that puts
    this one right, and `latest` the one that is shown first now."""

    edition: int
    agreement: str
    area: str
    period: str
    ends_on: str
    published_at: datetime
    hash: str
    counts: Counts
    themes: tuple[ThemeStanding, ...]
    note: str = ""
    corrects: int | None = None
    corrected_by: int | None = None
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class NoLongerRated:
    """How many indicators an edition leaves without the rating that the one on the period before gave them, by why."""

    before: str
    now: str
    why: Counts


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list of all."""

    number: int
    period: str
    published_at: datetime
    hash: str
    note: str
    corrects: int | None
    corrected_by: int | None
    latest: bool = False


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """What an edition said of one indicator. `measures` are those that had a figure."""

    number: int
    period: str
    published_at: datetime
    rating: Rating | None
    no_rating_reason: NoRating | None
    measures: tuple[MeasureStanding, ...]


@dataclass(frozen=True, slots=True)
class EditionIndicator:
    """One indicator as an edition has it, with what earlier editions said of it, the newest first. `travel` and
    `charts` go with its measures: the direction, and the figures over time as they were published until then."""

    card: Scorecard
    theme: str
    indicator: IndicatorStanding
    travel: tuple[Travel | None, ...]
    charts: tuple[MeasureChart, ...]
    earlier: tuple[EarlierEdition, ...]
