"""Wiring the administrator's accounts."""

from typing import Any

from dash import MATCH, Input, Output, ctx

from layouts import ids
from layouts import people as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import people
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /people."""

    @pages.on("/people", access=Action.ACCOUNT_MANAGE, label="People")
    def open_accounts(actor: Actor) -> tuple[str, Any]:
        return draw.accounts(people.accounts(database, actor))

    @callbacks.on(
        Output(ids.of_person("state", MATCH), "children", allow_duplicate=True),
        Input(ids.of_person("disable", MATCH), "n_clicks"),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def disable_account(actor: Actor, _clicks: int) -> Any:
        email = text(ctx.triggered_id["person"])
        people.set_disabled(database, actor, email, disabled=True)
        return draw.state(email, disabled=True)

    @callbacks.on(
        Output(ids.of_person("state", MATCH), "children", allow_duplicate=True),
        Input(ids.of_person("enable", MATCH), "n_clicks"),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def enable_account(actor: Actor, _clicks: int) -> Any:
        email = text(ctx.triggered_id["person"])
        people.set_disabled(database, actor, email, disabled=False)
        return draw.state(email, disabled=False)
