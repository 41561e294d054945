"""Drawing the heat map: a table of rating shapes, an indicator a row, a quarter a column, and its filters."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import filters, parts
from models.rules.terms import Group, Rating
from portal import words
from portal.viewmodels.themes import HeatRow, Themes

LABEL = {
    "theme": "Theme",
    "group": "Group",
    "lead": "Lead",
    "rating": "Rating",
    "changed": "Changed since the last rating",
}
PLACE = "every-indicator"
"""Where on the page the list is: an address may name it."""
NONE = "none"
"""What the filters call no rating."""
CHANGED = {"worse": "Worse than before", "better": "Better than before", "any": "Worse or better"}


def heat_map(view: Themes) -> Component:
    """The filters, how many indicators they let through, and the map."""
    total = view.counts.total
    shown = f"{words.plural(len(view.heat), 'indicator')} of {total}" if any(view.filters.chosen.values()) else ""
    body = _maps(view) if view.heat else [parts.empty("No indicator is all of that. Choose less.")]
    return html.Section(
        [
            html.H2("Every indicator, quarter by quarter", id=PLACE, tabIndex="-1"),
            filters.fields(view.filters, LABEL, _word),
            html.P(shown, role="status", className="soft"),
            *body,
            _key(),
        ],
        className="heat",
    )


def _word(name: str, value: str) -> str:
    """The word of a choice that has one of its own."""
    if name == "group":
        return words.GROUP[Group(value)]
    if name == "changed":
        return CHANGED[value]
    if value == "none":
        return "Partnership team" if name == "lead" else words.RATING[None]
    return words.RATING[Rating(value)]


def _maps(view: Themes) -> list[Component]:
    """All that were asked for; where nothing was, those that never had a rating are folded away."""
    caption = "Ratings of the indicators by quarter, the latest at the right"
    never = [] if any(view.filters.chosen.values()) else [row for row in view.heat if not any(row.ratings)]
    rated = [row for row in view.heat if row not in never]
    if not never or not rated:
        return [_map(caption, view.heat, view)]
    said = f"{words.plural(len(never), 'indicator')} without a rating in any of these quarters"
    return [_map(caption, rated, view), parts.folded(said, _map(said, never, view))]


def _map(caption: str, shown: Sequence[HeatRow], view: Themes) -> Component:
    head = ("Indicator", *(words.short_period(key) for key in view.quarters), "Lead")
    return parts.table(caption, head, [_row(row, view) for row in shown])


def _row(row: HeatRow, view: Themes) -> tuple[object, ...]:
    one = row.indicator
    cells = [_cell(rating) for rating in row.ratings]
    return (parts.indicator_link(one, view.period), *cells, one.lead or "Partnership team")


def _cell(rating: Rating | None) -> Component:
    """A shape with its word, which is seen where there is room for it and read out everywhere."""
    said = html.Span(words.RATING[rating], className="visually-hidden")
    shape = html.Span(words.SHAPE[rating], **parts.aria(hidden="true"))
    return html.Span([shape, said], className=f"cell {parts.TONE[rating]}", title=words.RATING[rating])


def _key() -> Component:
    items = [
        html.Li(
            [html.Span(words.SHAPE[one], **parts.aria(hidden="true")), f" {words.RATING[one]}"],
            className=parts.TONE[one],
        )
        for one in (Rating.WORSE, Rating.WITHIN, Rating.BETTER)
    ]
    return html.Ul([*items, html.Li(f"{words.SHAPE[None]} {words.RATING[None]}", className="none")], className="key")
