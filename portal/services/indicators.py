"""How every indicator stands in a period, from the verified revisions of its measures: five statements, whatever
the agreement's size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, lazyload

from models.agreement import (
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Milestone,
    Period,
    Target,
)
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.calendar import share_of_year
from models.rules.expected import Expected, YearTarget
from models.rules.judging import Agreed, judge, judge_forecast
from models.rules.rating import Judgement, Tolerance
from models.rules.rollup import first_reason, worst
from models.rules.silence import reason_without_figure
from models.rules.terms import Frequency, NoRating, State
from portal.services.agreement import version_in_force
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, Point


@dataclass(frozen=True, slots=True)
class AgreedMeasure:
    """A measure and what one version of the agreement says of it for one period."""

    measure: Measure
    terms: MeasureTerms
    target: Target
    agreed: Agreed


def agreed_measures(
    session: Session, version: AgreementVersion, period: Period, measure_id: int | None = None
) -> list[AgreedMeasure]:
    """What a version says of every measure, or of one, for a period: terms, target of the year, milestone."""
    query = (
        select(Measure, MeasureTerms, Target, Milestone, IndicatorTerms.placeholder)
        .join(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == version.id))
        .join(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == version.id) & (Target.year == period.year),
        )
        .join(
            IndicatorTerms,
            (IndicatorTerms.indicator_id == Measure.indicator_id) & (IndicatorTerms.version_id == version.id),
        )
        .outerjoin(
            Milestone,
            (Milestone.measure_id == Measure.id)
            & (Milestone.version_id == version.id)
            & (Milestone.period_id == period.id),
        )
        .order_by(Measure.position)
    )
    if measure_id is not None:
        query = query.where(Measure.id == measure_id)
    return [_agreed(row, period) for row in session.execute(query)]


def _agreed(row: Row[Measure, MeasureTerms, Target, Milestone, bool], period: Period) -> AgreedMeasure:
    measure, terms, target, milestone, placeholder = row
    agreed = Agreed(
        target_state=target.state,
        target=YearTarget(target.low, target.high, terms.unit)
        if target.low is not None and target.high is not None
        else None,
        milestone=Expected(milestone.value, milestone.low, milestone.high) if milestone else None,
        reported_unit=terms.reported_unit,
        reported_polarity=terms.reported_polarity,
        tolerance=Tolerance(terms.tolerance_kind, terms.tolerance),
        placeholder=placeholder,
        share_of_year=share_of_year(period.number),
    )
    return AgreedMeasure(measure, terms, target, agreed)


def standings(session: Session, period: Period, today: date) -> list[IndicatorStanding]:
    """Every indicator of the agreement in a period, in the agreement's order. Only verified revisions count."""
    version = version_in_force(session, period.agreement_id, period.ends_on)
    returned = _returned(session, period)
    history = _history(session, period)
    measures: dict[int, list[MeasureStanding]] = defaultdict(list)
    for item in agreed_measures(session, version, period):
        state, revision, rated = returned.get(item.measure.id, (None, None, None))
        if revision is not None and rated is not None:
            standing = standing_of(item, state, revision, rated, history[item.measure.id])
        else:
            standing = silent(item, reason_for_silence(item, period, state, today), history[item.measure.id])
        measures[item.measure.indicator_id].append(standing)
    rows = session.execute(
        select(Indicator, IndicatorTerms)
        .join(IndicatorTerms, (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == version.id))
        .where(Indicator.agreement_id == period.agreement_id)
        .order_by(Indicator.position)
    )
    return [indicator_standing(indicator, terms, measures[indicator.id]) for indicator, terms in rows]


def reason_for_silence(item: AgreedMeasure, period: Period, state: State | None, today: date) -> NoRating:
    """Why a measure has no figure in a period; `state` is where its return stands, None without one."""
    return reason_without_figure(
        item.agreed.target_state,
        placeholder=item.agreed.placeholder,
        yearly=item.measure.frequency is Frequency.YEARLY,
        state=state,
        due=period.due_on,
        today=today,
    )


