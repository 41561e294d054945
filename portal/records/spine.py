"""Every figure's distance to its milestone, side by side."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from models.rules.distance import NoDistance
from models.rules.rollup import count
from portal.viewmodels.charts import SpineChart, SpineFigure
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding

Distance = Callable[[IndicatorStanding, MeasureStanding, Decimal], Decimal | NoDistance]
"""Of a measure with this figure, in tolerances."""


def spine(
    period: str, indicators: Sequence[IndicatorStanding], titles: Mapping[str, str], distance: Distance
) -> SpineChart:
    """The chart of all that have a figure, worst first; `titles` are those of the themes by their keys."""
    rows, unplaced = [], []
    for indicator in indicators:
        for measure in indicator.measures:
            if measure.value is None:
                continue
            figure = SpineFigure(
                code=indicator.code,
                title=indicator.title,
                part=measure.part,
                theme=titles[indicator.theme],
                value=measure.value,
                unit=measure.unit,
                decimals=measure.decimals,
                expected=measure.expected,
                rating=measure.rating,
                no_rating_reason=measure.no_rating_reason,
                judged=measure.override_reason is not None,
            )
            found = distance(indicator, measure, measure.value)
            if isinstance(found, NoDistance):
                unplaced.append((figure, found))
            else:
                rows.append((figure, found))
    silent = count((None, i.no_rating_reason) for i in indicators if all(m.value is None for m in i.measures))
    worst_first = tuple(sorted(rows, key=lambda row: row[1]))
    return SpineChart(period, worst_first, tuple(unplaced), silent, len(indicators))
