"""Charts by plotly, from the same view-models as the SVG ones, always with a table and words beside them."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.parts import aria, folded, table
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import CountsChart

# Nothing leaves for a third party, and nothing needs dragging: the figures stand in the table.
CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
}
COLOUR = {Rating.WORSE: "#801650", Rating.WITHIN: "#12436d", Rating.BETTER: "#00695c", None: "#bfc7cf"}
PATTERN = {Rating.WORSE: "", Rating.WITHIN: "", Rating.BETTER: "", None: "/"}


def counts_chart(chart: CountsChart) -> Component:
    """Bars of counts by rating, one bar a group, worst at the left; with a table of the same numbers."""
    groups = chart.groups[::-1]  # plotly draws the first at the bottom
    numbers = {
        Rating.WORSE: [c.worse for _, c in groups],
        Rating.WITHIN: [c.within for _, c in groups],
        Rating.BETTER: [c.better for _, c in groups],
        None: [c.no_rating for _, c in groups],
    }
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": f"{words.SHAPE[rating]} {words.RATING[rating]}",
            "y": [name for name, _ in groups],
            "x": values,
            "text": [str(n) if n else "" for n in values],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "hovertemplate": f"%{{y}}: %{{x}} {words.RATING[rating].lower()}<extra></extra>",
            "marker": {
                "color": COLOUR[rating],
                "line": {"color": "#fff", "width": 1},
                "pattern": {"shape": PATTERN[rating], "fgcolor": "#5b6770", "bgcolor": "#eef1f3"}
                if rating is None
                else {},
            },
            "textfont": {"color": "#16222e" if rating is None else "#fff"},
        }
        for rating, values in numbers.items()
    ]
    height = 60 + 44 * len(groups)
    figure = {
        "data": bars,
        "layout": {
            "barmode": "stack",
            "template": None,
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 36},
            "font": {"family": "system-ui, sans-serif", "size": 14, "color": "#16222e"},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": {
                "title": {"text": "indicators"},
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
                "dtick": 5,
            },
            "yaxis": {"automargin": True, "fixedrange": True, "ticksuffix": "  "},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "dragmode": False,
        },
    }
    rows = [(name, c.worse, c.within, c.better, c.no_rating, c.total) for name, c in chart.groups]
    return html.Figure(
        [
            html.Figcaption([html.Strong(chart.title), html.Span(chart.source, className="source")]),
            html.Div(
                dcc.Graph(figure=figure, config=CONFIG, responsive=True, style={"height": height}),
                role="img",
                **aria(label=_in_words(chart)),
            ),
            folded(
                "The same numbers as a table",
                table(chart.title, ("Theme", "Worse", "Within range", "Better", "No rating", "All"), rows, range(1, 6)),
            ),
        ]
    )


def _in_words(chart: CountsChart) -> str:
    said = (
        f"{name}: {c.worse} worse, {c.within} within range, {c.better} better, {c.no_rating} without"
        for name, c in chart.groups
    )
    return f"{chart.title}. " + "; ".join(said)
