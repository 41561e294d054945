"""Marking a route with the action that it needs, so that each can be listed and none is without one."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request
from werkzeug.routing import Rule

from portal.errors import TooLarge
from portal.policy import Action

View = TypeVar("View", bound=Callable[..., Any])
MARK = "portal_access"
FRAMED = "portal_framed"
SCRIPTED = "portal_scripted"
MOST = "portal_most"
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


def scripted(view: View) -> View:
    """Mark a route whose page, drawn by a template, runs a script of ours."""
    setattr(view, SCRIPTED, True)
    return view


def takes(largest: int) -> Callable[[View], View]:
    """Mark a route that takes larger bodies than the others: at most so many bytes."""

    def mark(view: View) -> View:
        setattr(view, MOST, largest)
        return view

    return mark


def admit(server: Flask) -> None:
    """Let those bodies in, and refuse by what it says of itself, before anything of it is read, one that is larger. To
    be called before whatever reads a body."""

    @server.before_request
    def admit_or_refuse() -> None:
        largest = getattr(server.view_functions.get(request.endpoint or ""), MOST, None)
        if largest is None or request.method != "POST":
            return
        if (size := request.content_length or 0) > largest:
            raise TooLarge(
                f"What was sent has {size / 1024**2:.1f} MB; at most {largest / 1024**2:.0f} MB are taken "
                "here. Nothing was saved."
            )
        request.max_content_length = largest + 1


def access_of(server: Flask, rule: Rule) -> Action | None:
    """The action that a route needs; None for one that nobody marked."""
    view = server.view_functions[rule.endpoint]
    if (marked := getattr(view, MARK, None)) is not None:
        return Action(marked)
    # Dash names its own routes by their rules; those for '/' and every other address lie behind ours.
    return Action.SITE_OPEN if rule.rule.startswith(DASHS_OWN) or rule.endpoint == rule.rule else None
