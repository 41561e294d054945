"""The drawings of the pages for paper: the same trees as plain SVG, with every place in pixels and every colour in its
element, because what sets PDF and Word files knows no style sheet and no share of a width."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from layouts.marks import Element

INK, SOFT, LINE, PAPER, TINT = "#16222e", "#4c5a67", "#d3dae0", "#ffffff", "#f3f5f7"
TONE = {"better": "#00695c", "within": "#12436d", "worse": "#801650", "none": "#5b6770"}
BAR = TONE | {"within": "#a9c8e6", "none": TINT}
FONT = "Libertinus Serif, Georgia, serif"
ACROSS = ("x", "x1", "x2", "width")
LEFT_OUT = {"title", "style"}
HIDDEN = {"spoken", "reach", "narrow"}
"""What a pointer brings out, and what only a telephone shows."""
STROKES: dict[str, dict[str, object]] = {
    "grid": {"stroke": LINE},
    "year": {"stroke": TONE["none"], "stroke-dasharray": "1 4"},
    "line": {"stroke": INK, "stroke-width": 2.5},
    "gap": {"stroke-dasharray": "2 5"},
    "aim": {"stroke": TONE["better"], "stroke-width": 2, "stroke-dasharray": "8 4"},
    "range": {"fill": TONE["better"], "opacity": 0.12},
    "milestone": {"fill": PAPER, "stroke": TONE["better"], "stroke-width": 2},
    "baseline": {"fill": PAPER, "stroke": TONE["better"], "stroke-width": 2},
    "mean": {"stroke": SOFT, "stroke-width": 1.5},
    "limit": {"stroke": SOFT, "stroke-width": 1.5, "stroke-dasharray": "2 3"},
    "fan": {"fill": TONE["within"], "opacity": 0.18},
    "central": {"stroke": TONE["within"], "stroke-width": 2, "stroke-dasharray": "3 3"},
    "span": {"stroke": TONE["within"], "stroke-width": 4},
    "flag": {"fill": PAPER, "stroke": INK, "stroke-width": 1.5},
    "ring": {"fill": "none", "stroke": INK, "stroke-width": 2},
    "tolerance": {"fill": LINE, "opacity": 0.5},
    "zero": {"stroke": INK, "stroke-width": 1.5},
    "nothing": {"stroke": TONE["none"], "stroke-dasharray": "2 4"},
}
"""What assets/portal.css says of each class, in the light tokens."""
AROUND: dict[str, dict[str, object]] = {
    "partner": {"stroke": TONE["worse"], "stroke-width": 3},
    "event": {"stroke": INK, "stroke-width": 1, "stroke-dasharray": "5 3"},
    "break": {"stroke": INK, "stroke-width": 1, "stroke-dasharray": "5 3"},
}
"""The same of the lines in a group with a class."""


def sheet(width: int, height: int, *placed: str) -> str:
    """A whole drawing of this size in pixels, of what was placed on it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    return f"{head}{''.join(placed)}</svg>"


def placed(drawn: Element, x: float, y: float, width: float) -> str:
    """A drawing of layouts/plot.py, bars.py or spine.py, with its left upper corner here, so many pixels wide."""
    _, attributes, *children = drawn
    inside = _classes(attributes)
    return f'<g transform="translate({x:g},{y:g})">{"".join(_each(children, width, inside, "none"))}</g>'


def written(text: str, x: float, y: float, anchor: str = "start", **said: object) -> str:
    """A line of text."""
    return _text(text, {"x": x, "y": y, "text-anchor": anchor, **said}, halo=False)


def _each(children: list[Any], width: float, inside: frozenset[str], tone: str) -> Iterator[str]:
    for child in children:
        if isinstance(child, list):
            yield _element(child, width, inside, tone)


def _element(drawn: Element, width: float, inside: frozenset[str], tone: str) -> str:
    tag, attributes, *children = drawn
    classes = _classes(attributes)
    if tag in LEFT_OUT or classes & HIDDEN:
        return ""
    tone = next((one for one in TONE if one in classes), tone)
    around = inside | classes
    said = {name: _pixels(name, value, width) for name, value in attributes.items()}
    if tag == "svg":
        return f'<g transform="{_moved(said)}">{"".join(_each(children, width, around, tone))}</g>'
    if tag == "g":
        return f"<g>{''.join(_each(children, width, around, tone))}</g>"
    kept = {name: value for name, value in said.items() if name in PLACES}
    if tag == "text":
        return _text(
            "".join(one for one in children if isinstance(one, str)),
            kept | _lettered(classes, around, tone),
            halo="bars" not in around,
        )
    return f"<{tag}{_written(kept | _styled(tag, classes, around, tone))}/>"


PLACES = {*ACROSS, "y", "y1", "y2", "height", "cx", "cy", "r", "points", "dx"}


def _pixels(name: str, value: object, width: float) -> object:
    if name in ACROSS and isinstance(value, str) and value.endswith("%"):
        return round(float(value[:-1]) * width / 100, 2)
    return value


def _moved(said: dict[str, Any]) -> str:
    """Where a drawing within the drawing stands, and how it is stretched."""
    found = f"translate({float(said.get('x', 0)):g},{float(said.get('y', 0)):g})"
    if "viewBox" in said:
        _, _, wide, high = map(float, str(said["viewBox"]).split())
        found += f" scale({float(said['width']) / wide:g},{float(said['height']) / high:g})"
    return found


def _styled(tag: str, classes: frozenset[str], around: frozenset[str], tone: str) -> dict[str, object]:
    if "shape" in classes:
        hollow = {"fill": PAPER, "stroke": TONE[tone], "stroke-width": 2.5}
        return hollow if "hollow" in classes else {"fill": TONE[tone], "stroke": PAPER, "stroke-width": 1}
    if "stem" in classes:
        return {"stroke": TONE[tone], "stroke-width": 3}
    if tag == "rect" and "bars" in around:
        edge = TONE["none"] if tone == "none" else PAPER
        return {"fill": BAR[tone], "stroke": edge, "stroke-width": 1 if tone == "none" else 2}
    found: dict[str, object] = {}
    for name in STROKES:
        found |= STROKES[name] if name in classes else {}
    for name in AROUND:
        found |= AROUND[name] if not found and name in around else {}
    return found


def _lettered(classes: frozenset[str], around: frozenset[str], tone: str) -> dict[str, object]:
    anchor = "end" if "end" in classes else "middle" if "middle" in classes else "start"
    fill = SOFT if classes & {"axis", "note"} else INK
    if "bars" in around and tone in ("better", "worse"):
        fill = PAPER
    bold = {"font-weight": 700} if "event" in around else {}
    return {"text-anchor": anchor, "fill": fill, **bold}


def _text(text: str, said: dict[str, Any], *, halo: bool) -> str:
    """A text; with a halo it is drawn twice, so that lines behind it do not run through it."""
    said = {"x": 0, "font-family": FONT, "font-size": 14, "fill": INK, **said}
    if "dx" in said:
        said["x"] = float(said["x"]) + float(said.pop("dx"))
    drawn = f"<text{_written(said)}>{escape(text)}</text>"
    under = said | {"fill": PAPER, "stroke": PAPER, "stroke-width": 4, "stroke-linejoin": "round"}
    return f"<text{_written(under)}>{escape(text)}</text>{drawn}" if halo else drawn


def _classes(attributes: dict[str, Any]) -> frozenset[str]:
    return frozenset(str(attributes.get("class", "")).split())


def _written(said: dict[str, Any]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in said.items())
