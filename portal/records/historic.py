"""The figures from before the agreement, as a measure's chart shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.comparison import HistoricFigure
from models.rules.calendar import calendar_period
from portal.history import looked_at, only_known
from portal.records.agreed import AgreedMeasure
from portal.viewmodels.charts import HistoricPoint


def historic_points(session: Session, items: Sequence[AgreedMeasure]) -> Mapping[int, tuple[HistoricPoint, ...]]:
    """What is known of each measure of an indicator from before its agreement, oldest first, by the measure's id."""
    kinds = {item.measure.id: item.terms.frequency for item in items}
    query = select(HistoricFigure).where(HistoricFigure.measure_id.in_(kinds))
    found: dict[int, list[HistoricPoint]] = defaultdict(list)
    for row in session.scalars(only_known(looked_at(session), query, HistoricFigure.day, HistoricFigure.at)):
        one = calendar_period(row.period)
        counted = one.frequency is kinds[row.measure_id]
        found[row.measure_id].append(HistoricPoint(row.period, one.ends_on, row.value, row.source, counted))
    return {number: tuple(sorted(points, key=lambda one: (one.day, one.counted))) for number, points in found.items()}
