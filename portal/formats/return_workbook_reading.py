"""Reading a return workbook that somebody filled in: each cell as the text that they typed, or a sentence on why it cannot
be that, with the sheet, the row and the column."""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from math import isfinite
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter

from portal.errors import Invalid
from portal.formats.return_workbook_xlsx import HEAD_ROW, KEYS, VERSIONS, VERSIONS_ROW
from portal.formats.safe_xlsx import KIND, check_xlsx, refuse
from portal.formats.sheet_numbers import typed_number
from portal.viewmodels.returns import Typed
from portal.viewmodels.workbooks import Given, GivenRow
from portal.words import workbooks as words_of

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORM = {said: name for name, said in words_of.ANSWERS.items()}
Cells = Mapping[tuple[int, int], Any]


def read_return_workbook(content: bytes) -> Given:
    """What a return workbook says. Invalid, for the field `file`, for what is no such workbook, could do harm, or cannot
    be told apart; what is wrong with one answer alone is said with its row."""
    check_xlsx(content)
    sheets = _sheets(content)
    for name in (words_of.RETURNS, words_of.ABOUT):
        if name not in sheets:
            raise refuse(
                f"There is no sheet {name!r} in the file: it is not a return workbook of the portal. Download one, fill "
                "it in, and send that."
            )
    if strange := [name for name in sheets if name not in words_of.SHEETS]:
        raise refuse(
            f"The sheet {strange[0][:60]!r} is none of the workbook's own. Remove it: only the sheet {words_of.RETURNS!r} "
            "is read."
        )
    known, versions = _about(sheets[words_of.ABOUT])
    columns, rows = _returns(sheets[words_of.RETURNS])
    letters = {name: get_column_letter(column) for column, name in columns.items()}
    return Given(known["Agreement"], known["Side"], known["Period"], versions, letters, rows)


