"""A spreadsheet file as anybody can send one: looked at from outside before it is read, and refused, with what and where,
when something in it could do harm or could mean two things."""

import re
from collections.abc import Iterator
from io import BytesIO
from posixpath import join, normpath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from portal.errors import Invalid
from portal.formats.zips import UNREADABLE

LARGEST = 2 * 1024 * 1024
"""Bytes of a file. A return workbook with a commentary of full length on every line has a tenth of that."""
LARGEST_INFLATED = 16 * 1024 * 1024
MOST_MEMBERS = 200
MOST_RATIO = 100
RATIO_FROM = 256 * 1024
"""What inflates to less than this cannot be a bomb, however well it was compressed."""
MOST_ELEMENTS = 250_000
DEEPEST = 60
MOST_ROWS, MOST_COLUMNS = 2_000, 100
CHUNK = 64 * 1024

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNWANTED = {
    "vbaproject": "macros",
    "macrosheets/": "macros",
    "dialogsheets/": "macros",
    "activex/": "controls that run programs",
    "customui/": "buttons that run programs",
    "embeddings/": "another file inside it",
    "externallinks/": "links to other files",
    "connections.xml": "a connection to other data",
    "querytables/": "a connection to other data",
}
"""Parts that a workbook has no need of, by what is in their names, and what they are called."""
_MACRO_TYPES = ("macroenabled", "vbaproject", "sheet.binary")
_ORDER_OF_CALCULATION = "xl/calcchain.xml"
"""The one part that names cells and is no sheet."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
KIND = "Send the workbook as an Excel workbook (.xlsx), as you downloaded it."


def refuse(sentence: str) -> Invalid:
    """The refusal of a whole file."""
    return Invalid({"file": sentence})


def check_xlsx(content: bytes) -> None:
    """Let a file pass that a reader of spreadsheets may be given. Invalid, for the field `file`, for one that is too
    large, packed too tightly, protected, no spreadsheet, with macros, links, document type definitions, merged cells,
    or hidden rows, columns or sheets. Nothing of it is run, and no other file is looked at."""
    _outside(content)
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = _members(archive)
            parts = {one.filename: _inflated(archive, one) for one in members}
    except UNREADABLE:
        raise refuse(f"The file is damaged: it cannot be unpacked. {KIND}") from None
    types = parts.get("[Content_Types].xml", b"").lower()
    if any(kind.encode() in types for kind in _MACRO_TYPES):
        raise refuse(f"The file holds macros, or is of a kind that can. {KIND}")
    _inside(parts)


def _outside(content: bytes) -> None:
    if not content:
        raise refuse("The file is empty. Choose the workbook that you filled in.")
    if len(content) > LARGEST:
        raise too_large(len(content))
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise refuse("The file is protected with a password. Take the password off, save it, and send it again.")
        raise refuse(f"The file is of the old kind (.xls), or no spreadsheet. {KIND}")
    if not content.startswith(_ZIP):
        raise refuse(f"The file is not an Excel workbook. {KIND}")


def too_large(size: int) -> Invalid:
    """The refusal of a file of this many bytes."""
    return refuse(
        f"The file has {max(size / 1024**2, 0.1):.1f} MB; at most {LARGEST // 1024**2} MB are taken. A filled-in workbook "
        "has a tenth of that: take pictures and other sheets out of it."
    )


def _members(archive: ZipFile) -> list[ZipInfo]:
    """The archive's parts, by what it says of them itself."""
    members = archive.infolist()
    names = [one.filename.lower() for one in members]
    if len(members) > MOST_MEMBERS:
        raise refuse(f"The file has {len(members)} parts inside; a workbook has at most {MOST_MEMBERS}. {KIND}")
    if len(set(names)) != len(names):
        raise refuse(f"The file is damaged: it holds the same part twice. {KIND}")
    for one, name in zip(members, names, strict=True):
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise refuse(f"The file is damaged: one of its parts has a name that leads out of it. {KIND}")
        if found := next((what for part, what in _UNWANTED.items() if part in name), None):
            raise refuse(f"The file holds {found}, which the portal does not open. {KIND}")
        if one.flag_bits & 0x1:
            raise refuse("The file is protected with a password. Take the password off, save it, and send it again.")
        if one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise refuse(f"The file is packed in a way that workbooks are not. {KIND}")
        if one.file_size > RATIO_FROM and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise refuse(f"The file is packed so tightly that it cannot be a filled-in workbook. {KIND}")
    if sum(one.file_size for one in members) > LARGEST_INFLATED:
        raise refuse(f"The file unpacks to more than {LARGEST_INFLATED // 1024**2} MB. {KIND}")
    return members


