"""Loading how a measure's year usually goes, and where its series breaks: added, and never overwritten."""

from collections.abc import Mapping

from models.agreement import AgreementVersion, Measure, Period, Profile, SeriesBreak
from portal.formats.agreement_csv import rows
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
        loading.put(Profile, "profiles.csv", said.line, key, {"share": said.share}, about=f"{said.measure} ")
    for broken in file.series_breaks:
        loading.put(
            SeriesBreak,
            "series_breaks.csv",
            broken.line,
            {"measure_id": measures[broken.measure].id, "period_id": periods[broken.period].id},
            {"reason": broken.reason},
            about=f"{broken.measure} ",
        )
