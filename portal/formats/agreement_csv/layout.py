"""What one file of an agreement is made of: its columns, what each says, and the words that it takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a column's cells are read as."""

    TEXT = "text"
    FIGURE = "figure"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `says` is what it is for, with codes and words of the files in backticks; `words` are the only ones
    that it takes, in the order in which they are offered; an `optional` one may be left out with its header."""

    name: str
    says: str
    kind: Kind = Kind.TEXT
    words: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file, those that may be left out last; and the key, without which no row can be read.
    `about` says in a sentence or two what the file is."""

    key: tuple[str, ...]
    about: str
    described: tuple[Column, ...]
    columns: tuple[str, ...] = field(init=False)
    optional: tuple[str, ...] = field(init=False)
    all: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        for name, optional in (("columns", False), ("optional", True)):
            object.__setattr__(self, name, tuple(one.name for one in self.described if one.optional is optional))
        object.__setattr__(self, "all", self.columns + self.optional)


def words(vocabulary: Iterable[str]) -> tuple[str, ...]:
    """The words of a vocabulary as the files write them."""
    return tuple(str(word) for word in vocabulary if word)


YES_NO = ("yes", "no")
RATINGS = ("better", "within range", "worse")
"""A rating as the files write it."""
