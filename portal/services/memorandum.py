"""The memorandum: what a version of the agreement promises, for everybody. One for each version."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import (
    Agreement,
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    SignedUp,
    Target,
)
from models.people import Organisation
from models.rules.calendar import calendar_period
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.viewmodels.memorandum import Memorandum, Promise, Promised, PromisedMeasure, VersionLine


def memorandum(database: Database, actor: Actor, number: int | None = None) -> Memorandum:
    """The memorandum of a version (default: the one in force). NotFound for a version that has not been agreed by
    today: before that nobody is told that there is one."""
    require(actor, Action.AGREEMENT_READ)
    with database.read(actor, replica=True) as session:
        agreement = current_agreement(session)
        agreed = _agreed(session, agreement, database.clock.today())
        in_force = _in_force(agreed, database.clock.today())
        wanted = in_force.number if number is None else number
        shown = next((version for version in agreed if version.number == wanted), None)
        if shown is None:
            raise NotFound(f"There is no memorandum {number} of the {agreement.title}.")
        lines = {version.number: _line(version, in_force) for version in agreed}
        promises = _promises(session, shown)
        return Memorandum(
            key=agreement.key,
            agreement=agreement.title,
            area=agreement.area,
            starts_on=calendar_period(agreement.first_year).starts_on,
            ends_on=calendar_period(agreement.last_year).ends_on,
            years=tuple(sorted({promise.year for own in promises.values() for promise in own})),
            version=lines[shown.number],
            agreed_by=shown.agreed_by,
            reason=shown.reason,
            versions=tuple(lines.values()),
            indicators=_indicators(session, shown, _measures(session, shown, promises)),
        )


def _agreed(session: Session, agreement: Agreement, today: date) -> Sequence[AgreementVersion]:
    """The versions that had been agreed by today, the oldest first."""
    versions = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.agreement_id == agreement.id, AgreementVersion.agreed_on <= today)
        .order_by(AgreementVersion.number)
    ).all()
    if not versions:
        raise NotFound(f"The {agreement.title} has not been agreed yet.")
    return versions


def _in_force(agreed: Sequence[AgreementVersion], today: date) -> AgreementVersion:
    """The version that counts today: the newest in force, or the first one before any is."""
    return next((version for version in reversed(agreed) if version.in_force_from <= today), agreed[0])


def _line(version: AgreementVersion, in_force: AgreementVersion) -> VersionLine:
    return VersionLine(
        version.number, version.title, version.agreed_on, version.in_force_from, version.number == in_force.number
    )


def _promises(session: Session, version: AgreementVersion) -> Mapping[int, list[Promise]]:
    """The targets of a version by measure, year after year."""
    found: dict[int, list[Promise]] = defaultdict(list)
    for measure_id, year, state, low, high, printed in session.execute(
        select(Target.measure_id, Target.year, Target.state, Target.low, Target.high, Target.printed)
        .where(Target.version_id == version.id)
        .order_by(Target.measure_id, Target.year)
    ):
        found[measure_id].append(Promise(year, state, low, high, printed))
    return found


def _measures(
    session: Session, version: AgreementVersion, promises: Mapping[int, list[Promise]]
) -> Mapping[int, list[PromisedMeasure]]:
    """The measures of a version by indicator, in the agreement's order."""
    found: dict[int, list[PromisedMeasure]] = defaultdict(list)
    for indicator_id, measure_id, code, part, unit, baseline, when, frequency in session.execute(
        select(
            Measure.indicator_id,
            Measure.id,
            Measure.code,
            Measure.part,
            MeasureTerms.unit,
            MeasureTerms.baseline,
            MeasureTerms.baseline_period,
            MeasureTerms.frequency,
        )
        .join(MeasureTerms, MeasureTerms.measure_id == Measure.id)
        .where(MeasureTerms.version_id == version.id)
        .order_by(Measure.position)
    ):
        own = tuple(promises.get(measure_id, ()))
        found[indicator_id].append(PromisedMeasure(code, part, unit, baseline, when, frequency, own))
    return found


def _partners(session: Session, version: AgreementVersion) -> Mapping[int, list[str]]:
    """Who signed up to each indicator without leading it, by name."""
    found: dict[int, list[str]] = defaultdict(list)
    for indicator_id, name in session.execute(
        select(SignedUp.indicator_id, Organisation.name)
        .join(Organisation, Organisation.id == SignedUp.organisation_id)
        .where(SignedUp.version_id == version.id)
        .order_by(Organisation.name)
    ):
        found[indicator_id].append(name)
    return found


def _indicators(
    session: Session, version: AgreementVersion, measures: Mapping[int, list[PromisedMeasure]]
) -> tuple[Promised, ...]:
    partners = _partners(session, version)
    rows = session.execute(
        select(
            Indicator.id,
            Indicator.code,
            Indicator.title,
            Indicator.group,
            Organisation.name,
            IndicatorTerms.placeholder,
            IndicatorTerms.placeholder_reason,
            IndicatorTerms.expected,
        )
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .outerjoin(Organisation, Organisation.id == IndicatorTerms.lead_id)
        .where(IndicatorTerms.version_id == version.id)
        .order_by(Indicator.position)
    )
    return tuple(
        Promised(
            code=code,
            title=title,
            group=group,
            lead=lead or "",
            partners=tuple(partners.get(indicator_id, ())),
            placeholder=placeholder,
            placeholder_reason=reason,
            expected=expected,
            measures=tuple(measures.get(indicator_id, ())),
        )
        for indicator_id, code, title, group, lead, placeholder, reason, expected in rows
    )
