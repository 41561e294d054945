"""Wiring the audit trail; what is searched for is in the address, so that a search can be sent."""

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, State, no_update

from layouts import audit as draw
from layouts import ids
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services.audit import trail
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import perhaps_day, text


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /audit."""

    @pages.on("/audit", access=Action.AUDIT_READ, query=("text", "before", "from", "to"), label="Audit")
    def open_trail(actor: Actor, text: str = "", before: str = "", **days: str) -> tuple[str, Any]:
        since, until = (perhaps_day(days.get(name), name) for name in ("from", "to"))
        return draw.trail(trail(database, actor, text, before, since, until))

    @callbacks.on(
        Output(ids.TRAIL_ERRORS, "children"),
        Output(ids.ADDRESS, "search"),
        Input(ids.TRAIL_SEARCH, "n_clicks"),
        *(State(part, "value") for part in (ids.TRAIL_TEXT, ids.TRAIL_FROM, ids.TRAIL_TO)),
        access=Action.AUDIT_READ,
        prevent_initial_call=True,
    )
    def search_trail(_actor: Actor, _clicks: int, sought: str | None, since: str, until: str) -> tuple[Any, Any]:
        said = {"text": text(sought)}
        try:
            for name, typed in (("from", since), ("to", until)):
                day = perhaps_day(typed, name)
                said |= {name: day.isoformat()} if day else {}
        except Invalid as error:
            return draw.errors(error.fields), no_update
        return [], f"?{urlencode(said)}"
