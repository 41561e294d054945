"""Marking a route with the action that it needs, so that each can be listed and none is without one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from werkzeug.routing import Rule

from portal.policy import Action

View = TypeVar("View", bound=Callable[..., Any])
MARK = "portal_access"
FRAMED = "portal_framed"
DASHS_OWN = ("/_dash-", "/_reload-hash", "/_favicon.ico", "/assets/")
"""What Dash serves to everybody: the shell, its scripts, our assets. The callbacks behind it have doors of their own."""


def needs(action: Action) -> Callable[[View], View]:
    """Mark a route's function with its action."""

    def mark(view: View) -> View:
        setattr(view, MARK, Action(action))
        return view

    return mark


def framed(view: View) -> View:
    """Mark a route whose page other sites may show in a frame of theirs."""
    setattr(view, FRAMED, True)
    return view


def access_of(server: Flask, rule: Rule) -> Action | None:
    """The action that a route needs; None for one that nobody marked."""
    view = server.view_functions[rule.endpoint]
    if (marked := getattr(view, MARK, None)) is not None:
        return Action(marked)
    # Dash names its own routes by their rules; those for '/' and every other address lie behind ours.
    return Action.SITE_OPEN if rule.rule.startswith(DASHS_OWN) or rule.endpoint == rule.rule else None
