"""Figures that are no returns, read from their rows: from before the agreement, of the national source, of other areas."""

from collections.abc import Hashable, Iterator, Mapping, Sequence

from models.rules.calendar import calendar_period
from models.rules.codes import measure_code, period_key
from models.rules.terms import AreaKind, Frequency
from portal.formats.agreement_csv.cells import Keys, Row, Table
from portal.formats.agreement_csv.historic_rows import HistoricFigure
from portal.formats.agreement_csv.rows import AreaFigure, SourceFigure

KINDS: Mapping[str, AreaKind | None] = {str(kind): kind for kind in AreaKind}


def read_historic_figures(tables: Sequence[Table], measures: Keys, years: Sequence[str]) -> tuple[HistoricFigure, ...]:
    """Every row of historic_figures.csv, however many: of periods of any kind that end before the agreement begins."""
    found = []
    taken = _Taken()
    for row, measure, period in _named(tables, measures):
        value, source = row.figure("value", required=True), row.text("source", longest=200)
        if period is not None and years and period[:7] >= years[0]:
            message = f"{period} is not before the agreement, which begins with {years[0]}: it is a return's."
            row.problem("period", message)
        elif measure and period and value is not None and taken.is_new(row, "period", (measure, period)):
            found.append(HistoricFigure(measure, period, value, source, row.line))
    return tuple(found)


def read_source_figures(
    tables: Sequence[Table], measures: Keys, frequencies: Mapping[str, Frequency], years: Sequence[str]
) -> tuple[SourceFigure, ...]:
    """Every row of source_figures.csv; no source publishes a period's figure before the period is over."""
    found = []
    taken = _Taken()
    for row, measure, period in placed(tables, measures, frequencies, years):
        published_on = row.day("published_on")
        value, source = row.figure("value", required=True), row.text("source", required=True, longest=200)
        if published_on is None or not measure or not period:
            continue
        ends_on = calendar_period(period).ends_on
        if published_on <= ends_on:
            row.problem("published_on", f"is {published_on}, and {period} does not end before {ends_on}.")
        if value is not None and taken.is_new(row, "published_on", (measure, period, published_on)):
            found.append(SourceFigure(measure, period, published_on, value, source, row.line))
    return tuple(found)


def read_area_figures(
    tables: Sequence[Table], measures: Keys, frequencies: Mapping[str, Frequency], years: Sequence[str], own_area: str
) -> tuple[AreaFigure, ...]:
    """Every row of area_figures.csv. The agreement's own area is no other one: its figure is its return's."""
    found = []
    taken = _Taken()
    for row, measure, period in placed(tables, measures, frequencies, years):
        area = " ".join(row.text("area", required=True, longest=100).split())
        kind = row.word("kind", KINDS, None)
        value, source = row.figure("value", required=True), row.text("source", required=True, longest=200)
        if area.casefold() == own_area.casefold():
            row.problem("area", f"{area} is this agreement's own area: its figures are its returns.")
        if not (area and measure and period) or kind is None or value is None:
            continue
        if taken.is_new(row, "area", (measure, period, area.casefold())):
            found.append(AreaFigure(measure, period, area, kind, value, source, row.line))
    return tuple(found)


class _Taken:
    """The keys that have had a row, each with its line."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, int] = {}

    def is_new(self, row: Row, column: str, key: tuple[Hashable, ...]) -> bool:
        line = self._lines.setdefault(key, row.line)
        if line != row.line:
            measure, period = key[0], key[1]
            row.problem(column, f"{measure} has a figure of this for {period} on line {line} already.")
        return line == row.line


def placed(
    tables: Sequence[Table], measures: Keys, frequencies: Mapping[str, Frequency], years: Sequence[str]
) -> Iterator[tuple[Row, str | None, str | None]]:
    """The whole rows with their measure and a period in which it is returned; what is wrong with either is told."""
    for row, measure, period in _named(tables, measures):
        in_years = period is not None and _check_period(row, period, frequencies.get(measure or ""), years)
        yield row, measure, period if in_years else None


def _named(tables: Sequence[Table], measures: Keys) -> Iterator[tuple[Row, str | None, str | None]]:
    """The whole rows with the measure and the period that they name."""
    for table in tables:
        for row in table.rows:
            measure, period = row.code("measure", measure_code), row.code("period", period_key)
            if row.whole:
                measures.check(measure, row, "measure")
                yield row, measure, period


def _check_period(row: Row, period: str, frequency: Frequency | None, years: Sequence[str]) -> bool:
    """Whether it is in the agreement's years: of another one not even the days can be relied on."""
    one = calendar_period(period)
    if years and one.year not in years:
        row.problem("period", f"{period} is not in the agreement's years, {years[0]} to {years[-1]}.")
    elif frequency is not None and one.frequency is not frequency:
        row.problem("period", f"{period} is {one.frequency}, and this measure is returned {frequency}.")
    return one.year in years
