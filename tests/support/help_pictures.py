"""Which part of which page each of the help's pictures shows, and a digest of what it says there."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from portal.services import returns
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.support.worlds import World

MOMENT = re.compile(r"\d{1,2} \w+ \d{4}, \d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Shot:
    """A part of a page: who sees it, where ({ready} is the number of a return in that state), what is cut out (everything
    that the selector finds, and what is between), and how wide the window is."""

    who: str
    address: str
    selector: str
    width: int = 760

    def path(self, numbers: Mapping[str, int]) -> str:
        return self.address.format_map(numbers)


SHOTS = {
    "desk": Shot("police", "/returns", ".tasks >> nth=0"),
    "figure": Shot("jcp", "/returns/{rated}", ".figure-row"),
    "check": Shot("jcp", "/returns/{rated}/check", ".page > .facts, .page > .buttons"),
    "word": Shot("police", "/returns/{signed up}", ".judging >> nth=0"),
    "queue": Shot("team", "/review", "table >> nth=0", 1100),
    "verify": Shot("team", "/returns/{submitted}", ".judging >> nth=0"),
    "publish": Shot("team", "/publish", ".judging >> nth=0"),
    "counts": Shot("executive", "/themes", ".counts >> nth=0"),
    "attention": Shot("executive", "/themes/safer", ".attention > h2, .attention > article:nth-of-type(1)"),
    "ask": Shot("executive", "/returns/{verified}", ".judging >> nth=0"),
    "categories": Shot("reviewer", "/annual-review", ".counts"),
    "risk": Shot("reviewer", "/annual-review", "section > div > article >> nth=0"),
    "accounts": Shot("admin", "/people", "table:has(button) thead, table:has(button) tbody tr:nth-child(-n+4)"),
    "trail": Shot("admin", "/audit", ".page > div > .field, .page > div > .buttons"),
}


def tell(world: World) -> None:
    """What the pictures show beside the returns of the tests: a figure that has a rating while it is typed."""
    jcp = person(world.database, "jcp")
    number = returns.find_return(world.database, jcp, "2008-09-q3", "NI 152")
    said = "Fewer people claim since the job shop in Highfields opened in October."
    returns.save(world.database, jcp, number, None, Typed(value="16.1", forecast_rating="within", commentary=said))
    world.numbers["rated"] = number


def digest(page: Page, shot: Shot) -> str:
    """What the part says, in few letters: two pictures with the same show the same words, whenever they were taken."""
    said = [MOMENT.sub("then", " ".join(text.split())) for text in page.locator(shot.selector).all_inner_texts()]
    assert any(said), f"{page.url}: nothing is found by {shot.selector}"
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
