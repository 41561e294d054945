"""Performance in pictures: what the page shows of an agreement in a period."""

from dataclasses import dataclass

from portal.viewmodels.charts import PanelsChart, SharesChart, SpineChart
from portal.viewmodels.past import AsAt
from portal.viewmodels.themes import PeriodLink


@dataclass(frozen=True, slots=True)
class Performance:
    """The three pictures."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    shares: SharesChart
    spine: SpineChart
    panels: PanelsChart
    as_at: AsAt | None = None
