"""The files of an edition: each is made of its frozen content alone, once, and is the same to the byte ever after."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from portal.errors import Unavailable
from portal.formats.edition import content_hash, scorecard_of
from portal.formats.edition_csv import edition_csv
from portal.formats.edition_pdf import edition_pdf
from portal.formats.edition_xlsx import edition_xlsx
from portal.formats.editions_atom import FILES
from portal.viewmodels.scorecard import Scorecard

_MAKE: dict[str, Callable[[Scorecard], bytes]] = {
    "csv": lambda card: edition_csv(card).encode(),
    "xlsx": edition_xlsx,
    "pdf": edition_pdf,
}


@dataclass(frozen=True, slots=True)
class File:
    """What a link to a file says: its address, its kind in a word, and its size."""

    address: str
    kind: str
    size: str


@lru_cache(maxsize=32)
def made(ending: str, content: str) -> bytes:
    """The file with this ending. JSON is the content itself, so that anybody can hash it. Unavailable where the machine
    cannot make it."""
    if ending == "json":
        return content.encode()
    return _MAKE[ending](scorecard_of(content, content_hash(content)))


def files(number: int, content: str, kept: str) -> list[File]:
    """The files of an edition that this machine can make, to be linked to."""
    found = []
    for ending, (_, kind) in FILES.items():
        try:
            size = len(made(ending, content))
        except Unavailable:
            continue
        found.append(File(f"/editions/{number}.{ending}{kept}", kind, f"{max(1, round(size / 1000))} kB"))
    return found
