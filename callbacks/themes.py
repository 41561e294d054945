"""Wiring the executive's views."""

from typing import Any

from dash import ALL, Input, Output, State

from layouts import ids
from layouts import theme as draw_theme
from layouts import themes as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action, may
from portal.services import themes
from portal.services.conversation import open_questions
from portal.web.pages import Pages
from portal.web.registry import Callbacks


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the pages /themes and /themes/KEY; the period and the past day are in the address: a view can be sent."""

    @pages.on("/themes", access=Action.THEME_READ, query=("period", "at", *themes.FILTERS), label="Themes", kept=True)
    def open_themes(actor: Actor, period: str | None = None, at: str | None = None, **wanted: str) -> tuple[str, Any]:
        as_at = past(at, database.clock)
        asks = as_at is None and may(actor, Action.RETURN_CHALLENGE)
        questions = open_questions(database, actor) if asks else ()
        return draw.themes(themes.themes(database, actor, period, as_at, wanted), questions)

    @pages.on("/themes/<key>", access=Action.THEME_READ, query=("period", "at"), kept=True)
    def open_theme(actor: Actor, key: str, period: str | None = None, at: str | None = None) -> tuple[str, Any]:
        return draw_theme.theme(themes.theme(database, actor, key, period, past(at, database.clock)))

    callbacks.in_browser(
        "portal",
        "sift",
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.of_filter(ALL), "value"),
        State(ids.of_filter(ALL), "id"),
        State(ids.ADDRESS, "search"),
        prevent_initial_call=True,
    )
