"""Pages that this process drew and need not draw again: what they show is as it was while nothing was done since."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from threading import Lock
from typing import Any

from plotly.io.json import to_json_plotly

from portal.actor import Actor
from portal.database import Database
from portal.policy import require
from portal.services.kept import last_done
from portal.web.pages import Pages

MOST = 64
"""So many pages are kept, of some 20 kB each: those that were asked for last."""
LONGEST = 500
"""No page of ours has so long an address, and nobody is to fill the memory with them."""


class DrawnPages:
    """The pages of one app, of which those that are marked so are kept for the very account that they were drawn for.
    Every change is in the audit trail, so a page is old as soon as the trail has another end; and the next day. What
    becomes public at an hour is in it only once somebody has asked: no page that reads editions may be kept."""

    def __init__(self, pages: Pages, database: Database) -> None:
        self._pages, self._database = pages, database
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin with no page. Whoever puts another database behind the address of this one has to say so: its trail may
        end alike."""
        self._kept: OrderedDict[Hashable, tuple[Hashable, str, bytes]] = OrderedDict()

    def open(self, actor: Actor, path: str, search: str = "") -> tuple[str, Any]:
        """As `Pages.open`; a page that was kept is its components as Dash sends them."""
        page, _ = self._pages.find(path)
        require(actor, page.access)
        if not page.kept or len(path) + len(search) > LONGEST:
            return self._pages.open(actor, path, search)
        key = (replace(actor, address=""), path, search)
        # Asked for before it is drawn: what is done meanwhile may be in it already, and never is missing from it later.
        state = (last_done(self._database), self._database.clock.today())
        with self._lock:
            found = self._kept.get(key)
            if found is not None and found[0] == state:
                self._kept.move_to_end(key)
                return found[1], json.loads(zlib.decompress(found[2]))
        title, body = self._pages.open(actor, path, search)
        self._keep(key, (state, title, zlib.compress(to_json_plotly(body).encode(), 1)))
        return title, body

    def _keep(self, key: Hashable, drawn: tuple[Hashable, str, bytes]) -> None:
        with self._lock:
            self._kept[key] = drawn
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
