"""The routes of /api/v1 and how a token becomes an actor."""

from flask import Blueprint, Response, g, request

from portal.actor import Actor, public
from portal.database import Database
from portal.errors import NotFound, SignInRequired
from portal.rest import returns, reviews, scorecard
from portal.services.sessions import who_holds
from portal.web.session import address

PREFIX = "/api/v1"


def blueprint(database: Database) -> Blueprint:
    """The whole API. Sessions and cookies mean nothing here, so that no other site can use a person's."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)

    @api.before_request
    def identify() -> None:
        g.api_actor = _actor(database)

    returns.add_routes(api, database, current_actor)
    reviews.add_routes(api, database, current_actor)
    scorecard.add_routes(api, database, current_actor)
    return api


def nowhere() -> Blueprint:
    """Every other address under /api answers 404 as a problem, not as a page."""
    rest = Blueprint("api_nowhere", __name__, url_prefix="/api")

    @rest.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    @rest.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    def missing(path: str) -> Response:
        raise NotFound("The API has nothing at this address.")

    return rest


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
