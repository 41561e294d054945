"""Which small numbers the public does not see, and an edition without them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Indicator, Measure, MeasureTerms, Period
from models.returns import Return, ReturnRevision
from models.rules.expected import CUMULATIVE
from models.rules.rating import Judgement
from models.rules.rollup import first_reason, worst
from models.rules.suppression import Count, Hidden, Suppression, hidden_in_year
from models.rules.terms import NoRating
from models.scorecard import SuppressionRule
from portal.records.agreement import version_in_force
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding


def rules(session: Session, agreement_id: int) -> dict[str, Suppression]:
    """The stored rules, by the measure's code, in the agreement's order."""
    rows = session.scalars(
        select(SuppressionRule)
        .join(Measure, Measure.id == SuppressionRule.measure_id)
        .join(Indicator, Indicator.id == Measure.indicator_id)
        .where(Indicator.agreement_id == agreement_id)
        .order_by(Measure.position)
    )
    return {row.measure.code: Suppression(row.below, row.total.code if row.total else "") for row in rows}


def hidden_figures(session: Session, period: Period) -> dict[tuple[str, str], Hidden]:
    """The verified figures up to a period's end that are not shown, by the measure's code and their period's key."""
    stored = rules(session, period.agreement_id)
    wanted = {*stored, *(rule.total for rule in stored.values() if rule.total)}
    if not stored:
        return {}
    rows = session.execute(
        select(Measure.code, Period.key, Period.year, Period.ends_on, ReturnRevision)
        .join(Return, Return.id == ReturnRevision.return_id)
        .join(Measure, Measure.id == Return.measure_id)
        .join(Period, Period.id == Return.period_id)
        .where(Return.verified_revision == ReturnRevision.number)
        .where(Period.agreement_id == period.agreement_id)
        # What a later edition shows is known, whichever day this one is about.
        .where((Period.ends_on <= period.ends_on) | ReturnRevision.published_at.is_not(None))
        .where(Measure.code.in_(wanted), ReturnRevision.value.is_not(None))
        .order_by(Period.ends_on, Period.id)
    )
    years: dict[str, dict[str, dict[str, Count]]] = defaultdict(lambda: defaultdict(dict))
    public, asked = set(), set()
    for code, key, year, ends_on, revision in rows:
        years[year][key][code] = count_of(revision)
        public |= {(code, key)} if revision.published_at is not None else set()
        asked |= {(code, key)} if ends_on <= period.ends_on else set()
    cumulative = _cumulative(session, period)
    found = [hidden_in_year(each, stored, cumulative, public) for each in years.values()]
    return {place: why for one in found for place, why in one.items() if place in asked}


def _cumulative(session: Session, period: Period) -> set[str]:
    """The measures whose figures are counted from the year's beginning."""
    version = version_in_force(session, period.agreement_id, period.ends_on)
    rows = session.execute(
        select(Measure.code, MeasureTerms.reported_unit)
        .join(MeasureTerms, MeasureTerms.measure_id == Measure.id)
        .where(MeasureTerms.version_id == version.id)
    )
    return {code for code, unit in rows if unit.endswith(CUMULATIVE)}


def count_of(revision: ReturnRevision) -> Count:
    """How many lie under a figure: what was counted, else the figure itself where it is a whole number."""
    if revision.numerator is not None:
        return Count(revision.numerator, revision.denominator)
    whole = revision.value is not None and revision.value == revision.value.to_integral_value()
    return Count(revision.value if whole else None)


def without(
    indicators: Iterable[IndicatorStanding], silent: Mapping[tuple[str, str], Hidden]
) -> list[IndicatorStanding]:
    """The indicators as everybody may see them: nothing is left of a hidden figure that would tell of it, neither its
    rating nor by how much it beats its milestone."""
    return [_indicator(one, silent) for one in indicators]


def _indicator(one: IndicatorStanding, silent: Mapping[tuple[str, str], Hidden]) -> IndicatorStanding:
    codes = {code for code, _ in silent}
    if not any(measure.code in codes for measure in one.measures):
        return one
    measures = tuple(_measure(measure, silent) for measure in one.measures)
    return replace(
        one,
        measures=measures,
        rating=worst(m.rating for m in measures),
        no_rating_reason=first_reason([Judgement(m.rating, m.no_rating_reason) for m in measures]),
        forecast=worst(m.forecast for m in measures),
        overridden=any(m.override_reason for m in measures),
    )


def _measure(one: MeasureStanding, silent: Mapping[tuple[str, str], Hidden]) -> MeasureStanding:
    periods = tuple(point.period for point in one.history if (one.code, point.period) in silent)
    if not periods:
        return one
    kept = replace(
        one, history=tuple(point for point in one.history if point.period not in periods), suppressed=periods
    )
    if one.value is None or one.history[-1].period not in periods:
        return kept
    return replace(
        kept,
        value=None,
        lead=None,
        margin=None,
        rating=None,
        rating_by_rule=None,
        override_reason=None,
        no_rating_reason=NoRating.SUPPRESSED,
        forecast_value=None,
        forecast=None,
        interval=None,
        year_value=None,
        strength=None,
    )
