"""How every indicator stands in a period, from the verified revisions of its measures: four statements, whatever
the agreement's size and by however many versions of it they were rated."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session, lazyload

from models.agreement import Indicator, IndicatorTerms, Measure, MeasureTerms, Period, SeriesBreak
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.aim import aim_of
from models.rules.calendar import calendar_period
from models.rules.change import Baseline, change, worst_direction
from models.rules.rating import Judgement, unrated
from models.rules.rollup import first_reason, worst
from models.rules.terms import NoRating, Rating, State
from portal.history import BUILT, standing_returns
from portal.records.agreed import AgreedMeasure, agreed_indicators
from portal.records.agreement import version_in_force
from portal.records.forecasts import year_end
from portal.records.periods import noted_periods
from portal.records.ratings import held_since, judgement_of, milestones_set
from portal.records.travel import against_the_baseline, direction_of, strength_of, year_before
from portal.viewmodels.indicators import Earlier, IndicatorStanding, MeasureStanding, Point
from portal.viewmodels.returns import Answers
from portal.wall import Beyond, beyond


def standings(
    session: Session, period: Period, of_theme: int | None = None, *, late: bool = False
) -> list[IndicatorStanding]:
    """Every indicator of the agreement on the day on which a period ends, in the agreement's order: as it is now, or
    was in the past that the session looks at. Only verified revisions count. `of_theme` leaves the other themes out, and
    gives the measures of this one the portal's forecast of the year's end: it costs more than all the rest; `late` also
    asks which milestones were set late, for an edition."""
    today = session.info["clock"].today()
    version = version_in_force(session, period.agreement_id, period.ends_on)
    returned = _returned(session, period, of_theme)
    history = series(session, period.agreement_id, period.ends_on, of_theme=of_theme)
    of_the_day = Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on
    milestones = milestones_set(session, *of_the_day) if late else {}

    def measured(item: AgreedMeasure) -> MeasureStanding:
        state, came_in, revision, rated, terms = returned.get(item.measure.id, (None, None, None, None, None))
        if revision is not None and rated is not None and terms is not None:
            standing = revised(item.measure, terms, state, revision, rated, history[item.measure.id])
            standing = replace(standing, held_since=held_since(rated, milestones.get(item.measure.id, ())))
        else:
            standing = silent(item, item.reason_for_silence(state, today, came_in), history[item.measure.id])
        if of_theme is not None and not item.agreed.placeholder:
            found = year_end(item, period.year, standing.history, standing.forecast_value)
            standing = replace(standing, outlook=found)
        return standing

    agreed = agreed_indicators(session, version, period, of_theme)
    return [indicator_standing(indicator, terms, map(measured, items)) for indicator, terms, items in agreed]


def _returned(
    session: Session, period: Period, of_theme: int | None
) -> Mapping[int, tuple[State, date | None, ReturnRevision | None, RevisionRating | None, MeasureTerms | None]]:
    """Every return that was asked for in the periods that end with this one: where it stands, when it first came in,
    and its verified revision if any, with its rating and the terms of the version that it was rated by."""
    query = _verified(standing_returns(session))
    query = query.where(Period.agreement_id == period.agreement_id, Period.ends_on == period.ends_on)
    if of_theme is not None:
        query = query.where(Return.measure_id.in_(_measures_of(of_theme)))
    with beyond(session, Beyond.STANDING):
        rows = session.execute(query).all()
    return {measure_id: (state, came_in, *verified) for measure_id, state, came_in, *verified in rows}


@lru_cache(maxsize=BUILT)
def _verified(standing: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(Return.measure_id, standing.c.state, standing.c.came_in, ReturnRevision, RevisionRating, MeasureTerms)
        .join(standing, standing.c.return_id == Return.id)
        .outerjoin(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == standing.c.verified_revision),
        )
        .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .outerjoin(
            MeasureTerms,
            (MeasureTerms.version_id == RevisionRating.version_id) & (MeasureTerms.measure_id == Return.measure_id),
        )
        .join(Period, Return.period_id == Period.id)
        .options(lazyload("*"))
    )


def series(
    session: Session,
    agreement_id: int,
    until: date,
    measure_ids: Collection[int] | None = None,
    of_theme: int | None = None,
) -> Mapping[int, tuple[Point, ...]]:
    """The verified figures of every measure, of some, or of one theme's, up to a day, by the measure's id, oldest
    first."""
    query = _figures(standing_returns(session)).where(Period.agreement_id == agreement_id, Period.ends_on <= until)
    if measure_ids is not None:
        query = query.where(Return.measure_id.in_(measure_ids))
    elif of_theme is None and (periods := noted_periods(session, agreement_id)) is not None:
        query = query.where(Return.period_id.in_(periods))
    if of_theme is not None:
        query = query.where(Return.measure_id.in_(_measures_of(of_theme)))
    found: dict[int, list[Point]] = defaultdict(list)
    for measured, key, value, anew, rating in session.execute(query):
        if value is not None:
            found[measured].append(Point(key, value, anew is not None, rating))
    return defaultdict(tuple, {number: tuple(points) for number, points in found.items()})


@lru_cache(maxsize=BUILT)
def _figures(standing: Subquery) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Return.measure_id,
            Period.key,
            ReturnRevision.value,
            SeriesBreak.measure_id,
            func.coalesce(RevisionRating.override, RevisionRating.by_rule),
        )
        .join(Period, Return.period_id == Period.id)
        .outerjoin(
            SeriesBreak, (SeriesBreak.measure_id == Return.measure_id) & (SeriesBreak.period_id == Return.period_id)
        )
        .join(standing, standing.c.return_id == Return.id)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == standing.c.verified_revision),
        )
        .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .order_by(Period.ends_on)
    )


def _measures_of(theme_id: int) -> Select[int]:
    return (
        select(Measure.id).join(Indicator, Indicator.id == Measure.indicator_id).where(Indicator.theme_id == theme_id)
    )


def before(session: Session, row: Return) -> tuple[Point, ...]:
    """The verified figures of a return's measure in the periods before, oldest first."""
    day = row.period.ends_on - timedelta(days=1)
    return series(session, row.period.agreement_id, day, [row.measure_id])[row.measure_id]


