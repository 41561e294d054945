"""Wiring the audit trail; what is searched for is in the address, so that a search can be sent."""

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, State

from layouts import audit as draw
from layouts import ids
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services.audit import trail
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /audit."""

    @pages.on("/audit", access=Action.AUDIT_READ, query=("text", "before"), label="Audit")
    def open_trail(actor: Actor, text: str = "", before: str = "") -> tuple[str, Any]:
        return draw.trail(trail(database, actor, text, before))

    @callbacks.on(
        Output(ids.ADDRESS, "search"),
        Input(ids.TRAIL_SEARCH, "n_clicks"),
        State(ids.TRAIL_TEXT, "value"),
        access=Action.AUDIT_READ,
        prevent_initial_call=True,
    )
    def search_trail(_actor: Actor, _clicks: int, sought: str | None) -> str:
        return f"?{urlencode({'text': text(sought)})}"
