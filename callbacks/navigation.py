"""Opening pages: from an address to a drawn page, with the navigation of whoever is signed in."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from dash import Input, Output, State

from layouts import agreements, ids, shell
from layouts.parts import error_page
from portal import words
from portal.actor import Actor
from portal.database import Database
from portal.errors import Forbidden, NotFound
from portal.policy import Action, require
from portal.services.agreements import choice, listed
from portal.web import refusals, session
from portal.web.drawn import DrawnPages
from portal.web.pages import Pages
from portal.web.registry import Callbacks, again
from portal.web.values import text


def register(callbacks: Callbacks, pages: Pages, drawn: DrawnPages, database: Database) -> None:
    """Wire the address to the page, and the choice of an agreement."""

    @pages.on(agreements.CHOOSE, access=Action.PASSWORD_CHANGE)
    def choose_of_many(actor: Actor) -> tuple[str, Any]:
        there = choice(database, actor)
        return agreements.choosing(listed(database, actor), there.shown.key if there else "")

    @callbacks.on(
        Output(ids.PAGE, "children"),
        Output(ids.NAVIGATION, "children"),
        Output(ids.TITLE, "children"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.ADDRESS, "search"),
        access=Action.SITE_OPEN,
    )
    def open_page(actor: Actor, path: str | None, search: str | None) -> tuple[Any, Any, str]:
        # The frame is for who is signed in. Everybody else is drawn the pages for everybody and nothing beside them, not
        # even that there is no such page; and each page has its own door, which `pages.open` requires.
        if not pages.is_for_everybody(text(path)):
            require(actor, Action.PASSWORD_CHANGE)
        try:
            title, body = drawn.open(actor, text(path) or "/", text(search))
        except (NotFound, Forbidden) as error:
            refusals.note(lambda: actor, error)
            title, body = error_page(error.title, error.sentence)
        return body, _navigation(actor, text(path) or "/", text(search)), title

    def _navigation(actor: Actor, path: str, search: str) -> Any:
        if not actor.signed_in:
            return _public(actor, path, search)
        side = actor.organisation_name or (words.ROLE[actor.role] if actor.role else "")
        who = f"{actor.name}, {side}" if side and side.lower() not in actor.name.lower() else actor.name
        return shell.navigation(who, pages.links(actor), path, choice(database, actor))

    def _public(actor: Actor, path: str, search: str) -> Any:
        key = parse_qs(search.removeprefix("?")).get("agreement", [""])[0]
        try:
            there = choice(database, replace(actor, agreement=key or actor.agreement))
        except NotFound:  # the page says so
            key, there = "", choice(database, actor)
        return shell.public_navigation(
            path, there.shown.area if there else "", f"?{urlencode({'agreement': key})}" if key else ""
        )

    @callbacks.on(
        Output(ids.ADDRESS, "href"),
        Input(ids.AGREEMENT_CHOOSE, "n_clicks"),
        State(ids.AGREEMENT_CHOICE, "value"),
        State(ids.ADDRESS, "pathname"),
        access=Action.PASSWORD_CHANGE,
        prevent_initial_call=True,
    )
    def choose_agreement(actor: Actor, _clicks: int, key: str | None, path: str | None) -> str:
        session.choose_agreement(database, text(key))
        # What a page is about may be in one agreement alone: from such a page one goes to where one's work begins.
        stays = pages.is_plain(text(path)) and path != agreements.CHOOSE
        here = text(path) if stays else pages.links(actor)[0][1]
        return again(f"{here}?{urlencode({'chosen': text(key)})}")

    callbacks.in_browser("portal", "arrive", Output(ids.ANNOUNCE, "children"), Input(ids.TITLE, "children"))
