"""The distance of every verified figure to what it was held against."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from models.rules.calendar import calendar_period
from models.rules.distance import NoDistance, distance
from models.rules.rating import Tolerance
from portal.records.ratings import judgement_of
from portal.records.verified import VerifiedFigure
from portal.viewmodels.charts import PanelPoint

Distances = Mapping[tuple[str, str], Mapping[str, PanelPoint | NoDistance]]
"""By the codes of indicator and measure, and then by the period's key, the oldest first."""


def distances(figures: Iterable[VerifiedFigure]) -> Distances:
    """Of verified figures, the oldest first; each is held against what it was rated by."""
    found: dict[tuple[str, str], dict[str, PanelPoint | NoDistance]] = defaultdict(dict)
    for one in figures:
        tolerance = Tolerance(one.terms.tolerance_kind, one.terms.tolerance)
        by = distance(one.value, judgement_of(one.rated).expected, one.terms.reported_polarity, tolerance)
        if not isinstance(by, NoDistance):
            rating, day = one.rated.override or one.rated.by_rule, calendar_period(one.period).ends_on
            found[one.indicator, one.measure][one.period] = PanelPoint(one.period, day, by, rating, one.anew)
        else:
            found[one.indicator, one.measure][one.period] = by
    return found
