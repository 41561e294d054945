"""One CSV file read into rows of cells; whatever keeps it from being read is told with its line."""

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Protocol

from portal.formats.agreement_csv.cell_texts import typed
from portal.formats.agreement_csv.cells import Row, Table
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.layout import Layout

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel and LibreOffice begin, the newer and the older ones."""
Records = list[tuple[int, list[str]]]
"""The lines that rows start on, with their cells."""
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Files(Protocol):
    """Where the tables of an agreement are: a folder of CSV files, or the sheets of a workbook."""

    @property
    def names(self) -> Sequence[str]:
        """What there is, named as the files of a folder are."""

    def records(self, name: str, layout: Layout, findings: Findings) -> tuple[Records, bool] | None:
        """The records of one, the header first, each with its line; and whether it could be read to its end. None where
        it could not be read at all, which is told."""


@dataclass(frozen=True, slots=True)
class CsvFolder:
    """A folder of CSV files."""

    path: Path

    @property
    def names(self) -> Sequence[str]:
        return sorted(file.name for file in self.path.iterdir())

    def records(self, name: str, layout: Layout, findings: Findings) -> tuple[Records, bool] | None:
        text = _text(self.path / name, findings)
        return None if text is None else _records(name, text, findings)


def read_table(files: Files, name: str, layout: Layout, findings: Findings, *, may_be_empty: bool = False) -> Table:
    """A file's rows. Rows with nothing in any cell are left out, as spreadsheets write such."""
    found = files.records(name, layout, findings)
    if found is None:
        return Table(name, (), complete=False)
    records, complete = found
    if not records:
        if complete:
            findings.problem(name, 1, "", "is empty: the first line must name the columns.")
        return Table(name, (), complete=False)
    (line, header), *body = records
    columns = _columns(name, line, header, layout, findings)
    if not set(layout.key) <= set(columns):
        return Table(name, (), complete=False)
    if not body and complete and not may_be_empty:
        findings.problem(name, line, "", "has no rows below the header.")
        complete = False
    rows = tuple(_row(name, line, cells, columns, findings) for line, cells in body)
    return Table(name, rows, complete)


def _text(path: Path, findings: Findings) -> str | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        findings.problem(path.name, 0, "", "is missing.")
        return None
    except OSError as error:
        findings.problem(path.name, 0, "", f"cannot be read: {error.strerror}.")
        return None
    if data.startswith(WORKBOOKS):
        findings.problem(path.name, 0, "", "is a workbook, whatever its name says: open it and save it as 'CSV UTF-8'.")
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        findings.problem(path.name, 1, "", "is not UTF-8 but UTF-16: save it as 'CSV UTF-8'.")
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            byte = f"byte {error.start + 1} of the line (0x{line[error.start]:02x})"
            findings.problem(path.name, number, "", f"is not UTF-8 at {byte}: save the file as 'CSV UTF-8'.")
    return data.decode(errors="replace")  # the rest of the file can still be checked


def _records(file: str, text: str, findings: Findings) -> tuple[Records, bool]:
    """The records with the line that each starts on, and whether the file could be read to its end."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    records: Records = []
    while True:
        line = reader.line_num + 1
        try:
            cells = [typed(cell).strip() for cell in next(reader)]
        except StopIteration:
            return records, True
        except csv.Error as error:
            findings.problem(
                file,
                line,
                "",
                f"cannot be read from here on: is a quotation mark not closed, or astray? ({error})",
            )
            return records, False
        if any(cells):
            records.append((line, cells))


def _columns(file: str, line: int, header: list[str], layout: Layout, findings: Findings) -> list[str]:
    """The header's columns. A misspelled one is told, and read as what it must mean; '' is not read."""
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        findings.problem(file, line, "", "the cells must be separated by commas.")
        return []
    columns: list[str] = []
    named = [" ".join(cell.split()).lower() for cell in header]
    for number, name in enumerate(named, start=1):
        column = name
        if not name:
            findings.problem(file, line, "", f"column {number} has no name.")
        elif name in columns:
            findings.problem(file, line, name, "this column is here twice.")
            column = ""
        elif name not in layout.all:
            free = [known for known in layout.all if known not in named and known not in columns]
            near = get_close_matches(name, free, n=1)
            meant = f"did you mean {near[0]}?" if near else f"the columns are {', '.join(layout.all)}."
            findings.problem(file, line, name, f"there is no such column: {meant}")
            column = near[0] if near else ""
        columns.append(column)
    for column in layout.columns:
        if column not in columns:
            findings.problem(file, line, column, "this column is missing.")
    return columns


def _row(file: str, line: int, cells: list[str], columns: list[str], findings: Findings) -> Row:
    whole = len(cells) == len(columns)
    row = Row(file, line, {c: cell for c, cell in zip(columns, cells, strict=False) if c}, whole, findings)
    if not whole:
        comma = " Is a text with a comma not in quotation marks?" if len(cells) > len(columns) else ""
        row.problem("", f"has {len(cells)} cells, and the header has {len(columns)}.{comma}")
    for column, cell in row.cells.items():
        if odd := _ODD.search(cell):
            row.problem(column, f"has a character that cannot be shown: {odd[0]!r}.")
    return row
