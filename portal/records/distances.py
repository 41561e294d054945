"""The distance of every verified figure to what it was held against: one statement, however many there are."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from models.agreement import (
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Milestone,
    Period,
    Profile,
    SeriesBreak,
    Target,
)
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.calendar import calendar_period
from models.rules.distance import NoDistance, distance
from models.rules.silence import NOT_IN_FORCE
from portal.history import standing_returns
from portal.records.agreed import agreed_of
from portal.viewmodels.charts import PanelPoint

Distances = Mapping[tuple[str, str], Mapping[str, PanelPoint | NoDistance]]
"""By the codes of indicator and measure, and then by the period's key, the oldest first."""


def distances_until(session: Session, agreement_id: int, until: date) -> Distances:
    """Up to a day; each figure is held against what the version of the agreement said by which it was rated."""
    standing = standing_returns(session)
    of_version = RevisionRating.version_id
    rows = session.execute(
        select(
            Indicator.code,
            Measure.code,
            Period.key,
            ReturnRevision.value,
            func.coalesce(RevisionRating.override, RevisionRating.by_rule),
            SeriesBreak.measure_id,
            IndicatorTerms.placeholder,
            MeasureTerms,
            Target,
            Milestone,
            Profile.share,
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
        .join(IndicatorTerms, (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == of_version))
        .join(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == of_version))
        .join(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == of_version) & (Target.year == Period.year),
        )
        .outerjoin(
            Milestone,
            (Milestone.measure_id == Measure.id)
            & (Milestone.version_id == of_version)
            & (Milestone.period_id == Period.id),
        )
        .outerjoin(
            Profile,
            (Profile.measure_id == Measure.id) & (Profile.version_id == of_version) & (Profile.number == Period.number),
        )
        .outerjoin(SeriesBreak, (SeriesBreak.measure_id == Measure.id) & (SeriesBreak.period_id == Period.id))
        .where(Period.agreement_id == agreement_id, Period.ends_on <= until, ReturnRevision.value.is_not(None))
        .order_by(Period.ends_on, Period.starts_on.desc(), Milestone.number)
        .options(lazyload("*"))
    )
    found: dict[tuple[str, str], dict[str, PanelPoint | NoDistance]] = defaultdict(dict)
    for indicator, measure, key, value, rating, anew, placeholder, terms, target, milestone, share in rows:
        assert value is not None  # only such revisions are asked for
        own = calendar_period(key)
        agreed = agreed_of(terms, target, milestone, share, own.share_of_year, placeholder=placeholder)
        expected = None if target.state in NOT_IN_FORCE else agreed.expected
        by = distance(value, expected, terms.reported_polarity, agreed.tolerance)
        if not isinstance(by, NoDistance):
            found[indicator, measure][key] = PanelPoint(key, own.ends_on, by, rating, anew is not None)
        else:
            found[indicator, measure][key] = by
    return found
