"""Wiring the word of a partner that signed up: countersigning, contributing, dissenting, taking a dissent back."""

from collections.abc import Callable
from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from layouts import ids, return_form
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import concurrence
from portal.web.registry import Callbacks
from portal.web.values import seen, text


def register(callbacks: Callbacks, database: Database) -> None:
    """Wire the forms of a signed-up partner on /returns/ID."""

    @callbacks.on(
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("countersign", MATCH), "n_clicks"),
        State(ids.of_return("version", MATCH), "data"),
        access=Action.RETURN_COUNTERSIGN,
        prevent_initial_call=True,
    )
    def countersign_return(actor: Actor, _clicks: int, version: int) -> str:
        return_id = ctx.triggered_id["return"]
        concurrence.countersign(database, actor, return_id, seen(version))
        return f"/returns/{return_id}?countersigned"

    said_and_gone = (
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
    )
    said = (
        State(ids.of_return("version", MATCH), "data"),
        State(ids.of_return("concurrence-text", MATCH), "value"),
    )

    def speak(act: Callable[..., None], actor: Actor, version: int, words: str | None) -> tuple[Any, Any]:
        return_id = ctx.triggered_id["return"]
        try:
            act(database, actor, return_id, seen(version), text(words))
        except Invalid as error:
            return return_form.errors(error.fields, return_id), no_update
        return [], f"/returns/{return_id}?said={act.__name__}"

    @callbacks.on(
        *said_and_gone,
        Input(ids.of_return("contribute", MATCH), "n_clicks"),
        *said,
        access=Action.RETURN_COUNTERSIGN,
        prevent_initial_call=True,
    )
    def contribute_to_return(actor: Actor, _clicks: int, version: int, words: str | None) -> tuple[Any, Any]:
        return speak(concurrence.contribute, actor, version, words)

    @callbacks.on(
        *said_and_gone,
        Input(ids.of_return("dissent", MATCH), "n_clicks"),
        *said,
        access=Action.RETURN_COUNTERSIGN,
        prevent_initial_call=True,
    )
    def dissent_from_return(actor: Actor, _clicks: int, version: int, words: str | None) -> tuple[Any, Any]:
        return speak(concurrence.dissent, actor, version, words)

    @callbacks.on(
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_return("take-back", MATCH), "n_clicks"),
        access=Action.RETURN_COUNTERSIGN,
        prevent_initial_call=True,
    )
    def take_dissent_back(actor: Actor, _clicks: int) -> str:
        return_id = ctx.triggered_id["return"]
        concurrence.take_back(database, actor, return_id)
        return f"/returns/{return_id}?taken-back"
