"""Style sheets, scripts and icons: kept by browsers for ever under an address that changes with them, and compressed
once."""

import functools
from pathlib import Path

from dash import Dash
from flask import Flask, Request, Response, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from werkzeug.exceptions import NotFound

OURS, DASHS = "/assets/", "/_dash-component-suites/"
FOR_EVER = "public, max-age=31536000, immutable"
PLOTLY = "plotly-basic.min.js"
"""Lines, bars and markers. It is not loaded with every page, but by the first chart that needs it."""
MOST = 200
"""So many compressed files are kept: there are some thirty, and addresses can be made up."""


class Kept:
    """What was compressed already, by its algorithm and address; what has no address of a file is not kept."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def set(self, key: str, compressed: bytes) -> None:
        if not key.endswith(";") and len(self._kept) < MOST:
            self._kept[key] = compressed


def address(path: Path) -> str:
    """Where one of our files is served, with its age, as Dash writes it too."""
    return f"{OURS}{path.name}?m={path.stat().st_mtime}"


def lighten_plotly(app: Dash, folder: Path) -> None:
    """Answer for all of plotly, as Dash's chart asks for it, with the part of it that our charts need: a third."""
    rule = "_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
    endpoint = f"{app.config.routes_pathname_prefix}{rule}"
    serve, light = app.server.view_functions[endpoint], address(folder / PLOTLY)

    @functools.wraps(serve)
    def serve_light(package_name: str, fingerprinted_path: str) -> ResponseReturnValue:
        if package_name == "plotly":
            return redirect(light)
        answer: ResponseReturnValue = serve(package_name=package_name, fingerprinted_path=fingerprinted_path)
        return answer

    app.server.view_functions[endpoint] = serve_light


def install(server: Flask, folder: Path) -> None:
    """Compress answers, and keep those that are files. To be called when all else that touches answers is there: what
    is installed last sees an answer first."""
    addresses = {address(path) for path in folder.iterdir()}
    server.config.update(COMPRESS_CACHE_BACKEND=Kept, COMPRESS_CACHE_KEY=_file, COMPRESS_REGISTER=False)
    server.jinja_env.globals["asset"] = lambda name: address(folder / name)
    compress = Compress(server)

    @server.before_request
    def no_source() -> None:
        # The folder is a package as well, and Dash would serve what it is made of.
        if request.path.startswith(OURS) and (request.path.endswith((".py", ".pyc")) or "__" in request.path):
            raise NotFound

    @server.after_request
    def squeeze(response: Response) -> Response:
        # What says that it varies with the encoding has chosen its own.
        return response if "Accept-Encoding" in response.vary else compress.after_request(response)

    @server.after_request
    def settle(response: Response) -> Response:
        if _file(request) and response.status_code == 200:
            # Read whole: what is streamed would be compressed anew each time.
            response.direct_passthrough = False
            response.set_data(response.get_data())
            # At another age's address it may be a file of the version before, or of the next.
            if f"{request.path}?m={request.args.get('m')}" in addresses:
                response.headers["Cache-Control"] = FOR_EVER
        return response


def forget_session(server: Flask) -> None:
    """Files, and pages that are marked so, are the same for everybody. To be called before all else that touches
    answers."""

    @server.after_request
    def forget(response: Response) -> Response:
        if _file(request) or g.get("for_everybody"):
            session.accessed = False  # else every answer would say that it varies with the cookie
        return response


def _file(asked: Request) -> str:
    return asked.path if asked.path.startswith((OURS, DASHS)) else ""