class _Reader(ExcelReader):
    """openpyxl's reader without its own way with '_x005F_', which loses what people typed."""

    def read_strings(self) -> None:
        from openpyxl.cell.text import Text
        from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
        from openpyxl.xml.functions import iterparse

        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _sheets(content: bytes) -> dict[str, Cells]:
    """The cells that hold something, by sheet and by row and column."""
    found: dict[str, Cells] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says so where it leaves out what we do not read anyway
            reader = _Reader(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            reader.read()
            for sheet in reader.wb.worksheets:
                if sheet.title in found:
                    raise refuse(f"There are two sheets called {sheet.title[:60]!r}. Remove the one that is not ours.")
                found[sheet.title] = _cells(sheet)
    except Invalid:
        raise
    except Exception:  # whatever a damaged file makes of a reader of somebody else's, it is the file's fault
        raise refuse(f"The file is damaged: it cannot be read as a spreadsheet. {KIND}") from None
    return found


def _cells(sheet: Any) -> Cells:
    sheet.reset_dimensions()  # what a file says of its own size may be anything
    rows: Iterator[Any] = sheet.iter_rows()
    # The format is looked up now: it may not be there, and then the file is damaged.
    return {
        (cell.row, cell.column): (cell.value, cell.data_type, cell.number_format)
        for row in rows
        for cell in row
        if cell.value is not None
    }


def _about(cells: Cells) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """What the workbook is, and the version and print of each return in it."""
    known = {}
    for row, key in enumerate(KEYS, HEAD_ROW + 2):
        if _plain(cells, row, 1) != key:
            raise _not_ours(row)
        known[key] = _plain(cells, row, 2)
    head = VERSIONS_ROW + 1
    if tuple(_plain(cells, head, column) for column in (1, 2, 3)) != VERSIONS:
        raise _not_ours(head)
    versions: dict[str, tuple[int, str]] = {}
    for row in sorted({row for row, _ in cells if row > head}):
        measure, version, made = (_plain(cells, row, column) for column in (1, 2, 3))
        if not (version.isascii() and version.isdecimal() and len(version) < 10) or measure in versions:
            raise _not_ours(row)
        versions[measure] = int(version), made
    return known, versions


def _plain(cells: Cells, row: int, column: int) -> str:
    try:
        return text_of(*cells.get((row, column), (None, "n", "")))
    except ValueError:
        raise _not_ours(row) from None


def _not_ours(row: int) -> Invalid:
    return refuse(
        f"On the sheet {words_of.ABOUT!r} row {row} is not as it was written, so it cannot be told which returns these are. "
        "Download the workbook again and copy your answers into it."
    )


def _returns(cells: Cells) -> tuple[dict[int, str], tuple[GivenRow, ...]]:
    """The columns of the answers, and the rows that say something."""
    heads, answers = _heads(cells)
    told = {name: column for column, name in heads.items()}
    for name in (words_of.MEASURE, words_of.UNIT):
        if name not in told:
            raise _wrong_head(f"the heading {name!r} is missing")
    if outside := [(row, column) for row, column in cells if row > HEAD_ROW + 1 and column not in heads]:
        row, column = min(outside)
        raise refuse(
            f"On the sheet {words_of.RETURNS!r} the cell {get_column_letter(column)}{row} stands under no heading, so it "
            "cannot be told what it answers. Delete it."
        )
    rows = sorted({row for row, _ in cells if row > HEAD_ROW + 1})
    return answers, tuple(_row(cells, row, told, answers) for row in rows)


def _heads(cells: Cells) -> tuple[dict[int, str], dict[int, str]]:
    heads: dict[int, str] = {}
    answers: dict[int, str] = {}
    for row, column in sorted(cells):
        if row != HEAD_ROW + 1:
            continue
        said = _heading(cells[row, column], column)
        if said in heads.values():
            raise _wrong_head(f"the heading {said!r} stands twice")
        heads[column] = said
        if said in _FORM:
            answers[column] = _FORM[said]
        elif said not in words_of.TOLD:
            raise _wrong_head(
                f"in column {get_column_letter(column)} the heading {said[:60]!r} is none of the workbook's"
            )
    return heads, answers


def _heading(cell: tuple[Any, str, str], column: int) -> str:
    try:
        return text_of(*cell)
    except ValueError:
        raise _wrong_head(f"in column {get_column_letter(column)} the heading is no text") from None


def _wrong_head(said: str) -> Invalid:
    return refuse(
        f"On the sheet {words_of.RETURNS!r}, row {HEAD_ROW + 1}, {said}. Download the workbook again and copy your answers "
        "into it."
    )


def _row(cells: Cells, row: int, told: Mapping[str, int], answers: Mapping[int, str]) -> GivenRow:
    faults: dict[str, str] = {}

    def said(name: str, column: int) -> str:
        try:
            return text_of(*cells.get((row, column), (None, "n", "")))
        except ValueError as error:
            faults[name] = str(error)
            return ""

    found = {name: said(name, column) for column, name in answers.items()}
    found |= {name: "" for name in words_of.OPTIONAL & found.keys() if found[name].strip() == words_of.NOT_ASKED}
    explanation = found.pop("explanation", "")
    for name, choices in words_of.CHOSEN.items():
        if name in found:
            found[name] = _chosen(found[name], choices, name, faults)
    measure, unit = (said(name, told[name]) for name in (words_of.MEASURE, words_of.UNIT))
    return GivenRow(row, measure.strip(), unit.strip(), Typed(**found), explanation, faults)


def _chosen(text: str, choices: Mapping[str, str], name: str, faults: dict[str, str]) -> str:
    """What a choice of a list stands for; the shape before a rating may be left out."""
    plain = " ".join(text.split()).lower()
    if not plain:
        return ""
    for word, said in choices.items():
        if plain in (said.lower(), said.lower().lstrip("★●▲ "), word):
            return word
    faults[name] = f"{text.strip()[:60]!r} is not in the list. Choose one of: {'; '.join(choices.values())}."
    return ""


def text_of(value: Any, kind: str, shown: str) -> str:
    """A cell as the text that its reader sees and its writer typed. A number is taken with the 15 digits that a
    spreadsheet keeps, one that is shown in per cent as it is shown. ValueError, with a sentence, for a formula, an
    error, a date, and for true and false.

    >>> text_of(2.4199999999999999, "n", "General"), text_of(0.125, "n", "0.0%"), text_of("_x0041_", "s", "@")
    ('2.42', '12.5%', 'A')
    """
    if value is None:
        return ""
    if kind == "f":
        raise ValueError("The cell holds a formula. Type what it comes to: formulas are not worked out here.")
    if kind == "e":
        raise ValueError(f"The cell holds an error ({str(value)[:20]}). Type the answer, or leave it empty.")
    if isinstance(value, bool):
        raise ValueError("The cell holds TRUE or FALSE. Type the answer, or leave it empty.")
    if isinstance(value, date | time | timedelta):
        raise ValueError(
            "The cell holds a date or a time: spreadsheets make one of figures such as 11/4. Type it as text or a number."
        )
    if isinstance(value, int | float):
        return _number(value, shown)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _number(value: int | float, shown: str) -> str:
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("The cell holds no number that can be written. Type the answer, or leave it empty.")
    figure, per_cent = typed_number(value, shown)
    return f"{_tidy(figure)}%" if per_cent else _tidy(figure)


def _tidy(figure: Decimal) -> str:
    """Without an exponent and without zeros at the end."""
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
