"""The error table: every refusal and every mistake becomes a page, or for programs a problem document (RFC 9457)."""

import json
import logging
import secrets
from urllib.parse import urlencode

from flask import Flask, Response, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from models.rules.broken import RuleBroken
from portal.errors import Conflict, InProgress, Invalid, OutOfScope, PortalError, SignInRequired, TooMany
from portal.web import refusals, session
from portal.words.api import kind_of

log = logging.getLogger("portal")
FOR_PROGRAMS = ("/api/", "/_dash-", "/_reload-hash")


def install(server: Flask) -> None:
    """Give every error its answer."""
    server.register_error_handler(PortalError, _refused)
    server.register_error_handler(RuleBroken, lambda error: _refused(Conflict(str(error))))
    server.register_error_handler(HTTPException, _http)
    server.register_error_handler(Exception, _mistake)


def _refused(error: PortalError) -> AnyResponse:
    refusals.note(lambda: g.api_actor if "api_actor" in g else session.current_actor(), error)
    if isinstance(error, SignInRequired) and request.method in ("GET", "HEAD") and not for_programs():
        target = request.full_path.rstrip("?")
        if step := session.second_step(target if target != "/start" else ""):
            return redirect(step, 302)
        query = f"?{urlencode({'next': target})}" if target != "/start" else ""
        return redirect(f"/sign-in{query}", 302)
    response = answer(error.status, error.title, error.sentence, error.fields if isinstance(error, Invalid) else None)
    if isinstance(error, TooMany | InProgress):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, SignInRequired | OutOfScope) and request.path.startswith("/api/"):
        # As RFC 6750 has it: nothing is said to be wrong with a token where none was sent.
        wrong = "insufficient_scope" if isinstance(error, OutOfScope) else "invalid_token"
        said = f', error="{wrong}"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="portal"{said}'
    return response


def _http(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response()
    title, sentence = HTTP_WORDS.get(code, (error.name, error.description or ""))
    if isinstance(error, CSRFError):
        title, sentence = FOREIGN
    elif code == 400 and error.description:
        sentence = error.description
    response = answer(code, title, sentence)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


FOREIGN = (
    "This page is too old to be sent",
    "The portal cannot tell that this comes from a page of its own: cookies were cleared since that page was opened, or "
    "are not allowed. Nothing was saved. Open the page anew, and send it again.",
)
HTTP_WORDS = {
    400: (
        "This request cannot be read",
        "What was sent is not something that the portal's pages send. Nothing was saved.",
    ),
    403: (
        "This does not come from the portal",
        "Another site sent this, and the portal takes forms from its own pages alone. Nothing was saved. Open the portal "
        "itself, and do it there.",
    ),
    404: ("Page not found", "There is no page at this address."),
    405: ("This cannot be done here", "The address exists, but not for this method."),
    413: ("Too large", "What was sent is too large. Nothing was saved."),
    415: ("Wrong kind of content", "The portal takes application/json here. Nothing was saved."),
}


def _mistake(error: Exception) -> AnyResponse:
    """A mistake of ours: people get a reference, the log gets the rest, with the id that the answer's header has. It
    gets the route's rule: an address may hold what signs somebody in."""
    reference = secrets.token_hex(4)
    log.exception("mistake %s at %s %s", reference, request.method, request.url_rule or "an address without a route")
    sentence = (
        f"This is a mistake of the portal's, not yours. Nothing was saved. Tell the team this reference: {reference}."
    )
    return answer(500, PortalError.title, sentence)


def for_programs() -> bool:
    """Whether a program asks: the API's clients, and the scripts of our own pages."""
    return request.path.startswith(FOR_PROGRAMS) or request.path == "/api"


def answer(status: int, title: str, sentence: str, fields: dict[str, str] | None = None) -> Response:
    """A page for people, a problem document for programs."""
    if for_programs():
        kind = kind_of(status) if request.path.startswith("/api") else "about:blank"
        problem = {"type": kind, "title": title, "status": status, "detail": sentence}
        if fields:
            problem["errors"] = [{"field": name, "detail": said} for name, said in fields.items()]
        return Response(json.dumps(problem, ensure_ascii=False), status, content_type="application/problem+json")
    return Response(render_template("error.html", title=title, sentence=sentence), status)
