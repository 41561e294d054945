"""Workbooks damaged in every way that a file can be: in its bytes, its parts, their XML, and their cells."""

import random
import re
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl

from portal.words import workbooks as words_of
from tests.support.workbooks import HEAD, SHEET, members, packed

Mutation = Callable[[random.Random, bytes], bytes]
VALUES: Sequence[Any] = (
    *(
        "",
        " ",
        "0",
        "1.5",
        "2.420",
        "1,450",
        "many",
        "-3",
        "12%",
        "£5",
        "1e5",
        "=1+1",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "−5",
    ),
    *(
        "\t",
        "x" * 9000,
        "_x0000_",
        "★ Better than anticipated",
        "better",
        "NI 59",
        "NI 16",
        "ni020",
        "not asked",
        "\u202e",
    ),
    *(
        0,
        7,
        -1,
        2.42,
        0.30000000000000004,
        1e300,
        10**30,
        True,
        False,
        datetime(2009, 1, 20, tzinfo=UTC).replace(tzinfo=None),
    ),
)
TAGS = re.compile(rb"<[^<>?!]+>")
ATTRIBUTES = re.compile(rb'[\w:]+="[^"]*"')
NASTY = (
    *(
        b"",
        b"&",
        b"<",
        b"]]>",
        b"\0",
        b"\xff\xfe",
        b"<!DOCTYPE x>",
        b"<!-- x -->",
        b"<?x?>",
        b"&#0;",
        b"&#xD800;",
        b"&amp;",
    ),
    *(b'hidden="1"', b't="e"', b't="s"', b't="b"', b't="d"', b't="str"', b't="inlineStr"', b's="999999"', b's="-1"'),
    *(b"<mergeCell ref='A1:B2'/>", b"<f>1+1</f>", b"<v>99999999</v>", b"<v>NaN</v>", b"<v>1E400</v>", b"<v>-1</v>"),
)


def bytes_changed(chance: random.Random, content: bytes) -> bytes:
    """A few bytes are others, are gone, or are there twice; or the file ends early."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        at = chance.randrange(len(found))
        how = chance.randrange(4)
        if how == 0:
            found[at] = chance.randrange(256)
        elif how == 1:
            del found[at : at + chance.choice((1, 2, 50))]
        elif how == 2:
            found[at:at] = found[at : at + chance.choice((1, 4, 200))]
        else:
            found[at] ^= 1 << chance.randrange(8)
    return bytes(found[: chance.randrange(1, len(found))]) if chance.random() < 0.1 else bytes(found)


def parts_changed(chance: random.Random, content: bytes) -> bytes:
    """A part is gone, is another's, has another name, or is one that a workbook has no need of."""
    parts = members(content)
    name, other = chance.choice(list(parts)), chance.choice(list(parts))
    how = chance.randrange(6)
    if how == 0:
        del parts[name]
    elif how == 1:
        parts[name] = parts[other]
    elif how == 2:
        parts[chance.choice((name.upper(), f"/{name}", f"xl/{name}", f"{name}x", "../x.xml"))] = parts.pop(name)
    elif how == 3:
        parts[chance.choice(("xl/vbaProject.bin", "xl/embeddings/a.zip", "xl/worksheets/sheet9.xml", "x.xml"))] = b"x"
    elif how == 4:
        parts[name] = parts[name] * chance.choice((2, 500))
    else:
        parts[name] = chance.choice((b"", b"<x/>", b"\0" * 100, chance.randbytes(300), zlib.compress(b"x" * 99)))
    return packed(parts)


def xml_changed(chance: random.Random, content: bytes) -> bytes:
    """An element or an attribute is gone, there twice, elsewhere or another; or something is put where nothing belongs."""
    parts = members(content)
    favourites = [SHEET, "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
    name = chance.choice([*(one for one in favourites if one in parts), *parts])
    for _ in range(chance.choice((1, 1, 3))):
        found = parts[name]
        pieces = list((TAGS if chance.random() < 0.6 else ATTRIBUTES).finditer(found))
        if not pieces:
            break
        piece, other = chance.choice(pieces), chance.choice(pieces)
        new = chance.choice((b"", piece[0] * 2, other[0], chance.choice(NASTY), piece[0] + chance.choice(NASTY)))
        if chance.random() < 0.25:
            new = re.sub(rb"\d+", str(chance.choice((0, 1, 4, 7, 99, 2**31, 10**25))).encode(), piece[0], count=1)
        parts[name] = found[: piece.start()] + new + found[piece.end() :]
    return packed(parts)


def cells_changed(chance: random.Random, content: bytes) -> bytes:
    """Cells hold something else, lines are gone, moved, or there twice: what people do, and what they should not."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book[words_of.ABOUT] if chance.random() < 0.1 else book[words_of.RETURNS]
    for _ in range(chance.choice((1, 1, 2, 5))):
        how = chance.randrange(12)
        row, column = chance.randint(HEAD + 1, HEAD + 4), chance.randint(1, sheet.max_column)
        if how < 8:
            cell = sheet.cell(row if chance.random() < 0.95 else chance.randint(1, 40), column)
            cell.value = chance.choice(VALUES)
            if chance.random() < 0.5 and isinstance(cell.value, str):
                cell.data_type = "s"
            cell.number_format = chance.choice(("@", "General", "0%", "0.0%", "#,##0", "yyyy-mm-dd"))
        elif how == 8:
            sheet.delete_rows(row)
        elif how == 9:
            for number, cell in enumerate(sheet[HEAD + 1], 1):
                sheet.cell(row + 2, number).value = cell.value
        elif how == 10:
            sheet.insert_cols(column)
        else:
            _spoil(chance, book, sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _spoil(chance: random.Random, book: Any, sheet: Any) -> None:
    how = chance.randrange(5)
    if how == 0:
        sheet.row_dimensions[chance.randint(1, 8)].hidden = True
    elif how == 1:
        sheet.column_dimensions["C"].hidden = True
    elif how == 2:
        sheet.merge_cells("B4:C5")
    elif how == 3:
        book.create_sheet("Sheet1")
    else:
        sheet.title = chance.choice(("Returns 2", "x"))


MUTATIONS: Sequence[Mutation] = (bytes_changed, parts_changed, xml_changed, xml_changed, cells_changed, cells_changed)


def mutated(number: int, content: bytes) -> bytes:
    """The damaged workbook with a number: the same one each time."""
    chance = random.Random(number)
    return MUTATIONS[number % len(MUTATIONS)](chance, content)
