"""Loading an agreement that was read from files: all or nothing, and a second time it changes nothing."""

from sqlalchemy import select

from models.agreement import (
    Agreement,
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Milestone,
    Period,
    SignedUp,
    Target,
    Theme,
)
from models.people import Organisation
from models.returns import Return, RevisionRating
from models.rules.calendar import periods as periods_of
from models.rules.codes import period_slug
from models.rules.terms import State
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.findings import Problem
from portal.policy import Action, require
from portal.services.loading import Loading, NotLoaded
from portal.services.loading_elsewhere import put_figures
from portal.services.loading_profiles import put_profiles
from portal.services.return_rows import freeze

AS_LOADED = "As loaded"


def load_agreement(database: Database, actor: Actor, agreement: rows.AgreementFile) -> dict[str, int]:
    """Write an agreement with its version, periods, targets, milestones and past returns; answers how many rows of
    each table were added. NotLoaded, with every contradiction, when the database holds something else already."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.write(actor) as session:
        loading = Loading(session)
        version = _put_agreement(loading, database, agreement)
        organisations = _put_organisations(loading, agreement)
        measures = _put_indicators(loading, version, agreement, organisations)
        periods = _put_periods(loading, version.agreement_id, agreement)
        _put_targets(loading, version, agreement, measures, periods)
        put_profiles(loading, version, agreement, measures, periods)
        _put_returns(loading, agreement, measures, periods)  # after all that they are rated by
        put_figures(loading, agreement, measures, periods)
        if loading.problems:
            raise NotLoaded(loading.problems)
        if loading.added:
            audit.record(session, Action.AGREEMENT_CHANGE, f"agreement {agreement.title}", after=dict(loading.added))
        return dict(loading.added)


def _put_agreement(loading: Loading, database: Database, file: rows.AgreementFile) -> AgreementVersion:
    first, last = file.years[0], file.years[-1]
    agreement = loading.put(
        Agreement,
        "the agreement",
        0,
        {"title": file.title},
        {"area": file.area, "first_year": first, "last_year": last},
    )
    return loading.put(
        AgreementVersion,
        "the agreement",
        0,
        {"agreement_id": agreement.id, "number": 1},
        {"title": AS_LOADED, "in_force_from": periods_of(first)[0].starts_on},
        {"reason": "Loaded from the agreement's files.", "agreed_by": "", "recorded_at": database.clock.now()},
    )


def _put_organisations(loading: Loading, file: rows.AgreementFile) -> dict[str, int]:
    return {
        row.key: loading.put(
            Organisation,
            "organisations.csv",
            row.line,
            {"key": row.key},
            {"name": row.name, "sector": row.sector, "also_known_as": "; ".join(row.also_known_as)},
        ).id
        for row in file.organisations
    }


def _put_indicators(
    loading: Loading, version: AgreementVersion, file: rows.AgreementFile, organisations: dict[str, int]
) -> dict[str, Measure]:
    """Themes, indicators with their leads and partners, and measures with their terms; answers the measures by code."""
    agreement_id = version.agreement_id
    themes = {
        row.key: loading.put(
            Theme,
            "themes.csv",
            row.line,
            {"agreement_id": agreement_id, "key": row.key},
            {name: getattr(row, name) for name in ("title", "title_in_strategy", "title_in_agreement", "position")},
        ).id
        for row in file.themes
    }
    leads = {row.indicator: row for row in file.partners if row.role == "lead"}
    indicators: dict[str, int] = {}
    for row in file.indicators:
        same = ("title", "group", "reward_weighted", "baseline_printed", "note", "position")
        indicator = loading.put(
            Indicator,
            "indicators.csv",
            row.line,
            {"agreement_id": agreement_id, "code": row.code},
            {"theme_id": themes[row.theme], **{name: getattr(row, name) for name in same}},
        )
        indicators[row.code] = indicator.id
        lead = leads.get(row.code)
        named_at = lead.line if lead else next((p.line for p in file.partners if p.indicator == row.code), 0)
        loading.put(
            IndicatorTerms,
            "indicator_partners.csv",
            named_at,
            {"version_id": version.id, "indicator_id": indicator.id},
            {"lead_id": organisations[lead.organisation] if lead else None, "placeholder": row.placeholder},
            said_in={"placeholder": ("indicators.csv", row.line)},
            about=f"{row.code} ",
        )
    for partner in file.partners:
        if partner.role != "lead":
            key = {
                "version_id": version.id,
                "indicator_id": indicators[partner.indicator],
                "organisation_id": organisations[partner.organisation],
            }
            loading.put(SignedUp, "indicator_partners.csv", partner.line, key, {})
    lines = {row.code: row.line for row in file.indicators}
    return {
        row.code: _put_measure(loading, version, row, indicators[row.indicator], lines[row.indicator])
        for row in file.measures
    }


def _put_measure(
    loading: Loading, version: AgreementVersion, row: rows.Measure, indicator_id: int, indicator_line: int
) -> Measure:
    measure = loading.put(
        Measure,
        "measures.csv",
        row.line,
        {"indicator_id": indicator_id, "code": row.code},
        {name: getattr(row, name) for name in ("part", "frequency", "decimals", "position", "source", "release_days")},
    )
    same = (
        *("unit", "polarity", "reported_unit", "reported_polarity", "baseline_period", "tolerance_kind", "tolerance"),
        *("evidence", "per", "seasonal", "rolling"),
    )
    loading.put(
        MeasureTerms,
        "measures.csv",
        row.line,
        {"version_id": version.id, "measure_id": measure.id},
        {"baseline": row.baseline_value, **{name: getattr(row, name) for name in same}},
        said_in=dict.fromkeys(("unit", "polarity"), ("indicators.csv", indicator_line)),
    )
    return measure


def _put_periods(loading: Loading, agreement_id: int, file: rows.AgreementFile) -> dict[str, Period]:
    fixed = ("year", "frequency", "number", "starts_on", "ends_on")
    begins = ("opens_on", "due_on", "closes_on")  # the team may set these otherwise
    return {
        one.key: loading.put(
            Period,
            "the agreement",
            0,
            {"agreement_id": agreement_id, "key": one.key},
            {name: getattr(one, name) for name in fixed},
            {name: getattr(one, name) for name in begins},
        )
        for year in file.years
        for one in periods_of(year)
    }


def _put_targets(
    loading: Loading,
    version: AgreementVersion,
    file: rows.AgreementFile,
    measures: dict[str, Measure],
    periods: dict[str, Period],
) -> None:
    for target in file.targets:
        loading.put(
            Target,
            "targets.csv",
            target.line,
            {"version_id": version.id, "measure_id": measures[target.measure].id, "year": target.year},
            {name: getattr(target, name) for name in ("state", "low", "high", "printed", "note")},
        )
    for milestone in file.milestones:
        key = {
            "version_id": version.id,
            "measure_id": measures[milestone.measure].id,
            "period_id": periods[milestone.period].id,
        }
        loading.put(
            Milestone,
            file_of(milestone.period),
            milestone.line,
            key,
            {name: getattr(milestone, name) for name in ("value", "low", "high")},
        )


def file_of(period: str) -> str:
    """The file that a period's returns come in: 'returns_2008_09_q2.csv'."""
    return f"returns_{period_slug(period).replace('-', '_')}.csv"


