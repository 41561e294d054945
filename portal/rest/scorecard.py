"""The latest edition and the themes through the API."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.moments import past
from portal.policy import Action
from portal.rest import answers
from portal.services.publication import publish_due
from portal.services.scorecard import latest_scorecard
from portal.services.themes import theme
from portal.web.doors import needs


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /scorecard, for everybody, and GET /themes/KEY, with `at` for a past day."""

    @api.get("/scorecard")
    @needs(Action.EDITION_READ)
    def read_scorecard() -> Response:
        publish_due(database)
        card = latest_scorecard(database, actor())
        if card is None:
            raise NotFound("Nothing has been published yet.")
        response = jsonify(answers.a_scorecard(card))
        response.set_etag(card.hash[:32])
        response.headers["Cache-Control"] = "public, max-age=60"
        response.make_conditional(request)
        return response

    @api.get("/themes/<key>")
    @needs(Action.THEME_READ)
    def read_theme(key: str) -> Response:
        as_at = past(request.args.get("at"), database.clock)
        page = theme(database, actor(), key, request.args.get("period"), as_at)
        return jsonify({"period": page.period, **answers.a_theme(page.theme)})
