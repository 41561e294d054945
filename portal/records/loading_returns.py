"""Loading past returns: they come in verified, as the partnership printed them."""

from collections.abc import Mapping

from sqlalchemy import select

from models.agreement import IndicatorTerms, Measure, Period
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.terms import Rating, State
from portal.formats.agreement_csv import rows
from portal.history import as_of
from portal.records.agreement import version_in_force
from portal.records.loading import Loading
from portal.records.loading_milestones import file_of
from portal.records.return_rows import freeze

PRINTED = {Rating.BETTER: "better", Rating.WITHIN: "within range", Rating.WORSE: "worse", None: "not rated"}
"""A rating as the files write it."""


def put_returns(
    loading: Loading, file: rows.AgreementFile, measures: Mapping[str, Measure], periods: Mapping[str, Period]
) -> None:
    """Every past return that is not there yet, as of the day on which it was due: files do not say when it was made.
    One that is there already has a life of its own by now, and is left alone; another figure is told."""
    session = loading.session
    milestones = {(row.measure, row.period) for row in file.milestones}
    for row in file.returns:
        if row.says_nothing and (row.measure, row.period) in milestones:
            continue  # it is there for its milestone
        measure, period = measures[row.measure], periods[row.period]
        held = session.execute(
            select(ReturnRevision.value)
            .join(Return, Return.id == ReturnRevision.return_id)
            .where(Return.measure_id == measure.id, Return.period_id == period.id, ReturnRevision.number == 1)
        ).one_or_none()
        if held is not None:
            if held[0] != row.value:
                loading.noticed.append(
                    f"{row.measure} for {row.period} is {row.value} in {file_of(row.period)}, and {held[0]} was "
                    "returned first: it is corrected by its return, not by a load."
                )
            continue
        there = select(Return.id).where(Return.measure_id == measure.id, Return.period_id == period.id)
        if session.scalar(there) is None:
            with as_of(session, min(period.due_on, session.info["clock"].today())):
                _put(loading, row, measure, period)


def _put(loading: Loading, row: rows.Return, measure: Measure, period: Period) -> None:
    session = loading.session
    version = version_in_force(session, period.agreement_id, period.ends_on)
    terms = session.get_one(IndicatorTerms, (version.id, measure.indicator_id))
    returned = Return(
        measure=measure,
        period=period,
        organisation_id=terms.lead_id,
        state=State.VERIFIED,
        value=row.value,
        no_value_reason=row.no_value_reason,
        forecast_value=row.forecast_value,
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
        _hold_against(loading, row, returned, rated)


def _hold_against(loading: Loading, row: rows.Return, returned: Return, rated: RevisionRating) -> None:
    """The partnership printed another rating than the rule gives. It is a judgement, kept with its reason, where the
    file calls it one. Else the rule's answer stands and the difference is told: what was rated by a tolerance of its
    time, or made out from a lost symbol, was judged by nobody, and a remark is no reason."""
    if not row.judgement:
        loading.noticed.append(
            f"{row.measure} for {row.period} is '{PRINTED[row.performance]}' in {file_of(row.period)}, and "
            f"'{PRINTED[rated.by_rule]}' by the rule, which stands: only what the note calls a judgement is one."
        )
        return
    rated.override, rated.override_reason = row.performance, row.judgement
    rated.override_proposed_by = rated.override_accepted_by = "the partnership, as printed"
    # A correction starts without what was accepted, but its draft still proposes it.
    returned.proposed_rating, returned.proposed_reason = row.performance, row.judgement
