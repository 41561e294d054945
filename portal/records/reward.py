"""How much of the agreed improvement the reward-weighted measures have achieved, from their latest verified figures."""

from datetime import date

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, MeasureTerms, Target
from models.rules.calendar import calendar_period
from models.rules.change import Baseline
from models.rules.expected import YearTarget
from models.rules.reward import share
from models.rules.terms import TargetState
from portal.records.agreement import version_in_force
from portal.records.verified import verified_figures
from portal.viewmodels.reward import Improvement


def improvements(
    session: Session, agreement: Agreement, until: date, indicator_id: int | None = None
) -> tuple[Improvement, ...]:
    """Every measure of the reward-weighted indicators, or of one of them, with its latest verified figure up to a day:
    against the baseline, and the target of the agreement's last year, of the version in force on that day."""
    version = version_in_force(session, agreement.id, until)
    one = true() if indicator_id is None else Indicator.id == indicator_id
    wanted = Indicator.reward_weighted.is_(True) & one
    latest = {
        (figure.indicator, figure.measure): figure for figure in verified_figures(session, agreement.id, until, wanted)
    }
    rows = session.execute(
        select(Indicator, Measure, MeasureTerms, Target)
        .join(Measure, Measure.indicator_id == Indicator.id)
        .join(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == version.id))
        .outerjoin(
            Target,
            (Target.measure_id == Measure.id)
            & (Target.version_id == version.id)
            & (Target.year == agreement.last_year)
            & (Target.state == TargetState.SET),
        )
        .where(Indicator.agreement_id == agreement.id, wanted)
        .order_by(Indicator.position, Measure.position)
    )
    found = []
    for indicator, measure, terms, agreed in rows:
        figure = latest.get((indicator.code, measure.code))
        unit = figure.terms.reported_unit if figure else terms.reported_unit
        baseline = Baseline(terms.baseline, terms.unit, terms.baseline_period)
        target = None
        if agreed is not None and agreed.low is not None and agreed.high is not None:
            target = YearTarget(agreed.low, agreed.high, terms.unit)
        value, of_year = None, calendar_period(agreement.last_year).share_of_year
        if figure is not None:
            value, of_year = figure.value, calendar_period(figure.period).share_of_year
        found.append(
            Improvement(
                code=indicator.code,
                title=indicator.title,
                part=measure.part,
                decimals=measure.decimals,
                value=value,
                unit=unit,
                period=figure.period if figure else "",
                baseline=baseline,
                target=target,
                year=agreement.last_year,
                share=share(value, unit, baseline, target, terms.polarity, of_year),
            )
        )
    return tuple(found)
