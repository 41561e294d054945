"""What a folder says of the agreement's name, and of earlier agreements: half-yearly shares and no more."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.formats.agreement_csv import AgreementFile, read_agreement
from portal.formats.agreement_csv.shares import span
from portal.settings import package_data
from tests.support.areas import DERBY, TITLE, derby, read

HEADER = "agreement,period_end,above_target_pct,near_target_pct,below_target_pct,missing_pct"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return derby(tmp_path / "derby")


def history(folder: Path, *rows: str, name: str = "performance_history_2006_09.csv") -> Path:
    (folder / name).write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in read_agreement(folder).problems]


# --- the shares -------------------------------------------------------------------------------------------


def test_leicesters_shares_are_of_an_agreement_of_their_own() -> None:
    (earlier,) = read(package_data("leicester")).earlier
    assert (earlier.title, earlier.first_year, earlier.last_year) == ("Leicester LAA 2006-09", "2006/07", "2008/09")
    assert [share.period_end for share in earlier.shares] == [
        date(2006, 9, 30),
        date(2007, 3, 31),
        date(2007, 9, 30),
        date(2008, 3, 31),
    ]
    first = earlier.shares[0]
    assert (first.above, first.near, first.below, first.missing) == (14, 33, 19, 34)


def test_shares_may_lack_and_need_not_make_a_hundred(folder: Path) -> None:
    history(folder, "Derby LAA 2006-09,2006-09-30,14.5,,19,34")
    (earlier,) = read(folder).earlier
    assert (earlier.shares[0].above, earlier.shares[0].near) == (Decimal("14.5"), None)
    assert read_agreement(folder).notes == read_agreement(history(folder, "Derby LAA 2006-09,2006-09-30,1,,,")).notes


def test_years_that_no_title_says_are_those_of_the_rows(folder: Path) -> None:
    history(folder, "Derby LAA,2006-09-30,25,25,25,25", "Derby LAA,2008-04-01,25,25,25,25")
    (earlier,) = read(folder).earlier
    assert (earlier.first_year, earlier.last_year) == ("2006/07", "2008/09")


def test_two_files_may_say_shares_of_several_agreements(folder: Path) -> None:
    history(folder, "Derby LAA 2006-09,2006-09-30,25,25,25,25", "Derby PSA 2003-06,2005-09-30,25,25,25,25")
    history(folder, "Derby LAA 2006-09,2007-03-31,25,25,25,25", name="performance_history_2.csv")
    assert {one.title: len(one.shares) for one in read(folder).earlier} == {
        "Derby LAA 2006-09": 2,
        "Derby PSA 2003-06": 1,
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Derby LAA 2006-09,September 2006,25,25,25,25"], "line 2, column period_end: 'September 2006' is not a day"),
        (["Derby LAA 2006-09,2006-09-30,101,25,25,25"], "line 2, column above_target_pct: is 101: a share is between"),
        (["Derby LAA 2006-09,2006-09-30,25,-1,25,25"], "line 2, column near_target_pct: is -1: a share is between"),
        ([",2006-09-30,25,25,25,25"], "line 2, column agreement: is empty"),
        (["Derby LAA 2006-09,2011-09-30,25,25,25,25"], "is not in the years of Derby LAA 2006-09, 2006/07 to 2008/09"),
        (
            ["Derby LAA 2006-09,2006-09-30,25,25,25,25"] * 2,
            "line 3, column period_end: 2006-09-30 is on line 2 already",
        ),
    ],
)
def test_what_cannot_be_a_share_is_told_where_it_stands(folder: Path, rows: list[str], said: str) -> None:
    (problem,) = problems(history(folder, *rows))
    assert said in problem


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Leicester LAA 2006-09", ("2006/07", "2008/09")),
        ("LAA 1999-02", ("1999/00", "2001/02")),
        ("LAA 2008-09", ("2008/09", "2008/09")),
        ("LAA 2006-06", None),
        ("LAA 2006-90", None),
        ("LAA", None),
        ("LAA 2006/07", None),
    ],
)
def test_the_years_in_a_title(title: str, years: tuple[str, str] | None) -> None:
    assert span(title) == years


# --- the agreement's name ---------------------------------------------------------------------------------


def named(agreement: AgreementFile) -> tuple[str, str, str]:
    return agreement.key, agreement.title, agreement.area


def test_a_copy_under_another_name_is_still_the_same_agreement(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "new files of may")
    assert named(read(folder)) == named(read(tmp_path / "new files of may")) == (DERBY, TITLE, "Derby")


def test_without_the_file_the_folder_gives_the_name_as_before(folder: Path) -> None:
    (folder / "agreement.csv").unlink()
    assert named(read(folder)) == ("", "Derby Local Area Agreement 2008-11", "Derby")


def test_leicesters_file_says_what_its_folder_says(tmp_path: Path) -> None:
    shutil.copytree(package_data("leicester"), tmp_path / "leicester", ignore=shutil.ignore_patterns("agreement.csv"))
    assert named(read(tmp_path / "leicester"))[1:] == named(read(package_data("leicester")))[1:]


def test_a_title_that_is_given_names_another_agreement_than_the_file(folder: Path) -> None:
    given = read_agreement(folder, title="Another").agreement
    assert given is not None
    assert named(given) == ("", "Another", "Derby")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,title,area\n", "agreement.csv line 1: has no rows below the header"),
        ("key,title,area\nA key!,T,A\n", "agreement.csv line 2, column key: 'A key!' cannot be a key"),
        ("key,title,area\nderby,,A\n", "agreement.csv line 2, column title: is empty"),
        ("key,title,area\nderby,T,\n", "agreement.csv line 2, column area: is empty"),
        ("key,title,area\nderby,T,A\nother,U,B\n", "agreement.csv line 3: one row is enough"),
        ("key,title\nderby,T\n", "agreement.csv line 1, column area: this column is missing"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(folder: Path, text: str, said: str) -> None:
    (folder / "agreement.csv").write_text(text, encoding="utf-8")
    found = problems(folder)
    assert len(found) == 1
    assert said in found[0]