def _returned(
    session: Session, period: Period
) -> Mapping[int, tuple[State, ReturnRevision | None, RevisionRating | None]]:
    """Every return that was asked for in a period, with its verified revision if it has one."""
    rows = session.execute(
        select(Return.measure_id, Return.state, ReturnRevision, RevisionRating)
        .outerjoin(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(Return.period_id == period.id)
        .options(lazyload("*"))
    )
    return {measure_id: (state, revision, rated) for measure_id, state, revision, rated in rows}


def _history(session: Session, until: Period) -> Mapping[int, tuple[Point, ...]]:
    """The verified figures of every measure up to a period, oldest first."""
    rows = session.execute(
        select(Return.measure_id, Period.key, ReturnRevision.value)
        .join(Period, Return.period_id == Period.id)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .where(Period.agreement_id == until.agreement_id, Period.ends_on <= until.ends_on)
        .order_by(Period.ends_on)
    )
    series: dict[int, tuple[Point, ...]] = defaultdict(tuple)
    for measure_id, key, value in rows:
        if value is not None:
            series[measure_id] += (Point(key, value),)
    return series


def standing_of(
    item: AgreedMeasure,
    state: State | None,
    revision: ReturnRevision,
    rated: RevisionRating,
    history: tuple[Point, ...] = (),
) -> MeasureStanding:
    """A measure with its revision: the rating that was recorded with it, and how the rule reached its own."""
    judgement = judge(revision.value, revision.no_value_reason, item.agreed)
    return MeasureStanding(
        code=item.measure.code,
        part=item.measure.part,
        unit=item.terms.reported_unit,
        polarity=item.terms.reported_polarity,
        decimals=item.measure.decimals,
        value=revision.value,
        expected=judgement.expected,
        lead=judgement.lead,
        margin=judgement.margin,
        rating=rated.override or rated.by_rule,
        rating_by_rule=rated.by_rule,
        override_reason=rated.override_reason,
        no_rating_reason=rated.no_rating_reason if rated.override is None else None,
        forecast_value=revision.forecast_value,
        forecast=judge_forecast(revision.forecast_value, revision.forecast_rating, item.agreed),
        commentary=revision.commentary,
        state=state,
        history=history,
    )


def silent(item: AgreedMeasure, reason: NoRating, history: tuple[Point, ...] = ()) -> MeasureStanding:
    """A measure of which nothing may be shown yet: what is expected of it, and why there is no rating."""
    return MeasureStanding(
        code=item.measure.code,
        part=item.measure.part,
        unit=item.terms.reported_unit,
        polarity=item.terms.reported_polarity,
        decimals=item.measure.decimals,
        value=None,
        expected=item.agreed.expected,
        lead=None,
        margin=None,
        rating=None,
        rating_by_rule=None,
        override_reason=None,
        no_rating_reason=reason,
        forecast_value=None,
        forecast=None,
        commentary="",
        state=None,
        history=history,
    )


def indicator_standing(
    indicator: Indicator, terms: IndicatorTerms, measures: Iterable[MeasureStanding]
) -> IndicatorStanding:
    """An indicator from its measures: the worst rating, the worst forecast, else the first reason for none."""
    measures = tuple(measures)
    rating = worst(m.rating for m in measures)
    reason = first_reason([Judgement(m.rating, m.no_rating_reason) for m in measures])
    return IndicatorStanding(
        code=indicator.code,
        title=indicator.title,
        group=indicator.group,
        theme=indicator.theme.key,
        lead=terms.lead.name if terms.lead else "",
        placeholder=terms.placeholder,
        rating=rating,
        no_rating_reason=reason,
        forecast=worst(m.forecast for m in measures),
        overridden=any(m.override_reason for m in measures),
        measures=measures,
    )
