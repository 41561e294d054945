"""The annual review through the API."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.rest import answers
from portal.services.annual_review import annual_review
from portal.web.doors import needs


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /annual-reviews/YEAR; `at` is a past day to read it as at."""

    @api.get("/annual-reviews/<year>")
    @needs(Action.REVIEW_READ)
    def read_review(year: str) -> Response:
        as_at = past(request.args.get("at"), database.clock)
        return jsonify(answers.a_review(annual_review(database, actor(), year, as_at)))
