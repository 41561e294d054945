"""Writing a return workbook: instructions, a line for each return with what helps to fill it in, lists to choose from, and
what the portal knows the file by. Every cell is text or a number: none can run as a formula."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portal import words
from portal.formats.canonical import canonical
from portal.viewmodels.returns import Typed
from portal.viewmodels.workbooks import Book, BookLine
from portal.words import workbooks as words_of

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROW = 2
"""The row of a table's headings, counted from 0: above it are a title and a line on what the sheet holds."""
KEYS = ("Agreement", "Side", "Period", "Made at")
"""What the sheet on the file itself says first, in two columns under their headings."""
VERSIONS = ("Measure", "Version of its return", "Print of its answers")
VERSIONS_ROW = HEAD_ROW + len(KEYS) + 3
LISTS = ("no_value_reason", "forecast_rating")
"""The lists to choose from, a column each; what is proposed is chosen from the ratings too."""
WIDE_ANSWER = 18


def print_of(typed: Typed) -> str:
    """A short print of answers as they were typed, by which it is seen whether a line was touched at all; ends of lines
    and spaces around an answer are no difference."""
    said = {name: getattr(typed, name).replace("\r\n", "\n").strip() for name in Typed.__slots__}
    return hashlib.sha256(canonical(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def answers_in(book: Book) -> tuple[str, ...]:
    """The columns to fill in: what some line of the workbook is asked for, in the form's order."""
    asked = frozenset().union(*(line.asked for line in book.lines))
    return tuple(name for name in words_of.ANSWERS if name not in words_of.OPTIONAL or name in asked)


def return_workbook(book: Book) -> bytes:
    """The file. The same book makes the same bytes."""
    file = BytesIO()
    out = _Book(file, book)
    out.instructions()
    out.returns()
    out.choices()
    out.about()
    out.book.close()
    return file.getvalue()


class _Book:
    """The workbook while it is written, with the few formats that it needs."""

    def __init__(self, file: BytesIO, book: Book) -> None:
        plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.said, self.book = book, Workbook(file, plain)
        self.book.set_properties(
            {
                "title": f"Returns of {book.organisation}, {words.period(book.period)}",
                "subject": book.agreement_title,
                "created": book.made_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        self.title = self._format(bold=True, font_size=16)
        self.head = self._format(bold=True, text_wrap=True, valign="bottom", bottom=2)
        self.text = self._format(text_wrap=True, valign="top")
        # Of the kind 'text': what is typed stays as it was typed, digit by digit, and becomes no date and no formula.
        self.figure = self._format(num_format="@", align="right", valign="top", locked=False, border=1)
        self.words = self._format(num_format="@", text_wrap=True, valign="top", locked=False, border=1)
        self._places: dict[int, Format] = {}

    def _format(self, **how: Any) -> Format:
        return self.book.add_format({"font_name": "Arial", "font_size": 11, **how})

    def _sheet(self, name: str, title: str, about: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(0)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, about, self._format())
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        return sheet

    def _table(self, sheet: Worksheet, row: int, heads: Sequence[str], rows: int, name: str) -> None:
        """A table that programs for reading aloud find as one; its cells are there already."""
        columns = [{"header": head, "header_format": self.head} for head in heads]
        how = {"name": name, "style": None, "autofilter": False, "columns": columns}
        sheet.add_table(row, 0, row + max(rows, 1), len(heads) - 1, how)

    def instructions(self) -> None:
        book = self.said
        title = f"Returns of {book.organisation} for {words.period(book.period)}"
        sheet = self._sheet(words_of.INSTRUCTIONS, title, book.agreement_title)
        sheet.set_column(0, 0, 110)
        days = f"The figures are for {words.months(book.period)}. Due {words.day(book.due_on)}, unless a line says otherwise."
        for number, line in enumerate((days, *words_of.HOW), HEAD_ROW):
            sheet.write_string(number, 0, line, self.text)

    def returns(self) -> None:
        names, lines = answers_in(self.said), self.said.lines
        sheet = self._sheet(
            words_of.RETURNS,
            f"Returns of {self.said.organisation}, {words.period(self.said.period)}",
            words_of.TITLES[words_of.RETURNS],
        )
        for column, width in enumerate(words_of.TOLD.values()):
            sheet.set_column(column, column, width)
        first = len(words_of.TOLD)
        for column, name in enumerate(names, first):
            sheet.set_column(column, column, words_of.TEXTS.get(name, 30 if name in words_of.CHOSEN else WIDE_ANSWER))
        for row, line in enumerate(lines, HEAD_ROW + 1):
            for column, value in enumerate(_told(line)):
                self._put(sheet, row, column, value)
            for column, name in enumerate(names, first):
                self._answer(sheet, row, column, name, line)
        heads = [*words_of.TOLD, *(words_of.ANSWERS[name] for name in names)]
        self._table(sheet, HEAD_ROW, heads, len(lines), words_of.RETURNS)
        last = HEAD_ROW + max(len(lines), 1)
        for column, name in enumerate(names, first):
            self._validate(sheet, column, name, last)
        letters = f"{xl_col_to_name(first)}{HEAD_ROW + 2}:{xl_col_to_name(first + len(names) - 1)}{last + 1}"
        sheet.ignore_errors({"number_stored_as_text": letters})
        sheet.freeze_panes(HEAD_ROW + 1, 1)  # else nobody knows which measure they fill in: the line is wide
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)

    def _answer(self, sheet: Worksheet, row: int, column: int, name: str, line: BookLine) -> None:
        if name in words_of.OPTIONAL - line.asked:
            sheet.write_string(row, column, words_of.NOT_ASKED, self.text)
            return
        style = self.words if name in words_of.TEXTS or name in words_of.CHOSEN else self.figure
        said = "" if name == "explanation" else words_of.typed(name, line.typed)
        if said:
            sheet.write_string(row, column, said, style)
        else:
            sheet.write_blank(row, column, None, style)

    def _validate(self, sheet: Worksheet, column: int, name: str, last: int) -> None:
        if name not in words_of.CHOSEN:
            return
        place = LISTS.index("no_value_reason" if name == "no_value_reason" else "forecast_rating")
        letter, end = xl_col_to_name(place), HEAD_ROW + 1 + len(words_of.CHOSEN[name])
        sheet.data_validation(
            HEAD_ROW + 1,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": f"='{words_of.CHOICES}'!${letter}${HEAD_ROW + 2}:${letter}${end}",
                "error_title": "Choose from the list",
                "error_message": "Choose one of the list, or empty the cell.",
            },
        )

    def choices(self) -> None:
        sheet = self._sheet(words_of.CHOICES, words_of.CHOICES, words_of.TITLES[words_of.CHOICES])
        sheet.set_column(0, len(LISTS) - 1, 60)
        heads = (words_of.ANSWERS["no_value_reason"], "Forecast and proposed rating")
        lists = [list(words_of.CHOSEN[name].values()) for name in LISTS]
        for column, said in enumerate(lists):
            for row in range(max(map(len, lists))):
                sheet.write_string(HEAD_ROW + 1 + row, column, said[row] if row < len(said) else "–", self.text)
        self._table(sheet, HEAD_ROW, heads, max(map(len, lists)), words_of.CHOICES)

    def about(self) -> None:
        book = self.said
        sheet = self._sheet(words_of.ABOUT, words_of.ABOUT, words_of.TITLES[words_of.ABOUT])
        sheet.set_column(0, len(VERSIONS) - 1, 34)
        known = dict(zip(KEYS, (book.agreement, book.side, book.period, book.made_at.isoformat()), strict=True))
        for row, (key, value) in enumerate(known.items(), HEAD_ROW + 1):
            sheet.write_string(row, 0, key, self.text)
            sheet.write_string(row, 1, value, self.text)
        self._table(sheet, HEAD_ROW, ("What", "Which"), len(known), "File")
        for row, line in enumerate(book.lines, VERSIONS_ROW + 1):
            sheet.write_string(row, 0, line.measure, self.text)
            sheet.write_number(row, 1, line.version, self.text)
            sheet.write_string(row, 2, print_of(as_written(line.typed, line.asked)), self.text)
        self._table(sheet, VERSIONS_ROW, VERSIONS, len(book.lines), "Versions")

    def _put(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if isinstance(value, Decimal):
            sheet.write_number(row, column, float(value), self._shown(value))
        else:
            sheet.write_string(row, column, str(value), self.text)

    def _shown(self, value: Decimal) -> Format:
        """Shows a figure with the digits that it has."""
        places = max(0, -int(value.as_tuple().exponent))
        if places not in self._places:
            shown = "#,##0" + ("." + "0" * places if places else "")
            self._places[places] = self._format(num_format=shown, valign="top", align="right")
        return self._places[places]


def as_written(typed: Typed, asked: frozenset[str]) -> Typed:
    """Answers as a workbook has them: those that the measure does not take are in none."""
    without: Mapping[str, str] = dict.fromkeys(words_of.OPTIONAL - asked, "")
    return replace(typed, **without)


def _told(line: BookLine) -> tuple[Any, ...]:
    """What helps to fill a line in, in the order of its columns."""
    standing, last = line.standing, line.last
    newest = last[-1] if last else None
    before = (f"{words.short_amount(one.value, standing)} ({words.short_period(one.period)})" for one in last[-4:-1])
    return (
        line.measure,
        f"{line.title} (placeholder: for information)" if line.placeholder else line.title,
        words.unit_label(standing.unit),
        words.held_against(standing),
        newest.value if newest else "none yet",
        words.capital(words.period(newest.period)) if newest else "none yet",
        ", ".join(before) or "none",
        line.target,
        "Not due" if line.placeholder else words.day(line.due_on),
    )
