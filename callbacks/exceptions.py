"""Wiring the monthly exception report."""

from typing import Any

from layouts import exceptions as draw
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action
from portal.services.exceptions import exception_report
from portal.web.pages import Pages


def register(pages: Pages, database: Database) -> None:
    """Wire the page /exceptions; the month is in the address: a report can be sent."""

    @pages.on("/exceptions", access=Action.EXCEPTION_READ, query=("month",), kept=True)
    def open_exceptions(actor: Actor, month: str | None = None) -> tuple[str, Any]:
        return draw.report(exception_report(database, actor, month))
