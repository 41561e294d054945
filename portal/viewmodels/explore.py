"""What the public page of charts shows of an edition: what was chosen, and the charts of that."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.rollup import Counts
from portal.viewmodels.charts import MeasureChart, SpineChart
from portal.viewmodels.themes import Filters


@dataclass(frozen=True, slots=True)
class Explore:
    """An edition by theme, indicator and lead. `groups` counts the chosen indicators by theme, or by lead where a theme
    was chosen (`by_lead`); `measures` has the figures of a single indicator. `agreement` is its key where the address
    names one, which links keep."""

    title: str
    area: str
    agreement: str
    edition: int
    period: str
    published_at: datetime
    filters: Filters
    counts: Counts
    by_lead: bool
    groups: tuple[tuple[str, Counts], ...]
    spine: SpineChart
    measures: tuple[MeasureChart, ...]
