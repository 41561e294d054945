"""Wiring the word of a partner that signed up: countersigning, contributing, dissenting, taking a dissent back."""

from dash import MATCH, Input, Output, State

from layouts import ids, return_form
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import concurrence
from portal.web.registry import Callbacks
from portal.web.values import seen, text


def register(callbacks: Callbacks, database: Database) -> None:
    """Wire the forms of a signed-up partner on /returns/ID."""

    done = (
        Output(ids.of_return("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_return("go", MATCH), "href", allow_duplicate=True),
    )
    version_seen = State(ids.of_return("version", MATCH), "data")
    said = State(ids.of_return("concurrence-text", MATCH), "value")

    def click(part: str) -> Input:
        return Input(ids.of_return(part, MATCH), "n_clicks")

    @callbacks.form(
        *done,
        click("countersign"),
        version_seen,
        access=Action.RETURN_COUNTERSIGN,
        errors=return_form.errors,
    )
    def countersign_return(actor: Actor, return_id: int, version: int) -> str:
        concurrence.countersign(database, actor, return_id, seen(version))
        return f"/returns/{return_id}?countersigned"

    @callbacks.form(
        *done,
        click("contribute"),
        version_seen,
        said,
        access=Action.RETURN_COUNTERSIGN,
        errors=return_form.errors,
    )
    def contribute_to_return(actor: Actor, return_id: int, version: int, words: str | None) -> str:
        concurrence.contribute(database, actor, return_id, seen(version), text(words))
        return f"/returns/{return_id}?said=contribute"

    @callbacks.form(
        *done,
        click("dissent"),
        version_seen,
        said,
        access=Action.RETURN_COUNTERSIGN,
        errors=return_form.errors,
    )
    def dissent_from_return(actor: Actor, return_id: int, version: int, words: str | None) -> str:
        concurrence.dissent(database, actor, return_id, seen(version), text(words))
        return f"/returns/{return_id}?said=dissent"

    @callbacks.form(*done, click("take-back"), access=Action.RETURN_COUNTERSIGN, errors=return_form.errors)
    def take_dissent_back(actor: Actor, return_id: int) -> str:
        concurrence.take_back(database, actor, return_id)
        return f"/returns/{return_id}?taken-back"
