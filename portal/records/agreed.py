"""What one version of the agreement says of a measure for a period: terms, target of the year, milestone, dates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Row, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from models.agreement import (
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Milestone,
    Period,
    Profile,
    SourceRelease,
    Target,
)
from models.returns import Return
from models.rules.calendar import calendar_period
from models.rules.expected import Expected, YearTarget
from models.rules.judging import Agreed
from models.rules.rating import Tolerance
from models.rules.silence import reason_without_figure
from models.rules.terms import NoRating, State
from portal.formats.grounds import Asked
from portal.history import BUILT, is_known, looked_at, only_known
from portal.records.agreement import agreed_by, in_force, version_in_force
from portal.records.windows import released_on
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class AgreedMeasure:
    """A measure and what one version of the agreement says of it on one day. `period` is the measure's own that ends
    there, None where none of its frequency does; `released_on` is when its source comes out for that period;
    `milestone` is the one that counts for it, if there is one."""

    measure: Measure
    terms: MeasureTerms
    target: Target
    agreed: Agreed
    period: Period | None
    released_on: date | None
    milestone: Milestone | None = None

    @property
    def asked(self) -> Asked:
        """What the measure is returned in."""
        return _asked_by(self.terms)

    def reason_for_silence(self, state: State | None, today: date, came_in: date | None) -> NoRating:
        """Why there is no figure; `state` is where the return stands, None without one, and `came_in` when it first
        came in."""
        return reason_without_figure(
            self.agreed.target_state,
            placeholder=self.agreed.placeholder,
            state=state,
            due=self.period.due_on if self.period else None,
            released=self.released_on,
            today=today,
            came_in=came_in,
        )


def agreed_measures(
    session: Session,
    version: AgreementVersion,
    period: Period,
    indicator_id: int | None = None,
    measure_ids: Collection[int] | None = None,
) -> list[AgreedMeasure]:
    """What a version says of every measure, or of one indicator's, on the day on which a period ends: each measure is
    looked at in the period that ends on that day, of the frequency that the version says. Those that are named are
    looked at in this very period, in which they may have been asked for while the version said otherwise."""
    query = _agreed_rows(looked_at(session), measure_ids is not None)
    if measure_ids is not None:
        query = query.where(Measure.id.in_(measure_ids))
    if indicator_id is not None:
        query = query.where(Measure.indicator_id == indicator_id)
    rows = session.execute(query, _values(version, period)).unique()
    return [_agreed(list(group), period) for _, group in groupby(rows, lambda row: row.Measure.id)]


def agreed_indicators(
    session: Session, version: AgreementVersion, period: Period, of_theme: int | None = None
) -> list[tuple[Indicator, IndicatorTerms, list[AgreedMeasure]]]:
    """Every indicator that a version has, or those of one theme, in their order, with what it says of their measures on
    the day on which a period ends. One statement."""
    query = _rows(looked_at(session), False)
    query = query.order_by(Indicator.position, Indicator.id, Measure.position, Measure.id, Milestone.number)
    if of_theme is not None:
        query = query.where(Indicator.theme_id == of_theme)
    found = []
    for _, rows in groupby(session.execute(query, _values(version, period)).unique(), lambda row: row.Indicator.id):
        own = list(rows)
        counted = groupby((row for row in own if row.MeasureTerms and row.Target), lambda row: row.Measure.id)
        items = [_agreed(list(group), period) for _, group in counted]
        found.append((own[0].Indicator, own[0].IndicatorTerms, items))
    return found


def _values(version: AgreementVersion, period: Period) -> dict[str, Any]:
    """What is left open in the statements."""
    return {
        "agreement": version.agreement_id,
        "version": version.id,
        "year": period.year,
        "period": period.id,
        "ends_on": period.ends_on,
    }


@lru_cache(maxsize=BUILT)
def _agreed_rows(past: AsAt | None, this_period: bool) -> Select[*tuple[Any, ...]]:
    """The rows of what a version says something of for the year, in the measures' order."""
    said = MeasureTerms.measure_id.is_not(None) & Target.measure_id.is_not(None)
    return _rows(past, this_period).where(said).order_by(Measure.position, Measure.id, Milestone.number)


