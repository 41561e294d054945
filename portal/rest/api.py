"""The routes of /api/v1 and how a token becomes an actor."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from portal.actor import Actor, public
from portal.database import Database
from portal.errors import NotFound, SignInRequired
from portal.policy import Action, require
from portal.rest import description, feed, idempotency, limits, returns, reviews, scorecard
from portal.rest.limits import Addresses, Limits
from portal.services.sessions import count_use, who_holds
from portal.web.doors import MARK, needs
from portal.web.session import address

PREFIX = "/api/v1"
NO_TOKEN = "This needs a token. Send it as: Authorization: Bearer TOKEN. `portal token EMAIL` makes one."
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"]


class Callers:
    """Who asks the API, and how often: a token is counted as itself, all else by its address."""

    def __init__(self, database: Database, allowed: Limits) -> None:
        self._database, self._allowed, self._addresses = database, allowed, Addresses(database, allowed.public)

    def identify(self) -> Actor:
        """Who the request's token acts as; the public without one. SignInRequired for a token that is none."""
        header = request.headers.get("Authorization", "")
        if not header:
            self.count_address()
            return public(address())
        try:
            kind, _, token = header.partition(" ")
            if kind.lower() != "bearer" or not token.strip():
                raise SignInRequired("Write the token as: Authorization: Bearer TOKEN")
            actor = who_holds(self._database, token.strip(), address())
        except SignInRequired:
            self.count_address()
            raise
        limits.require("token", self._allowed.token, count_use(self._database, actor), self._database.clock)
        return actor

    def count_address(self) -> None:
        """Counts a request that nobody's token came with."""
        clock = self._database.clock
        used = self._addresses.count(address(), limits.minute_of(clock))
        limits.require("address", self._allowed.public, used, clock)


def blueprints(database: Database, allowed: Limits) -> tuple[Blueprint, Blueprint]:
    """The whole API, and what answers at every other address under it. Sessions and cookies mean nothing here, so that
    no other site can use a person's."""
    callers = Callers(database, allowed)
    return _api(database, callers, allowed), _nowhere(callers)


def _api(database: Database, callers: Callers, allowed: Limits) -> Blueprint:
    """Each route is marked with its action, which is required before anything of the request is looked at, its key
    too."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)

    @api.before_request
    def say_what_is_allowed() -> Response | None:
        """Flask would name what the rule beside this one, which takes every method, allows."""
        if request.method != "OPTIONS":
            return None
        callers.count_address()
        return Response(headers={"Allow": ", ".join(_allowed())})

    @api.before_request
    def identify() -> None:
        # A token keeps no choice: each request says which agreement it is about, or means the usual one.
        g.api_actor = replace(callers.identify(), agreement=request.args.get("agreement", ""))
        try:
            require(current_actor(), Action(getattr(_view(), MARK)))
        except SignInRequired:
            raise SignInRequired(NO_TOKEN) from None

    @api.before_request
    def take_whole_bodies_only() -> None:
        """Werkzeug silently cuts off at its limit a body that comes in chunks: what reaches it was longer."""
        if len(request.get_data()) >= (request.max_content_length or math.inf):
            raise RequestEntityTooLarge

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
    feed.add_routes(api, database, current_actor, PREFIX)
    description.add_routes(api, PREFIX, allowed)
    return api


def _nowhere(callers: Callers) -> Blueprint:
    """Every other address under /api answers as a problem, not as a page: 405 where another method would do, else 404."""
    rest = Blueprint("api_nowhere", __name__)
    rest.before_request(callers.count_address)
    rest.after_app_request(limits.tell)
    every = {"methods": [*METHODS, "OPTIONS"], "provide_automatic_options": False}

    @rest.before_app_request
    def unheard_of() -> None:
        """A method that nobody has, of which the routing would say that the rule below takes others."""
        if request.routing_exception is not None and f"{request.path}/".startswith("/api/"):
            callers.count_address()
            missing("")

    @rest.route("/api", defaults={"path": ""}, strict_slashes=False, **every)
    @rest.route("/api/<path:path>", **every)
    @needs(Action.SITE_OPEN)
    def missing(path: str) -> Response:
        if allowed := _allowed():
            raise MethodNotAllowed(valid_methods=allowed)
        raise NotFound("The API has nothing at this address.")

    return rest


def _allowed() -> list[str]:
    """The methods that the request's address takes; none where there is nothing."""
    found = [method for method in METHODS if _leads_somewhere(method)]
    return [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"] if found else []


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
