"""What every version of the agreement says of one indicator: leads, targets, and what each period is held against."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import (
    Agreement,
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Milestone,
    Period,
    Profile,
    SignedUp,
    Target,
)
from models.people import Organisation
from models.rules.calendar import CalendarPeriod, periods
from models.rules.silence import NOT_IN_FORCE
from portal.actor import Actor
from portal.errors import NotFound
from portal.history import is_known, looked_at, only_known
from portal.policy import Action
from portal.records.agreed import AgreedMeasure, agreed_of
from portal.records.agreement import agreed_by, in_force
from portal.records.noting import has_a_part
from portal.records.return_names import TEAM
from portal.scopes import scope
from portal.viewmodels.charts import ChartAim
from portal.viewmodels.indicator_page import AgreedTarget, Definition, Version


@dataclass(frozen=True, slots=True)
class Versions:
    """An indicator with the agreement's versions in their order, and what those that hold it say of its lead.
    `recorded` are the numbers of those by which the actor may record events, `acted` by which it may write actions,
    `funded` money, `risked` risks."""

    indicator: Indicator
    versions: Sequence[AgreementVersion]
    terms: Mapping[int, IndicatorTerms]
    recorded: frozenset[int]
    acted: frozenset[int]
    funded: frozenset[int]
    risked: frozenset[int]

    def view(self, version: AgreementVersion) -> Version:
        """One version as its reader is told of it."""
        terms = self.terms.get(version.id)
        lead = terms.lead.name if terms and terms.lead else TEAM if terms else ""
        placeholder = terms.placeholder if terms else False
        return Version(version.number, version.title, version.in_force_from, lead, placeholder)


@dataclass(frozen=True, slots=True)
class Agreements:
    """What all versions say of an indicator's measures, by the ids of version and measure; targets also by the year,
    milestones by the period's key, profiles by the period's number."""

    terms: dict[tuple[int, int], MeasureTerms]
    targets: dict[tuple[int, int, str], Target]
    milestones: dict[tuple[int, int, str], Milestone]
    profiles: dict[tuple[int, int, int], Profile]


def versions_of(session: Session, actor: Actor, agreement: Agreement, code: str) -> Versions:
    """The indicator with a code, and its versions; NotFound where the agreement has none."""
    query = (
        select(
            Indicator,
            AgreementVersion,
            IndicatorTerms,
            scope(actor, Action.EVENT_RECORD).label("recorded"),
            scope(actor, Action.ACTION_CHANGE).label("acted"),
            scope(actor, Action.MONEY_COMMIT).label("funded"),
            scope(actor, Action.RISK_WRITE).label("risked"),
        )
        .join(AgreementVersion, AgreementVersion.agreement_id == Indicator.agreement_id)
        .outerjoin(
            IndicatorTerms,
            (IndicatorTerms.indicator_id == Indicator.id) & (IndicatorTerms.version_id == AgreementVersion.id),
        )
        .where(Indicator.agreement_id == agreement.id, Indicator.code == code)
        .order_by(AgreementVersion.number)
    )
    known = only_known(looked_at(session), query, AgreementVersion.agreed_on, AgreementVersion.recorded_at)
    found = session.execute(known).all()
    if not found:
        raise NotFound(f"{code} is not an indicator of this agreement.")
    agreed = agreed_by([version for _, version, *_ in found], session.info["clock"].today())
    rows = [row for row in found if row[1] in agreed]
    held = [row for row in rows if row[2] is not None]
    return Versions(
        rows[0][0],
        agreed,
        {version.id: terms for _, version, terms, *_ in held},
        *(frozenset(row[1].number for row in held if row[place]) for place in (3, 4, 5, 6)),
    )


def organisations(
    session: Session, version: AgreementVersion, indicator_id: int
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The partners that signed up to an indicator in one version, by name; and the key and name of
    each organisation that has a part in the agreement."""
    signed = (
        (SignedUp.organisation_id == Organisation.id)
        & (SignedUp.version_id == version.id)
        & (SignedUp.indicator_id == indicator_id)
    )
    found = session.execute(
        select(Organisation.key, Organisation.name, SignedUp.organisation_id)
        .outerjoin(SignedUp, signed)
        .where(has_a_part(Agreement.id == version.agreement_id))
        .order_by(Organisation.name)
    ).all()
    return tuple(name for _, name, up in found if up is not None), tuple((key, name) for key, name, _ in found)


