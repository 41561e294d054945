"""Files that a return workbook is not: each is refused at once, in plain words, before a reader is given it."""

import random
import struct
import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from portal.errors import Invalid
from portal.formats.safe_xlsx import LARGEST, check_xlsx
from portal.words import workbooks as words_of
from tests.portal.formats.test_return_workbook import made
from tests.support.workbooks import SHEET, edited, members, packed, with_part

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def replaced(part: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        assert old in members(made())[part]
        return with_part(made(), part, lambda found: found.replace(old, new, 1))

    return make


def added(part: str, content: bytes = b"x") -> Callable[[], bytes]:
    return lambda: with_part(made(), part, lambda _: content)


def bomb() -> bytes:
    return with_part(made(), "xl/media/image1.png", lambda _: b"\0" * 12_000_000)


def large_inside() -> bytes:
    noise = random.Random(1).randbytes(60_000).hex().encode()
    return packed({**members(made()), **{f"xl/media/{number}.bin": noise * 2 for number in range(80)}})


def many_members() -> bytes:
    return packed({**members(made()), **{f"xl/media/{number}.png": b"" for number in range(300)}})


def many_rows() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d" t="b"><v>1</v></c></row>' % (n, n) for n in range(20, 90_000))
    return with_part(made(), SHEET, lambda found: found.replace(b"</sheetData>", rows + b"</sheetData>"))


def another_packing() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_BZIP2) as archive:
        for name, content in members(made()).items():
            archive.writestr(name, content)
    return file.getvalue()


def twice() -> bytes:
    file = BytesIO(made())
    with ZipFile(file, "a", ZIP_DEFLATED) as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    return file.getvalue()


def lied_about_size() -> bytes:
    """The directory says that a part is of one byte, and it is larger."""
    content = bytearray(made())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(content)


def hidden_sheet() -> bytes:
    def hide(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.sheet_state = "veryHidden"

    return edited(made(), hide, words_of.CHOICES)


CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "The file is empty"),
    "text": (lambda: b"measure,value\nNI 16,2.42\n", "not an Excel workbook"),
    "csv with a mark": (lambda: "\ufeffmeasure;value".encode("utf-16"), "not an Excel workbook"),
    "pdf": (lambda: b"%PDF-1.7", "not an Excel workbook"),
    "old kind": (lambda: OLE + b"\0" * 600, "old kind"),
    "encrypted": (lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
    "polyglot": (lambda: b"GIF89a" + made(), "not an Excel workbook"),
    "cut off": (lambda: made()[:-200], "damaged"),
    "half": (lambda: made()[: len(made()) // 2], "damaged"),
    "only a signature": (lambda: b"PK\x03\x04", "damaged"),
    "too large": (lambda: made() + b"\0" * LARGEST, r"MB; at most 2 MB"),
    "macros": (added("xl/vbaProject.bin"), "holds macros"),
    "macros by another name": (
        replaced("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "holds macros",
    ),
    "old macros": (added("xl/macrosheets/sheet1.xml"), "holds macros"),
    "controls": (added("xl/activeX/activeX1.bin"), "controls that run"),
    "links": (added("xl/externalLinks/externalLink1.xml"), "links to other files"),
    "nested": (added("xl/embeddings/other.zip"), "another file inside"),
    "connections": (added("xl/connections.xml"), "connection"),
    "leads out": (added("../../etc/passwd"), "leads out of it"),
    "bomb": (bomb, "packed so tightly"),
    "large inside": (large_inside, "unpacks to more than 16 MB|at most 2 MB"),
    "many parts": (many_members, "parts inside"),
    "many rows": (many_rows, "beyond row 2000"),
    "another packing": (another_packing, "packed in a way"),
    "a part twice": (twice, "same part twice"),
    "a lie about a size": (lied_about_size, "damaged"),
    "laughs in a sheet": (
        lambda: with_part(made(), SHEET, lambda found: found.replace(b"<worksheet", LAUGHS + b"<worksheet", 1)),
        "document type definition",
    ),
    "laughs in the texts": (
        lambda: with_part(made(), "xl/sharedStrings.xml", lambda found: found.replace(b"<sst", LAUGHS + b"<sst", 1)),
        "document type definition",
    ),
    "from outside": (
        lambda: with_part(made(), "xl/drawings/drawing1.xml", lambda _: OUTSIDE + b"<x>&a;</x>"),
        "document type definition",
    ),
    "in another encoding": (
        lambda: with_part(made(), SHEET, lambda _: (LAUGHS.decode() + "<worksheet/>").encode("utf-16")),
        "document type definition",
    ),
    "broken inside": (replaced(SHEET, b"</sheetData>", b""), "one of its parts cannot be read"),
    "merged": (
        replaced(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "On the sheet 'Returns' the cells A1:XFD1048576 are merged",
    ),
    "hidden row": (
        lambda: edited(made(), lambda sheet: sheet.row_dimensions.__getitem__(4).__setattr__("hidden", True)),
        "On the sheet 'Returns' row 4 is hidden",
    ),
    "hidden column": (
        lambda: edited(made(), lambda sheet: sheet.column_dimensions["C"].__setattr__("hidden", True)),
        "On the sheet 'Returns' column C is hidden",
    ),
    "hidden sheet": (hidden_sheet, "The sheet 'Choices' is hidden"),
    "a cell far away": (replaced(SHEET, b'r="A4"', b'r="XFD4"'), "beyond row 2000 or column 100"),
    "a row twice": (replaced(SHEET, b'<row r="4"', b'<row r="3"'), "out of order"),
    "a cell of another row": (replaced(SHEET, b'r="B4"', b'r="B5"'), "out of order"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_no_workbook_or_could_do_harm_is_refused_at_once(name: str) -> None:
    make, said = CORPUS[name]
    content = make()
    began = time.perf_counter()
    with pytest.raises(Invalid, match=said) as caught:
        check_xlsx(content)
    assert time.perf_counter() - began < 3
    assert list(caught.value.fields) == ["file"]


def test_a_bomb_takes_no_room() -> None:
    content = bomb()
    tracemalloc.start()
    with pytest.raises(Invalid):
        check_xlsx(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_an_honest_workbook_passes_as_written_and_as_saved_by_another_program() -> None:
    check_xlsx(made())
    check_xlsx(edited(made(), lambda _: None))
