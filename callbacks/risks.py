"""Wiring the page of all risks, and the forms on a risk, which are there and on an indicator's page."""

from typing import Any

from dash import MATCH, Input, Output, State

from callbacks.indicators import back
from layouts import ids
from layouts import risks as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import risks
from portal.viewmodels.risks import RiskTyped
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import perhaps_day, seen, text, within

SAID = ("text", "likelihood", "impact", "mitigation", "owner", "named", "review")
"""What both forms have, in the order in which their values come."""
INDICATOR = "/indicators/"


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /risks and the two forms."""

    @pages.on("/risks", access=Action.THEME_READ, query=("at",), kept=True)
    def open_risks(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return draw.risks(risks.risks_page(database, actor, past(at, database.clock)))

    def at(part: str) -> dict[str, Any]:
        return ids.of_risk(part, MATCH)

    here = (State(ids.ADDRESS, "pathname"), State(ids.ADDRESS, "search"))

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("add"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        *here,
        State(at("about"), "value"),
        *(State(at(part), "value") for part in SAID),
        access=Action.RISK_WRITE,
        errors=draw.errors,
    )
    def add_risk(actor: Actor, _new: int, agreement: str, path: str, search: str, about: str, *said: str) -> str:
        risks.add_risk(database, within(actor, agreement), text(about), _typed(*said))
        return _back(path, search, "added")

    @callbacks.form(
        Output(at("errors"), "children", allow_duplicate=True),
        Output(at("go"), "href", allow_duplicate=True),
        Input(at("change"), "n_clicks"),
        State(at("version"), "data"),
        *here,
        *(State(at(part), "value") for part in ("word", "state", *SAID)),
        access=Action.RISK_WRITE,
        errors=draw.errors,
    )
    def change_risk(actor: Actor, number: int, version: int, path: str, search: str, *said: str) -> str:
        word, state, *rest = said
        risks.change_risk(database, actor, number, seen(version), _typed(*rest, state=text(state)), text(word))
        return _back(path, search, "changed")


def _back(path: object, search: object, done: str) -> str:
    """The page again on which the form was."""
    here = text(path)
    if here.startswith(INDICATOR):
        return back(here.removeprefix(INDICATOR).partition("/")[0], search, done)
    return f"/risks?{done}"


def _typed(*said: str, state: str = "") -> RiskTyped:
    what, likelihood, impact, mitigation, owner, named, review = said
    return RiskTyped(
        text=text(what),
        likelihood=text(likelihood),
        impact=text(impact),
        mitigation=text(mitigation),
        owner=text(owner),
        named=text(named),
        review_on=perhaps_day(review, "review"),
        state=state,
    )
