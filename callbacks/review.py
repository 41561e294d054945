"""Wiring the partnership team's queue: verifying, querying, publishing."""

from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import ids, return_form
from layouts import review as draw
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import review, scorecard
from portal.services.conversation import open_questions
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /review, and what the team does on /returns/ID."""

    @pages.on("/review", access=Action.RETURN_VERIFY, label="Review")
    def open_queue(actor: Actor) -> tuple[str, Any]:
        return draw.queue(review.queue(database, actor), open_questions(database, actor))

    @callbacks.on(
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("verify", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        access=Action.RETURN_VERIFY,
        prevent_initial_call=True,
    )
    def verify_return(actor: Actor, _clicks: int, version: int) -> str:
        review.verify(database, actor, ctx.triggered_id["return"], version)
        return "/review"

    @callbacks.on(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("query", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("question", MATCH), "value"),
        access=Action.RETURN_QUERY,
        prevent_initial_call=True,
    )
    def query_return(actor: Actor, _clicks: int, version: int, question: str | None) -> tuple[Any, Any]:
        return_id = ctx.triggered_id["return"]
        try:
            review.query(database, actor, return_id, version, text(question))
        except Invalid as error:
            return return_form.errors(error.fields, return_id), no_update
        return [], "/review"

    @callbacks.on(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("reopen", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("reopen-text", MATCH), "value"),
        access=Action.RETURN_REOPEN,
        prevent_initial_call=True,
    )
    def reopen_return(actor: Actor, _clicks: int, version: int, reason: str | None) -> tuple[Any, Any]:
        return_id = ctx.triggered_id["return"]
        try:
            review.reopen(database, actor, return_id, version, text(reason))
        except Invalid as error:
            return return_form.errors(error.fields, return_id), no_update
        return [], f"/returns/{return_id}?reopened"

    @callbacks.on(
        Output(ids.PUBLISHED, "children"),
        Input(ids.PUBLISH, "n_clicks"),
        access=Action.EDITION_PUBLISH,
        prevent_initial_call=True,
    )
    def publish_period(actor: Actor, _clicks: int) -> Any:
        return draw.published(scorecard.publish(database, actor))
