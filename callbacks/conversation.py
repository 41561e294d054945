"""Wiring what is said about a return: challenges and answers."""

from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import conversation as draw
from layouts import ids, return_form
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import conversation
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, database: Database) -> None:
    """Wire the forms for a challenge and for an answer on /returns/ID."""

    @callbacks.form(
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("challenge", MATCH), "n_clicks"),
        State(ids.of_return("challenge-text", MATCH), "value"),
        access=Action.RETURN_CHALLENGE,
        errors=return_form.errors,
    )
    def challenge_return(actor: Actor, return_id: int, question: str | None) -> str:
        conversation.challenge(database, actor, return_id, text(question))
        return f"/returns/{return_id}?asked"

    @callbacks.on(
        Output(ids.of_message("sent", MATCH, MATCH), "children"),
        Output(ids.of_message("form", MATCH, MATCH), "children"),
        Output(ids.of_message("waits", MATCH, MATCH), "children"),
        Input(ids.of_message("send", MATCH, MATCH), "n_clicks"),
        State(ids.of_message("answer", MATCH, MATCH), "value"),
        access=Action.RETURN_ANSWER,
        prevent_initial_call=True,
    )
    def answer_question(actor: Actor, _clicks: int, answer: str | None) -> tuple[Any, Any, Any]:
        row = ctx.triggered_id
        try:
            closed = conversation.answer(database, actor, row["return"], row["message"], text(answer))
        except Invalid as error:
            return return_form.problem(error.sentence), no_update, no_update
        return draw.sent(text(answer), closed), [], " – answered" if closed else no_update
