"""Loading how a measure's year usually goes, and where its series breaks: added, and never overwritten."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Measure, Milestone, Period, Profile, SeriesBreak
from models.returns import Return, ReturnRevision, RevisionRating
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.findings import Problem
from portal.records.loading import Loading


def put_profiles(
    loading: Loading,
    version: AgreementVersion,
    file: rows.AgreementFile,
    measures: Mapping[str, Measure],
    periods: Mapping[str, Period],
) -> None:
    """The shares of a year, which belong to a version of the agreement, and the breaks, which belong to the figures."""
    for said in file.profiles:
        key = {"version_id": version.id, "measure_id": measures[said.measure].id, "number": said.number}
        rated = _rated_without(loading.session, **key)
        loading.put(Profile, "profiles.csv", said.line, key, {"share": said.share}, about=f"{said.measure} ")
        if rated is not None:
            message = f"{said.measure} was rated by a straight line for {rated} already, and a rating keeps its grounds"
            loading.problems.append(Problem("profiles.csv", said.line, "number", message))
    for broken in file.series_breaks:
        loading.put(
            SeriesBreak,
            "series_breaks.csv",
            broken.line,
            {"measure_id": measures[broken.measure].id, "period_id": periods[broken.period].id},
            {"reason": broken.reason},
            about=f"{broken.measure} ",
        )


def _rated_without(session: Session, version_id: int, measure_id: int, number: int) -> str | None:
    """A period of this number of which a figure was rated while there was neither a milestone nor this share: the
    reasons of that rating would change under it."""
    there = select(Profile).filter_by(version_id=version_id, measure_id=measure_id, number=number)
    if session.scalars(there).one_or_none() is not None:
        return None
    return session.scalar(
        select(Period.key)
        .join(Return, Return.period_id == Period.id)
        .join(Measure, (Measure.id == Return.measure_id) & (Measure.frequency == Period.frequency))
        .join(ReturnRevision, ReturnRevision.return_id == Return.id)
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .outerjoin(
            Milestone,
            (Milestone.measure_id == Measure.id)
            & (Milestone.version_id == version_id)
            & (Milestone.period_id == Period.id),
        )
        .where(Return.measure_id == measure_id, Period.number == number, RevisionRating.version_id == version_id)
        .where(RevisionRating.by_rule.is_not(None), Milestone.version_id.is_(None))
        .order_by(Period.ends_on)
        .limit(1)
    )
