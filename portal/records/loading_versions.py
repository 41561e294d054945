"""Loading the versions of an agreement. What is there is never overwritten: where newer files say other terms than the
newest version does, they are proposed as a refresh."""

from collections.abc import Mapping

from sqlalchemy import select

from models.agreement import (
    Agreement,
    AgreementVersion,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Period,
    SignedUp,
    Target,
)
from models.rules.refresh import Term, Value
from portal.formats.agreement_csv import rows
from portal.records.loading import Loading
from portal.records.loading_milestones import put_milestones
from portal.records.loading_profiles import put_profiles
from portal.records.refresh_rows import live_changes, open_refresh, place_of, propose, start, value_of
from portal.records.versions import Place, Said, differences, of_indicator, says

_FIXED = ("unit", "reported_unit", "reported_polarity", "evidence", "per", "seasonal", "rolling")
_AGREED = ("frequency", "polarity", "tolerance_kind", "tolerance", "baseline_period")


def put_versions(
    loading: Loading,
    agreement: Agreement,
    file: rows.AgreementFile,
    organisations: Mapping[str, int],
    indicators: Mapping[str, int],
    measures: Mapping[str, Measure],
    periods: Mapping[str, Period],
) -> None:
    """All versions of an agreement that is new; one that is to be agreed after today, and whatever newer files say
    otherwise than the newest version that is there, becomes an open refresh. A difference in an older version is a
    problem."""
    there = loading.session.scalars(
        select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id).order_by(AgreementVersion.number)
    ).all()
    if there:
        _put_fixed(loading, file, there[-1], measures)
        for version in there:
            put_milestones(loading, file, version, measures, periods)
            put_profiles(loading, version, file, measures, periods)
        _propose(loading, agreement, file, list(there))
        return
    today = loading.session.info["clock"].today()
    agreed = [said for said in file.versions if said.agreed_on <= today] or file.versions[:1]
    made = []
    for said in agreed:
        version = AgreementVersion(
            agreement_id=agreement.id,
            number=said.number,
            title=said.title,
            in_force_from=said.in_force_from,
            reason=said.reason,
            agreed_by=said.agreed_by,
            agreed_on=said.agreed_on,
            recorded_at=loading.session.info["clock"].now(),
        )
        loading.add(version)
        made.append(version)
        _put_terms(loading, file, said, version, organisations, indicators)
        _put_measures(loading, file, said, version, measures)
        put_milestones(loading, file, version, measures, periods, agreed=True)
        put_profiles(loading, version, file, measures, periods)
    _propose(loading, agreement, file, made)


def _put_terms(
    loading: Loading,
    file: rows.AgreementFile,
    said: rows.Version,
    version: AgreementVersion,
    organisations: Mapping[str, int],
    indicators: Mapping[str, int],
) -> None:
    leads = {row.indicator: organisations[row.organisation] for row in file.partners if row.role == "lead"}
    for row in file.indicators:
        empty = row.code in said.placeholders
        loading.add(
            IndicatorTerms(
                version_id=version.id,
                indicator_id=indicators[row.code],
                lead_id=leads.get(row.code),
                placeholder=empty,
                placeholder_reason=row.placeholder_reason if empty else "",
                expected=row.expected if empty else "",
            )
        )
    for partner in file.partners:
        if partner.role != "lead":
            loading.add(
                SignedUp(
                    version_id=version.id,
                    indicator_id=indicators[partner.indicator],
                    organisation_id=organisations[partner.organisation],
                )
            )


def _put_measures(
    loading: Loading,
    file: rows.AgreementFile,
    said: rows.Version,
    version: AgreementVersion,
    measures: Mapping[str, Measure],
) -> None:
    for row in file.measures:
        baseline = said.baselines.get(row.code, row.baseline_value)
        known = {name: getattr(row, name) for name in (*_FIXED, *_AGREED)}
        if baseline is None:
            known["baseline_period"] = ""
        loading.add(MeasureTerms(version_id=version.id, measure_id=measures[row.code].id, baseline=baseline, **known))
    for target in said.targets:
        loading.add(
            Target(
                version_id=version.id,
                measure_id=measures[target.measure].id,
                **{name: getattr(target, name) for name in ("year", "state", "low", "high", "printed", "note")},
            )
        )


