"""Money in files: funding.csv, the totals that documents print, and what is wrong with either."""

from decimal import Decimal
from pathlib import Path

import pytest

from portal.formats.agreement_csv import read_agreement
from tests.portal.formats.test_agreement_csv import LEICESTER, add_row, copy_files, only_problem, places, set_cell

LINES, TOTALS = "funding.csv", "funding_totals.csv"
PSA = "PSA reward funding and BCU fund"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_files(LEICESTER, tmp_path / "leicester")


def test_leicesters_money_is_read_line_by_line_with_the_totals_as_printed() -> None:
    read = read_agreement(LEICESTER).agreement
    assert read is not None
    assert (len(read.funding), sum(line.amount for line in read.funding)) == (14, 208158)
    assert [(one.source, one.total) for one in read.funding_totals] == [
        ("Home Office capital through Area Based Grant 2008/09", 132158),
        (PSA, 26000),
    ]
    # What a note says of the total has a row of its own.
    assert [line.note for line in read.funding if line.note] == ["65 completed, 25 to complete."]


def test_without_the_totals_the_notes_stay(folder: Path) -> None:
    (folder / TOTALS).unlink()
    read = read_agreement(folder).agreement
    assert read is not None
    assert read.funding_totals == ()
    assert sum("Printed total" in line.note for line in read.funding) == 2


@pytest.mark.parametrize(
    ("file", "line", "column", "text", "told"),
    [
        (LINES, 2, "amount_gbp", "0", "more than nothing"),
        (LINES, 2, "amount_gbp", "-5", "more than nothing"),
        (LINES, 2, "amount_gbp", "1.005", "pounds and pence"),
        (LINES, 2, "amount_gbp", "lots", "is not a figure"),
        (LINES, 3, "proposal", "Security sensor lighting", "is on line 2 already"),
        (LINES, 2, "proposal", "x" * 501, "at most"),
        (TOTALS, 2, "printed_total_gbp", "", "is empty"),
        (TOTALS, 2, "printed_total_gbp", "much", "is not a figure"),
        (TOTALS, 2, "printed_in", "", "is empty"),
        (TOTALS, 2, "indicator", "NI 999", "is not in indicators.csv"),
        (TOTALS, 2, "source", "Another fund", "NI 16 has no line from Another fund"),
        (TOTALS, 2, "source", PSA, "is on line 2 already"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_column(
    folder: Path, file: str, line: int, column: str, text: str, told: str
) -> None:
    set_cell(folder, file, line, column, text)
    found = only_problem(folder)
    assert (found.file, found.column) == (file, column)
    assert told in found.message


def test_a_total_that_its_lines_do_not_come_to_is_told_once(folder: Path) -> None:
    set_cell(folder, LINES, 9, "note", "")
    assert (TOTALS, 3, "printed_total_gbp") in places(read_agreement(folder).notes)
    set_cell(folder, TOTALS, 3, "printed_total_gbp", "36000")
    assert TOTALS not in {note.file for note in read_agreement(folder).notes}


def test_a_note_and_a_row_that_say_two_totals_are_told(folder: Path) -> None:
    set_cell(folder, TOTALS, 3, "printed_total_gbp", "£27,000")
    notes = [note.message for note in read_agreement(folder).notes if note.file == TOTALS]
    assert notes == [f"NI 16, {PSA}: the printed total is £27,000 here, and £26,000 in the note of funding.csv line 9."]


def test_a_folder_may_have_money_from_one_source_for_several_indicators(folder: Path) -> None:
    add_row(folder, LINES, "NI 20", PSA, "Patrols", "1200.50", "")
    read = read_agreement(folder).agreement
    assert read is not None
    assert read.funding[-1].amount == Decimal("1200.50")
