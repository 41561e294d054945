"""Performance in pictures: what the page shows of an agreement in a period."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.rules.both_ways import Tally
from portal.viewmodels.charts import PanelsChart, SharesChart, SpineChart
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.themes import PeriodLink


@dataclass(frozen=True, slots=True)
class Performance:
    """The four pictures. `both_ways` are the quarters with figures, the oldest first, by their keys; `indicators` those of
    the shown period, for why each counts as it does."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    shares: SharesChart
    spine: SpineChart
    panels: PanelsChart
    both_ways: Mapping[str, Tally] = field(default_factory=dict)
    indicators: tuple[IndicatorStanding, ...] = ()
    as_at: AsAt | None = None
