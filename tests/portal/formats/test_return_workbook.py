"""A return workbook on its way out and in: nothing is lost, nothing runs, and each cell is what its writer typed."""

import os
import re
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.rules.terms import RETURNABLE_REASONS, Polarity, Rating
from portal.errors import Invalid
from portal.formats.return_workbook_reading import read_return_workbook, text_of
from portal.formats.return_workbook_xlsx import as_written, print_of, return_workbook
from portal.viewmodels.indicators import Baseline, MeasureStanding, Point
from portal.viewmodels.returns import Typed
from portal.viewmodels.workbooks import Book, BookLine
from portal.words import workbooks as words_of
from tests.support.workbooks import HEAD, edited, filled, members

STANDING = MeasureStanding(
    **{
        **{field.name: None for field in fields(MeasureStanding)},
        "code": "NI 16", "part": "", "unit": "homes", "polarity": Polarity.LOWER, "decimals": 2, "commentary": "",
        "history": (), "baseline": Baseline(None, "homes", ""),
    }
)  # fmt: skip
EXAMPLES = int(os.environ.get("WORKBOOK_EXAMPLES", "50"))
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # each workbook takes a tenth of a second to make and read
MADE = datetime(2009, 1, 20, 9, 30, tzinfo=UTC)


def line(measure: str, typed: Typed, asked: frozenset[str] = words_of.OPTIONAL, title: str = "Burglary") -> BookLine:
    last = (Point("2008/09 Q1", Decimal("2.1")), Point("2008/09 Q2", Decimal("2.420")))
    return BookLine(measure, title, STANDING, "27.3", last, asked, typed, 4, date(2009, 1, 30), placeholder=False)


def book(*lines: BookLine) -> Book:
    return Book("leicester", "The agreement", "police", "The Police", "2008/09 Q3", date(2009, 1, 30), MADE, lines)


def made(typed: Typed = Typed(), asked: frozenset[str] = words_of.OPTIONAL) -> bytes:  # noqa: B008  (it is frozen)
    return return_workbook(book(line("NI 16", typed, asked)))


figures = st.one_of(st.just(""), st.decimals(-(10**18), 10**18, allow_nan=False, places=10).map(lambda d: f"{d:f}"))
TRAPS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "_x0041_",
    "_x005F_x000D_",
    "x005F_",
    "not asked",
    "＝1",
    "'",
    "a\r\nb",
)
texts = st.one_of(
    st.sampled_from(TRAPS), st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
).filter(lambda text: not re.search("_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_", text))  # XlsxWriter escapes but every other
choices = {
    "no_value_reason": st.sampled_from(["", *RETURNABLE_REASONS]).map(str),
    **dict.fromkeys(("forecast_rating", "proposed_rating"), st.sampled_from(["", *Rating]).map(str)),
    **dict.fromkeys(("commentary", "proposed_reason"), texts),
}
answers = st.builds(Typed, **{name: choices.get(name, figures) for name in Typed.__slots__})
asked_for = st.frozensets(st.sampled_from(sorted(words_of.OPTIONAL)))


@settings(max_examples=EXAMPLES, deadline=None, phases=NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(answers, asked_for), min_size=1, max_size=6))
def test_any_set_of_answers_comes_back_unchanged(given_: list[tuple[Typed, frozenset[str]]]) -> None:
    lines = [line(f"NI {number}", typed, asked) for number, (typed, asked) in enumerate(given_, 1)]
    found = read_return_workbook(return_workbook(book(*lines)))
    assert (found.agreement, found.side, found.period) == ("leicester", "police", "2008/09 Q3")
    assert [(row.measure, row.typed, row.faults) for row in found.rows] == [
        (one.measure, as_written(one.typed, one.asked), {}) for one in lines
    ]
    for row in found.rows:
        assert found.versions[row.measure] == (4, print_of(row.typed)), "an untouched line is seen to be one"


@settings(max_examples=25, deadline=None)
@given(texts, st.sampled_from(["title", "commentary"]))
def test_nothing_on_the_way_out_is_a_formula_or_a_link(text: str, where: str) -> None:
    one = line(
        "NI 16", Typed(commentary=text if where == "commentary" else ""), title=text if where == "title" else "x"
    )
    content = return_workbook(book(one))
    for sheet in openpyxl.load_workbook(BytesIO(content)):
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []
    parts = members(content)
    assert not any(b"<f>" in part or b"<f " in part for part in parts.values())
    assert not any("externalLinks" in name for name in parts)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x.example")', "http://x.example", "mailto:a@x.example", "+44", "-5", "@x"]
)
def test_what_begins_like_a_formula_or_an_address_stays_text(text: str) -> None:
    content = made(Typed(commentary=text, proposed_reason=text))
    sheet = openpyxl.load_workbook(BytesIO(content))[words_of.RETURNS]
    cells = [cell for cell in sheet[HEAD + 1] if cell.value == text]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)] * 2
    assert read_return_workbook(content).rows[0].typed.commentary == text


