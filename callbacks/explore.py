"""Wiring the public page of charts."""

from dataclasses import replace
from typing import Any

from layouts import explore as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services import explore
from portal.web.pages import Pages


def register(pages: Pages, database: Database) -> None:
    """Wire the page /explore. It is for everybody and reads editions alone; its filters are in the address, which may
    name the agreement too, as on every public page."""

    @pages.on("/explore", access=Action.EDITION_READ, query=("agreement", *explore.NAMES))
    def open_explore(actor: Actor, agreement: str = "", **wanted: str) -> tuple[str, Any]:
        view = explore.explore(database, replace(actor, agreement=agreement or actor.agreement), wanted)
        return draw.nothing() if view is None else draw.explore(view)
