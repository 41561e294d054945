"""Whatever needs a form's token is taken from the portal's own pages alone: by the token, and by where the browser says
that it comes from."""

from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.exceptions import Forbidden

OURS = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of our own pages, and of what a person did in the browser itself."""


def refuse(server: Flask) -> None:
    """Refuse what another site makes a browser send, with a good token too: one may have been stolen. To be called
    after Flask-WTF, which has looked at the token by then; what is exempt from that is exempt from this."""

    @server.before_request
    def refuse_foreign() -> None:
        if g.get("csrf_valid") and not from_our_own():
            raise Forbidden


def from_our_own() -> bool:
    """Whether nothing that the browser says of where the request comes from names another site. A page cannot write
    these headers; a program that is no browser leaves them out, and then the token alone decides."""
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        return False
    if (said := request.headers.get("Origin")) is None:
        return True
    try:
        origin = urlsplit(said)
    except ValueError:
        return False
    return origin.netloc.lower() == request.host.lower() and (origin.scheme == "https" or not request.is_secure)
