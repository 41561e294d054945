"""One row of a file, its cells read as what they should be; what cannot be is told, and reading goes on."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches
from reprlib import repr as shown
from typing import TypeVar

from portal.formats.agreement_csv.findings import Findings
from portal.formats.numbers import parse_figure

T = TypeVar("T")

YES_NO = {"yes": True, "no": False}
LONGEST_KEY = 60
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by column. A column that the header lacks has no cell: it is told once, there, not in
    each row. A row with too few or too many cells is not `whole`: no more than its key can be trusted."""

    file: str
    line: int
    cells: Mapping[str, str]
    whole: bool
    findings: Findings

    def problem(self, column: str, message: str) -> None:
        self.findings.problem(self.file, self.line, column, message)

    def note(self, column: str, message: str) -> None:
        self.findings.note(self.file, self.line, column, message)

    def lacks(self, column: str) -> bool:
        """Whether the cell is there and empty."""
        return self.cells.get(column) == ""

    def text(self, column: str, *, required: bool = False, longest: int | None = None) -> str:
        text = self.cells.get(column, "")
        if required and self.lacks(column):
            self.problem(column, "is empty, and must not be.")
        if longest is not None and len(text) > longest:
            self.problem(column, f"has {len(text)} characters, and may have {longest} at most.")
        return text

    def figure(self, column: str, *, required: bool = False) -> Decimal | None:
        text = self.text(column, required=required)
        return self._read(column, text, parse_figure) if text else None

    def whole_number(self, column: str) -> int:
        figure = self.figure(column, required=True)
        if figure is None:
            return 0
        if figure < 0 or figure != figure.to_integral_value() or figure >= 10**9:
            self.problem(column, f"{shown(self.cells[column])} is not a whole number: type one, such as 3.")
            return 0
        return int(figure)

    def day(self, column: str) -> date | None:
        text = self.text(column, required=True)
        return self._read(column, text, plain_day) if text else None

    def word(self, column: str, choices: Mapping[str, T], otherwise: T, *, required: bool = True) -> T:
        """What the cell's word stands for; `otherwise` when it is empty or none of the choices."""
        text = self.text(column, required=required)
        word = " ".join(text.split()).lower()
        if word and word not in choices:
            near = get_close_matches(word, choices, n=1)
            self.problem(
                column,
                f"{shown(text)} is not one of: {', '.join(filter(None, choices))}."
                + (f" Did you mean {near[0]}?" if near else ""),
            )
        return choices.get(word, otherwise)

    def yes(self, column: str) -> bool:
        return self.word(column, YES_NO, False)

    def code(self, column: str, read: Callable[[str], str]) -> str | None:
        """The cell as a code or a key; None when it cannot be read."""
        text = self.text(column, required=self.whole)
        return self._read(column, text, read) if text else None

    def _read(self, column: str, text: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(text)
        except ValueError as error:
            if self.whole:
                self.problem(column, str(error))
            return None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; not `complete` when some of it could not be read: nobody can say what it lacks."""

    file: str
    rows: tuple[Row, ...]
    complete: bool


def plain_key(text: str, longest: int = LONGEST_KEY) -> str:
    """A theme's or an organisation's key, which stands in addresses and e-mail addresses.

    >>> plain_key("Youth-Service")
    'youth-service'
    """
    key = text.lower()
    if not _KEY.fullmatch(key) or len(key) > longest:
        raise ValueError(
            f"{shown(text)} cannot be a key: write at most {longest} letters a to z, digits and hyphens, "
            "like youth-service."
        )
    return key


def plain_day(text: str) -> date:
    """A day as 2009-07-16: in that order nobody takes the month for the day.

    >>> plain_day("2009-07-16")
    datetime.date(2009, 7, 16)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # told below: the 30th of February, too, is no day
    raise ValueError(f"{shown(text)} is not a day: write it like 2009-07-16.")


class Keys:
    """The keys that one file gives, each with its row, and what it has where a key cannot be read."""

    def __init__(self, table: Table) -> None:
        self.file = table.file
        self.complete = table.complete
        self.rows: dict[str, Row] = {}
        self._unread: list[str] = []

    def take(self, key: str | None, row: Row, column: str) -> bool:
        """Keep a row under its key. A key that was there before is told, and its second row left out."""
        if key is None:
            self._unread.append(row.cells.get(column, "").lower())
            return False
        if key in self.rows:
            row.problem(column, f"{key} is here twice: it is on line {self.rows[key].line} already.")
            return False
        self.rows[key] = row
        return True

    def each(self, table: Table, column: str, read: Callable[[str], str]) -> Iterator[tuple[str, Row]]:
        """The file's whole rows under their keys, all of them kept on the way."""
        for row in table.rows:
            key = row.code(column, read)
            if self.take(key, row, column) and row.whole and key is not None:
                yield key, row

    def surely_lack(self, key: str) -> bool:
        """Whether the file has this key nowhere."""
        return key not in self.rows and self.complete and not self.may_misspell(key)

    def may_misspell(self, key: str) -> bool:
        """Whether a key that cannot be read ('N1 16') may be meant for this one (NI 16). It is told where it
        stands: telling each row of other files that needs it as well would bury it."""
        return any(not text or _alike(text, key.lower()) for text in self._unread)

    def check(self, key: str | None, row: Row, column: str) -> None:
        """Tell when another file's row refers to a key that is not here; an unreadable one is told before."""
        if key is not None and self.surely_lack(key):
            near = get_close_matches(key, self.rows, n=1)
            row.problem(column, f"{key} is not in {self.file}." + (f" Did you mean {near[0]}?" if near else ""))


def _alike(text: str, key: str) -> bool:
    return SequenceMatcher(None, text, key).ratio() >= 0.7
