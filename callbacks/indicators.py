"""Wiring the page of one indicator: what it shows, and recording and withdrawing its events."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from dash import MATCH, Input, Output, State

from layouts import events as draw_events
from layouts import ids
from layouts import indicators as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import events
from portal.services.indicator_page import indicator_page
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import day, number, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /indicators/CODE. Period and layers are in the address, so that a view can be sent."""

    @pages.on("/indicators/<code>", access=Action.THEME_READ, query=("period", "show", "at"), kept=True)
    def open_indicator(
        actor: Actor, code: str, period: str | None = None, show: str | None = None, at: str | None = None
    ) -> tuple[str, Any]:
        # The browser's address has spaces as %20, a first load's has them plain: 'NI 16' is found either way.
        return draw.indicator(
            indicator_page(database, actor, unquote(code), period, past(at, database.clock)), draw.shown_layers(show)
        )

    callbacks.in_browser(
        "portal",
        "lay_over",
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.LAYERS, "value"),
        State(ids.LAYERS, "options"),
        State(ids.ADDRESS, "search"),
        prevent_initial_call=True,
    )

    @callbacks.form(
        Output(ids.of_indicator("event-errors", MATCH), "children"),
        Output(ids.of_indicator("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_indicator("record-event", MATCH), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        *(State(ids.of_indicator(part, MATCH), "value") for part in ("event-day", "event-text")),
        State(ids.ADDRESS, "search"),
        access=Action.EVENT_RECORD,
        errors=draw_events.errors,
    )
    def record_event(actor: Actor, slug: str, agreement: str, happened: str, words: str, search: str) -> str:
        events.record_event(database, within(actor, agreement), text(slug), day(happened, "day"), text(words))
        return back(text(slug), search, "recorded")

    @callbacks.form(
        Output(ids.of_indicator("withdraw-errors", MATCH), "children"),
        Output(ids.of_indicator("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_indicator("withdraw-event", MATCH), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        *(State(ids.of_indicator(part, MATCH), "value") for part in ("event-chosen", "event-reason")),
        State(ids.ADDRESS, "search"),
        access=Action.EVENT_RECORD,
        errors=draw_events.errors,
    )
    def withdraw_event(actor: Actor, slug: str, agreement: str, chosen: str, reason: str, search: str) -> str:
        events.withdraw_event(database, within(actor, agreement), text(slug), number(chosen), text(reason))
        return back(text(slug), search, "withdrawn")


def back(slug: str, search: object, done: str) -> str:
    """The page again, for the period that was looked at, and what was done there."""
    looked_at = parse_qs(text(search).removeprefix("?")).get("period", [])[:1]
    return f"/indicators/{slug}?{'&'.join([*(urlencode({'period': one}) for one in looked_at), done])}"
