"""Return workbooks as people would send them: filled in, and changed in what lies inside the file."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from portal.words import workbooks as words_of

HEAD = 3
SHEET = "xl/worksheets/sheet2.xml"
"""Where the sheet with the returns is."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled(content: bytes, answers: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A workbook with answers typed in, by measure and by the answer's name, and saved by another program."""

    def type_in(sheet: Worksheet) -> None:
        heads = {cell.value: cell.column for cell in sheet[HEAD]}
        rows = {sheet.cell(row, 1).value: row for row in range(HEAD + 1, sheet.max_row + 1)}
        for measure, typed in answers.items():
            for name, value in typed.items():
                cell = sheet.cell(rows[measure], heads[words_of.ANSWERS.get(name, name)])
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # what begins with = is text in a cell of text

    return edited(content, type_in)


def edited(content: bytes, edit: Callable[[Worksheet], Any], sheet: str = words_of.RETURNS) -> bytes:
    """A workbook after something was done to one of its sheets in another program."""
    book = openpyxl.load_workbook(BytesIO(content))
    edit(book[sheet])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """The parts of a file, by their names."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A file of these parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A file with one part changed, or added: what it is made of is empty then."""
    found = members(content)
    found[name] = change(found.get(name, b""))
    return packed(found)
