"""The annual review through the API."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.rest import answers
from portal.services.annual_review import annual_review
from portal.web.doors import needs


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /annual-reviews/YEAR."""

    @api.get("/annual-reviews/<year>")
    @needs(Action.REVIEW_READ)
    def read_review(year: str) -> Response:
        return jsonify(answers.a_review(annual_review(database, actor(), year)))
