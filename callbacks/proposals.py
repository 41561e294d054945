"""Wiring the proposals of the Local Public Service Agreement."""

from typing import Any

from dash import MATCH, Input, Output, State

from layouts import ids
from layouts import proposals as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import proposals
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /proposals; what is lit in its picture is in the address, so that a view can be sent."""

    query = ("proposal", "priority", "outcome", "at")

    @pages.on(draw.PATH, access=Action.THEME_READ, query=query)
    def open_proposals(actor: Actor, at: str | None = None, priority: str = "", **chosen: str) -> tuple[str, Any]:
        view = proposals.proposals(database, actor, past(at, database.clock))
        wanted = number(chosen.get("proposal")), priority, number(chosen.get("outcome"))
        return draw.proposals(view, view.choice(*wanted))

    def at(part: str) -> dict[str, Any]:
        return ids.of_target(part, MATCH)

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("save"), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(at("version"), "data"),
        State(at("text"), "value"),
        access=Action.PROPOSAL_CHANGE,
        errors=draw.errors,
    )
    def define_target(actor: Actor, target: int, agreement: str, version: int, said: str) -> str:
        proposals.define_target(database, within(actor, agreement), target, seen(version), text(said))
        return f"{draw.PATH}?defined={target}"
