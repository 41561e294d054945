"""The picture of what serves what: proposals as rows, priorities and outcomes as columns, a square where they meet.

Across, everything is in per cent and, down, in pixels; so many columns need three bands, each with all the rows.
"""

from collections.abc import Callable, Collection
from math import ceil
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import parts
from layouts.drawing import Drawing
from layouts.marks import Element, element
from portal import words
from portal.viewmodels.proposals import Choice, ProposalLine, Proposals
from portal.words import proposals as words_of

ROW, SIDE = 36, 11
MOST = 26
"""So many columns have room for their numbers beside the names of the rows."""

Column = tuple[str, Any]
"""What a column is, 'priority' or 'outcome', and its key."""
Addressed = Callable[[str, object], str]
"""Makes the address that lights what it names."""


def matrix(view: Proposals, choice: Choice | None, to: Addressed) -> Component:
    """The picture, in as many bands as the columns need."""
    columns: list[Column] = [("priority", key) for key in view.priorities]
    columns += [("outcome", number) for number in view.outcomes]
    bands = ceil(len(columns) / MOST) or 1
    wide = ceil(len(columns) / bands)
    drawn = [_band(view, choice, columns[start : start + wide], wide, to) for start in range(0, len(columns), wide)]
    return html.Div(drawn, className="serves")


def _band(view: Proposals, choice: Choice | None, columns: list[Column], wide: int, to: Addressed) -> Component:
    idle = {*(("priority", key) for key in view.idle_priorities), *(("outcome", n) for n in view.idle_outcomes)}
    heads = [_head(column, view, choice, to) for column in columns]
    grid = html.Div(heads, className="heads", style={"gridTemplateColumns": f"repeat({wide}, minmax(0, 1fr))"})
    rows = [
        html.Div([_name(one, choice, to), Drawing(_strip(one, choice, columns, wide, idle))], className="matrix-row")
        for one in view.proposals
    ]
    top = html.Div([html.Div(_range(columns), className="soft"), grid], className="matrix-row matrix-head")
    return html.Div([top, *rows], className="band")


def _range(columns: list[Column]) -> str:
    """What a band's columns are: 'Priorities A to I, outcomes 1 to 30'."""
    said = []
    for kind, many in (("priority", "priorities"), ("outcome", "outcomes")):
        keys = [key for one, key in columns if one == kind]
        if keys:
            said.append(f"{many} {keys[0]} to {keys[-1]}")
    return words.capital(", ".join(said))


def _head(column: Column, view: Proposals, choice: Choice | None, to: Addressed) -> Component:
    kind, key = column
    title = view.priorities[key] if kind == "priority" else view.outcomes[key]
    chosen = choice is not None and (choice.kind, choice.key) == (kind, str(key))
    lit = choice is not None and key in (choice.priorities if kind == "priority" else choice.outcomes)
    link = parts.link([html.Span(f"{kind} ", className="unseen"), str(key)], to(kind, key))
    more: dict[str, Any] = parts.aria(current="true") if chosen else {}
    return html.Div(link, title=f"{kind.capitalize()} {key}: {title}", className="lit" if lit else "", **more)


def _name(one: ProposalLine, choice: Choice | None, to: Addressed) -> Component:
    lit = choice is not None and one.number in choice.proposals
    chosen = choice is not None and (choice.kind, choice.key) == ("proposal", str(one.number))
    more: dict[str, Any] = parts.aria(current="true") if chosen else {}
    link = parts.link(f"{one.number}. {one.title}", to("proposal", one.number))
    return html.Div(link, className="name lit" if lit else "name", **more)


def _strip(
    one: ProposalLine, choice: Choice | None, columns: list[Column], wide: int, idle: Collection[Column]
) -> Element:
    """One row: a line to lead the eye, the shaded columns, and a square for each link; what is lit has a frame too."""
    middle = ROW / 2
    drawn: list[Element] = []
    row_lit = choice is not None and one.number in choice.proposals
    for place, (kind, key) in enumerate(columns):
        x, across = 100 * place / wide, 100 / wide
        if (kind, key) in idle:
            drawn.append(element("rect", x=f"{x:.3f}%", y=0, width=f"{across:.3f}%", height=ROW, class_="idle"))
        column_lit = choice is not None and key in (choice.priorities if kind == "priority" else choice.outcomes)
        if column_lit and choice is not None and choice.kind != "proposal":
            drawn.append(element("rect", x=f"{x:.3f}%", y=0, width=f"{across:.3f}%", height=ROW, class_="column"))
    drawn.append(element("line", x1=0, y1=middle, x2="100%", y2=middle, class_="row"))
    for place, (kind, key) in enumerate(columns):
        if key not in (one.priorities if kind == "priority" else one.outcomes):
            continue
        column_lit = choice is not None and key in (choice.priorities if kind == "priority" else choice.outcomes)
        lit = choice is None or (row_lit and column_lit)
        half = SIDE / 2 if lit else 4
        place_of = element("svg", _square(half), x=f"{100 * (place + 0.5) / wide:.3f}%", y=middle, overflow="visible")
        drawn.append(
            element(
                "g",
                element("title", f"Proposal {one.number} {words_of.SERVES} {kind} {key}"),
                place_of,
                class_=f"link {kind}{'' if lit else ' faint'}",
            )
        )
    return element(
        "svg", *drawn, width="100%", height=ROW, role="img", aria_label=words_of.row_said(one), class_="matrix-strip"
    )


def _square(half: float) -> Element:
    return element("rect", x=-half, y=-half, width=2 * half, height=2 * half)
