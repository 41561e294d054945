"""Elements of an SVG drawing as plain lists, and the marks that stand for figures: shapes, never colour alone."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from models.rules.terms import Rating

Element = list[Any]
"""[tag, attributes, *children]; a child is an element or text."""

TAGS = frozenset({"svg", "g", "line", "rect", "circle", "polygon", "polyline", "text", "title"})
"""What a drawing is made of. assets/drawing.js draws no other."""

RADIUS = 6.5


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """One element: element('line', x1=0, class_='mean'); an underscore stands for a hyphen, one at the end for none."""
    if tag not in TAGS:
        raise ValueError(f"A drawing has no {tag!r}.")
    said = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    # These names are SVG's own, and hold no hyphen.
    return [tag, {_CAMEL.get(name, name): value for name, value in said.items() if value is not None}, *children]


_CAMEL = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}


def text_of(drawn: Element | str) -> str:
    """A drawing as SVG text, for pages without script and for print."""
    if isinstance(drawn, str):
        return escape(drawn)
    tag, attributes, *children = drawn
    said = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<{tag}{said}>{''.join(map(text_of, children))}</{tag}>"


def mark(rating: Rating | None) -> Element:
    """The shape of a rating, around nought: a star, a disc, a triangle; a ring for none."""
    if rating is Rating.BETTER:
        tips = [(RADIUS * (1.25 if i % 2 == 0 else 0.55), pi * (i / 5 - 0.5)) for i in range(10)]
        return element("polygon", points=_corners([(r * cos(at), r * sin(at)) for r, at in tips]), class_="shape")
    if rating is Rating.WORSE:
        return element("polygon", points=_corners([(0, -7.5), (7.2, 5.5), (-7.2, 5.5)]), class_="shape")
    return element("circle", r=RADIUS - 1, class_="shape" if rating else "shape hollow")


def diamond() -> Element:
    """A milestone."""
    return element("polygon", points=_corners([(0, -6), (6, 0), (0, 6), (-6, 0)]), class_="milestone")


def square() -> Element:
    """A baseline."""
    return element("rect", x=-4.5, y=-4.5, width=9, height=9, class_="baseline")


def cross() -> Element:
    """A partner's forecast."""
    lines = (element("line", x1=-5, y1=-5 * way, x2=5, y2=5 * way) for way in (1, -1))
    return element("g", *lines, class_="partner")


def at(x: float, y: float, *children: Element, class_: str | None = None) -> Element:
    """Children that are drawn around a place of their own: `x` in per cent, `y` in pixels."""
    return element("svg", *children, x=f"{x}%", y=y, width=1, height=1, overflow="visible", class_=class_)


def _corners(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in corners)
