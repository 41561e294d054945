"""An agreement in a workbook: the template, what a cell is read as, and that every mistake is told with its place."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.cell_texts import kept, typed
from portal.formats.agreement_csv.columns import OPTIONAL, REQUIRED
from portal.formats.agreement_csv.template import empty_tables, filled_tables
from portal.formats.agreement_csv.workbook import BESIDE, figure_text, in_sheets
from portal.formats.agreement_csv.writing import as_folder, as_workbook
from portal.settings import package_data

EXAMPLE, LEICESTER = package_data("example"), package_data("leicester")
LAYOUTS = REQUIRED | {name: layout for _, name, layout in OPTIONAL}

SEPTEMBER = datetime.combine(date(2008, 9, 1), time())
"""What a spreadsheet makes of 2008/09."""
AS_DATE = "is a date, 2008-09-01, which spreadsheets make of 2008/09: format the cell as text and type anew."

Change = Callable[[Workbook], object]


def changed(tmp_path: Path, change: Change) -> Path:
    """The example's workbook, changed as a person would in a spreadsheet."""
    path = tmp_path / "filled.xlsx"
    path.write_bytes(as_workbook(filled_tables(EXAMPLE), "An example"))
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def problems(path: Path) -> list[str]:
    reading = read_agreement(path)
    assert (reading.agreement is None) == bool(reading.problems)
    return [in_sheets(str(problem)) for problem in reading.problems]


def put(sheet: str, cell: str, value: object, shown_as: str = "") -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value
        if shown_as:
            book[sheet][cell].number_format = shown_as

    return change


@pytest.mark.parametrize("folder", [EXAMPLE, LEICESTER], ids=lambda path: path.name)
def test_a_workbook_says_what_the_folder_says(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "agreement.xlsx"
    path.write_bytes(as_workbook(filled_tables(folder), "An agreement"))
    read, there = read_agreement(path), read_agreement(folder)
    assert there.agreement is not None
    assert read.agreement == there.agreement
    assert [str(note) for note in read.notes] == [str(note) for note in there.notes]


def test_the_same_tables_make_the_same_bytes() -> None:
    tables = filled_tables(LEICESTER)
    assert as_workbook(tables, "Leicester") == as_workbook(tables, "Leicester")
    assert as_folder(tables) == as_folder(tables)


def test_the_empty_workbook_has_a_plain_sheet_for_each_file_and_explains_every_column(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    tables = empty_tables("2009/10")
    path.write_bytes(as_workbook(tables, "An agreement to fill in"))
    book = load_workbook(path)
    assert book.sheetnames == [*BESIDE, *(table.name.removesuffix(".csv") for table in tables)]
    assert {"agreement", "themes", "returns_2009_10_q1", "historic_figures", "review_answers_2009_10"} <= set(
        book.sheetnames
    )
    told = {(row[0].value, row[1].value): row for row in book["Columns"].iter_rows(min_row=2)}
    for table in tables:
        sheet = book[table.name.removesuffix(".csv")]
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.layout.described]
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert len(sheet.tables) == 1
        for column in table.layout.described:
            row = told[sheet.title, column.name]
            assert row[3].value == column.says.replace("`", "")
            assert row[4].value == ("; ".join(column.words) or "any")
    offered = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["targets"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert offered == {"C2": '"set,not applicable,not set,dropped,withdrawn,maa only"'}


def test_the_empty_template_asks_for_what_is_needed_and_for_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(as_workbook(empty_tables("2009/10"), ""))
    folder = tmp_path / "empty"
    folder.mkdir()
    for name, content in as_folder(empty_tables("2009/10")).items():
        (folder / name).write_bytes(content)
    needed = [*REQUIRED, "agreement.csv"]
    assert [str(one) for one in read_agreement(folder).problems] == [
        f"{name} line 1: has no rows below the header." for name in needed
    ]
    assert problems(path) == [f"sheet {name[:-4]} row 1: has no rows below the header." for name in needed]


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (2.42, "General", "2.42"),
        (10, "General", "10"),
        (10, "0.0", "10.0"),
        (2.4242, "0.00", "2.4242"),
        (0.1 + 0.2, "General", "0.3"),
        (1450, "#,##0", "1450"),
        (1450, '"£"#,##0.00', "1450.00"),
        (0.453, "0.0%", "45.3%"),
        (1e15, "General", "1000000000000000"),
        (1e-7, "General", "0.0000001"),
        (-0.5, "0.0;[Red]-0.0", "-0.5"),
    ],
)
def test_a_number_is_read_as_it_would_be_typed(value: float, shown_as: str, text: str) -> None:
    assert figure_text(value, shown_as) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_no_figure_changes_on_its_way_through_a_number(figure: Decimal) -> None:
    text = f"{figure:f}"
    assert Decimal(figure_text(float(text), "0.0000")) == figure


@given(st.text())
def test_a_text_comes_back_from_a_csv_cell_as_it_was(text: str) -> None:
    cell = kept(text)
    assert typed(cell) == text.replace("\r\n", "\n").replace("\r", "\n")
    assert not cell.startswith(("=", "@"))


