"""Wiring the forms on an indicator's actions: adding one, and saying what has become of one."""

from dash import MATCH, Input, Output, State

from callbacks.indicators import back
from layouts import actions as draw
from layouts import ids
from models.rules.codes import slug
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import actions
from portal.viewmodels.actions import Typed
from portal.web.registry import Callbacks
from portal.web.values import perhaps_day, seen, text, within

SAID = ("text", "owner", "named", "due")
"""What both forms have, in the order in which their values come."""


def register(callbacks: Callbacks, database: Database) -> None:
    """Wire the two forms, which are on /indicators/CODE."""

    @callbacks.form(
        Output(ids.of_indicator("action-errors", MATCH), "children"),
        Output(ids.of_indicator("action-go", MATCH), "href"),
        Input(ids.of_indicator("add-action", MATCH), "n_clicks"),
        State(ids.AGREEMENT_SHOWN, "data"),
        State(ids.ADDRESS, "search"),
        *(State(ids.of_indicator(f"action-{part}", MATCH), "value") for part in SAID),
        access=Action.ACTION_CHANGE,
        errors=draw.adding_errors,
    )
    def add_action(actor: Actor, code: str, agreement: str, search: str, *said: str) -> str:
        actions.add_action(database, within(actor, agreement), text(code), _typed(*said))
        return back(text(code), search, "added")

    @callbacks.form(
        Output(ids.of_action("errors", MATCH), "children"),
        Output(ids.of_action("go", MATCH), "href"),
        Input(ids.of_action("change", MATCH), "n_clicks"),
        State(ids.of_action("version", MATCH), "data"),
        State(ids.ADDRESS, "search"),
        *(State(ids.of_action(part, MATCH), "value") for part in ("word", "state", "evidence", *SAID)),
        access=Action.ACTION_CHANGE,
        errors=draw.changing_errors,
    )
    def change_action(actor: Actor, number: int, version: int, search: str, *said: str) -> str:
        word, state, evidence, *rest = said
        typed = _typed(*rest, state=text(state), evidence=text(evidence))
        code = actions.change_action(database, actor, number, seen(version), typed, text(word))
        return back(slug(code), search, "changed")


def _typed(said: str, owner: str, named: str, due: str, **more: str) -> Typed:
    return Typed(text=text(said), owner=text(owner), named=text(named), due_on=perhaps_day(due, "due"), **more)
