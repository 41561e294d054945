"""The distance of every verified figure to what it was held against: one statement, however many there are."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from models.agreement import Indicator, Measure, MeasureTerms, Period, SeriesBreak
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.calendar import calendar_period
from models.rules.distance import NoDistance, distance
from models.rules.rating import Tolerance
from portal.history import standing_returns
from portal.records.ratings import judgement_of
from portal.viewmodels.charts import PanelPoint

Distances = Mapping[tuple[str, str], Mapping[str, PanelPoint | NoDistance]]
"""By the codes of indicator and measure, and then by the period's key, the oldest first."""


def distances_until(session: Session, agreement_id: int, until: date) -> Distances:
    """Up to a day; each figure is held against what it was rated by."""
    standing = standing_returns(session)
    rows = session.execute(
        select(
            Indicator.code,
            Measure.code,
            Period.key,
            ReturnRevision.value,
            RevisionRating,
            SeriesBreak.measure_id,
            MeasureTerms,
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
        .where(Period.agreement_id == agreement_id, Period.ends_on <= until, ReturnRevision.value.is_not(None))
        .order_by(Period.ends_on, Period.starts_on.desc())
        .options(lazyload("*"))
    )
    found: dict[tuple[str, str], dict[str, PanelPoint | NoDistance]] = defaultdict(dict)
    for indicator, measure, key, value, rated, anew, terms in rows:
        assert value is not None  # only such revisions are asked for
        tolerance = Tolerance(terms.tolerance_kind, terms.tolerance)
        by = distance(value, judgement_of(rated).expected, terms.reported_polarity, tolerance)
        if not isinstance(by, NoDistance):
            rating = rated.override or rated.by_rule
            found[indicator, measure][key] = PanelPoint(key, calendar_period(key).ends_on, by, rating, anew is not None)
        else:
            found[indicator, measure][key] = by
    return found