def _inflated(archive: ZipFile, member: ZipInfo) -> bytes:
    """A part's bytes: what it says of its size is not believed."""
    found, left = bytearray(), member.file_size
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BadZipFile("larger than it says")
            found += chunk
    return bytes(found)


def _inside(parts: dict[str, bytes]) -> None:
    """Look through every part that is XML, once, with a parser that refuses whatever could grow or lead elsewhere."""
    elements = 0
    sheets = _sheet_names(parts)
    for name, content in parts.items():
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            continue
        sheet = _Sheet(sheets.get(name, name))
        for element, depth in _walk(content):
            elements += 1
            if elements > MOST_ELEMENTS or depth > DEEPEST:
                raise refuse(f"The file holds far more than a return workbook does. {KIND}")
            if name.lower() != _ORDER_OF_CALCULATION:
                sheet.look(element)


def _walk(content: bytes) -> Iterator[tuple[Any, int]]:
    """Every element as it begins, with its depth."""
    depth = 0
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                depth -= 1
                element.clear()
                continue
            depth += 1
            yield element, depth
    except DefusedXmlException:
        raise refuse(f"The file holds a document type definition, which workbooks have none of. {KIND}") from None
    except (ParseError, LookupError, ValueError):
        raise refuse(f"The file is damaged: one of its parts cannot be read. {KIND}") from None


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """What people call the sheet in each part; those that are hidden are refused here."""
    targets: dict[str, str] = {}
    for element, _ in _walk(parts.get("xl/_rels/workbook.xml.rels", b"<none/>")):
        targets[element.get("Id", "")] = normpath(join("/xl", element.get("Target", ""))).removeprefix("/")
    names: dict[str, str] = {}
    for element, _ in _walk(parts.get("xl/workbook.xml", b"<none/>")):
        if _local(element) != "sheet":
            continue
        name = element.get("name", "")
        if element.get("state", "visible") != "visible":
            raise refuse(f"The sheet {name!r} is hidden. Show it, or remove it: what is hidden is not read.")
        number = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        names[targets.get(number, "")] = name
    if any(part.lower() == _ORDER_OF_CALCULATION for part in names):
        raise refuse(f"The file is damaged: one of its sheets is none. {KIND}")
    return names


class _Sheet:
    """What one sheet's part says of itself, while it is walked through."""

    def __init__(self, name: str) -> None:
        self.name, self.row, self.column = name, 0, 0

    def look(self, element: Any) -> None:
        """Take the next element of the sheet in."""
        kind = _local(element)
        if kind == "mergeCell":
            raise refuse(
                f"On the sheet {self.name!r} the cells {element.get('ref', '')[:20]} are merged: unmerge them."
            )
        if kind in ("row", "col") and element.get("hidden", "0") not in ("0", "false"):
            which = f"row {element.get('r')}" if kind == "row" else f"column {_letter(element.get('min'))}"
            raise refuse(
                f"On the sheet {self.name!r} {which[:20]} is hidden, or filtered away. Show all rows and columns: what "
                "is hidden is not read."
            )
        if kind == "row":
            self._at(self._number(element.get("r"), self.row + 1), 0)
        if kind == "c":
            self._cell(element.get("r"))

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._at(self.row, self.column + 1)
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None or int(found[2]) != self.row:
            raise self._damaged()
        self._at(self.row, number_of(found[1]))

    def _at(self, row: int, column: int) -> None:
        """Rows and cells come in their order, each once: or one program would read another cell than the next."""
        if row > MOST_ROWS or column > MOST_COLUMNS:
            raise refuse(
                f"On the sheet {self.name!r} something stands beyond row {MOST_ROWS} or column {MOST_COLUMNS}. Delete "
                "what is not the workbook's own."
            )
        if (row, column) <= (self.row, self.column) or row < 1:
            raise self._damaged()
        self.row, self.column = row, column

    def _number(self, text: str | None, else_: int) -> int:
        if text is None:
            return else_
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise self._damaged()
        return int(text)

    def _damaged(self) -> Invalid:
        return refuse(f"The file is damaged: on the sheet {self.name!r} cells stand out of order. {KIND}")


def number_of(letters: str) -> int:
    """A column's number.

    >>> number_of("A"), number_of("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letter(number: str | None) -> str:
    """A column's letters by its number, as it was written.

    >>> _letter("28"), _letter("x")
    ('AB', 'x')
    """
    if number is None or not (number.isascii() and number.isdecimal() and 0 < int(number[:5]) < 20_000):
        return str(number)
    left, letters = int(number), ""
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(65 + digit) + letters
    return letters
