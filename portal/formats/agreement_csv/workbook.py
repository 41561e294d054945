"""A workbook with a sheet for each file of an agreement: what stands in a cell, as it would be typed into a CSV file.

The file is the operator's own, from the command line. It is opened for reading only, formulas are refused and nothing
of it is worked out; what a web page takes from others must be looked at before it is opened, and is not read here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from portal.formats.agreement_csv.cell_texts import plain_lines
from portal.formats.agreement_csv.findings import Findings, Problem
from portal.formats.agreement_csv.layout import Kind, Layout
from portal.formats.agreement_csv.reader import Records
from portal.formats.sheet_numbers import plain_format, typed_number
from portal.formats.zips import UNREADABLE

ENDING = ".xlsx"
READ_ME = "Read me"
COLUMNS = "Columns"
BESIDE = (READ_ME, COLUMNS)
"""The sheets that explain the others."""
_UNREADABLE = (*UNREADABLE, InvalidFileException, ParseError, IndexError, TypeError)
"""As openpyxl tells of parts that do not fit each other too."""
_FILE = re.compile(r"\b([a-z0-9_]+)\.csv\b(?: line ([0-9]+))?")
_LINE = re.compile(r"\bon line ([0-9]+)")
_PLACES = re.compile(r"0\.(0+)")


@dataclass(frozen=True, slots=True)
class SheetFiles:
    """The sheets of a workbook under the names that the files of a folder have."""

    sheets: Mapping[str, Worksheet]

    @property
    def names(self) -> Sequence[str]:
        return sorted(self.sheets)

    def records(self, name: str, layout: Layout, findings: Findings) -> tuple[Records, bool] | None:
        """The rows with something in them, as wide as the header; a cell beyond it is kept, and so told as one too many."""
        if name not in self.sheets:
            findings.problem(name, 0, "", "is missing.")
            return None
        kinds = {column.name: column.kind for column in layout.described}
        sheet = self.sheets[name]
        sheet.reset_dimensions()  # what the file says of its size may be anything
        found: Records = []
        header: list[str] = []
        try:
            for line, row in enumerate(sheet.iter_rows(), 1):
                read = [
                    _Cell(name, line, header[place] if place < len(header) else "", one)
                    for place, one in enumerate(row)
                ]
                cells = [one.text(kinds.get(one.column, Kind.TEXT), findings) for one in read]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    found.append((line, cells + [""] * (len(header) - len(cells))))
                    header = header or [" ".join(cell.split()).lower() for cell in cells]
        except _UNREADABLE:
            findings.problem(name, len(found) + 1, "", "cannot be read from about here on: the workbook is damaged.")
            return found, False
        return found, True


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell, with where it is."""

    file: str
    line: int
    column: str
    cell: Any

    def text(self, kind: Kind, findings: Findings) -> str:
        """What is typed there; what is no plain text, figure or day is told."""
        value, what = self.cell.value, getattr(self.cell, "data_type", "")
        if value is None:
            return ""
        if what == "f":
            self._tell(findings, "is a formula: put its value there instead.")
        elif what == "e":
            self._tell(findings, f"has the error {value}.")
        elif isinstance(value, str):
            return plain_lines(value.replace("_x000D_", "\r")).strip()
        elif isinstance(value, bool):
            return "yes" if value else "no"
        elif isinstance(value, int | float):
            return figure_text(value, self.cell.number_format)
        elif isinstance(value, datetime | date):
            day = value.isoformat()[:10]
            if kind is Kind.DAY:
                return day
            self._tell(
                findings,
                f"is a date, {day}, which spreadsheets make of 2008/09: format the cell as text and type anew.",
            )
        else:
            self._tell(findings, "is a time of day, and nothing here is one.")
        return ""

    def _tell(self, findings: Findings, message: str) -> None:
        findings.problem(self.file, self.line, self.column, message)


def figure_text(value: float, shown_as: str) -> str:
    """A number of a spreadsheet with all that it has, and with the places that it is shown with, if those are more.

    >>> figure_text(2.42, "General"), figure_text(10, "0.0"), figure_text(0.1 + 0.2, "0.00"), figure_text(0.45, "0%")
    ('2.42', '10.0', '0.30', '45%')
    """
    exact, percent = typed_number(value, shown_as)
    places = _PLACES.search(plain_format(shown_as))
    whole, _, decimals = format(exact, "f").partition(".")
    decimals = decimals.rstrip("0").ljust(len(places[1]) if places else 0, "0")
    return f"{whole}{'.' if decimals else ''}{decimals}{'%' if percent else ''}"


@contextmanager
def open_workbook(path: Path, findings: Findings) -> Iterator[SheetFiles | None]:
    """The sheets of a workbook, while it is open; None for what is no workbook, which is told."""
    try:
        book = load_workbook(path, read_only=True)
    except FileNotFoundError:
        findings.problem(path.name, 0, "", "is missing.")
    except _UNREADABLE:
        message = "cannot be read as a workbook: save it as 'Excel workbook (.xlsx)', without a password."
        findings.problem(path.name, 0, "", message)
    else:
        try:
            yield SheetFiles(_named(book, findings))
        finally:
            book.close()
        return
    yield None


def _named(book: Workbook, findings: Findings) -> Mapping[str, Worksheet]:
    """The sheets that are files, under their names."""
    sheets: dict[str, Worksheet] = {}
    for sheet in book.worksheets:
        name = f"{'_'.join(sheet.title.split()).lower()}.csv"
        if sheet.title not in BESIDE and sheets.setdefault(name, sheet) is not sheet:
            findings.problem(name, 0, "", "is here twice.")
    return sheets


def in_sheets(sentence: str) -> str:
    """What is told of files, as it is told of the sheets of a workbook.

    >>> in_sheets("targets.csv line 3, column year: NI 1 has a target for 2008/09 on line 2 already.")
    'sheet targets row 3, column year: NI 1 has a target for 2008/09 in row 2 already.'
    """
    named = _FILE.sub(lambda found: f"sheet {found[1]}" + (f" row {found[2]}" if found[2] else ""), sentence)
    return _LINE.sub(r"in row \1", named)


def once_a_cell(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems without those that follow from another one in the same cell, which comes first."""
    found: dict[object, Problem] = {}
    for problem in problems:
        found.setdefault((problem.file, problem.line, problem.column) if problem.column else problem, problem)
    return tuple(found.values())
