"""Profiles of the year and breaks of series in an agreement's folder: read when there, every problem told by its place."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from portal.formats.agreement_csv import ProfileShare, SeriesBreak, read_agreement
from portal.settings import package_data
from tests.portal.formats.test_elsewhere_csv import problems, write

PROFILES, BREAKS = "profiles.csv", "series_breaks.csv"
HEADS = {PROFILES: "measure,number,share", BREAKS: "measure,period,reason"}
YEAR = ("NI 154,1,0.20", "NI 154,2,0.45", "NI 154,3,0.45", "NI 154,4,0.95")
"""Homes, which are counted from nothing at the year's start, each quarter."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "leicester"
    shutil.copytree(package_data("leicester"), copy)
    return copy


def give(folder: Path, file: str, *rows: str) -> None:
    write(folder, file, *rows, head=HEADS[file])


def test_a_folder_without_them_has_none() -> None:
    agreement = read_agreement(package_data("leicester")).agreement
    assert agreement is not None
    assert (agreement.profiles, agreement.series_breaks) == ((), ())


def test_they_are_read_in_any_order_and_spelling(folder: Path) -> None:
    give(folder, PROFILES, "ni154,4,1", "NI 154,2,0.450", "ni-154,1,0", "NI 154,3,0.7")
    give(folder, BREAKS, "ni-16,2008-09-q3,The police count attempts too from now on.", "NI 16,2009/10 Q1,Again.")
    agreement = read_agreement(folder).agreement
    assert agreement is not None
    shares = {1: "0", 2: "0.450", 3: "0.7", 4: "1"}
    assert agreement.profiles == tuple(ProfileShare("NI 154", n, Decimal(share)) for n, share in shares.items())
    assert [each.line for each in agreement.profiles] == [4, 3, 5, 2]
    assert agreement.series_breaks == (
        SeriesBreak("NI 16", "2008/09 Q3", "The police count attempts too from now on."),
        SeriesBreak("NI 16", "2009/10 Q1", "Again."),
    )


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("NI 999,4,1", "measure", "NI 999 is not in measures.csv."),
        ("N1 154,4,1", "measure", "is not the code of a measure"),
        ("NI 59,4,1", "measure", "NI 59 does not count from nothing at the year's start"),
        ("NI 154,5,1", "number", "is 5, and NI 154 is returned quarterly: write 1 to 4."),
        ("NI 154,0,1", "number", "is 0"),
        ("NI 154,Q4,1", "number", "is not a figure"),
        ("NI 154,1.5,1", "number", "is not a whole number"),
        ("NI 154,,1", "number", "is empty"),
        ("NI 154,4,", "share", "is empty"),
        ("NI 154,4,45", "share", "is 45: write a share of the year's target from 0 to 1"),
        ("NI 154,4,1.01", "share", "from 0 to 1"),
        ("NI 154,4,-0.1", "share", "from 0 to 1"),
        ("NI 154,4,most", "share", "is not a figure"),
        ("NI 154,4", "", "has 2 cells"),
    ],
)
def test_a_share_that_cannot_be_is_told_by_its_place(folder: Path, row: str, column: str, said: str) -> None:
    give(folder, PROFILES, row, *YEAR[:3])
    found = [(line, where, message) for file, line, where, message in problems(folder) if file == PROFILES]
    assert (found[0][0], found[0][1]) == (2, column)
    assert said in found[0][2]


def test_a_share_that_is_there_twice_is_told_with_its_first_line(folder: Path) -> None:
    give(folder, PROFILES, *YEAR, "ni-154,2,0.5")
    assert problems(folder) == [(PROFILES, 6, "number", "NI 154 has a share for period 2 on line 3 already.")]


@pytest.mark.parametrize(
    ("rows", "line", "column", "said"),
    [
        (YEAR[:3], 4, "number", "NI 154 has no share for period 4: write one for each of 4."),
        (YEAR[2:], 3, "number", "NI 154 has no share for period 1, 2"),
        (
            ("NI 154,1,0.5", "NI 154,2,0.4", *YEAR[2:]),
            3,
            "share",
            "is 0.4, less than 0.5 in period 1: a year only adds.",
        ),
        (tuple(f"NI 154,{n},0" for n in range(1, 5)), 5, "share", "is 0 at the year's end"),
    ],
)
def test_the_shares_of_a_year_are_looked_at_together(
    folder: Path, rows: tuple[str, ...], line: int, column: str, said: str
) -> None:
    give(folder, PROFILES, *rows)
    ((file, at, where, message),) = problems(folder)
    assert (file, at, where) == (PROFILES, line, column)
    assert said in message


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("NI 999,2008/09 Q2,Why", "measure", "NI 999 is not in measures.csv."),
        ("NI 16,spring,Why", "period", "is not a period"),
        ("NI 16,2011/12 Q2,Why", "period", "is not in the agreement's years, 2008/09 to 2010/11."),
        ("NI 16,2008/09 Oct,Why", "period", "is monthly, and this measure is returned quarterly."),
        ("NI 16,2008/09 Q2,", "reason", "is empty"),
        (f"NI 16,2008/09 Q2,{'x' * 2001}", "reason", "may have 2000 at most"),
        ("NI 16,2008/09 Q2", "", "has 2 cells"),
    ],
)
def test_a_break_that_cannot_be_is_told_by_its_place(folder: Path, row: str, column: str, said: str) -> None:
    give(folder, BREAKS, row)
    ((file, line, where, message),) = problems(folder)
    assert (file, line, where) == (BREAKS, 2, column)
    assert said in message


def test_a_break_that_is_there_twice_is_told_with_its_first_line(folder: Path) -> None:
    give(folder, BREAKS, "NI 16,2008/09 Q2,Why", "ni-16,2008-09-q2,Why not")
    assert problems(folder) == [(BREAKS, 3, "period", "NI 16 has a break in 2008/09 Q2 on line 2 already.")]


def test_no_rows_below_the_header_are_no_problem_and_a_misspelt_column_is(folder: Path) -> None:
    give(folder, PROFILES)
    give(folder, BREAKS)
    assert problems(folder) == []
    write(folder, PROFILES, *YEAR, head="measure,number,shar")
    assert [(line, column) for file, line, column, _ in problems(folder) if file == PROFILES] == [(1, "shar")]


def test_a_folder_without_its_measures_is_told_of_that_only(folder: Path) -> None:
    (folder / "measures.csv").unlink()
    give(folder, PROFILES, *YEAR)
    give(folder, BREAKS, "NI 16,2008/09 Q2,Why")
    assert [file for file, *_ in problems(folder) if file in HEADS] == []
