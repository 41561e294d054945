"""One indicator in one edition: its figures as they were published until then, and nothing else."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.aim import aim_of
from models.rules.calendar import CalendarPeriod, calendar_period
from models.rules.codes import indicator_code
from models.rules.entry import bounds
from models.rules.expected import CUMULATIVE, Expected
from models.rules.terms import Frequency, NoRating, Rating
from models.rules.xmr import chart
from models.scorecard import Edition
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition import scorecard_of
from portal.records.edition_rows import card_of, find_edition
from portal.records.indicator_chart import limited
from portal.records.travel import direction_of
from portal.services.scorecard import reading_editions
from portal.viewmodels.charts import ChartAim, ChartPoint, MeasureChart
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.scorecard import EarlierEdition, EditionIndicator, Scorecard


class Said(NamedTuple):
    """How a figure was rated, and against what, when it was published."""

    value: Decimal
    rating: Rating | None
    reason: NoRating | None
    expected: Expected | None


Published = dict[tuple[str, str], Said]
"""What was last said of a measure's figure for a period, by the measure's code and the period's key."""


def edition_indicator(database: Database, actor: Actor, number: int, code: str) -> EditionIndicator:
    """An indicator in an edition of the agreement that is shown. NotFound where there is none such."""
    with reading_editions(database, actor) as session:
        row = find_edition(session, number)
        card = card_of(session, row)
        theme, indicator = _found(card, code)
        before = [(one, _of(one, indicator.code)) for one in _before(session, row)]
        hidden = {(m.code, period) for m in indicator.measures for period in m.suppressed}
        said: Published = {}
        for _, standing in [*before, (card, indicator)]:
            said |= _published(standing.measures if standing else ())
        return EditionIndicator(
            card=card,
            theme=theme,
            indicator=indicator,
            travel=tuple(direction_of(m.unit, aim_of(m.polarity, m.expected), m.history) for m in indicator.measures),
            charts=tuple(_chart(card, indicator, measure, said) for measure in indicator.measures),
            earlier=tuple(_earlier(one, standing, hidden) for one, standing in reversed(before) if standing),
        )


def _found(card: Scorecard, code: str) -> tuple[str, IndicatorStanding]:
    try:
        asked = indicator_code(code)
    except ValueError as error:
        raise NotFound(str(error)) from error
    for theme in card.themes:
        for indicator in theme.indicators:
            if indicator.code == asked:
                return theme.title, indicator
    raise NotFound(f"Edition {card.edition} has no indicator {asked}.")


def _before(session: Session, row: Edition) -> list[Scorecard]:
    """The editions before this one, the oldest first."""
    query = (
        select(Edition.content, Edition.content_hash)
        .where(Edition.agreement_id == row.agreement_id, Edition.number < row.number)
        .order_by(Edition.number)
    )
    return [scorecard_of(content, hash_) for content, hash_ in session.execute(query)]


def _of(card: Scorecard, code: str) -> IndicatorStanding | None:
    return next((i for theme in card.themes for i in theme.indicators if i.code == code), None)


def _published(measures: Iterable[MeasureStanding]) -> Published:
    return {
        (m.code, m.history[-1].period): Said(m.value, m.rating, m.no_rating_reason, m.expected)
        for m in measures
        if m.value is not None
    }


def _earlier(card: Scorecard, standing: IndicatorStanding, hidden: Collection[tuple[str, str]]) -> EarlierEdition:
    """What an edition before said. It stays as it is, but what is hidden by now is not said again here."""
    told = [measure for measure in standing.measures if measure.value is not None]
    shown = tuple(measure for measure in told if (measure.code, measure.history[-1].period) not in hidden)
    silent = len(shown) < len(told)
    return EarlierEdition(
        number=card.edition,
        period=card.period,
        published_at=card.published_at,
        rating=None if silent else standing.rating,
        no_rating_reason=NoRating.SUPPRESSED if silent else standing.no_rating_reason,
        measures=shown,
    )


def _chart(card: Scorecard, indicator: IndicatorStanding, measure: MeasureStanding, said: Published) -> MeasureChart:
    """A measure's figures, each with the rating that it was published with, unless it was revised since unrated."""
    points = []
    for point in measure.history:
        known = said.get((measure.code, point.period))
        if known is None or known.value != point.value:
            known = Said(point.value, None, None, None)
        points.append(
            ChartPoint(
                period=point.period,
                day=calendar_period(point.period).ends_on,
                value=point.value,
                rating=known.rating,
                no_rating_reason=known.reason,
                expected=known.expected,
                anew="a break of the series was declared" if point.anew else "",
            )
        )
    cumulative = measure.unit.endswith(CUMULATIVE)
    breaks = [place for place, point in enumerate(points) if point.anew]
    segments = () if cumulative else chart([point.value for point in points], breaks)
    limited_points, limits = limited(points, segments)
    return MeasureChart(
        code=measure.code,
        part=measure.part,
        title=indicator.title,
        unit=measure.unit,
        decimals=measure.decimals,
        source=f"edition {card.edition}",
        polarity=measure.polarity,
        cumulative=cumulative,
        first=_year(points[0].day if points else date.fromisoformat(card.ends_on)).starts_on,
        year_end=_year(date.fromisoformat(card.ends_on)).ends_on,
        points=limited_points,
        aims=tuple(ChartAim(one.period, one.day, one.expected) for one in points if one.expected is not None),
        limits=limits,
        floor=bounds(measure.unit)[0],
    )


def _year(day: date) -> CalendarPeriod:
    """The financial year that a day is in."""
    first = day.year - (day < date(day.year, 4, 1))
    return CalendarPeriod(f"{first}/{(first + 1) % 100:02}", Frequency.YEARLY, 1)