def _put_returns(
    loading: Loading, file: rows.AgreementFile, measures: dict[str, Measure], periods: dict[str, Period]
) -> None:
    """Past returns come in verified, as the partnership printed them. One that is there already has a life of its
    own by now, and is left alone."""
    session = loading.session
    for row in file.returns:
        measure, period = measures[row.measure], periods[row.period]
        there = select(Return.id).where(Return.measure_id == measure.id, Return.period_id == period.id)
        if session.scalar(there) is not None:
            continue
        lead = session.scalar(select(IndicatorTerms.lead_id).where(IndicatorTerms.indicator_id == measure.indicator_id))
        returned = Return(
            measure=measure,
            period=period,
            organisation_id=lead,
            state=State.VERIFIED,
            value=row.value,
            forecast_rating=row.forecast,
            commentary=row.commentary,
            numerator=row.grounds.numerator,
            denominator=row.grounds.denominator,
            interval_low=row.grounds.low,
            interval_high=row.grounds.high,
            year_value=row.year_value,
            revision=0,
        )
        session.add(returned)
        session.flush()
        revision, rated = freeze(session, returned, None)
        revision.verified_at = revision.submitted_at
        returned.verified_revision = returned.revision
        loading.added[Return.__tablename__] += 1
        if row.performance is not None and row.performance is not rated.by_rule:
            _override(loading, row, returned, rated)


def _override(loading: Loading, row: rows.Return, returned: Return, rated: RevisionRating) -> None:
    """The partnership printed another rating than the rule gives: a judgement, kept with the reason that it has."""
    if not row.note:
        message = f"says {row.performance}, the rule gives {rated.by_rule}; a judgement needs its reason in the note"
        loading.problems.append(Problem(file_of(row.period), row.line, "performance", message))
        return
    rated.override, rated.override_reason = row.performance, row.note
    rated.override_proposed_by = rated.override_accepted_by = "the partnership, as printed"
    # A correction starts without what was accepted, but its draft still proposes it.
    returned.proposed_rating, returned.proposed_reason = row.performance, row.note