def _put_fixed(
    loading: Loading, file: rows.AgreementFile, version: AgreementVersion, measures: Mapping[str, Measure]
) -> None:
    """What no refresh changes: in what a measure is counted. Other figures would mean other measures."""
    lines = {row.code: row.line for row in file.indicators}
    for row in file.measures:
        loading.put(
            MeasureTerms,
            "measures.csv",
            row.line,
            {"version_id": version.id, "measure_id": measures[row.code].id},
            {name: getattr(row, name) for name in _FIXED},
            said_in={"unit": ("indicators.csv", lines[row.indicator])},
        )


def _propose(loading: Loading, agreement: Agreement, file: rows.AgreementFile, there: list[AgreementVersion]) -> None:
    """What the files' newest version says otherwise than the same version that is there, as an open refresh of the
    newest one. Files that say what is there already, or less than it, propose nothing."""
    session = loading.session
    held = {version.number: version for version in there}
    for said in file.versions[:-1]:
        if said.number in held:
            _tell_older(loading, says(session, held[said.number]), _says(file, said), said)
    last = file.versions[-1]
    base = there[-1]
    new = _says(file, last)
    if not differences(says(session, held.get(last.number, base)), new):
        return
    found = differences(says(session, base), new)
    proposed = {place: value for place, (_, value) in found.items() if place.term is not Term.PLACEHOLDER}
    other = open_refresh(session, agreement.id)
    same = other and {place_of(row): value_of(row) for row in live_changes(session, other)} == proposed
    if loading.problems or not found or same:
        return
    refresh = start(session, agreement, base, last.title, last.reason, max(last.in_force_from, base.in_force_from))
    loading.added["refresh"] += 1
    for place, value in proposed.items():
        propose(session, refresh, place, value, f"As the files say: {last.title}.")
        loading.added["refresh_change"] += 1


def _tell_older(loading: Loading, old: Said, new: Said, version: rows.Version) -> None:
    """What the files give an older version alone must be what it has. All else that they say is of the newest one."""
    number = version.number
    for place, (held, said) in differences(old, new).items():
        if (place.measure, place.year or place.term) not in version.explicit:
            continue
        name = " ".join(filter(None, (place.measure or place.indicator, place.term, place.year)))
        message = f"{name} of version {number} was {_shown(held)} when it was loaded, and is {_shown(said)} here"
        loading.problem("versions.csv", 0, "", f"{message}; what was agreed is never changed.")


def _shown(value: Value) -> str:
    return " ".join(str(part) for part in (value.state, value.low, value.high, value.word) if part) or "nothing"


def _says(file: rows.AgreementFile, version: rows.Version) -> Said:
    """What a version of the files says, as `versions.says` tells it of one that is there."""
    found: dict[Place, Value] = {}
    for row in file.indicators:
        own = [partner for partner in file.partners if partner.indicator == row.code]
        lead = next((partner.organisation for partner in own if partner.role == "lead"), "")
        others = [partner.organisation for partner in own if partner.role != "lead"]
        found |= of_indicator(row.code, lead, others, row.code in version.placeholders)
    indicator_of = {row.code: row.indicator for row in file.measures}
    for measure in file.measures:
        baseline = version.baselines.get(measure.code, measure.baseline_value)
        when = "" if baseline is None else measure.baseline_period
        found |= {
            Place(measure.indicator, measure.code, Term.BASELINE): Value(baseline, word=when),
            Place(measure.indicator, measure.code, Term.TOLERANCE): Value(
                measure.tolerance, word=measure.tolerance_kind
            ),
            Place(measure.indicator, measure.code, Term.POLARITY): Value(word=measure.polarity),
            Place(measure.indicator, measure.code, Term.FREQUENCY): Value(word=measure.frequency),
        }
    for target in version.targets:
        place = Place(indicator_of[target.measure], target.measure, Term.TARGET, target.year)
        found[place] = Value(target.low, target.high, target.state, printed=target.printed, note=target.note)
    return found
