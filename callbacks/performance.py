"""Wiring performance in pictures."""

from typing import Any

from layouts import performance as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services.performance import performance
from portal.web.pages import Pages


def register(pages: Pages, database: Database) -> None:
    """Wire the page /performance; period, past day and grouping are in the address: a view can be sent."""

    @pages.on("/performance", access=Action.THEME_READ, query=("period", "at", "by"), kept=True)
    def open_performance(
        actor: Actor, period: str | None = None, at: str | None = None, by: str | None = None
    ) -> tuple[str, Any]:
        view = performance(database, actor, period, past(at, database.clock))
        return draw.performance(view, by_theme=by == draw.BY_THEME)