def standing_of(
    measure: Measure,
    terms: MeasureTerms,
    state: State | None,
    answers: Answers,
    judgement: Judgement,
    forecast: Rating | None = None,
    history: tuple[Point, ...] = (),
) -> MeasureStanding:
    """A measure with what was returned, how the rule judges it, and what its forecast is taken for. `history` ends
    with the figure itself, when there is one."""
    present = answers.value is not None
    aim = aim_of(terms.reported_polarity, judgement.expected)
    baseline = Baseline(terms.baseline, terms.unit, terms.baseline_period)
    return MeasureStanding(
        code=measure.code,
        part=measure.part,
        unit=terms.reported_unit,
        polarity=terms.reported_polarity,
        decimals=measure.decimals,
        value=answers.value,
        expected=judgement.expected,
        lead=judgement.lead,
        margin=judgement.margin,
        rating=judgement.rating,
        rating_by_rule=judgement.rating,
        override_reason=None,
        no_rating_reason=judgement.reason,
        forecast_value=answers.forecast_value,
        forecast=forecast,
        commentary=answers.commentary,
        state=state,
        history=history,
        interval=judgement.interval,
        year_value=answers.year_value,
        strength=strength_of(history, state, judgement) if present else None,
        travel=direction_of(terms.reported_unit, aim, history) if present else None,
        year_before=year_before(aim, history) if present and terms.seasonal else None,
        baseline=baseline,
        since_baseline=against_the_baseline(baseline, terms.reported_unit, aim, history if present else ()),
    )


def revised(
    measure: Measure,
    terms: MeasureTerms,
    state: State | None,
    revision: ReturnRevision,
    rated: RevisionRating,
    history: tuple[Point, ...] = (),
) -> MeasureStanding:
    """A measure with its revision, as it was rated when it was submitted; `terms` are those of the version by which
    it was. Where people judged otherwise, that counts."""
    answers = answers_of(revision)
    standing = standing_of(measure, terms, state, answers, judgement_of(rated), rated.forecast, history)
    if rated.override is None:
        return standing
    return replace(standing, rating=rated.override, override_reason=rated.override_reason, no_rating_reason=None)


def silent(item: AgreedMeasure, reason: NoRating, history: tuple[Point, ...] = ()) -> MeasureStanding:
    """A measure of which nothing may be shown yet: what is expected of it, and why there is no rating."""
    expected = unrated(reason, item.agreed.expected)
    return standing_of(item.measure, item.terms, None, Answers(), expected, history=history)


def answers_of(row: Return | ReturnRevision) -> Answers:
    """What a return's working copy, or a revision of it, says."""
    said = {name: getattr(row, name) for name in Answers.__slots__}
    # A row that was only just made has nothing yet where its table has a text.
    return Answers(**said | {"commentary": row.commentary or "", "proposed_reason": row.proposed_reason or ""})


def indicator_standing(
    indicator: Indicator, terms: IndicatorTerms, measures: Iterable[MeasureStanding]
) -> IndicatorStanding:
    """An indicator from its measures: the worst rating, the worst forecast, else the first reason for none."""
    measures = tuple(measures)
    rating = worst(m.rating for m in measures)
    reason = first_reason([Judgement(m.rating, m.no_rating_reason) for m in measures])
    ratings = _ratings(measures)
    before = _before(measures)
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
        before=before,
        change=change(rating, before.rating if before else None, reason),
        since_baseline=worst_direction([m.since_baseline for m in measures]),
        lead_key=terms.lead.key if terms.lead else "",
        ratings=ratings,
    )


def _ratings(measures: Iterable[MeasureStanding]) -> Mapping[date, Rating]:
    """The ratings of an indicator by the last day of their periods: the worst of its measures' on each."""
    rated: dict[date, list[Rating]] = defaultdict(list)
    for measure in measures:
        for point in measure.history:
            if point.rating is not None:
                rated[calendar_period(point.period).ends_on].append(point.rating)
    return {day: found for day, each in sorted(rated.items()) if (found := worst(each)) is not None}


def _before(measures: Sequence[MeasureStanding]) -> Earlier | None:
    """The last rating of an indicator before this one: the worst of those that its measures had then."""
    rated: dict[date, list[Point]] = defaultdict(list)
    for measure in measures:
        earlier = measure.history if measure.value is None else measure.history[:-1]
        for point in earlier:
            if point.rating is not None:
                rated[calendar_period(point.period).ends_on].append(point)
    if not rated:
        return None
    last = rated[max(rated)]
    found = worst(point.rating for point in last)
    assert found is not None
    return Earlier(last[0].period, found)
