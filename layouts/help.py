"""Drawing the help: one page for each role, with pictures of the portal's own pages."""

import json
import re
from importlib.resources import files
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import parts
from models.rules.terms import Role
from portal import words
from portal.viewmodels.help import Step
from portal.words.help import HELP, PICTURE

SIZES: dict[str, dict[str, Any]] = json.loads((files("assets") / "help" / "pictures.json").read_text("utf-8"))
"""What `make pictures` wrote of each picture: its width and height, so that a page does not jump as they come."""


def help_page(role: Role, own: Role) -> tuple[str, Component]:
    """One role's help, for somebody whose own role may be another."""
    view = HELP[role]
    others = [html.Li(parts.link(page.title, f"/help/{other}")) for other, page in HELP.items() if other is not role]
    return parts.page(
        view.title,
        parts.heading(view.title, "" if role is own else f"Your own role is another: {words.ROLE[own]}"),
        html.P(view.job, className="intro"),
        html.H2("What to do"),
        html.Ol([_step(step) for step in view.steps], className="steps"),
        *_listed("What happens next", view.after),
        *_listed("By keyboard", view.keyboard),
        *_listed("Whom to ask", view.ask),
        html.H2("Help for other roles"),
        html.Ul(others),
    )


def _step(step: Step) -> Component:
    return html.Li([html.P(named(step.text)), *([picture(step.picture)] if step.picture else [])])


def _listed(heading: str, sentences: tuple[str, ...]) -> list[Component]:
    return [html.H2(heading), html.Ul([html.Li(named(sentence)) for sentence in sentences])]


def named(sentence: str) -> list[Any]:
    """A sentence in which the names of pages and buttons stand out: in the words they are in “quotes”."""
    pieces = re.split("“(.+?)”", sentence)
    return [html.B(piece) if place % 2 else piece for place, piece in enumerate(pieces) if piece]


def picture(key: str) -> Component:
    """A picture of a part of a page, fetched when it comes near to being seen."""
    size = SIZES[key]
    image = html.Img(src=f"/assets/help/{key}.webp", alt=PICTURE[key], width=size["width"], height=size["height"])
    # Dash knows no `loading`, and its image passes on whatever it is given.
    image._prop_names = [*image._prop_names, "loading"]
    setattr(image, "loading", "lazy")  # noqa: B010  (it is not among the attributes that Dash declares)
    return html.Div(image, className="picture")
