"""Figures from elsewhere: what the national sources made of the partners' own figures, and what other areas have.

Two statements for one measure, the first of which several share; one for all measures of a view. Nothing here is secret
inside the partnership: of the partners' own figures only those count that were verified, and of the sources' those that
are out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Row, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Measure, Period
from models.comparison import AreaFigure, SourceFigure
from models.returns import Return, ReturnRevision
from models.rules.aim import aim_of
from models.rules.comparison import Place, place
from models.rules.rating import Tolerance, rate
from models.rules.reconciliation import UsualRevision, before_the_source, could_overturn, usual_revision
from models.rules.terms import AreaKind, ToleranceKind
from portal.clock import LONDON
from portal.history import looked_at
from portal.records.agreed import AgreedMeasure
from portal.records.together import Answered, Asked, ask
from portal.viewmodels.elsewhere import Area, Elsewhere, Published
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding

_KINDS = tuple(AreaKind)
_OWN = ""
"""The own area among the others: no other has this name."""


@dataclass(slots=True)
class Compared:
    """One period of one measure: the source's figures, the oldest first, and the own ones that were verified."""

    published: dict[date, Row[*tuple[Any, ...]]] = field(default_factory=dict)
    own: dict[int, tuple[date, Decimal]] = field(default_factory=dict)

    def pair(self) -> tuple[Decimal, Decimal] | None:
        """The own figure before the source's first one, and the source's latest: what came of it in the end."""
        if not self.own:
            return None
        days = list(self.published)
        return before_the_source(list(self.own.values()), days[0]), self.published[days[-1]].value


ByMeasure = Mapping[str, dict[date, Compared]]
"""By the measure's code, by the last day of each period."""


def elsewhere(
    session: Session, period: Period, measure_id: int, standing: MeasureStanding, known: ByMeasure | None = None
) -> Elsewhere:
    """What is known from elsewhere of one measure in a period of its own, beside the figure that the session's actor is
    shown of it; `known` is what `compared` found for it together with others."""
    found = compared(session, period, [measure_id]) if known is None else known
    periods = dict(found[standing.code])
    now = periods.pop(period.ends_on, Compared())
    usual = usual_revision(pairs := _pairs(periods))
    areas, own_place, sources = _areas(session, period, measure_id, standing)
    return Elsewhere(
        published=tuple(_published(figure, standing) for figure in now.published.values()),
        pairs=len(pairs),
        usual=usual,
        provisional=not now.published and _could_change(standing, usual),
        areas=areas,
        place=own_place,
        area_sources=sources,
    )


def compared_by_period(session: Session, items: Sequence[AgreedMeasure]) -> Mapping[int, ByMeasure]:
    """The same for several measures, read once for each period that they have, by the period's id; nothing for a past that
    is looked at."""
    periods = {item.period.id: item.period for item in items if item.period and looked_at(session) is None}
    return {number: compared(session, one, [item.measure.id for item in items]) for number, one in periods.items()}


def provisional(session: Session, period: Period, indicators: Iterable[IndicatorStanding]) -> frozenset[str]:
    """The codes of the measures with a rating that the usual revision of their source could change, when the source
    is still to come for the period."""
    return could_change(compared(session, period), period, indicators)


def could_change(found: ByMeasure, period: Period, indicators: Iterable[IndicatorStanding]) -> frozenset[str]:
    """The same from what `compared_in` made of the answers to `asked_sources`."""
    return frozenset(
        measure.code
        for indicator in indicators
        for measure in indicator.measures
        if period.ends_on not in found[measure.code]
        and _could_change(measure, usual_revision(_pairs(found[measure.code])))
    )


def compared(session: Session, period: Period, measures: Collection[int] | None = None) -> ByMeasure:
    """By the measure's code, its periods up to this one for which the source is out, by their last day."""
    today = session.info["clock"].today()
    return compared_in(ask(session, asked_sources(period.agreement_id, period.ends_on, today, measures)))