def agreements(session: Session, versions: Versions) -> Agreements:
    """Everything that these versions say of an indicator's measures, in two statements."""
    indicator_id, known = versions.indicator.id, [version.id for version in versions.versions]
    found = Agreements({}, {}, {}, {})
    rows = session.execute(
        select(MeasureTerms, Target, Profile)
        .join(Measure, Measure.id == MeasureTerms.measure_id)
        .join(Target, (Target.measure_id == Measure.id) & (Target.version_id == MeasureTerms.version_id))
        .outerjoin(Profile, (Profile.measure_id == Measure.id) & (Profile.version_id == MeasureTerms.version_id))
        .where(Measure.indicator_id == indicator_id, MeasureTerms.version_id.in_(known))
    )
    for terms, target, profile in rows:
        key = terms.version_id, terms.measure_id
        found.terms[key] = terms
        found.targets[*key, target.year] = target
        if profile is not None:
            found.profiles[*key, profile.number] = profile
    milestones = session.execute(
        select(Milestone, Period.key)
        .join(Measure, Measure.id == Milestone.measure_id)
        .join(Period, Period.id == Milestone.period_id)
        .where(Measure.indicator_id == indicator_id, Milestone.version_id.in_(known))
        .where(is_known(looked_at(session), Milestone.noted_on, Milestone.noted_at))
        .order_by(Milestone.number)
    )
    for milestone, period in milestones:
        found.milestones[milestone.version_id, milestone.measure_id, period] = milestone
    return found


def targets_of(found: Agreements, versions: Versions, measure: Measure) -> dict[str, dict[int, AgreedTarget]]:
    """A measure's targets by year, and by the number of each version."""
    by_year: dict[str, dict[int, AgreedTarget]] = defaultdict(dict)
    for (version_id, measure_id, year), target in sorted(found.targets.items(), key=lambda one: one[0][2]):
        if measure_id == measure.id:
            number = next(version.number for version in versions.versions if version.id == version_id)
            unit = found.terms[version_id, measure_id].unit
            said = AgreedTarget(target.state, target.low, target.high, unit, target.printed, target.note)
            by_year[year][number] = said
    return dict(by_year)


def aims_of(found: Agreements, versions: Versions, agreement: Agreement, measure: Measure) -> tuple[ChartAim, ...]:
    """What a measure is held against at the end of each of its periods, by the version in force then."""
    first, last = int(agreement.first_year[:4]), int(agreement.last_year[:4])
    aims = []
    for start in range(first, last + 1):
        of_year = periods(f"{start}/{(start + 1) % 100:02}")
        for period in sorted(of_year, key=lambda one: one.ends_on):
            aim = _aim(found, versions, measure, period)
            if aim is not None:
                aims.append(aim)
    return tuple(aims)


def _aim(found: Agreements, versions: Versions, measure: Measure, period: CalendarPeriod) -> ChartAim | None:
    version = in_force(versions.versions, period.ends_on)
    held = versions.terms.get(version.id)
    terms = found.terms.get((version.id, measure.id))
    target = found.targets.get((version.id, measure.id, period.year))
    if held is None or terms is None or target is None or target.state in NOT_IN_FORCE:
        return None
    if terms.frequency is not period.frequency:
        return None
    profile = found.profiles.get((version.id, measure.id, period.number))
    agreed = agreed_of(
        terms,
        target,
        found.milestones.get((version.id, measure.id, period.key)),
        profile.share if profile else None,
        period.share_of_year,
        placeholder=held.placeholder,
    )
    return None if agreed.expected is None else ChartAim(period.key, period.ends_on, agreed.expected)


def definition_of(item: AgreedMeasure) -> Definition:
    """What a measure is, as one version of the agreement says it."""
    terms, measure = item.terms, item.measure
    return Definition(
        unit=terms.unit,
        polarity=terms.polarity,
        reported_unit=terms.reported_unit,
        reported_polarity=terms.reported_polarity,
        baseline=terms.baseline,
        baseline_period=terms.baseline_period,
        tolerance=item.agreed.tolerance,
        frequency=terms.frequency,
        source=measure.source,
        release_days=measure.release_days,
        evidence=terms.evidence,
        seasonal=terms.seasonal,
        rolling=terms.rolling,
    )
