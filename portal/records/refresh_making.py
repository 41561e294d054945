"""Making the version that a refresh has agreed: all of the newest one, with what was proposed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import (
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
from models.base import Base
from models.people import Organisation
from models.refresh import Refresh
from models.rules.calendar import IN_A_YEAR
from models.rules.refresh import Term, Value
from models.rules.terms import Frequency, Polarity, TargetState, ToleranceKind
from portal.records.refresh_rows import with_changes
from portal.records.versions import NO, Place, says

Proposed = Mapping[Place, Value]


def make_version(
    session: Session, refresh: Refresh, base: AgreementVersion, proposed: Proposed, agreed_by: str
) -> AgreementVersion:
    """The next version, in force from the refresh's day."""
    clock = session.info["clock"]
    version = AgreementVersion(
        agreement_id=base.agreement_id,
        number=base.number + 1,
        title=refresh.title,
        in_force_from=refresh.in_force_from,
        reason=refresh.reason,
        agreed_by=agreed_by,
        agreed_on=clock.today(),
        recorded_at=clock.now(),
    )
    session.add(version)
    session.flush()
    _put_indicators(session, base, version, proposed)
    _put_measures(session, base, version, proposed)
    _put_targets(session, base, version, proposed)
    _put_milestones(session, base, version, proposed)
    _put_profiles(session, base, version, proposed)
    session.flush()
    return version


def _copy(row: Base, version: AgreementVersion, **changed: Any) -> Base:
    """A row of the base as the new version has it."""
    table = type(row)
    said = {column.key: getattr(row, column.key) for column in table.__table__.columns}
    return table(**said | {"version_id": version.id} | changed)


def _put_indicators(session: Session, base: AgreementVersion, version: AgreementVersion, proposed: Proposed) -> None:
    keys = {row.key: row.id for row in session.execute(select(Organisation.key, Organisation.id))}
    resolved = {
        place.indicator
        for place, value in with_changes(says(session, base), proposed).items()
        if place.term is Term.PLACEHOLDER and value.word == NO
    }
    rows = session.execute(
        select(IndicatorTerms, Indicator)
        .join(Indicator, Indicator.id == IndicatorTerms.indicator_id)
        .where(IndicatorTerms.version_id == base.id)
    ).all()
    for terms, indicator in rows:
        changed: dict[str, Any] = {}
        if indicator.code in resolved:
            changed = {"placeholder": False, "placeholder_reason": "", "expected": ""}
        if (lead := proposed.get(Place(indicator.code, "", Term.LEAD))) is not None:
            changed["lead_id"] = keys[lead.word] if lead.word else None
        session.add(_copy(terms, version, **changed))
        partners = proposed.get(Place(indicator.code, "", Term.PARTNERS))
        if partners is None:
            query = select(SignedUp).where(SignedUp.version_id == base.id, SignedUp.indicator_id == indicator.id)
            session.add_all(_copy(row, version) for row in session.scalars(query))
        else:
            for key in filter(None, (each.strip() for each in partners.word.split(";"))):
                session.add(SignedUp(version_id=version.id, indicator_id=indicator.id, organisation_id=keys[key]))


def _of_measures(session: Session, table: Any, base: AgreementVersion) -> Any:
    """The base's rows of a table of measures, each with the codes of its indicator and measure."""
    return session.execute(
        select(table, Indicator.code, Measure.code)
        .join(Measure, Measure.id == table.measure_id)
        .join(Indicator, Indicator.id == Measure.indicator_id)
        .where(table.version_id == base.id)
    ).all()


def _put_measures(session: Session, base: AgreementVersion, version: AgreementVersion, proposed: Proposed) -> None:
    for terms, indicator, measure in _of_measures(session, MeasureTerms, base):
        changed: dict[str, Any] = {}
        if (baseline := proposed.get(Place(indicator, measure, Term.BASELINE))) is not None:
            changed |= {"baseline": baseline.low, "baseline_period": baseline.word}
        if (tolerance := proposed.get(Place(indicator, measure, Term.TOLERANCE))) is not None:
            changed |= {"tolerance": tolerance.low, "tolerance_kind": ToleranceKind(tolerance.word)}
        if (polarity := proposed.get(Place(indicator, measure, Term.POLARITY))) is not None:
            # What is reported in the target's own terms follows it.
            same = terms.reported_polarity is terms.polarity
            changed |= {"polarity": Polarity(polarity.word)}
            changed |= {"reported_polarity": Polarity(polarity.word)} if same else {}
        if (frequency := proposed.get(Place(indicator, measure, Term.FREQUENCY))) is not None:
            changed |= {"frequency": Frequency(frequency.word)}
        session.add(_copy(terms, version, **changed))


def _put_profiles(session: Session, base: AgreementVersion, version: AgreementVersion, proposed: Proposed) -> None:
    """The shares of the year stay; where a measure is now returned at another frequency, those that one of its new
    periods ends with, under that one's number."""
    before = dict(
        session.execute(select(MeasureTerms.measure_id, MeasureTerms.frequency).filter_by(version_id=base.id)).all()
    )
    for profile, indicator, measure in _of_measures(session, Profile, base):
        frequency = proposed.get(Place(indicator, measure, Term.FREQUENCY))
        number, of_old = profile.number, IN_A_YEAR[before[profile.measure_id]]
        if frequency is not None:
            number, rest = divmod(number * IN_A_YEAR[Frequency(frequency.word)], of_old)
            if rest:
                continue
        session.add(_copy(profile, version, number=number))


def _put_targets(session: Session, base: AgreementVersion, version: AgreementVersion, proposed: Proposed) -> None:
    for target, indicator, measure in _of_measures(session, Target, base):
        new = proposed.get(Place(indicator, measure, Term.TARGET, target.year))
        if new is None:
            session.add(_copy(target, version))
            continue
        changed = {"state": new.state or TargetState.SET, "low": new.low, "high": new.high}
        session.add(_copy(target, version, **changed, printed=new.printed or _printed(new), note=new.note))


def _printed(new: Value) -> str:
    if new.low is None or new.high is None:
        return ""
    return f"{new.low:,f}" if new.low == new.high else f"{new.low:,f} to {new.high:,f}"


def _put_milestones(session: Session, base: AgreementVersion, version: AgreementVersion, proposed: Proposed) -> None:
    """The milestones stay; but not those that were agreed on the way to a target that is changed, from the day on
    which the new one is in force."""
    changed = {(place.measure, place.year) for place in proposed if place.term is Term.TARGET}
    periods = {
        row.id: (row.year, row.ends_on)
        for row in session.execute(
            select(Period.id, Period.year, Period.ends_on).where(Period.agreement_id == base.agreement_id)
        )
    }
    for milestone, _, measure in _of_measures(session, Milestone, base):
        year, ends_on = periods[milestone.period_id]
        if (measure, year) not in changed or ends_on < version.in_force_from:
            session.add(_copy(milestone, version))
