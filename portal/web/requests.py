"""Every request has an id, in its answer and in each line that is logged while it is answered, and one line of its own."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request

from portal import logs, statements
from portal.web import session

log = logging.getLogger("portal.request")
HEADER = "X-Request-Id"
TAKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/-]{7,99}")
"""What a proxy's id may look like: others are not taken over, so that nobody writes into the log what they like."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
NOWHERE = "none"
"""The rule of a request that reached no route of ours."""
_KEY = "portal.request"


@dataclass(slots=True)
class Seen:
    """What is known of a request when it has been answered: never who asked, nor what for beyond the route's rule."""

    method: str
    rule: str = NOWHERE
    status: int = 500
    role: str = ""
    door: str = ""
    seconds: float = 0.0
    statements: int = 0
    database_seconds: float = 0.0


Told = Callable[[Seen], None]


def install(server: Flask, *, proxied: bool, told: Iterable[Told] = ()) -> None:
    """Give every request an id and a line. `proxied`: a proxy that is trusted stands before the portal, whose id is
    taken over when it is well formed. `told` are given each request too, once it has been answered."""
    statements.watch()
    answering, listeners = server.wsgi_app, (_write, *told)

    @server.after_request
    def note(response: Response) -> Response:
        seen: Seen | None = request.environ.get(_KEY)
        if seen is not None:
            seen.rule = request.url_rule.rule if request.url_rule else NOWHERE
            seen.role, seen.door = _role(), str(g.get("door", ""))
        return response

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        number = _id_of(environ.get("HTTP_X_REQUEST_ID", "") if proxied else "")
        seen = environ[_KEY] = Seen(environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other")
        spent = statements.Spent()
        kept = logs.request_id.set(number), statements.spent.set(spent)
        began = time.perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            seen.status = int(status[:3])
            return start(status, [*headers, (HEADER, number)], *more)

        try:
            return answering(environ, begin)
        finally:
            seen.seconds = time.perf_counter() - began
            seen.statements, seen.database_seconds = spent.statements, spent.seconds
            for listener in listeners:
                listener(seen)
            logs.request_id.reset(kept[0])
            statements.spent.reset(kept[1])

    server.wsgi_app = answer  # type: ignore[assignment,method-assign]


def _id_of(given: str) -> str:
    return given if TAKEN.fullmatch(given) else secrets.token_hex(16)


def _role() -> str:
    """The role of who asks, if this request came to ask for it: nobody is looked up for the log's sake."""
    actor = g.get("api_actor") or (session.current_actor() if "session_ends_in" in g else None)
    return "public" if actor is None or actor.role is None else str(actor.role)


def _write(seen: Seen) -> None:
    facts = {
        "method": seen.method,
        "rule": seen.rule,
        "status": seen.status,
        "ms": round(seen.seconds * 1000, 1),
        "statements": seen.statements,
        "database_ms": round(seen.database_seconds * 1000, 1),
        "role": seen.role or "public",
    }
    log.info("request", extra={logs.FACTS: facts | ({"door": seen.door} if seen.door else {})})
