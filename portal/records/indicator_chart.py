"""From the verified revisions of one measure to its series and its chart: points, process limits, forecast, events."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.agreement import MeasureTerms, Period
from models.returns import ReturnRevision, RevisionRating
from models.rules.calendar import CalendarPeriod, calendar_period
from models.rules.entry import bounds
from models.rules.expected import CUMULATIVE, base_unit
from models.rules.terms import Frequency
from models.rules.xmr import Segment, chart
from portal.records.agreed import AgreedMeasure
from portal.records.ratings import judgement_of
from portal.viewmodels.charts import ChartAim, ChartEvent, ChartLimits, ChartPoint, HistoricPoint, MeasureChart
from portal.viewmodels.forecasts import YearEnd
from portal.viewmodels.indicator_page import Event
from portal.viewmodels.indicators import MeasureStanding, Point


@dataclass(frozen=True, slots=True)
class Verified:
    """One verified revision with its rating, the terms that it was rated by and its return's period; `return_id` is None
    where that is not the reader's to open, `anew` is the reason for a declared break of the series there, `current` says
    that no later revision took its place."""

    return_id: int | None
    period: Period
    revision: ReturnRevision
    rated: RevisionRating
    terms: MeasureTerms
    anew: str
    current: bool


def history_of(verified: Sequence[Verified]) -> tuple[Point, ...]:
    """The series of the figures that count, oldest first."""
    return tuple(
        Point(one.period.key, one.revision.value, bool(one.anew))
        for one in verified
        if one.current and one.revision.value is not None
    )


def chart_of(
    item: AgreedMeasure,
    standing: MeasureStanding,
    years: tuple[str, str],
    verified: Sequence[Verified],
    aims: tuple[ChartAim, ...],
    outlook: YearEnd | None,
    events: Sequence[Event],
    historic: tuple[HistoricPoint, ...] = (),
) -> MeasureChart:
    """One measure's chart; `years` are the agreement's first one and the one that is looked at, `historic` the figures from
    before it, oldest first."""
    unit = standing.unit
    cumulative = unit.endswith(CUMULATIVE)
    points = _points(verified)
    counted: list[ChartPoint | HistoricPoint] = [*(one for one in historic if one.counted), *points]
    anew = [place for place, one in enumerate(counted) if isinstance(one, ChartPoint) and one.anew]
    segments = () if cumulative else chart([one.value for one in counted], anew)
    points, limits = limited(counted, segments)
    same_unit = base_unit(item.terms.unit) == base_unit(unit) and not cumulative
    start, end = (CalendarPeriod(year, Frequency.YEARLY, 1) for year in years)
    oldest = [one.period for one in (historic or points)[:1]]
    first = min([start.starts_on, *(calendar_period(period).starts_on for period in oldest)])
    return MeasureChart(
        code=item.measure.code,
        part=item.measure.part,
        title=item.measure.indicator.title,
        unit=unit,
        decimals=item.measure.decimals,
        source=item.measure.source,
        polarity=standing.polarity,
        cumulative=cumulative,
        first=first,
        year_end=end.ends_on,
        points=points,
        aims=_kept(aims, points),
        limits=limits,
        baseline=item.terms.baseline if same_unit else None,
        baseline_period=item.terms.baseline_period if same_unit else "",
        outlook=outlook,
        partner=standing.forecast_value,
        floor=bounds(unit)[0],
        events=_numbered(events, first, end.ends_on),
        historic=historic,
    )


def _kept(aims: Sequence[ChartAim], points: Sequence[ChartPoint]) -> tuple[ChartAim, ...]:
    """What figures are held against: for those that are there what they were rated by, whatever was agreed since."""
    there = {point.period for point in points}
    kept = [ChartAim(point.period, point.day, point.expected) for point in points if point.expected is not None]
    return tuple(sorted([*kept, *(aim for aim in aims if aim.period not in there)], key=lambda aim: aim.day))


def _points(verified: Sequence[Verified]) -> tuple[ChartPoint, ...]:
    return tuple(
        ChartPoint(
            period=one.period.key,
            day=one.period.ends_on,
            value=one.revision.value,
            rating=one.rated.override or one.rated.by_rule,
            no_rating_reason=None if one.rated.override else one.rated.no_rating_reason,
            expected=judgement_of(one.rated).expected,
            anew=one.anew,
        )
        for one in verified
        if one.current and one.revision.value is not None
    )


def limited(
    points: Sequence[ChartPoint | HistoricPoint], segments: Sequence[Segment]
) -> tuple[tuple[ChartPoint, ...], tuple[ChartLimits, ...]]:
    """The agreement's own points with their signals, and the limits of each stretch that has enough of all of them."""
    signals = {segment.start + place: said for segment in segments for place, said in enumerate(segment.signals)}
    limits = [
        ChartLimits(points[segment.start].day, points[segment.start + len(segment.signals) - 1].day, segment.limits)
        for segment in segments
        if segment.limits is not None
    ]
    own = ((place, point) for place, point in enumerate(points) if isinstance(point, ChartPoint))
    return tuple(replace(point, signals=signals.get(place, ())) for place, point in own), tuple(limits)


def _numbered(events: Sequence[Event], first: date, last: date) -> tuple[ChartEvent, ...]:
    """The events that stand and fall into the chart's time, numbered in their order."""
    standing = [event for event in events if event.withdrawn is None and first <= event.day <= last]
    return tuple(ChartEvent(number, event.day, event.text) for number, event in enumerate(standing, 1))
