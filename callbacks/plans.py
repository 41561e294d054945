"""Wiring the delivery plan of an indicator."""

from typing import Any
from urllib.parse import unquote

from dash import MATCH, Input, Output, State

from layouts import ids
from layouts import plans as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import plans
from portal.viewmodels.plans import Plan
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, seen, text, within
from portal.words import plans as words_of


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /indicators/CODE/plan."""

    @pages.on("/indicators/<code>/plan", access=Action.THEME_READ, query=("version", "at"))
    def open_plan(actor: Actor, code: str, version: str | None = None, at: str | None = None) -> tuple[str, Any]:
        chosen = None if version is None else number(version)
        return draw.plan(plans.plan_page(database, actor, unquote(code), chosen, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_indicator(f"plan-{part}", MATCH)

    names = (*words_of.PLAN, *words_of.STANDS_IN)

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("write"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(at("version"), "data"),
        *(State(at(name), "value") for name in names),
        access=Action.PLAN_WRITE,
        errors=draw.errors,
    )
    def write_plan(actor: Actor, code: str, agreement: str, version: int, *said: str) -> str:
        typed = Plan(**{name: text(each) for name, each in zip(names, said, strict=True)})
        plans.write_plan(database, within(actor, agreement), text(code), seen(version), typed)
        return f"/indicators/{text(code)}/plan?written"
