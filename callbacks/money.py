"""Wiring the page of all money, and the forms on an indicator's page that add and withdraw some."""

from typing import Any

from dash import MATCH, Input, Output, State, ctx, no_update

from callbacks.indicators import back
from layouts import ids
from layouts import money as draw
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.formats.moments import past
from portal.policy import Action
from portal.services import money
from portal.viewmodels.money import MoneyTyped
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /money, and the two forms, which are on /indicators/CODE."""

    @pages.on("/money", access=Action.THEME_READ, query=("period", "at"), label="Money")
    def open_money(actor: Actor, period: str | None = None, at: str | None = None) -> tuple[str, Any]:
        return draw.money(money.money_page(database, actor, period, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(f"money-{part}", MATCH)

    @callbacks.on(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("add"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.ADDRESS, "search"),
        *(State(at(part), "value") for part in MoneyTyped.__slots__),
        access=Action.MONEY_COMMIT,
        prevent_initial_call=True,
    )
    def add_money(actor: Actor, _clicks: int, agreement: str, search: str, *said: str) -> tuple[Any, Any]:
        code = text(ctx.triggered_id["indicator"])
        try:
            made = money.add_commitment(database, within(actor, agreement), code, MoneyTyped(*map(text, said)))
        except Invalid as error:
            return draw.errors(error.fields, code), no_update
        return [], back(code, search, committed=made)

    @callbacks.on(
        Output(at("withdraw-errors"), "children"),
        Output(at("go"), "href", allow_duplicate=True),
        Input(at("withdraw"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.ADDRESS, "search"),
        *(State(at(part), "value") for part in ("chosen", "reason")),
        access=Action.MONEY_COMMIT,
        prevent_initial_call=True,
    )
    def withdraw_money(
        actor: Actor, _clicks: int, agreement: str, search: str, chosen: str, reason: str
    ) -> tuple[Any, Any]:
        code = text(ctx.triggered_id["indicator"])
        try:
            money.withdraw_commitment(database, within(actor, agreement), code, number(chosen), text(reason))
        except Invalid as error:
            return draw.errors(error.fields, code), no_update
        return [], back(code, search, withdrawn=number(chosen))
