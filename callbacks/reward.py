"""Wiring the page of the reward-weighted indicators."""

from typing import Any

from layouts import reward as draw
from models.rules.reward import Terms
from portal.actor import Actor
from portal.database import Database
from portal.formats.moments import past
from portal.policy import Action
from portal.services.reward import reward
from portal.web.pages import Pages


def register(pages: Pages, database: Database, terms: Terms) -> None:
    """Wire the page /reward; by which terms is paid the settings say."""

    @pages.on(draw.PATH, access=Action.THEME_READ, query=("at",), kept=True)
    def open_reward(actor: Actor, at: str | None = None) -> tuple[str, Any]:
        return draw.reward(reward(database, actor, terms, past(at, database.clock)))
