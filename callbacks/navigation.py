"""Opening pages: from an address to a drawn page, with the navigation of whoever is signed in."""

from typing import Any

from dash import Input, Output

from layouts import ids, shell
from layouts.parts import error_page
from portal import words
from portal.actor import Actor
from portal.errors import Forbidden, NotFound
from portal.policy import Action
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages) -> None:
    """Wire the address to the page."""

    @callbacks.on(
        Output(ids.PAGE, "children"),
        Output(ids.NAVIGATION, "children"),
        Output(ids.TITLE, "children"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.ADDRESS, "search"),
        access=Action.PASSWORD_CHANGE,
    )
    def open_page(actor: Actor, path: str | None, search: str | None) -> tuple[Any, Any, str]:
        try:
            title, body = pages.open(actor, text(path) or "/", text(search))
        except (NotFound, Forbidden) as error:
            title, body = error_page(error.title, error.sentence)
        side = actor.organisation_name or (words.ROLE[actor.role] if actor.role else "")
        who = f"{actor.name}, {side}" if side and side.lower() not in actor.name.lower() else actor.name
        return body, shell.navigation(who, pages.links(actor), text(path) or "/"), title

    callbacks.in_browser("portal", "arrive", Output(ids.ANNOUNCE, "children"), Input(ids.TITLE, "children"))
