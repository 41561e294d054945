"""Wiring the administrator's accounts."""

from typing import Any
from urllib.parse import urlencode

from dash import MATCH, Input, Output, State, ctx

from layouts import ids
from layouts import people as draw
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action
from portal.services import people
from portal.services.organisations import members
from portal.services.organisations import rename_organisation as rename
from portal.web.pages import Pages
from portal.web.registry import Callbacks
from portal.web.values import day, number, text


def register(callbacks: Callbacks, pages: Pages, database: Database) -> None:
    """Wire the page /people."""

    @pages.on("/people", access=Action.ACCOUNT_MANAGE, query=("text", "after", "organisations"), label="People")
    def open_accounts(actor: Actor, text: str = "", after: str = "", organisations: str = "") -> tuple[str, Any]:
        place, of_organisations = number(after), number(organisations)
        found = None if of_organisations else people.accounts(database, actor, text, place)
        return draw.accounts(found, None if place and found else members(database, actor, text, of_organisations))

    @callbacks.on(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.PEOPLE_SEARCH, "n_clicks"),
        Input(ids.PEOPLE_TEXT, "n_submit"),
        State(ids.PEOPLE_TEXT, "value"),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def search_people(_actor: Actor, _clicks: int, _entered: int, sought: str | None) -> str:
        return f"?{urlencode({'text': text(sought)})}" if text(sought).strip() else ""

    @pages.on("/people/<int:number>", access=Action.ACCOUNT_MANAGE)
    def open_account(actor: Actor, number: int) -> tuple[str, Any]:
        return draw.one_account(people.account_page(database, actor, number))

    @callbacks.on(
        Output(ids.of_person("state", MATCH), "children", allow_duplicate=True),
        Input(ids.of_person("disable", MATCH), "n_clicks"),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def disable_account(actor: Actor, _clicks: int) -> Any:
        email = text(ctx.triggered_id["person"])
        people.set_disabled(database, actor, email, disabled=True)
        return draw.state(email, disabled=True)

    @callbacks.on(
        Output(ids.of_person("state", MATCH), "children", allow_duplicate=True),
        Input(ids.of_person("enable", MATCH), "n_clicks"),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def enable_account(actor: Actor, _clicks: int) -> Any:
        email = text(ctx.triggered_id["person"])
        people.set_disabled(database, actor, email, disabled=False)
        return draw.state(email, disabled=False)

    @callbacks.on(
        Output(ids.of_account("errors", MATCH), "children"),
        Input(ids.of_account("change", MATCH), "n_clicks"),
        *(State(ids.of_account(part, MATCH), "value") for part in ("name", "role", "organisation", "reason")),
        access=Action.ACCOUNT_MANAGE,
        prevent_initial_call=True,
    )
    def change_person(actor: Actor, _clicks: int, name: str, role: str, organisation: str, reason: str) -> Any:
        account, key = ctx.triggered_id["account"], text(organisation)
        key = "" if key == draw.NOBODYS else key
        try:
            alone = people.change_person(database, actor, account, text(name), text(role), key, text(reason))
        except Invalid as error:
            return draw.account_errors(error.fields, account)
        return draw.changed(alone)

    @callbacks.form(
        Output(ids.RENAME_ERRORS, "children"),
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(ids.of_rename("go"), "n_clicks"),
        *(State(ids.of_rename(part), "value") for part in ("key", "name", "since", "why")),
        access=Action.ACCOUNT_MANAGE,
        errors=draw.rename_errors,
    )
    def rename_organisation(actor: Actor, key: str, name: str, since: str, why: str) -> str:
        rename(database, actor, text(key), text(name), day(since, "since"), text(why))
        return "?renamed"
