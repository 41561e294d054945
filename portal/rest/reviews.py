"""The annual review through the API."""

from collections.abc import Callable

from flask import Blueprint, request

from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.rest import answers, shapes
from portal.rest.described import operation
from portal.services.annual_review import annual_review


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /annual-reviews/YEAR; `at` is a past day to read it as at."""

    @api.get("/annual-reviews/<year>")
    @operation(Action.REVIEW_READ, "The annual review of one year", shapes.Review, asks=("at",), refuses=(422,))
    def read_review(year: str) -> shapes.Review:
        as_at = past(request.args.get("at"), database.clock)
        return answers.a_review(annual_review(database, actor(), year, as_at))
