"""Drawing the heat map: a table of rating shapes, an indicator a row, a quarter a column, and its filters."""

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
CHANGED = {"worse": "Worse than before", "better": "Better than before", "any": "Worse or better"}


def heat_map(view: Themes) -> Component:
    """The filters, how many indicators they let through, and the map."""
    total = view.counts.total
    shown = f"{words.plural(len(view.heat), 'indicator')} of {total}" if any(view.filters.chosen.values()) else ""
    body = _map(view) if view.heat else parts.empty("No indicator is all of that. Choose less.")
    return html.Section(
        [
            html.H2("Every indicator, quarter by quarter"),
            filters.fields(view.filters, LABEL, _word),
            html.P(shown, role="status", className="soft"),
            body,
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


def _map(view: Themes) -> Component:
    head = ("Indicator", *(words.short_period(key) for key in view.quarters), "Lead")
    rows = [_row(row, view) for row in view.heat]
    return parts.table("Ratings of the indicators by quarter, the latest at the right", head, rows)


def _row(row: HeatRow, view: Themes) -> tuple[object, ...]:
    one = row.indicator
    cells = [_cell(rating) for rating in row.ratings]
    return (parts.indicator_link(one, view.period), *cells, one.lead or "Partnership team")


def _cell(rating: Rating | None) -> Component:
    """A shape that is read out as its word; what is not rated is an empty place with a word for those who listen."""
    said = html.Span(words.RATING[rating], className="visually-hidden")
    shape = html.Span(words.SHAPE[rating] if rating else "·", **parts.aria(hidden="true"))
    return html.Span([shape, said], className=f"cell {parts.TONE[rating]}", title=words.RATING[rating])


def _key() -> Component:
    items = [
        html.Li(
            [html.Span(words.SHAPE[one], **parts.aria(hidden="true")), f" {words.RATING[one]}"],
            className=parts.TONE[one],
        )
        for one in (Rating.WORSE, Rating.WITHIN, Rating.BETTER)
    ]
    return html.Ul([*items, html.Li("· No rating", className="none")], className="key")
