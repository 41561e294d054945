"""If-Match and If-None-Match, as RFC 9110 (sections 8.8.3, 13.1.1, 13.1.2 and 13.2.2) has them."""

import re
from collections.abc import Collection

from flask import request

from portal.errors import PortalError

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,(?:[ \t]*,)*[ \t]*{_TAG})*[ \t,]*")
_ONE = re.compile(r'(W/)?"([^"]*)"')
MALFORMED = (
    'If-Match takes entity tags in quotation marks, as ETag gave them, with commas between them: "14-3", or * for '
    "whichever there is. Nothing was done."
)


class StaleTag(PortalError):
    """A precondition does not hold: If-Match names another version than the one there is."""

    status = 412
    title = "This has changed"


def tags(header: str) -> list[tuple[bool, str]] | None:
    """The entity tags that a header lists, each with whether it is weak; None for `*`, which stands for any. ValueError
    for what is neither.

    >>> tags('"a", W/"b"'), tags("*")
    ([(False, 'a'), (True, 'b')], None)
    """
    header = header.strip(" \t")
    if header == "*":
        return None
    if not _LIST.fullmatch(header):
        raise ValueError(header)
    return [(bool(weak), tag) for weak, tag in _ONE.findall(header)]


def present(tag: str, named: Collection[tuple[bool, str]] | None, *, strongly: bool) -> bool:
    """Whether the present representation, with this strong tag, is one of those that are named. A compressed answer's
    tag came with the name of its compression, which says nothing of the version."""
    return named is None or any(one.partition(":")[0] == tag and not (strongly and weak) for weak, one in named)


def require(tag: str) -> None:
    """Holds the request's conditions against the present representation's tag, before anything is done. StaleTag for
    an If-Match that cannot be read or names other versions (weak tags never match), and for a request that changes
    something where If-None-Match names the present one. For reading, If-None-Match is answered with 304 by whoever
    makes the answer."""
    if "If-Match" in request.headers:
        try:
            named = tags(request.headers["If-Match"])
        except ValueError:
            raise StaleTag(MALFORMED) from None
        if not present(tag, named, strongly=True):
            raise StaleTag("It changed after you read it. Nothing was saved: read it again.")
    if "If-None-Match" in request.headers and request.method not in ("GET", "HEAD"):
        try:
            unwanted = tags(request.headers["If-None-Match"])
        except ValueError:
            return
        if present(tag, unwanted, strongly=False):
            raise StaleTag("If-None-Match names the version that is there. Nothing was done.")
