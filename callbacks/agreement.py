"""Wiring the agreement's page and its refresh."""

from typing import Any

from dash import ALL, Input, Output, State, ctx

from layouts import agreement as draw_agreement
from layouts import ids
from layouts import refresh as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, may
from portal.services import refresh
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import day, number, seen, text, within


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the pages /agreement and /agreement/refresh."""

    @pages.on("/agreement", access=Action.THEME_READ, query=("version",), label="Agreement", kept=True)
    def open_agreement(actor: Actor, version: str | None = None) -> tuple[str, Any]:
        page = refresh.agreement_page(database, actor, None if version is None else number(version))
        return draw_agreement.agreement(page, may_refresh=may(actor, Action.AGREEMENT_CHANGE))

    @pages.on("/agreement/refresh", access=Action.AGREEMENT_CHANGE)
    def open_refresh(actor: Actor) -> tuple[str, Any]:
        return draw.refresh(refresh.refresh_desk(database, actor))

    done = (
        Output(ids.of_refresh("errors"), "children", allow_duplicate=True),
        Output(ids.of_refresh("go"), "href", allow_duplicate=True),
    )
    shown = State(ids.AGREEMENT_SHOWN, "data")
    version_seen = State(ids.of_refresh("version"), "data")

    def typed(*parts: str) -> tuple[State, ...]:
        return tuple(State(ids.of_refresh(part), "value") for part in parts)

    def click(part: str) -> Input:
        return Input(ids.of_refresh(part), "n_clicks")

    @callbacks.form(
        *done,
        click("start"),
        shown,
        *typed("title", "why", "from"),
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def start_refresh(actor: Actor, agreement: str, title: str, why: str, since: str) -> str:
        refresh.start_refresh(database, within(actor, agreement), text(title), text(why), day(since, "in_force_from"))
        return "/agreement/refresh?started"

    @callbacks.form(
        *done,
        click("propose"),
        shown,
        version_seen,
        *typed("measure", "term", "proposed", "because"),
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def propose_change(actor: Actor, agreement: str, version: int, *said: str) -> str:
        refresh.propose_change(database, within(actor, agreement), seen(version), *(text(each) for each in said))
        return "/agreement/refresh?proposed"

    @callbacks.form(
        *done,
        Input(ids.of_change("take-back-change", ALL), "n_clicks"),
        shown,
        version_seen,
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def take_back_change(actor: Actor, agreement: str, version: int) -> str:
        refresh.take_back(database, within(actor, agreement), seen(version), ctx.triggered_id["change"])
        return "/agreement/refresh?taken-back"

    @callbacks.form(
        *done,
        click("consent"),
        shown,
        version_seen,
        *typed("who", "about", "given", "said-by"),
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def record_consent(
        actor: Actor, agreement: str, version: int, who: str, about: str, given: str, said_by: str
    ) -> str:
        key = "" if who == draw.OFFICE else text(who) or "nobody"
        indicator = "" if about == draw.ALL else text(about)
        refresh.record_consent(
            database,
            within(actor, agreement),
            seen(version),
            key,
            text(said_by),
            given=given == "yes",
            indicator=indicator,
        )
        return "/agreement/refresh?recorded"

    @callbacks.form(
        *done,
        click("agree"),
        shown,
        version_seen,
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def agree_refresh(actor: Actor, agreement: str, version: int) -> str:
        made = refresh.agree(database, within(actor, agreement), seen(version))
        return f"/agreement?version={made}"

    @callbacks.form(
        *done,
        click("leave"),
        shown,
        version_seen,
        *typed("leave-why"),
        access=Action.AGREEMENT_CHANGE,
        errors=draw.errors,
    )
    def leave_refresh(actor: Actor, agreement: str, version: int, why: str) -> str:
        refresh.leave(database, within(actor, agreement), seen(version), text(why))
        return "/agreement/refresh?left"
