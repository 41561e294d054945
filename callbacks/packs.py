"""Wiring the page of briefing packs: asking for one, and looking how far it has come."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State

from layouts import ids
from layouts import packs as draw
from models.rules.packs import Asked, PackForm, about_of
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import packs
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import perhaps_day, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database, wake: Callable[[], None]) -> None:
    """Wire the page /packs; `wake` tells a worker that there is something to do."""

    @pages.on("/packs", access=Action.PACK_READ, query=("about", "period"))
    def open_packs(actor: Actor, about: str = "", period: str | None = None) -> tuple[str, Any]:
        return draw.packs(packs.packs_page(database, actor, about, period))

    at, shown = ids.of_pack, State(ids.AGREEMENT_SHOWN, "data")

    @callbacks.form(
        Output(at("errors"), "children"),
        Output(at("go"), "href"),
        Input(at("ask"), "n_clicks"),
        shown,
        *(State(at(part), "value") for part in draw.FIELDS),
        access=Action.PACK_MAKE,
        errors=draw.errors,
    )
    def ask_for_pack(actor: Actor, agreement: str, about: str, period: str, forms: Any, day: str) -> str:
        packs.ask(database, within(actor, agreement), _asked(about, period, forms, day))
        wake()
        return "/packs?asked"

    @callbacks.on(
        Output(at("list"), "children"),
        Output(at("said"), "children"),
        Output(at("watch"), "disabled"),
        Input(at("watch"), "n_intervals"),
        shown,
        access=Action.PACK_READ,
        prevent_initial_call=True,
    )
    def watch_packs(actor: Actor, _looked: int, agreement: str) -> tuple[Any, str, bool]:
        view = packs.packs_page(database, within(actor, agreement))
        return draw.made(view), draw.said(view), not view.making


def _asked(about: Any, period: Any, forms: Any, day: Any) -> Asked:
    """What was chosen; Invalid for what no pack can be on."""
    found = about_of(text(about))
    if found is None:
        raise Invalid({"about": "Choose what the pack is about."})
    wanted = [text(one) for one in forms] if isinstance(forms, list) else []
    return Asked(*found, text(period), tuple(form for form in PackForm if form in wanted), perhaps_day(day, "day"))
