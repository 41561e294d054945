"""Public pages are made once for each state of what is public, and kept compressed: requests get the kept bytes."""

import functools
import gzip
import hashlib
import time
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any

import brotli
from flask import Response, g, request
from flask_compress.compat import compression
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal.actor import public
from portal.database import Database
from portal.errors import Unavailable
from portal.services.publication import publish_due
from portal.services.scorecard import PublicState, public_state

A_MINUTE = "public, max-age=60"
"""For the pages of old editions too: each may get the pointer to an edition that puts it right."""
LOOK_AFTER = 1.0
"""So many seconds may pass before what another process published is seen."""
KEYED = ("agreement",)
"""The query values that kept pages differ in."""
MOST = 1000
"""So many pages are kept; some tens of megabytes."""
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "zstd": lambda data: compression.zstd.compress(data, 19),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    "identity": bytes,
}
"""The smallest first: of those that a browser likes as much as each other it gets the first."""


class Page:
    """One page as it was made; each encoding is made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._plain = text.encode()
        self._tag = hashlib.sha256(self._plain).hexdigest()[:32]
        self._encoded: dict[str, bytes] = {}

    def answer(self, encoding: str) -> Response:
        """The page in an encoding, or that nothing has changed since it was asked for last."""
        data = self._encoded.get(encoding)
        if data is None:
            data = self._encoded[encoding] = ENCODINGS[encoding](self._plain)
        response = Response(data, content_type="text/html; charset=utf-8")
        if encoding != "identity":
            response.headers["Content-Encoding"] = encoding
        response.set_etag(f"{self._tag}-{encoding}")
        response.headers["Vary"] = "Accept-Encoding"
        return for_everybody(response)


def for_everybody(response: Response) -> Response:
    """Mark an answer with an ETag as the same for everybody: it may be kept for a minute, and is not sent twice."""
    g.for_everybody = True
    response.headers["Cache-Control"] = A_MINUTE
    response.make_conditional(request)
    return response


class KeptPages:
    """The pages of one process, all of one state of what is public: another state begins with none. Nothing is shared
    with other processes but the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = Lock()
        self._commits = -1
        self._look_at = 0.0
        self._due: datetime | None = None
        self._state: Hashable = None
        self._pages: dict[Hashable, Page] = {}

    def page(self, view: Callable[..., str | AnyResponse]) -> Callable[..., AnyResponse]:
        """Keep what a route's function makes for its path and agreement; a Response of its own is not kept. The
        function sees nothing else of the query: it would keep the first visitor's and show it to everybody."""

        @functools.wraps(view)
        def answer(**values: Any) -> AnyResponse:
            pages = self._present()
            keyed = {name: request.args[name] for name in KEYED if name in request.args}
            request.args = ImmutableMultiDict(keyed)
            key = (request.endpoint, *values.values(), *keyed.items())
            page = pages.get(key)
            if page is None:
                made = view(**values)
                if isinstance(made, AnyResponse):
                    return made
                if len(pages) >= MOST:
                    pages.clear()
                page = pages[key] = Page(made)
            return page.answer(request.accept_encodings.best_match(ENCODINGS, "identity"))

        return answer

    def _present(self) -> dict[Hashable, Page]:
        """The pages of the present state. The database is asked for it when this process wrote something, when a
        publication is due, and once a second."""
        due = self._due is not None and self._due <= self._database.clock.now()
        if due or self._commits != self._database.commits or time.monotonic() >= self._look_at:
            with self._looking:
                try:
                    self._look()
                except Unavailable:  # what was public a moment ago is shown until the database is there again
                    if self._state is None:
                        raise
                    self._look_at = time.monotonic() + LOOK_AFTER
        return self._pages

    def _look(self) -> None:
        commits = self._database.commits
        found = self._read()
        if found.due is not None and found.due <= self._database.clock.now():
            publish_due(self._database)
            commits = self._database.commits
            found = self._read()
        # Which agreement is the usual one depends on the day; that something is scheduled changes no page.
        state = (found._replace(due=None), self._database.clock.today())
        if state != self._state:
            # A new dictionary: what is being made of the old state goes into the old one, which nobody asks again.
            self._state, self._pages = state, {}
        self._due, self._commits = found.due, commits
        self._look_at = time.monotonic() + LOOK_AFTER

    def _read(self) -> PublicState:
        return public_state(self._database, public())
