"""Wiring the page of all money, and the forms on an indicator's page that add and withdraw some."""

from typing import Any

from dash import MATCH, Input, Output, State

from callbacks.indicators import back
from layouts import ids
from layouts import money as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import money
from portal.viewmodels.money import MoneyTyped
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /money, and the two forms, which are on /indicators/CODE."""

    @pages.on("/money", access=Action.THEME_READ, query=("period", "at"), kept=True)
    def open_money(actor: Actor, period: str | None = None, at: str | None = None) -> tuple[str, Any]:
        return draw.money(money.money_page(database, actor, period, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(f"money-{part}", MATCH)

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("add"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.ADDRESS, "search"),
        *(State(at(part), "value") for part in MoneyTyped.__slots__),
        access=Action.MONEY_COMMIT,
        errors=draw.errors,
    )
    def add_money(actor: Actor, code: str, agreement: str, search: str, *said: str) -> str:
        money.add_commitment(database, within(actor, agreement), text(code), MoneyTyped(*map(text, said)))
        return back(text(code), search, "committed")

    @callbacks.form(
        Output(at("withdraw-errors"), "children"),
        Output(at("go"), "href", allow_duplicate=True),
        Input(at("withdraw"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.ADDRESS, "search"),
        *(State(at(part), "value") for part in ("chosen", "reason")),
        access=Action.MONEY_COMMIT,
        errors=draw.errors,
    )
    def withdraw_money(actor: Actor, code: str, agreement: str, search: str, chosen: str, reason: str) -> str:
        money.withdraw_commitment(database, within(actor, agreement), text(code), number(chosen), text(reason))
        return back(text(code), search, "withdrawn")
