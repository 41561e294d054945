"""The files of an agreement, written: as a folder's CSV files, or as a workbook with a sheet for each. The same tables
make the same bytes each time."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.formats.agreement_csv.cell_texts import kept
from portal.formats.agreement_csv.layout import Column, Kind, Layout
from portal.formats.agreement_csv.workbook import COLUMNS, READ_ME, figure_text
from portal.words import setting_up as words_of

_PREPARED = 2000
"""So many rows of an empty sheet offer the words that a column takes."""
_MADE = datetime(2008, 4, 1, tzinfo=UTC).replace(tzinfo=None)
"""What every workbook says it was made on: else it would differ each time."""
_LONGEST_HINT = 255
_WIDE = ("title", "text", "name", "note", "says", "reason", "commentary", "key_risk", "description", "rule", "about")


@dataclass(frozen=True, slots=True)
class FileTable:
    """One file: its name in a folder, and its rows, which have a text for each column that is not empty."""

    name: str
    layout: Layout
    rows: Sequence[Mapping[str, str]] = ()


def as_folder(tables: Sequence[FileTable]) -> dict[str, bytes]:
    """The CSV files by their names."""
    return {table.name: _csv(table) for table in tables}


def _csv(table: FileTable) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.layout.all)
    writer.writerows([kept(row.get(name, "")) for name in table.layout.all] for row in table.rows)
    return file.getvalue().encode()


def as_workbook(tables: Sequence[FileTable], title: str) -> bytes:
    """The workbook: a sheet that says how to fill it in, one that describes every column, and one for each file. No cell
    is merged, no pane frozen, nothing told by colour, and nothing could run as a formula."""
    file = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = _Book(Workbook(file, plain))
    book.book.set_properties({"title": title, "created": _MADE})
    book.read_me(title)
    book.columns(tables)
    for table in tables:
        book.table(table)
    book.book.close()
    return file.getvalue()


class _Book:
    """The workbook with the few formats that it needs."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head = self._format(bold=True, text_wrap=True, valign="bottom", bottom=2)
        # As text, or a spreadsheet would make a date of 2008/09 and 1 of 001.
        self.text = self._format(text_wrap=True, valign="top", num_format="@")
        self._figures: dict[str, Format] = {}

    def _format(self, **how: Any) -> Format:
        return self.book.add_format({"font_name": "Arial", "font_size": 11, **how})

    def figure(self, shown_as: str) -> Format:
        if shown_as not in self._figures:
            self._figures[shown_as] = self._format(valign="top", align="right", num_format=shown_as)
        return self._figures[shown_as]

    def read_me(self, title: str) -> None:
        sheet = self.book.add_worksheet(READ_ME)
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, title, self._format(bold=True, font_size=16, text_wrap=True))
        for number, line in enumerate(words_of.READ_ME, 1):
            sheet.write_string(number, 0, line, self._format(text_wrap=True, valign="top"))

    def columns(self, tables: Sequence[FileTable]) -> None:
        """What every column says, as a table of its own."""
        sheet = self.book.add_worksheet(COLUMNS)
        rows = [
            (
                stem(table.name),
                column.name,
                "no" if column.optional else "yes",
                plain(column.says),
                "; ".join(column.words),
            )
            for table in tables
            for column in table.layout.described
        ]
        for place, (_, width) in enumerate(words_of.DESCRIBED):
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text or words_of.ANY, self.text)
        self._mark_up(sheet, "columns_described", len(rows), [head for head, _ in words_of.DESCRIBED])

    def table(self, table: FileTable) -> None:
        """A file's sheet: the header in its first row, and nothing but the table."""
        sheet, described = self.book.add_worksheet(stem(table.name)), table.layout.described
        last = max(len(table.rows), _PREPARED)
        for place, column in enumerate(described):
            usual = self.text if column.kind is not Kind.FIGURE else self.figure("General")
            sheet.set_column(place, place, 48 if column.name.startswith(_WIDE) else 20, usual)
            sheet.data_validation(1, place, last, place, _hint(column))
        for number, row in enumerate(table.rows, 1):
            for place, column in enumerate(described):
                if text := row.get(column.name, ""):
                    self._put(sheet, number, place, text, column.kind)
        self._mark_up(sheet, f"table_{stem(table.name)}", len(table.rows), [column.name for column in described])

    def _put(self, sheet: Worksheet, row: int, place: int, text: str, kind: Kind) -> None:
        """A figure as a number where that keeps all of it, every other thing as its text."""
        shown_as = f"0.{'0' * len(text.partition('.')[2])}".removesuffix(".")
        if kind is Kind.FIGURE and _number(text) is not None and figure_text(float(text), shown_as) == text:
            sheet.write_number(row, place, float(text), self.figure(shown_as))
        else:
            sheet.write_string(row, place, text, self.text)

    def _mark_up(self, sheet: Worksheet, name: str, rows: int, heads: Sequence[str]) -> None:
        """As a table that programs for reading aloud find as one; a table has one row at least, if an empty one."""
        sheet.add_table(
            0,
            0,
            max(rows, 1),
            len(heads) - 1,
            {
                "name": name,
                "style": None,
                "autofilter": False,
                "columns": [{"header": head, "header_format": self.head} for head in heads],
            },
        )


def _hint(column: Column) -> dict[str, Any]:
    """What a spreadsheet says of a cell that is chosen, and the words that it offers."""
    said = plain(column.says)
    hint = {
        "input_title": column.name[:32],
        "input_message": said if len(said) <= _LONGEST_HINT else f"{said[: _LONGEST_HINT - 1]}…",
        "ignore_blank": True,
    }
    if not column.words:
        return {"validate": "any", **hint}
    offered = {"error_title": words_of.OTHER_WORD, "error_message": words_of.CHOOSE}
    return {"validate": "list", "source": list(column.words), **hint, **offered}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def stem(name: str) -> str:
    """The sheet that a file is: 'themes' of themes.csv."""
    return name.removesuffix(".csv")


def plain(said: str) -> str:
    """What is said of a column, without the marks of a document."""
    return said.replace("`", "")
