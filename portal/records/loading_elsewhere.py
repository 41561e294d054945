"""Loading figures that are no returns: newer files may add to them, and none that is there is ever overwritten."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import insert, select

from models.agreement import Measure, Period
from models.comparison import AreaFigure, HistoricFigure, SourceFigure
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


def put_history(loading: Loading, file: rows.AgreementFile, measures: Mapping[str, Measure], day: date) -> None:
    """The figures from before the agreement, of which there may be tens of thousands: all in a few statements. They count
    from `day` on."""
    session = loading.session
    numbers = {measure.id: code for code, measure in measures.items()}
    query = select(HistoricFigure.measure_id, HistoricFigure.period, HistoricFigure.value, HistoricFigure.source)
    held = {
        (numbers[measure_id], period): (value, source)
        for measure_id, period, value, source in session.execute(query)
        if measure_id in numbers
    }
    new = []
    for said in file.historic_figures:
        if (there := held.get((said.measure, said.period))) is None:
            new.append(said)
        elif there != (said.value, said.source):
            column = "value" if there[0] != said.value else "source"
            says, has = (
                (said.value, there[0]) if column == "value" else (said.source or "nothing", there[1] or "nothing")
            )
            message = f"{said.measure} says {says} for {said.period}, but {has} is loaded already"
            loading.problem("historic_figures.csv", said.line, column, f"{message}; a load changes nothing")
    if new:
        at = session.info["clock"].now()
        session.execute(
            insert(HistoricFigure),
            [
                {
                    "measure_id": measures[said.measure].id,
                    "period": said.period,
                    "value": said.value,
                    "source": said.source,
                    "day": day,
                    "at": at,
                }
                for said in new
            ],
        )
        loading.added[HistoricFigure.__tablename__] += len(new)
