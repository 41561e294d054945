"""What one version of the agreement says of a measure for a period: terms, target of the year, milestone, dates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, ScalarSelect, Select, bindparam, func, select
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
from portal.history import is_known, only_known
from portal.records.agreement import agreed_by, in_force, version_in_force
from portal.records.windows import released_on


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
    measure_id: int | None = None,
    indicator_id: int | None = None,
    measure_ids: Collection[int] | None = None,
) -> list[AgreedMeasure]:
    """What a version says of every measure, or of one indicator's, on the day on which a period ends: each measure is
    looked at in the period that ends on that day, of the frequency that the version says. One measure alone, or some
    that are named, are looked at in this very period, in which they may have been asked for while the version said
    otherwise."""
    wanted = [measure_id] if measure_id is not None else measure_ids
    query = _query(session, version, period, Period.id == period.id if wanted is not None else None)
    query = query.where(_is_agreed()).order_by(Measure.position, Measure.id, Milestone.number)
    if wanted is not None:
        query = query.where(Measure.id.in_(wanted))
    if indicator_id is not None:
        query = query.where(Measure.indicator_id == indicator_id)
    rows = session.execute(query).unique()
    return [_agreed(list(group), period) for _, group in groupby(rows, lambda row: row.Measure.id)]


def agreed_indicators(
    session: Session, version: AgreementVersion, period: Period, of_theme: int | None = None
) -> list[tuple[Indicator, IndicatorTerms, list[AgreedMeasure]]]:
    """Every indicator that a version has, or those of one theme, in their order, with what it says of their measures on
    the day on which a period ends. One statement."""
    query = _query(session, version, period, None)
    query = query.order_by(Indicator.position, Indicator.id, Measure.position, Measure.id, Milestone.number)
    if of_theme is not None:
        query = query.where(Indicator.theme_id == of_theme)
    found = []
    for _, rows in groupby(session.execute(query).unique(), lambda row: row.Indicator.id):
        own = list(rows)
        counted = groupby((row for row in own if row.MeasureTerms and row.Target), lambda row: row.Measure.id)
        items = [_agreed(list(group), period) for _, group in counted]
        found.append((own[0].Indicator, own[0].IndicatorTerms, items))
    return found


def _is_agreed() -> ColumnElement[bool]:
    """Whether a version says something of a measure for the year."""
    return MeasureTerms.measure_id.is_not(None) & Target.measure_id.is_not(None)


def _query(
    session: Session, version: AgreementVersion, period: Period, own: ColumnElement[bool] | None
) -> Select[*tuple[Any, ...]]:
    """A row for each indicator, measure and milestone that a version has; `own` says which period a measure is looked at
    in, None for the one of its frequency that ends with this one."""
    if own is None:
        own = (
            (Period.agreement_id == version.agreement_id)
            & (Period.ends_on == period.ends_on)
            & (Period.frequency == MeasureTerms.frequency)
        )
    return (
        select(Indicator, IndicatorTerms, Measure, MeasureTerms, Target, Milestone, Period, SourceRelease, Profile)
        .join(
            IndicatorTerms,
            (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == version.id),
        )
        .outerjoin(Measure, Measure.indicator_id == Indicator.id)
        .outerjoin(MeasureTerms, (MeasureTerms.measure_id == Measure.id) & (MeasureTerms.version_id == version.id))
        .outerjoin(
            Target,
            (Target.measure_id == Measure.id) & (Target.version_id == version.id) & (Target.year == period.year),
        )
        .outerjoin(Period, own)
        .outerjoin(
            Milestone,
            (Milestone.measure_id == Measure.id)
            & (Milestone.version_id == version.id)
            & (Milestone.period_id == Period.id)
            & is_known(session, Milestone.noted_on, Milestone.noted_at),
        )
        .outerjoin(SourceRelease, SourceRelease.id == _last_release(session))
        .outerjoin(
            Profile,
            (Profile.measure_id == Measure.id) & (Profile.version_id == version.id) & (Profile.number == Period.number),
        )
        .where(Indicator.agreement_id == version.agreement_id)
        # The indicator is in the row already; who set a milestone is asked by those alone who say it.
        .options(lazyload(Measure.indicator), lazyload(Milestone.person), joinedload(MeasureTerms.profile))
    )


def _last_release(session: Session) -> ScalarSelect[int]:
    """The last that is known of when a measure's source comes out for a period."""
    query = select(func.max(SourceRelease.id)).where(
        SourceRelease.measure_id == Measure.id, SourceRelease.period_id == Period.id
    )
    known = only_known(session, query, SourceRelease.noted_on, SourceRelease.noted_at)
    return known.correlate(Measure, Period).scalar_subquery()


def agreed_for(session: Session, row: Return) -> AgreedMeasure:
    """What the agreement in force at the period's end says of a return's measure."""
    version = version_in_force(session, row.period.agreement_id, row.period.ends_on)
    return agreed_measures(session, version, row.period, row.measure_id)[0]


_ASKED = (
    select(AgreementVersion, MeasureTerms)
    .outerjoin(
        MeasureTerms,
        (MeasureTerms.version_id == AgreementVersion.id)
        & (MeasureTerms.measure_id == bindparam("measure", type_=Integer)),
    )
    .where(AgreementVersion.agreement_id == bindparam("agreement", type_=Integer))
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