def asked_sources(
    agreement_id: int | BindParameter[int],
    until: date | BindParameter[date],
    today: date | BindParameter[date],
    measures: Collection[int] | None = None,
) -> Asked:
    """The question behind `compared`, to be asked together with others."""
    counts = (ReturnRevision.number == Return.verified_revision) | (
        # What was published and then reopened is known to everybody; what was only verified counts no more.
        ReturnRevision.published_at.is_not(None) & (ReturnRevision.number < Return.verified_revision)
    )
    query = (
        select(
            Measure.code,
            Period.ends_on,
            SourceFigure.published_on,
            SourceFigure.value,
            SourceFigure.source,
            ReturnRevision.number,
            ReturnRevision.value.label("own"),
            ReturnRevision.verified_at,
        )
        .join(Measure, Measure.id == SourceFigure.measure_id)
        .join(Period, Period.id == SourceFigure.period_id)
        .outerjoin(Return, (Return.measure_id == Measure.id) & (Return.period_id == Period.id))
        .outerjoin(ReturnRevision, (ReturnRevision.return_id == Return.id) & counts)
        .where(Period.agreement_id == agreement_id, Period.ends_on <= until)
        .where(SourceFigure.published_on <= today)
    )
    return query if measures is None else query.where(SourceFigure.measure_id.in_(measures))


def compared_in(rows: Answered) -> ByMeasure:
    """What `asked_sources` found, period by period."""
    found: dict[str, dict[date, Compared]] = defaultdict(lambda: defaultdict(Compared))
    for row in sorted(rows, key=lambda row: (row.ends_on, row.published_on, row.number or 0)):
        one = found[row.code][row.ends_on]
        one.published[row.published_on] = row
        if row.own is not None and row.verified_at is not None:
            one.own[row.number] = row.verified_at.astimezone(LONDON).date(), row.own
    return found


def _pairs(compared: Mapping[date, Compared]) -> list[tuple[Decimal, Decimal]]:
    """The own and the source's figure of every period that has both."""
    return [pair for one in compared.values() if (pair := one.pair()) is not None]


def _could_change(standing: MeasureStanding, usual: UsualRevision | None) -> bool:
    """Whether the usual revision could change the rating that counts. One that people judged does not hang on it."""
    if usual is None or standing.value is None or standing.margin is None or standing.override_reason:
        return False
    return could_overturn(standing.value, usual, standing.expected, standing.polarity, standing.margin)


def _published(figure: Row[*tuple[Any, ...]], standing: MeasureStanding) -> Published:
    rated = None
    if standing.margin is not None:  # it hangs on what was expected alone, and so holds for any figure
        tolerance = Tolerance(ToleranceKind.UNIT, standing.margin)
        rated = rate(figure.value, standing.expected, standing.polarity, tolerance).rating
    difference = None if standing.value is None else figure.value - standing.value
    return Published(figure.value, figure.source, figure.published_on, difference, rated)


def _areas(
    session: Session, period: Period, measure_id: int, standing: MeasureStanding
) -> tuple[tuple[Area, ...], Place | None, tuple[str, ...]]:
    """The own area with the others, its place among its neighbours, and where their figures are from. The region and
    the country are no neighbours but what these belong to: they are shown, and not ranked."""
    found = session.execute(
        select(AreaFigure, Agreement.area)
        .join(Period, Period.id == AreaFigure.period_id)
        .join(Agreement, Agreement.id == Period.agreement_id)
        .where(AreaFigure.measure_id == measure_id, AreaFigure.period_id == period.id)
        .order_by(AreaFigure.area)
    ).all()
    if not found:
        return (), None, ()
    rows, own_area = [row for row, _ in found], found[0][1]
    ranked = {row.area: row.value for row in rows if row.kind is AreaKind.NEIGHBOUR}
    neighbours = len(ranked)
    if standing.value is not None:
        ranked[_OWN] = standing.value
    aim = aim_of(standing.polarity, standing.expected)
    places = {name: place(name, ranked, aim) for name in ranked} if neighbours else {}
    lines = [Area(row.area, row.kind, row.value, places[row.area].rank if row.area in places else None) for row in rows]
    if standing.value is not None:
        lines.insert(0, Area(own_area, None, standing.value, places[_OWN].rank if places else None))
    last = len(lines) + 1
    lines.sort(key=lambda line: (line.rank or last, _KINDS.index(line.kind) if line.kind else -1))
    return tuple(lines), places.get(_OWN), tuple(sorted({row.source for row in rows}))
