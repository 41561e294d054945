"""Charts that plotly draws, for the public page alone: the only place that makes one, so that none offers to upload
what it shows."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import parts, svg
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import ChartAim, CountsChart, MeasureChart

QUIET: Any = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "plotlyServerURL": ""}
"""Plotly's own buttons are not there: some of them send the data away."""

COLOUR = {rating: svg.COLOUR[tone] for rating, tone in parts.TONE.items()}
"""The page's own tokens on light ground, by which its stylesheet knows what to show on dark ground and in a reader's own
colours. Shapes and words tell the ratings apart first."""
MARKER = {Rating.WORSE: "triangle-up", Rating.WITHIN: "circle", Rating.BETTER: "star", None: "circle-open"}
_CLEAR = "rgba(0,0,0,0)"
_GRID = "rgba(120,130,140,.35)"
_ROW = 44


def graph(data: Sequence[dict[str, Any]], layout: dict[str, Any], height: int, alternative: str) -> Component:
    """A chart with its text alternative. Its title, unit, source and table are the page's."""
    common = {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 40},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "font": {"family": "system-ui, sans-serif", "size": 14},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"align": "left"},
    }
    drawn = dcc.Graph(figure={"data": list(data), "layout": common | layout}, config=QUIET, responsive=True)
    return html.Div(drawn, className="plotted", role="img", style={"height": height}, **parts.aria(label=alternative))


def counts(chart: CountsChart) -> Component:
    """Bars of counts by rating, a bar a group, the worst at the left."""
    groups = [(_label(name), own) for name, own in reversed(chart.groups)]
    names = [name for name, _ in groups]
    data = []
    for rating, numbers in (
        (Rating.WORSE, [own.worse for _, own in groups]),
        (Rating.WITHIN, [own.within for _, own in groups]),
        (Rating.BETTER, [own.better for _, own in groups]),
        (None, [own.no_rating for _, own in groups]),
    ):
        shape = f"{words.SHAPE[rating]} " if rating else ""
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": numbers,
                "text": [f"{shape}{n}" if n else "" for n in numbers],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                # What is not there has no edge either.
                "marker": {"color": COLOUR[rating], "line": {"width": [2 * bool(n) for n in numbers]}},
                "hovertemplate": f"%{{y}}: %{{x}} {words.RATING[rating].lower()}<extra></extra>",
            }
        )
    layout = {
        "barmode": "stack",
        "uniformtext": {"minsize": 12, "mode": "hide"},  # what has no room stands in the table
        "xaxis": {"title": {"text": "Indicators"}, "gridcolor": _GRID, "zeroline": False, "fixedrange": True},
        "yaxis": {"automargin": True, "fixedrange": True, "ticksuffix": " "},
    }
    said = f"{chart.title}. " + "; ".join(words.counts_in_words(name, own) for name, own in chart.groups)
    return graph(data, layout, _ROW * len(groups) + 64, said)


def series(chart: MeasureChart) -> Component:
    """One measure's figures over time, and what the last is held against."""
    points = chart.points
    figures = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [point.day.isoformat() for point in points],
        "y": [float(point.value) for point in points],
        "line": {"color": COLOUR[None], "width": 2},
        "marker": {
            "size": 14,
            "color": [COLOUR[point.rating] for point in points],
            "symbol": [MARKER[point.rating] for point in points],
            "line": {"width": 2, "color": [COLOUR[point.rating] for point in points]},
        },
        "text": [_plain(words.point_label(point, chart), 48) for point in points],
        "hovertemplate": "%{text}<extra></extra>",
    }
    days = {point.day: words.short_period(point.period) for point in points}
    data, shapes, ends = [figures], [], [point.value for point in points]
    for aim in chart.aims:
        days.setdefault(aim.day, words.short_period(aim.period))
        low, high, value = aim.expected.low, aim.expected.high, aim.expected.value
        if low is not None and high is not None:
            shapes.append(_range(float(low), float(high)))
            ends += [low, high]
        elif value is not None:
            data.append(_aim(aim, words.expected(aim.expected, chart.decimals, chart.unit)))
            ends.append(value)
    room = float(max(ends) - min(ends)) * 0.12 or abs(float(ends[0])) * 0.1 or 1
    layout = {
        "xaxis": {
            "type": "date",
            "range": [chart.first.isoformat(), chart.year_end.isoformat()],
            "tickvals": [day.isoformat() for day in days],
            "ticktext": list(days.values()),
            "gridcolor": _GRID,
            "fixedrange": True,
        },
        "yaxis": {
            "automargin": True,
            "gridcolor": _GRID,
            "fixedrange": True,
            "title": {"text": _plain(chart.unit, 40)},
            "range": [float(min(ends)) - room, float(max(ends)) + room],
        },
        "shapes": shapes,
    }
    return graph(data, layout, 340, words.chart_alternative(chart, ()))


def _aim(aim: ChartAim, held: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [aim.day.isoformat()],
        "y": [float(aim.expected.value or 0)],
        "marker": {"size": 14, "symbol": "diamond-open", "color": COLOUR[Rating.BETTER], "line": {"width": 2}},
        "text": [f"Held against {_plain(held)}"],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _range(low: float, high: float) -> dict[str, Any]:
    where = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": low, "y1": high, "layer": "below"}
    return {**where, "fillcolor": "rgba(120,130,140,.18)", "line": {"width": 0}}


def _label(text: str) -> str:
    return _plain(text, 24)


def _plain(text: str, width: int = 0) -> str:
    """Words as words: plotly would take some tags in them for its own."""
    lines = wrap(text, width) if width else [text]
    return "<br>".join(escape(line, quote=False) for line in lines)
