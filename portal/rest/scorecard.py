"""The editions and the themes through the API."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition_csv import edition_csv, editions_csv
from portal.formats.moments import past
from portal.formats.observations import LICENCE
from portal.policy import Action
from portal.rest import answers, paging, shapes
from portal.rest.described import CSV, operation, said
from portal.services.scorecard import edition_card, editions, latest_scorecard
from portal.services.themes import theme
from portal.viewmodels.scorecard import Scorecard


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
    @operation(Action.EDITION_READ, "The latest edition of the scorecard", shapes.Edition)
    def read_scorecard() -> Response:
        return _kept(said(answers.a_scorecard(latest())))

    @api.get("/editions/<int:number>")
    @operation(Action.EDITION_READ, "One edition, as it was published", shapes.Edition)
    def read_edition(number: int) -> Response:
        return _kept(said(answers.a_scorecard(numbered(number))))

    @api.get("/scorecard.csv")
    @operation(Action.EDITION_READ, "The latest edition as a table", CSV)
    def scorecard_table() -> Response:
        return _kept(_table(edition_csv(latest())))

    @api.get("/editions/<int:number>.csv")
    @operation(Action.EDITION_READ, "One edition as a table", CSV)
    def edition_table(number: int) -> Response:
        return _kept(_table(edition_csv(numbered(number))))

    @api.get("/editions")
    @operation(Action.EDITION_READ, "All editions", shapes.Editions, asks=("limit", "after"), refuses=(422,))
    def list_editions() -> Response:
        page, found = paging.asked(), editions(database, actor())
        if page is None:
            return _kept(said(shapes.Editions(editions=[answers.an_edition(one) for one in found])))
        before = paging.number(page)
        rest = [one for one in found if not before or one.number < before]
        goes_on = paging.closed(str(rest[page.limit - 1].number)) if len(rest) > page.limit else None
        shown = [answers.an_edition(one) for one in rest[: page.limit]]
        response = _kept(said(shapes.Editions(editions=shown, next=goes_on)))
        if goes_on:
            paging.link_to_next(response, {"after": goes_on})
        return response

    @api.get("/editions.csv")
    @operation(Action.EDITION_READ, "All editions as a table", CSV)
    def editions_table() -> Response:
        return _kept(_table(editions_csv(editions(database, actor()))))

    @api.get("/themes/<key>")
    @operation(
        Action.THEME_READ,
        "One theme, its indicators worst first",
        shapes.ThemeNow,
        asks=("other period", "at"),
        refuses=(422,),
    )
    def read_theme(key: str) -> shapes.ThemeNow:
        as_at = past(request.args.get("at"), database.clock)
        page = theme(database, actor(), key, request.args.get("period"), as_at)
        return answers.a_theme_now(page.theme, page.period)


def _table(text: str) -> Response:
    return Response(text, content_type=f"{CSV}; charset=utf-8; header=present")


def _kept(response: Response) -> Response:
    """An answer that is the same for everybody: it may be kept for a minute."""
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
