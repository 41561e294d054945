"""Wiring reminders: one's own choices, the team's outbox, and the button that asks who is late."""

from typing import Any

from dash import MATCH, Input, Output, State

from layouts import ids
from layouts import reminders as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import outbox, reminder_choices, reminders
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import number, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database, base: str) -> None:
    """Wire the pages /reminders and /reminders/sent; `base` is the portal's own address, for links in messages."""

    @pages.on(draw.OWN, access=Action.REMINDER_CHOOSE, query=("kept",))
    def open_reminders(actor: Actor, kept: str = "") -> tuple[str, Any]:
        return draw.choices(reminder_choices.choices(database, actor), bool(kept))

    @pages.on(draw.SENT, access=Action.REMINDER_SEND, query=("show",))
    def open_outbox(actor: Actor, show: str = "") -> tuple[str, Any]:
        return draw.outbox(outbox.outbox(database, actor, show))

    @callbacks.form(
        Output(ids.of_reminders("errors"), "children"),
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.of_reminders("choose"), "n_clicks"),
        State(ids.of_reminders("wanted"), "value"),
        access=Action.REMINDER_CHOOSE,
        errors=draw.errors,
    )
    def choose_reminders(actor: Actor, wanted: Any) -> str:
        reminder_choices.choose(database, actor, [text(one) for one in wanted] if isinstance(wanted, list) else [])
        return "?kept=1"

    shown = State(ids.AGREEMENT_SHOWN, "data")

    @callbacks.form(
        Output(ids.of_letter("errors", MATCH), "children"),
        Output(ids.of_letter("go", MATCH), "href"),
        Input(ids.of_letter("again", MATCH), "n_clicks"),
        shown,
        access=Action.REMINDER_SEND,
        errors=draw.nothing_to_put_right,
    )
    def send_again(actor: Actor, row: Any, agreement: str) -> str:
        outbox.try_again(database, within(actor, agreement), number(row))
        return draw.SENT

    @callbacks.form(
        Output(ids.of_period("errors", MATCH), "children", allow_duplicate=True),
        Output(ids.of_period("go", MATCH), "href", allow_duplicate=True),
        Input(ids.of_period("remind", MATCH), "n_clicks"),
        shown,
        access=Action.REMINDER_SEND,
        errors=draw.nothing_to_put_right,
    )
    def remind_late(actor: Actor, row: Any, agreement: str) -> str:
        reminders.remind_late(database, within(actor, agreement), text(row), base)
        return draw.SENT
