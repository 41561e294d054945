"""Wiring the annual review."""

from typing import Any

from layouts import annual_review as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import annual_review
from portal.web.pages import Pages


def register(pages: Pages, database: Database) -> None:
    """Wire the pages /annual-review, for the newest year that has one, and /annual-review/YEAR."""

    @pages.on("/annual-review", access=Action.REVIEW_READ, query=("at",), label="Annual review")
    def open_newest_review(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return draw.annual_review(annual_review.newest_review(database, actor, past(at, database.clock)))

    @pages.on("/annual-review/<year>", access=Action.REVIEW_READ, query=("at",))
    def open_review(actor: Actor, year: str, at: str | None = None) -> tuple[str, Any]:
        as_at = past(at, database.clock)
        return draw.annual_review(annual_review.annual_review(database, actor, year, as_at))