@lru_cache(maxsize=BUILT)
def _rows(past: AsAt | None, this_period: bool) -> Select[*tuple[Any, ...]]:
    """A row for each indicator, measure and milestone that a version has. A measure is looked at in `this_period`, else
    in the one of its frequency that ends with it."""
    version: BindParameter[int] = bindparam("version")
    own = Period.id == bindparam("period")
    if not this_period:
        own = (
            (Period.agreement_id == bindparam("agreement"))
            & (Period.ends_on == bindparam("ends_on"))
            & (Period.frequency == MeasureTerms.frequency)
        )
    return (
        select(Indicator, IndicatorTerms, Measure, MeasureTerms, Target, Milestone, Period, SourceRelease, Profile)
        .join(
            IndicatorTerms,
            (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == version),
        )
        .outerjoin(Measure, Measure.indicator_id == Indicator.id)
        .outerjoin(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == version))
        .outerjoin(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == version) & (Target.year == bindparam("year")),
        )
        .outerjoin(Period, own)
        .outerjoin(
            Milestone,
            (Milestone.measure_id == Measure.id)
            & (Milestone.version_id == version)
            & (Milestone.period_id == Period.id)
            & is_known(past, Milestone.noted_on, Milestone.noted_at),
        )
        .outerjoin(SourceRelease, SourceRelease.id == _last_release(past))
        .outerjoin(
            Profile,
            (Profile.measure_id == Measure.id) & (Profile.version_id == version) & (Profile.number == Period.number),
        )
        .where(Indicator.agreement_id == bindparam("agreement"))
        # The indicator is in the row already; who set a milestone is asked by those alone who say it.
        .options(lazyload(Measure.indicator), lazyload(Milestone.person), joinedload(MeasureTerms.profile))
    )


def _last_release(past: AsAt | None) -> ScalarSelect[int]:
    """The last that is known of when a measure's source comes out for a period."""
    query = select(func.max(SourceRelease.id)).where(
        SourceRelease.measure_id == Measure.id, SourceRelease.period_id == Period.id
    )
    known = only_known(past, query, SourceRelease.noted_on, SourceRelease.noted_at)
    return known.correlate(Measure, Period).scalar_subquery()


def agreed_for(session: Session, row: Return) -> AgreedMeasure:
    """What the agreement in force at the period's end says of a return's measure."""
    version = version_in_force(session, row.period.agreement_id, row.period.ends_on)
    return agreed_measures(session, version, row.period, measure_ids=[row.measure_id])[0]


_ASKED = (
    select(AgreementVersion, MeasureTerms)
    .outerjoin(
        MeasureTerms,
        (MeasureTerms.version_id == AgreementVersion.id) & (MeasureTerms.measure_id == bindparam("measure")),
    )
    .where(AgreementVersion.agreement_id == bindparam("agreement"))
    .order_by(AgreementVersion.number)
)
"""What each version of an agreement says of a measure; built once: that takes longer than to ask it."""


def asked_for(session: Session, row: Return) -> Asked:
    """What a return's measure is returned in, by the agreement in force at the period's end as it is now: all that is
    needed of what is agreed to check answers. One statement."""
    rows = session.execute(_ASKED, {"measure": row.measure_id, "agreement": row.period.agreement_id})
    said = dict(rows.all())
    return _asked_by(said[in_force(agreed_by(list(said), session.info["clock"].today()), row.period.ends_on)])


def _asked_by(terms: MeasureTerms) -> Asked:
    return Asked(terms.reported_unit, terms.evidence, terms.per, terms.rolling)


def _agreed(
    rows: Sequence[Row[*tuple[Any, ...]]],
    looked_at: Period,
) -> AgreedMeasure:
    """One measure, from a row for each milestone that it had."""
    _, of_indicator, measure, terms, target, last, period, release, profile = rows[-1]
    share = calendar_period(looked_at.key).share_of_year
    empty = of_indicator.placeholder
    agreed = agreed_of(terms, target, last, profile.share if profile else None, share, placeholder=empty)
    released = released_on(measure, period, release.released_on if release else None) if period else None
    return AgreedMeasure(measure, terms, target, agreed, period, released, last)


def agreed_of(
    terms: MeasureTerms,
    target: Target,
    milestone: Milestone | None,
    profile: Decimal | None,
    share_of_year: Decimal,
    *,
    placeholder: bool,
) -> Agreed:
    """What one version says of a measure for a period, as the rules take it."""
    return Agreed(
        target_state=target.state,
        target=YearTarget(target.low, target.high, terms.unit)
        if target.low is not None and target.high is not None
        else None,
        milestone=Expected(milestone.value, milestone.low, milestone.high) if milestone else None,
        reported_unit=terms.reported_unit,
        reported_polarity=terms.reported_polarity,
        tolerance=Tolerance(terms.tolerance_kind, terms.tolerance),
        placeholder=placeholder,
        share_of_year=share_of_year,
        evidence=terms.evidence,
        per=terms.per,
        profile=profile,
    )
