"""What briefing packs are made of before they are set in any form: headings, texts, tables, pictures; and their hash."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from portal.formats.canonical import canonical
from portal.viewmodels.packs import Briefing
from portal.words import packs as words_of


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level, 1 the highest. `anew`: it begins a page."""

    text: str
    level: int
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item of a list; `soft` says something about the text and is not of it."""

    text: str
    item: bool = False
    soft: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what there is to say of each, in lines."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, the row of its heads, its rows, the relative widths of its columns, and which of them hold
    figures and are set right. A cell may have several lines."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing as SVG text, with what its shapes mean, and its size in pixels."""

    svg: str
    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the title that says what it shows, the line on unit and source, and the same in words."""

    title: str
    about: str
    said: str
    drawn: Drawn


Part = Heading | Paragraph | Facts | Table | Picture


@dataclass(frozen=True, slots=True)
class Pictures:
    """The drawings of a briefing: that of the counts and of the distances, each with its words, and those of measures,
    by their codes."""

    counts: Picture | None
    distances: Picture | None
    measures: Mapping[str, Drawn]


def fingerprint(view: Briefing, parts: Sequence[Part]) -> str:
    """The SHA-256 hash of all that a pack says, without when it was made; of a past day it says which."""
    past = view.as_at.day if view.as_at.instant is None else None
    said = [words_of.title(view), view.subject.agreement, past, [[type(part).__name__, asdict(part)] for part in parts]]
    return hashlib.sha256(canonical(said).encode()).hexdigest()