def test_figures_and_days_are_taken_as_a_spreadsheet_has_them(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["measures"]["D2"] = 21.4
        book["measures"]["D2"].number_format = "0.00"
        sheet = book.create_sheet("versions")
        sheet.append(["version", "title", "in_force_from", "agreed_on", "reason", "agreed_by"])
        sheet.append([1, "As signed", datetime.combine(date(2008, 4, 1), time()), date(2008, 6, 30), "Signed", ""])

    read = read_agreement(changed(tmp_path, change))
    assert read.problems == ()
    assert read.agreement is not None
    assert str(read.agreement.measures[0].baseline_value) == "21.40"
    assert read.agreement.versions[0].agreed_on == date(2008, 6, 30)
    assert read.agreement.versions[0].in_force_from == date(2008, 4, 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            put("targets", "D2", "=20+0.5"),
            "sheet targets row 2, column low: is a formula: put its value there instead.",
        ),
        (
            put("targets", "B2", SEPTEMBER),
            f"sheet targets row 2, column year: {AS_DATE}",
        ),
        (
            put("measures", "E2", SEPTEMBER),
            f"sheet measures row 2, column baseline_period: {AS_DATE}",
        ),
        (
            put("themes", "D2", time(9, 30)),
            "sheet themes row 2, column position: is a time of day, and nothing here is one.",
        ),
        (
            put("indicators", "C3", "saver"),
            "sheet indicators row 3, column theme: saver is not in sheet themes. Did you mean safer?",
        ),
        (
            put("themes", "F2", "beside"),
            "sheet themes row 2: has 6 cells, and the header has 4. Is a text with a comma not in quotation marks?",
        ),
        (
            put("themes", "A3", "safer"),
            "sheet themes row 3, column theme: safer is here twice: it is in row 2 already.",
        ),
    ],
)
def test_what_is_wrong_is_told_once_with_sheet_row_and_column(change: Change, told: str, tmp_path: Path) -> None:
    assert told in problems(changed(tmp_path, change))
    place = told.partition(": ")[0]
    assert [one.partition(": ")[0] for one in problems(changed(tmp_path, change))].count(place) == 1


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["indicators"]["G2"] = "downwards"
        book["targets"]["D3"] = "about 19"
        book["historic_figures"]["B2"] = "2008/09 Q1"
        del book["organisations"]

    told = problems(changed(tmp_path, change))
    assert "sheet organisations: is missing." in told
    assert any(one.startswith("sheet indicators row 2, column polarity: 'downwards' is not one of") for one in told)
    assert any(one.startswith("sheet targets row 3, column low: 'about 19' is not a figure") for one in told)
    assert any(one.startswith("sheet historic_figures row 2, column period: 2008/09 Q1 is not before") for one in told)


def test_a_sheet_that_is_not_known_is_told_and_empty_rows_and_columns_are_nothing(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Retruns 2008_09 q2")["A1"] = "measure"
        book["themes"]["A40"] = "  "
        book["themes"]["J5"] = None

    read = read_agreement(changed(tmp_path, change))
    assert read.problems == ()
    assert [in_sheets(str(note)) for note in read.notes] == [
        "sheet retruns_2008_09_q2: is not read: did you mean sheet returns_2008_09_q2?"
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"measure,value\n", b"\xd0\xcf\x11\xe0 an old one"])
def test_what_is_no_workbook_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "agreement.xlsx"
    path.write_bytes(content)
    assert problems(path) == [
        "agreement.xlsx: cannot be read as a workbook: save it as 'Excel workbook (.xlsx)', without a password."
    ]
    assert problems(tmp_path / "nowhere.xlsx") == ["nowhere.xlsx: is missing."]


@pytest.mark.parametrize(
    ("field", "bits"), [(6, 255), (8, 1), (10, 255), (46, 1)], ids=("version", "flags", "method", "name")
)
def test_a_workbook_whose_table_of_parts_is_damaged_is_told_or_is_read(field: int, bits: int, tmp_path: Path) -> None:
    """Each part's entry in turn, by APPNOTE 4.3.12: what it needs, a password, how it is packed, what it is called."""
    path = tmp_path / "agreement.xlsx"
    whole = as_workbook(filled_tables(EXAMPLE), "An example")
    entries = [found.start() for found in re.finditer(b"PK\x01\x02", whole)]
    assert len(entries) > len(REQUIRED)
    told = 0
    for start in entries:
        damaged = bytearray(whole)
        damaged[start + field] ^= bits
        path.write_bytes(damaged)
        told += bool(problems(path))
    assert told > len(REQUIRED)


def test_every_word_that_a_sheet_offers_can_be_loaded_and_fits_into_its_list() -> None:
    for layout in LAYOUTS.values():
        for column in layout.described:
            assert len(",".join(column.words)) <= 255  # what a spreadsheet keeps of a list
            assert not any("," in word for word in column.words)
