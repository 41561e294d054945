"""Loading milestones: those of a new agreement, and those that a newer folder adds to one that is there."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Measure, Milestone, Period
from models.returns import Return
from models.rules.codes import period_slug
from models.rules.expected import Expected
from models.rules.terms import State
from portal.formats.agreement_csv import rows
from portal.records.agreement import version_in_force
from portal.records.loading import Loading
from portal.records.milestones import last_one, put_milestone


def put_milestones(
    loading: Loading,
    file: rows.AgreementFile,
    version: AgreementVersion,
    measures: Mapping[str, Measure],
    periods: Mapping[str, Period],
    *,
    agreed: bool = False,
) -> None:
    """`agreed`: they come with their version, which is new. To one that is there they are added as the team sets them
    on the period's page; only what comes with its past return was there when that was rated."""
    session = loading.session
    returned = {(row.measure, row.period) for row in file.returns if not row.says_nothing}
    for row in file.milestones:
        measure, period = measures[row.measure], periods[row.period]
        held = None if agreed else last_one(session, version, measure, period)
        if held is not None and held.number:
            if (held.value, held.low, held.high) != (row.value, row.low, row.high):
                page = f"/periods/{period_slug(row.period)}"
                message = f"another one was set for {row.measure} since; it is set otherwise on {page}"
                loading.problem(file_of(row.period), row.line, "milestone", message)
            continue
        comes_with = (row.measure, row.period) in returned and not _there(session, measure, period)
        if held is not None or agreed or comes_with or not _counts(session, version, period):
            place = {"version_id": version.id, "measure_id": measure.id, "period_id": period.id, "number": 0}
            said = {name: getattr(row, name) for name in ("value", "low", "high")}
            loading.put(Milestone, file_of(row.period), row.line, place, said)
        else:
            _set(loading, measure, period, row)


def _there(session: Session, measure: Measure, period: Period) -> bool:
    query = select(Return.id).where(Return.measure_id == measure.id, Return.period_id == period.id)
    return session.scalar(query) is not None


def _counts(session: Session, version: AgreementVersion, period: Period) -> bool:
    """Whether a version is the one by which a period's figures are rated."""
    return version_in_force(session, period.agreement_id, period.ends_on).id == version.id


def _set(loading: Loading, measure: Measure, period: Period, row: rows.Milestone) -> None:
    state = put_milestone(
        loading.session, measure, period, Expected(row.value, row.low, row.high), f"As {file_of(row.period)} says."
    )
    loading.added[Milestone.__tablename__] += 1
    named = f"{row.measure} for {row.period}"
    if state is State.SUBMITTED:
        loading.noticed.append(f"{named} waits to be verified: it was rated anew by its milestone.")
    elif state in (State.VERIFIED, State.PUBLISHED):
        loading.noticed.append(f"{named} is verified and keeps its rating; reopen it to hold it against its milestone.")


def file_of(period: str) -> str:
    """The file that a period's returns come in: 'returns_2008_09_q2.csv'."""
    return f"returns_{period_slug(period).replace('-', '_')}.csv"
