"""Loading figures from elsewhere: a newer folder may add to them, and none that is there is ever overwritten."""

from collections.abc import Mapping

from models.agreement import Measure, Period
from models.comparison import AreaFigure, SourceFigure
from portal.formats.agreement_csv import rows
from portal.records.loading import Loading


def put_figures(
    loading: Loading, file: rows.AgreementFile, measures: Mapping[str, Measure], periods: Mapping[str, Period]
) -> None:
    """What the national sources published and what other areas have, each row under its key."""
    for said in file.source_figures:
        place = {"measure_id": measures[said.measure].id, "period_id": periods[said.period].id}
        loading.put(
            SourceFigure,
            "source_figures.csv",
            said.line,
            {**place, "published_on": said.published_on},
            {"value": said.value, "source": said.source},
            about=f"{said.measure} ",
        )
    for other in file.area_figures:
        place = {"measure_id": measures[other.measure].id, "period_id": periods[other.period].id}
        loading.put(
            AreaFigure,
            "area_figures.csv",
            other.line,
            {**place, "area": other.area},
            {name: getattr(other, name) for name in ("kind", "value", "source")},
            about=f"{other.measure} ",
        )
