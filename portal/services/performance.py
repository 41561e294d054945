"""Performance in pictures: the share of each rating over the years, and every figure's distance to its milestone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period, Theme
from models.rules.calendar import CalendarPeriod
from models.rules.distance import NoDistance
from models.rules.rollup import count
from models.rules.terms import Frequency
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.services import heat
from portal.services.agreement import current_agreement
from portal.services.distances import Distances, distances_until
from portal.services.indicators import standings
from portal.services.shares import printed_shares
from portal.services.themes import shown_period
from portal.viewmodels.charts import (
    CountedShares,
    Panel,
    PanelLine,
    PanelPoint,
    PanelsChart,
    SharesChart,
    SpineChart,
    SpineFigure,
)
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.performance import Performance


def performance(database: Database, actor: Actor, period: str | None = None, as_at: AsAt | None = None) -> Performance:
    """What the pictures show up to a period's end, from verified figures alone; `period` defaults to the one published
    last. Three statements beside those of the standings, however many periods there are."""
    require(actor, Action.THEME_READ)
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        indicators = standings(session, shown)
        first = CalendarPeriod(agreement.first_year, Frequency.YEARLY, 1).starts_on
        quarters = heat.quarters(agreement.first_year, shown)
        titles = _themes(session, agreement)
        distances = distances_until(session, agreement.id, shown.ends_on)
        return Performance(
            agreement.title,
            shown.key,
            links,
            SharesChart(printed_shares(session, agreement, first), agreement.title, _counted(indicators, quarters)),
            _spine(indicators, shown, titles, distances),
            PanelsChart(first, shown.ends_on, _panels(indicators, titles, distances)),
            as_at,
        )


def _themes(session: Session, agreement: Agreement) -> Mapping[str, str]:
    """The titles of the themes by their keys, in the agreement's order."""
    query = select(Theme.key, Theme.title).where(Theme.agreement_id == agreement.id).order_by(Theme.position)
    return {theme.key: theme.title for theme in session.execute(query)}


def _counted(indicators: Sequence[IndicatorStanding], quarters: Mapping[date, str]) -> tuple[CountedShares, ...]:
    """The ratings at each quarter's end; at the last one those that are shown now."""
    rows = heat.rows(indicators, tuple(quarters), {})
    return tuple(
        CountedShares(key, Counter(found for row in rows if (found := row.ratings[place]) is not None), len(rows))
        for place, key in enumerate(quarters.values())
    )


def _spine(
    indicators: Sequence[IndicatorStanding], shown: Period, titles: Mapping[str, str], distances: Distances
) -> SpineChart:
    rows, unplaced = [], []
    for indicator in indicators:
        for measure in indicator.measures:
            if measure.value is not None:
                figure = _figure(indicator, measure, measure.value, titles[indicator.theme])
                found = distances[indicator.code, measure.code][measure.history[-1].period]
                if isinstance(found, NoDistance):
                    unplaced.append((figure, found))
                else:
                    rows.append((figure, found.distance))
    silent = count((None, i.no_rating_reason) for i in indicators if all(m.value is None for m in i.measures))
    worst_first = tuple(sorted(rows, key=lambda row: row[1]))
    return SpineChart(shown.key, worst_first, tuple(unplaced), silent, len(indicators))


def _figure(indicator: IndicatorStanding, measure: MeasureStanding, value: Decimal, theme: str) -> SpineFigure:
    return SpineFigure(
        code=indicator.code,
        title=indicator.title,
        part=measure.part,
        theme=theme,
        value=value,
        unit=measure.unit,
        decimals=measure.decimals,
        expected=measure.expected,
        rating=measure.rating,
        no_rating_reason=measure.no_rating_reason,
        judged=measure.override_reason is not None,
    )


def _panels(
    indicators: Sequence[IndicatorStanding], titles: Mapping[str, str], distances: Distances
) -> tuple[Panel, ...]:
    lines: dict[str, list[PanelLine]] = defaultdict(list)
    for indicator in indicators:
        for measure in indicator.measures:
            found = distances.get((indicator.code, measure.code), {}).values()
            points = tuple(point for point in found if isinstance(point, PanelPoint))
            if points:
                lines[indicator.theme].append(PanelLine(measure.code, indicator.title, points))
    return tuple(Panel(key, title, tuple(lines[key])) for key, title in titles.items())
