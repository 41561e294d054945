"""Figures from elsewhere in an agreement's folder: read when they are there, and every problem told by its place."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.rules.terms import AreaKind
from portal.formats.agreement_csv import AreaFigure, SourceFigure, read_agreement
from portal.settings import package_data

SOURCES = "source_figures.csv"
AREAS = "area_figures.csv"
HEADS = {SOURCES: "measure,period,published_on,value,source", AREAS: "measure,period,area,kind,value,source"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "leicester"
    shutil.copytree(package_data("leicester"), copy)
    return copy


def write(folder: Path, file: str, *rows: str, head: str | None = None) -> None:
    (folder / file).write_text("\n".join([head or HEADS[file], *rows]) + "\n", encoding="utf-8")


def problems(folder: Path) -> list[tuple[str, int, str, str]]:
    reading = read_agreement(folder)
    assert (reading.agreement is None) is bool(reading.problems)
    return [(each.file, each.line, each.column, each.message) for each in reading.problems]


def test_a_folder_without_them_has_none() -> None:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    assert (agreement.source_figures, agreement.area_figures) == ((), ())


def test_they_are_read_in_any_spelling(folder: Path) -> None:
    write(
        folder, SOURCES, "ni-16,2008-09-q2,2009-01-22,2.450,Home Office", "NI 16,2008/09 Q2,2009-07-16,2.5,Home Office"
    )
    write(
        folder, AREAS, "NI016,2008/09 q2, East  Midlands ,Region,1.9,iQuanta", "NI 16,2008/09 Q2,Derby,neighbour,2,iQ"
    )
    agreement = read_agreement(folder).agreement
    assert agreement is not None
    assert agreement.source_figures == (
        SourceFigure("NI 16", "2008/09 Q2", date(2009, 1, 22), Decimal("2.450"), "Home Office"),
        SourceFigure("NI 16", "2008/09 Q2", date(2009, 7, 16), Decimal("2.5"), "Home Office"),
    )
    assert agreement.area_figures == (
        AreaFigure("NI 16", "2008/09 Q2", "East Midlands", AreaKind.REGION, Decimal("1.9"), "iQuanta"),
        AreaFigure("NI 16", "2008/09 Q2", "Derby", AreaKind.NEIGHBOUR, Decimal(2), "iQ"),
    )
    assert [each.line for each in (*agreement.source_figures, *agreement.area_figures)] == [2, 3, 2, 3]
    assert str(agreement.source_figures[0].value) == "2.450"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("NI 999,2008/09 Q2,2009-01-22,2,x", "measure", "NI 999 is not in measures.csv."),
        ("N1 16,2008/09 Q2,2009-01-22,2,x", "measure", "is not the code of a measure"),
        ("NI 16,spring,2009-01-22,2,x", "period", "is not a period"),
        ("NI 16,2011/12 Q2,2012-01-22,2,x", "period", "is not in the agreement's years, 2008/09 to 2010/11."),
        ("NI 16,9999/00,2012-01-22,2,x", "period", "is not in the agreement's years"),
        ("NI 16,2008/09 Oct,2009-01-22,2,x", "period", "is monthly, and this measure is returned quarterly."),
        ("NI 16,2008/09 Q2,22/01/2009,2,x", "published_on", "'22/01/2009' is not a day: write it like 2009-07-16."),
        ("NI 16,2008/09 Q2,20090122,2,x", "published_on", "is not a day"),
        ("NI 16,2008/09 Q2,2009-02-30,2,x", "published_on", "is not a day"),
        ("NI 16,2008/09 Q2,,2,x", "published_on", "is empty"),
        ("NI 16,2008/09 Q2,2008-09-30,2,x", "published_on", "2008/09 Q2 does not end before 2008-09-30."),
        ("NI 16,2008/09 Q2,2009-01-22,,x", "value", "is empty"),
        ("NI 16,2008/09 Q2,2009-01-22,two,x", "value", "is not a figure"),
        ("NI 16,2008/09 Q2,2009-01-22,2,", "source", "is empty"),
        (f"NI 16,2008/09 Q2,2009-01-22,2,{'x' * 201}", "source", "may have 200 at most"),
        ("NI 16,2008/09 Q2,2009-01-22,2", "", "has 4 cells"),
    ],
)
def test_a_source_figure_that_cannot_be_is_told_by_its_place(folder: Path, row: str, column: str, said: str) -> None:
    write(folder, SOURCES, row)
    ((file, line, where, message),) = problems(folder)
    assert (file, line, where) == (SOURCES, 2, column)
    assert said in message


def test_the_first_day_after_a_period_is_not_too_early(folder: Path) -> None:
    write(folder, SOURCES, "NI 16,2008/09 Q2,2008-10-01,2,x")
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("NI 16,2008/09,Derby,neighbour,2,x", "period", "is yearly, and this measure is returned quarterly."),
        ("NI 16,2008/09 Q2,,neighbour,2,x", "area", "is empty"),
        (f"NI 16,2008/09 Q2,{'x' * 101},neighbour,2,x", "area", "may have 100 at most"),
        ("NI 16,2008/09 Q2,LEICESTER,neighbour,2,x", "area", "is this agreement's own area"),
        ("NI 16,2008/09 Q2,Derby,neighbor,2,x", "kind", "Did you mean neighbour?"),
        ("NI 16,2008/09 Q2,Derby,,2,x", "kind", "is empty"),
        ("NI 16,2008/09 Q2,Derby,neighbour,,x", "value", "is empty"),
        ("NI 16,2008/09 Q2,Derby,neighbour,2,", "source", "is empty"),
    ],
)
def test_an_area_figure_that_cannot_be_is_told_by_its_place(folder: Path, row: str, column: str, said: str) -> None:
    write(folder, AREAS, row)
    ((file, line, where, message),) = problems(folder)
    assert (file, line, where) == (AREAS, 2, column)
    assert said in message


def test_a_figure_that_is_there_twice_is_told_with_its_first_line(folder: Path) -> None:
    write(folder, SOURCES, *["NI 16,2008/09 Q2,2009-01-22,2,x"] * 2, "NI 16,2008/09 Q2,2009-01-23,2,x")
    write(folder, AREAS, "NI 16,2008/09 Q2,Derby,neighbour,2,x", "NI 16,2008/09 Q2,derby,region,3,x")
    said = "NI 16 has a figure of this for 2008/09 Q2 on line 2 already."
    assert problems(folder) == [(SOURCES, 3, "published_on", said), (AREAS, 3, "area", said)]


def test_every_problem_is_told_and_a_misspelt_column_too(folder: Path) -> None:
    write(folder, SOURCES, "NI 16,2008/09 Q2,soon,two,", head="measure,period,publishd_on,value,source")
    assert [(line, column) for _, line, column, _ in problems(folder)] == [
        (1, "publishd_on"),
        (2, "published_on"),
        (2, "value"),
        (2, "source"),
    ]


def test_a_folder_whose_years_are_unknown_is_told_of_that_only(folder: Path) -> None:
    (folder / "targets.csv").unlink()
    write(folder, SOURCES, "NI 16,2008/09 Q2,2009-01-22,2,x", "NI 16,9999/00 Q4,2009-01-22,2,x")
    assert [file for file, *_ in problems(folder) if file == SOURCES] == []


def test_no_rows_below_the_header_are_no_problem(folder: Path) -> None:
    write(folder, SOURCES)
    write(folder, AREAS)
    assert problems(folder) == []
