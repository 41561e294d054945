"""What every answer carries: which scripts may run, where it may be framed, and whether it may be kept."""

from collections.abc import Callable, Sequence

from flask import Flask, Response, request

from portal.web.doors import FRAMED, SCRIPTED

NOWHERE, ANYWHERE = "frame-ancestors 'none'", "frame-ancestors *"
COMMON = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    f"base-uri 'none'; form-action 'self'; {NOWHERE}"
)
PLAIN = f"{COMMON}; script-src 'none'; style-src 'self'"


def install(
    server: Flask,
    inline_scripts: Callable[[], Sequence[str]],
    dash_endpoints: Callable[[], frozenset[str]],
    *,
    https: bool,
) -> None:
    """Add the headers. `inline_scripts` are the hashes of Dash's own inline scripts, known once all callbacks are;
    Dash's components bring their styles inline, so its pages allow those, and public pages do not."""

    @server.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        if request.endpoint in dash_endpoints():
            scripts = " ".join(["'self'", *(f"'{h}'" if not h.startswith("'") else h for h in inline_scripts())])
            headers["Content-Security-Policy"] = f"{COMMON}; script-src {scripts}; style-src 'self' 'unsafe-inline'"
        elif response.status_code in (200, 304) and hasattr(server.view_functions.get(request.endpoint or ""), FRAMED):
            headers["Content-Security-Policy"] = PLAIN.replace(NOWHERE, ANYWHERE)
        elif hasattr(server.view_functions.get(request.endpoint or ""), SCRIPTED):
            headers["Content-Security-Policy"] = PLAIN.replace("script-src 'none'", "script-src 'self'")
        else:
            headers["Content-Security-Policy"] = PLAIN
        headers["X-Content-Type-Options"] = "nosniff"
        # The address of a page that is opened by a link with a secret in it is told to nobody, not to our own logs either.
        secret = "token" in (request.view_args or {})
        headers["Referrer-Policy"] = "strict-origin" if secret else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
