"""Which part of which page each of the help's pictures shows, and a digest of what it says there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

WIDTH = 760
"""How wide the window is in which the pictures are taken."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A part of a page: who sees it, where ({ready} is the number of a return in that state), and what is cut out:
    everything that the selector finds, and what is between."""

    who: str
    address: str
    selector: str

    def path(self, numbers: Mapping[str, int]) -> str:
        return self.address.format_map(numbers)


SHOTS = {
    "desk": Shot("police", "/returns", ".tasks >> nth=0"),
    "figure": Shot("police", "/returns/{ready}", ".figure-row"),
    "check": Shot("police", "/returns/{ready}/check", ".page > .facts, .page > .buttons"),
    "word": Shot("police", "/returns/{signed up}", ".judging >> nth=0"),
    "queue": Shot("team", "/review", "table >> nth=0"),
    "verify": Shot("team", "/returns/{submitted}", ".judging >> nth=0"),
    "publish": Shot("team", "/review", ".publish"),
    "counts": Shot("executive", "/themes", ".counts >> nth=0"),
    "attention": Shot("executive", "/themes/safer", ".attention > h2, .attention > article:nth-of-type(1)"),
    "ask": Shot("executive", "/returns/{verified}", ".judging >> nth=0"),
    "categories": Shot("reviewer", "/annual-review", ".counts"),
    "risk": Shot("reviewer", "/annual-review", "section > div > article >> nth=0"),
    "accounts": Shot("admin", "/people", "thead, tbody tr:nth-child(-n+4)"),
    "trail": Shot("admin", "/audit", ".page > div > .field, .page > div > .buttons"),
}


def digest(page: Page, shot: Shot) -> str:
    """What the part says, in few letters: two pictures with the same show the same words."""
    said = [" ".join(text.split()) for text in page.locator(shot.selector).all_inner_texts()]
    assert any(said), f"{page.url}: nothing is found by {shot.selector}"
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