def test_the_same_book_makes_the_same_bytes_and_says_what_helps() -> None:
    assert made() == made()
    sheet = openpyxl.load_workbook(BytesIO(made()))[words_of.RETURNS]
    said = dict(zip((cell.value for cell in sheet[HEAD]), (cell.value for cell in sheet[HEAD + 1]), strict=True))
    assert said["Last figure"] == 2.42
    assert said["Period of the last figure"] == "Quarter 2 of 2008/09"
    assert said["Figures before it"] == "2.10 (Q1 08/09)"
    assert said["Unit"] == "homes"
    assert set(words_of.ANSWERS.values()) <= set(said)
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {
        "'Choices'!$A$4:$A$7",
        "'Choices'!$B$4:$B$6",
    }
    locked = {cell.column_letter: cell.protection.locked for cell in sheet[HEAD + 1]}
    heads = {cell.value: cell.column_letter for cell in sheet[HEAD]}
    assert {name for name, letter in heads.items() if not locked[letter]} == set(words_of.ANSWERS.values())
    assert sheet.protection.sheet


def test_a_measure_is_asked_for_what_it_takes_and_for_nothing_else() -> None:
    lines = line("NI 1", Typed(), frozenset({"numerator", "denominator"})), line("NI 2", Typed(), frozenset())
    sheet = openpyxl.load_workbook(BytesIO(return_workbook(book(*lines))))[words_of.RETURNS]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    assert "Lower end of the 95% interval" not in heads
    assert [sheet.cell(row, heads["Out of how many"]).value for row in (HEAD + 1, HEAD + 2)] == [None, "not asked"]
    assert sheet.cell(HEAD + 2, heads["Out of how many"]).protection.locked


@pytest.mark.parametrize(
    ("value", "kind", "shown", "text"),
    [
        (2.42, "n", "General", "2.42"),
        (0.1 + 0.2, "n", "General", "0.3"),
        (1450, "n", "#,##0", "1450"),
        (1450.0, "n", "£#,##0.00", "1450"),
        (0.125, "n", "0.0%", "12.5%"),
        (0.07, "n", "0%", "7%"),
        (12.5, "n", '0.0"%"', "12.5"),
        (1e-7, "n", "General", "0.0000001"),
        (-3, "n", "General", "-3"),
        ("1,450", "s", "@", "1,450"),
        ("2.420", "s", "@", "2.420"),
        ("=1+1", "s", "@", "=1+1"),
        ("a_x000D_b", "s", "@", "a\rb"),
        (None, "n", "General", ""),
    ],
)
def test_a_cell_is_what_its_writer_typed(value: object, kind: str, shown: str, text: str) -> None:
    assert text_of(value, kind, shown) == text


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("=1+1", "f", "formula"),
        ("#N/A", "e", r"error \(#N/A\)"),
        (True, "b", "TRUE or FALSE"),
        (datetime(2009, 4, 11), "d", "date"),  # noqa: DTZ001  (a spreadsheet's days have no zone)
        (float("inf"), "n", "no number"),
    ],
)
def test_a_cell_that_is_no_answer_says_why(value: object, kind: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        text_of(value, kind, "General")


def test_what_is_wrong_with_a_cell_is_said_with_its_row_and_the_rest_is_read() -> None:
    cells = {"value": "=1+1", "forecast_rating": "splendid", "forecast_value": date(2009, 4, 11), "commentary": "words"}

    def type_in(sheet: object) -> None:
        heads = {cell.value: cell.column for cell in sheet[HEAD]}  # type: ignore[index]
        for name, value in cells.items():
            sheet.cell(HEAD + 1, heads[words_of.ANSWERS[name]]).value = value  # type: ignore[attr-defined]

    row = read_return_workbook(edited(made(), type_in)).rows[0]
    assert (row.number, row.typed.commentary) == (HEAD + 1, "words")
    assert {name: said.split(".")[0] for name, said in row.faults.items()} == {
        "value": "The cell holds a formula",
        "forecast_rating": "'splendid' is not in the list",
        "forecast_value": "The cell holds a date or a time: spreadsheets make one of figures such as 11/4",
    }


@pytest.mark.parametrize(
    "said", ["Better than anticipated", "★ better than anticipated", "better", " BETTER than  anticipated"]
)
def test_a_choice_may_be_typed(said: str) -> None:
    assert (
        read_return_workbook(filled(made(), {"NI 16": {"forecast_rating": said}})).rows[0].typed.forecast_rating
        == "better"
    )


def test_columns_may_be_in_another_order_and_rows_may_be_missing() -> None:
    def swap(sheet: object) -> None:
        sheet.move_range("A3:A9", cols=30)  # type: ignore[attr-defined]

    typed = Typed(value="2.42", commentary="Fewer.")
    assert read_return_workbook(edited(made(typed), swap)).rows[0].typed == typed
    assert read_return_workbook(edited(made(typed), lambda sheet: sheet.delete_rows(HEAD + 1))).rows == ()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "said"),
    [
        (words_of.RETURNS, "A3", "Mesure", "in column A the heading 'Mesure' is none"),
        (words_of.RETURNS, "A3", None, "the heading 'Measure' is missing|stands under no heading"),
        (words_of.RETURNS, "C3", "Title", "'Title' stands twice"),
        (words_of.RETURNS, "AZ9", "a word", "the cell AZ9 stands under no heading"),
        (words_of.ABOUT, "A4", "x", "On the sheet 'About this file' row 4"),
        (words_of.ABOUT, "B11", "many", "On the sheet 'About this file' row 11"),
        (words_of.ABOUT, "A10", "=1", "On the sheet 'About this file' row 10"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_its_place(sheet: str, cell: str, value: object, said: str) -> None:
    def spoil(found: object) -> None:
        found[cell] = value  # type: ignore[index]

    with pytest.raises(Invalid, match=said):
        read_return_workbook(edited(made(), spoil, sheet))
