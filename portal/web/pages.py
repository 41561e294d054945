"""The page map: which paths are signed-in pages, which action each needs, and what draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from portal.actor import Actor
from portal.errors import NotFound
from portal.policy import EVERYONE, Action, may, require

View = Callable[..., tuple[str, Any]]
"""Draws a page for an actor, the path's values and the declared query values: its title and its body."""


@dataclass(frozen=True, slots=True)
class Page:
    """One signed-in page. `query` names the query parameters that its view takes; all others are ignored. `label`
    puts it into the navigation of those who may open it. `kept` says that it shows nothing but what is in the audit trail
    once it changes, so that it need not be drawn again before that (portal/web/drawn.py)."""

    rule: str
    access: Action
    view: View
    query: tuple[str, ...] = ()
    label: str = ""
    kept: bool = False


class Pages:
    """The pages of one app."""

    def __init__(self) -> None:
        self._map = Map(strict_slashes=False)
        self.pages: dict[str, Page] = {}

    def on(
        self, rule: str, *, access: Action, query: tuple[str, ...] = (), label: str = "", kept: bool = False
    ) -> Callable[[View], View]:
        """Register the function that draws a page. Path values come from the path alone."""

        def register(view: View) -> View:
            self.pages[rule] = Page(rule, Action(access), view, query, label, kept)
            self._map.add(Rule(rule, endpoint=rule))
            return view

        return register

    def open(self, actor: Actor, path: str, search: str = "") -> tuple[str, Any]:
        """Draw the page at a path for an actor. NotFound for no page, SignInRequired or Forbidden at its door, and
        whatever its view raises."""
        page, values = self.find(path)
        require(actor, page.access)
        given = parse_qs(search.removeprefix("?"))
        declared = {name: given[name][0] for name in page.query if name in given}
        return page.view(actor, **(declared | values))  # what the path says wins

    def find(self, path: str) -> tuple[Page, dict[str, Any]]:
        """The page at a path and the path's values; NotFound when there is none."""
        try:
            endpoint, values = self._map.bind("portal").match(path if path.startswith("/") else f"/{path}")
        except (HTTPException, RequestRedirect):
            raise NotFound("There is no page at this address.") from None
        return self.pages[endpoint], dict(values)

    def is_plain(self, path: str) -> bool:
        """Whether there is a page at a path, and nothing in the path says what it is about."""
        return path in self.pages

    def is_for_everybody(self, path: str) -> bool:
        """Whether there is a page at a path that needs no account; nothing in such a path says what it is about."""
        return path in self.pages and self.pages[path].access in EVERYONE

    def links(self, actor: Actor) -> list[tuple[str, str]]:
        """The navigation of an actor: labels and addresses, in the order in which the pages were registered."""
        return [(page.label, page.rule) for page in self.pages.values() if page.label and may(actor, page.access)]
