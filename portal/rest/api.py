"""The routes of /api/v1 and how a token becomes an actor."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed

from portal.actor import Actor, public
from portal.database import Database
from portal.errors import NotFound, SignInRequired
from portal.policy import Action, require
from portal.rest import idempotency, returns, reviews, scorecard
from portal.services.sessions import who_holds
from portal.web.doors import MARK, needs
from portal.web.session import address

PREFIX = "/api/v1"
NO_TOKEN = "This needs a token. Send it as: Authorization: Bearer TOKEN. `portal token EMAIL` makes one."
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def blueprint(database: Database) -> Blueprint:
    """The whole API. Sessions and cookies mean nothing here, so that no other site can use a person's. Each route is
    marked with its action, which is required before anything of the request is looked at, its key too."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)

    @api.before_request
    def identify() -> None:
        # A token keeps no choice: each request says which agreement it is about, or means the usual one.
        g.api_actor = replace(_actor(database), agreement=request.args.get("agreement", ""))
        try:
            require(current_actor(), Action(getattr(_view(), MARK)))
        except SignInRequired:
            raise SignInRequired(NO_TOKEN) from None

    @api.before_request
    def answer_once() -> Response | None:
        """Stands in for the route of a POST that has a key, so that no route, present or later, can forget to."""
        if request.method != "POST" or idempotency.HEADER not in request.headers:
            return None
        return idempotency.once(
            database, current_actor(), lambda: current_app.make_response(_view()(**(request.view_args or {})))
        )

    returns.add_routes(api, database, current_actor)
    reviews.add_routes(api, database, current_actor)
    scorecard.add_routes(api, database, current_actor)
    return api


def nowhere() -> Blueprint:
    """Every other address under /api answers as a problem, not as a page: 405 where another method would do, else 404."""
    rest = Blueprint("api_nowhere", __name__)

    @rest.route("/api", defaults={"path": ""}, methods=METHODS, strict_slashes=False)
    @rest.route("/api/<path:path>", methods=METHODS)
    @needs(Action.SITE_OPEN)
    def missing(path: str) -> Response:
        if allowed := [method for method in METHODS if _leads_somewhere(method)]:
            raise MethodNotAllowed(valid_methods=[*allowed, *(["HEAD"] if "GET" in allowed else []), "OPTIONS"])
        raise NotFound("The API has nothing at this address.")

    return rest


def _leads_somewhere(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    endpoint, _ = adapter.match(request.path, method=method)
    return not str(endpoint).startswith("api_nowhere")


def _view() -> Callable[..., Any]:
    """The function of the route that the request names."""
    return current_app.view_functions[request.endpoint or ""]


def current_actor() -> Actor:
    """Who the request's token acts as; the public without one."""
    return g.api_actor


def _actor(database: Database) -> Actor:
    header = request.headers.get("Authorization", "")
    if not header:
        return public(address())
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise SignInRequired("Write the token as: Authorization: Bearer TOKEN")
    return who_holds(database, token.strip(), address())
