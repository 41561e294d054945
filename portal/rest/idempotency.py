"""The Idempotency-Key of a POST: the same request sent again is answered again, and its work is done once."""

import contextlib
import logging
import re
from collections.abc import Callable
from hashlib import sha256

from flask import Response, request

from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, Unavailable
from portal.services import requests
from portal.services.requests import Answer

log = logging.getLogger("portal")

HEADER = "Idempotency-Key"
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')  # a string of RFC 8941, as the draft has it
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(database: Database, actor: Actor, work: Callable[[], Response]) -> Response:
    """The answer of `work`, or the one that it gave when this request came before. Work that raises anything is not
    remembered: the next try is tried anew."""
    reserved = requests.reserve(database, actor, key_of(request.headers[HEADER]), _fingerprint())
    if isinstance(reserved, Answer):
        return _replayed(reserved)
    try:
        response = work()
    except Exception:
        # If the key cannot be freed now, it is taken over later; the caller must hear of what went wrong first.
        with contextlib.suppress(Unavailable):
            requests.release(database, actor, reserved)
        raise
    answer = Answer(response.status_code, response.headers.get("ETag"), response.get_data(as_text=True))
    try:
        requests.store(database, actor, reserved, answer)
    except Exception:  # the work is done, and to answer anything else would be untrue
        log.exception("the answer to %s %s could not be kept", request.method, request.url_rule)
    return response


def key_of(header: str) -> str:
    """The key that a header names, quoted or bare; Invalid for one that cannot be a key.

    >>> key_of('"abc"'), key_of("abc")
    ('abc', 'abc')
    """
    key = header.strip(" \t")
    if key.startswith('"'):
        quoted = _QUOTED.fullmatch(key)
        key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else ""
    if not _KEY.fullmatch(key):
        raise Invalid({HEADER: 'Write the key as 1 to 255 visible ASCII characters without spaces: "abc" or abc.'})
    return key


def _fingerprint() -> str:
    """What is asked, in one digest: another request under the same key is told apart by it."""
    asked = (request.method, request.full_path, request.get_data(), request.headers.get("If-Match"))
    return sha256(repr(asked).encode()).hexdigest()


def _replayed(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type="application/json")
    if answer.etag is not None:
        response.headers["ETag"] = answer.etag
    response.headers["Idempotent-Replayed"] = "true"
    return response
