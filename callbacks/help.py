"""Wiring the help."""

from typing import Any

from layouts import help as draw
from models.rules.terms import Role
from portal.actor import Actor
from portal.errors import NotFound
from portal.policy import Action
from portal.web.pages import Pages


def register(pages: Pages) -> None:
    """Wire the pages /help, for one's own role, and /help/ROLE."""

    @pages.on("/help", access=Action.HELP_READ, label="Help")
    def open_own_help(actor: Actor) -> tuple[str, Any]:
        return open_help(actor, str(actor.role))

    @pages.on("/help/<role>", access=Action.HELP_READ)
    def open_help(actor: Actor, role: str) -> tuple[str, Any]:
        if role not in tuple(Role) or actor.role is None:
            raise NotFound("There is no help at this address.")
        return draw.help_page(Role(role), actor.role)
