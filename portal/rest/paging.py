"""Long lists in pages: `limit` says how many, `after` where to go on, with a cursor that an answer gave."""

import base64
import binascii
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response, request

from portal.errors import Invalid

MOST = 500
"""So many fit on a page."""


NO_CURSOR = "This is no cursor: send back what an answer gave as `next`, or leave it out to begin."


class Page(NamedTuple):
    """The page that is asked for: at most so many, after the one with this name; '' for the first page."""

    limit: int
    after: str


def asked(cursor: str = "after", usual: int | None = None) -> Page | None:
    """The page that the request asks for; None where it asks for none and a list is usually answered whole. Invalid for
    a limit that is none, and for a cursor that no answer gave."""
    if "limit" not in request.args and cursor not in request.args and usual is None:
        return None
    wrong: dict[str, str] = {}
    given = request.args.get("limit", str(usual or MOST))
    limit = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    if not 1 <= limit <= MOST:
        wrong["limit"] = f"Write a whole number from 1 to {MOST}."
    try:
        after = opened(request.args.get(cursor, ""))
    except ValueError:
        after = ""
        wrong[cursor] = NO_CURSOR
    if wrong:
        raise Invalid(wrong)
    return Page(limit, after)


def number(page: Page, cursor: str = "after") -> int:
    """The number after which a page begins, of a list whose cursors are numbers; 0 for the first page. Invalid for a
    cursor that another list gave."""
    if not page.after:
        return 0
    if not (page.after.isascii() and page.after.isdigit() and len(page.after) < 10):
        raise Invalid({cursor: NO_CURSOR})
    return int(page.after)


def closed(name: str) -> str:
    """The name of where a page ends, as a cursor: what it is made of is nobody's business."""
    return base64.urlsafe_b64encode(f"1{name}".encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The name in a cursor, '' for none; ValueError for what none is."""
    if not cursor:
        return ""
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise ValueError(cursor[:40]) from None
    if not found.startswith("1") or len(found) > 60 or not found.isprintable() or closed(found[1:]) != cursor:
        raise ValueError(cursor[:40])
    return found[1:]


def link_to_next(response: Response, values: Mapping[str, str]) -> None:
    """Names the next page in a Link header: the same address with other values."""
    query = urlencode({**request.args.to_dict(), **values})
    response.headers.add("Link", f'<{request.path}?{query}>; rel="next"')
