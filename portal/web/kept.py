"""Public pages are made once for each state of what is public, and kept compressed: requests get the kept bytes. Each
process keeps its own; on PostgreSQL it takes those that another process made, and shares what it makes."""

import contextlib
import functools
import gzip
import hashlib
import time
from collections.abc import Callable, Hashable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import brotli
from flask import Response, g, request
from flask_compress.compat import compression
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response as AnyResponse

import portal
from portal.actor import public
from portal.database import Database
from portal.errors import Unavailable
from portal.services import kept
from portal.services.publication import publish_due
from portal.services.scorecard import PublicState, public_state
from portal.web.files import address

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


def program(assets: Path, *settings: object) -> str:
    """What pages are made by beside the data: a hash of the code, of the files that they name with their ages, and of the
    settings that they show. Hosts with another version, while one after the other is brought up to date, share nothing."""
    shown = repr((settings, sorted(address(path) for path in assets.iterdir()), _code()))
    return hashlib.sha256(shown.encode()).hexdigest()


@functools.cache
def _code() -> str:
    made, beside = hashlib.sha256(), Path(portal.__path__[0]).parent
    for package in ("portal", "layouts", "models"):
        for path in sorted((beside / package).rglob("*")):
            if path.suffix in (".py", ".html"):
                made.update(path.read_bytes())
    return made.hexdigest()


class Page:
    """One page as it was made; each encoding is made when it is first asked for."""

    def __init__(self, plain: bytes, **encoded: bytes) -> None:
        self._plain = plain
        self._tag = hashlib.sha256(self._plain).hexdigest()[:32]
        self._encoded = encoded

    def encoded(self, encoding: str) -> bytes:
        """The page's bytes in an encoding."""
        data = self._encoded.get(encoding)
        if data is None:
            data = self._encoded[encoding] = ENCODINGS[encoding](self._plain)
        return data

    def answer(self, encoding: str) -> Response:
        """The page in an encoding, or that nothing has changed since it was asked for last."""
        response = Response(self.encoded(encoding), content_type="text/html; charset=utf-8")
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
    """The pages of one process, all of one state of what is public: another state begins with none. `program` stands
    for what else they are made by, the code and the settings: only who has the same shares pages."""

    def __init__(self, database: Database, program: str = "") -> None:
        self._database = database
        self._program = program
        self._shares = kept.shares_pages(database)
        self._looking = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin with no page. Whoever puts another database behind the address of this one has to say so: that it has
        come as far does not tell them apart."""
        self._commits = -1
        self._look_at = 0.0
        self._due: datetime | None = None
        self._state: Hashable = None
        self._kept: tuple[dict[Hashable, Page], str] = ({}, "")

    def page(self, view: Callable[..., str | AnyResponse]) -> Callable[..., AnyResponse]:
        """Keep what a route's function makes for its path and agreement; a Response of its own is not kept. The
        function sees nothing else of the query: it would keep the first visitor's and show it to everybody."""

        @functools.wraps(view)
        def answer(**values: Any) -> AnyResponse:
            pages, state = self._present()
            keyed = {name: request.args[name] for name in KEYED if name in request.args}
            request.args = ImmutableMultiDict(keyed)
            key = (request.endpoint, *values.values(), *keyed.items())
            page = pages.get(key)
            if page is None:
                page = self._taken(state, key)
                if page is None:
                    made = view(**values)
                    if isinstance(made, AnyResponse):
                        return made
                    page = Page(made.encode())
                    self._share(state, key, page)
                if len(pages) >= MOST:
                    pages.clear()
                pages[key] = page
            return page.answer(request.accept_encodings.best_match(ENCODINGS, "identity"))

        return answer

    def _taken(self, state: str, key: Hashable) -> Page | None:
        """The page as another process made it."""
        if not self._shares:
            return None
        content = kept.kept_page(self._database, state, _digest(key))
        return None if content is None else Page(brotli.decompress(content), br=content)

    def _share(self, state: str, key: Hashable, page: Page) -> None:
        if self._shares:
            with contextlib.suppress(Unavailable):  # then each process makes its own
                kept.keep_page(self._database, state, _digest(key), page.encoded("br"))
                self._commits += 1  # it made nothing old

    def _present(self) -> tuple[dict[Hashable, Page], str]:
        """The pages of the present state, and what it is called. The database is asked for it when this process wrote
        something, when a publication is due, and once a second."""
        due = self._due is not None and self._due <= self._database.clock.now()
        if due or self._commits != self._database.commits or time.monotonic() >= self._look_at:
            with self._looking:
                try:
                    self._look()
                except Unavailable:  # what was public a moment ago is shown until the database is there again
                    if self._state is None:
                        raise
                    self._look_at = time.monotonic() + LOOK_AFTER
        return self._kept

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
            self._database.catch_up()
            # A new dictionary: what is being made of the old state goes into the old one, which nobody asks again.
            self._state, self._kept = state, ({}, _digest((self._program, state)))
        self._due, self._commits = found.due, commits
        self._look_at = time.monotonic() + LOOK_AFTER

    def _read(self) -> PublicState:
        return public_state(self._database, public())


def _digest(what: Hashable) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()
