"""Wiring the administrator's page on organisations' own sign-ons."""

from typing import Any

from dash import Input, Output, State

from layouts import ids
from layouts import sign_on as draw
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import sign_on_providers
from portal.services.sign_on_ways import Ways
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages, database: Database, ways: Ways) -> None:
    """Wire the page /people/sign-on."""

    @pages.on("/people/sign-on", access=Action.ACCOUNT_MANAGE)
    def open_sign_on(actor: Actor) -> tuple[str, Any]:
        return draw.providers(sign_on_providers.providers(database, actor, ways))

    @callbacks.form(
        Output(ids.SIGN_ON_ERRORS, "children"),
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.of_sign_on("turn"), "n_clicks"),
        *(State(ids.of_sign_on(part), "value") for part in ("key", "state", "why")),
        access=Action.ACCOUNT_MANAGE,
        errors=draw.errors,
    )
    def turn_sign_on(actor: Actor, key: str, state: str, why: str) -> str:
        if text(state) not in (draw.ON, draw.OFF):
            raise Invalid({"state": "Choose on or off."})
        sign_on_providers.set_enabled(database, actor, text(key), text(why), enabled=text(state) == draw.ON)
        return "?turned"
