"""Performance in pictures: the share of each rating over the years, and every figure's distance to its milestone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Theme
from models.rules.calendar import CalendarPeriod
from models.rules.distance import NoDistance
from models.rules.terms import Frequency
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.records import heat
from portal.records.agreement import current_agreement
from portal.records.both_ways import both_ways
from portal.records.distances import Distances, distances
from portal.records.indicators import standings
from portal.records.shares import printed_shares
from portal.records.spine import spine
from portal.records.themes import shown_period
from portal.records.verified import verified_figures
from portal.viewmodels.charts import (
    CountedShares,
    Panel,
    PanelLine,
    PanelPoint,
    PanelsChart,
    SharesChart,
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
        figures = tuple(verified_figures(session, agreement.id, shown.ends_on))
        found = distances(figures)

        def distance(indicator: IndicatorStanding, measure: MeasureStanding, _value: Decimal) -> Decimal | NoDistance:
            one = found[indicator.code, measure.code][measure.history[-1].period]
            return one if isinstance(one, NoDistance) else one.distance

        return Performance(
            agreement.title,
            shown.key,
            links,
            SharesChart(printed_shares(session, agreement, first), agreement.title, _counted(indicators, quarters)),
            spine(shown.key, indicators, titles, distance),
            PanelsChart(first, shown.ends_on, _panels(indicators, titles, found)),
            both_ways(figures, quarters),
            tuple(indicators),
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
