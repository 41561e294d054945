"""Every verified figure of an agreement with the terms that it was rated by: one statement, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, lazyload

from models.agreement import Indicator, Measure, MeasureTerms, Period, SeriesBreak
from models.returns import Return, ReturnRevision, RevisionRating
from portal.history import standing_returns


@dataclass(frozen=True, slots=True)
class VerifiedFigure:
    """One figure, by the codes of its indicator and measure and the key of its period; `anew`: a declared break makes
    the series start anew here."""

    indicator: str
    measure: str
    period: str
    value: Decimal
    rated: RevisionRating
    terms: MeasureTerms
    anew: bool


def verified_figures(
    session: Session, agreement_id: int, until: date, *where: ColumnElement[bool]
) -> Iterator[VerifiedFigure]:
    """Those of the periods up to a day, the oldest first; of periods that end on one day the shorter first. `where` are
    conditions on Indicator."""
    standing = standing_returns(session)
    rows = session.execute(
        select(
            Indicator.code,
            Measure.code,
            Period.key,
            ReturnRevision.value,
            RevisionRating,
            MeasureTerms,
            SeriesBreak.measure_id,
        )
        .join(Measure, Measure.indicator_id == Indicator.id)
        .join(Return, Return.measure_id == Measure.id)
        .join(Period, Return.period_id == Period.id)
        .join(standing, standing.c.return_id == Return.id)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == standing.c.verified_revision),
        )
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .join(
            MeasureTerms,
            (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == RevisionRating.version_id),
        )
        .outerjoin(SeriesBreak, (SeriesBreak.measure_id == Measure.id) & (SeriesBreak.period_id == Period.id))
        .where(Period.agreement_id == agreement_id, Period.ends_on <= until, ReturnRevision.value.is_not(None), *where)
        .order_by(Period.ends_on, Period.starts_on.desc())
        .options(lazyload("*"))
    )
    for indicator, measure, key, value, rated, terms, anew in rows:
        assert value is not None  # only such revisions are asked for
        yield VerifiedFigure(indicator, measure, key, value, rated, terms, anew is not None)
