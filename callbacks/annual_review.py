"""Wiring the annual review: its pages, and reading its self-assessment beside the counts."""

from typing import Any

from layouts import annual_review as draw
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services import annual_review, self_assessment
from portal.viewmodels.annual_review import AnnualReview
from portal.web.pages import Pages
from portal.web.values import number


def register(pages: Pages, database: Database) -> None:
    """Wire the pages /annual-review, for the newest year that has one, and /annual-review/YEAR."""

    def drawn(actor: Actor, view: AnnualReview, version: str | None) -> tuple[str, Any]:
        chosen = None if version is None else number(version)
        return draw.annual_review(view, self_assessment.self_assessment(database, actor, view.year, chosen, view.as_at))

    @pages.on("/annual-review", access=Action.REVIEW_READ, query=("at",), label="Annual review")
    def open_newest_review(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return drawn(actor, annual_review.newest_review(database, actor, past(at, database.clock)), None)

    @pages.on("/annual-review/<year>", access=Action.REVIEW_READ, query=("at", "version"))
    def open_review(actor: Actor, year: str, at: str | None = None, version: str | None = None) -> tuple[str, Any]:
        as_at = past(at, database.clock)
        return drawn(actor, annual_review.annual_review(database, actor, year, as_at), version)
