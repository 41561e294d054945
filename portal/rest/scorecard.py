"""The editions and the themes through the API."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition_csv import edition_csv, editions_csv
from portal.formats.moments import past
from portal.formats.observations import LICENCE
from portal.policy import Action
from portal.rest import answers
from portal.services.scorecard import edition_card, editions, latest_scorecard
from portal.services.themes import theme
from portal.viewmodels.scorecard import Scorecard
from portal.web.doors import needs


def add_routes(api: Blueprint, database: Database, actor: Callable[[], Actor]) -> None:
    """GET /scorecard, /editions and /editions/N, each also as .csv, for everybody; GET /themes/KEY, with `at` for a
    past day."""

    def latest() -> Scorecard:
        card = latest_scorecard(database, actor())
        if card is None:
            raise NotFound("Nothing has been published yet.")
        return card

    def numbered(number: int) -> Scorecard:
        return edition_card(database, actor(), number)

    @api.get("/scorecard")
    @needs(Action.EDITION_READ)
    def read_scorecard() -> Response:
        return _kept(jsonify(answers.a_scorecard(latest())))

    @api.get("/editions/<int:number>")
    @needs(Action.EDITION_READ)
    def read_edition(number: int) -> Response:
        return _kept(jsonify(answers.a_scorecard(numbered(number))))

    @api.get("/scorecard.csv")
    @needs(Action.EDITION_READ)
    def scorecard_table() -> Response:
        return _kept(_table(edition_csv(latest())))

    @api.get("/editions/<int:number>.csv")
    @needs(Action.EDITION_READ)
    def edition_table(number: int) -> Response:
        return _kept(_table(edition_csv(numbered(number))))

    @api.get("/editions")
    @needs(Action.EDITION_READ)
    def list_editions() -> Response:
        return _kept(jsonify({"editions": [answers.an_edition(one) for one in editions(database, actor())]}))

    @api.get("/editions.csv")
    @needs(Action.EDITION_READ)
    def editions_table() -> Response:
        return _kept(_table(editions_csv(editions(database, actor()))))

    @api.get("/themes/<key>")
    @needs(Action.THEME_READ)
    def read_theme(key: str) -> Response:
        as_at = past(request.args.get("at"), database.clock)
        page = theme(database, actor(), key, request.args.get("period"), as_at)
        return jsonify({"period": page.period, **answers.a_theme(page.theme)})


def _table(text: str) -> Response:
    return Response(text, content_type="text/csv; charset=utf-8; header=present")


def _kept(response: Response) -> Response:
    """An answer that is the same for everybody: it may be kept for a minute, and is not sent twice."""
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
