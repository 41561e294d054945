"""Charts on signed-in pages: a title that says what is shown, unit and source, the drawing, and a table beside it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from layouts import parts, spine, svg
from layouts.bars import bars
from layouts.drawing import Drawing
from layouts.plot import margin, plot
from models.rules.expected import Basis
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import ChartPoint, CountsChart, Layer, MeasureChart, SpineFigure, Trend
from portal.viewmodels.indicators import MeasureStanding
from portal.words import indicators as words_of

FEWEST = 3
"""Of fewer figures nothing is drawn: in words and in a table they are sooner read."""
MANY = 120
"""So many figures from before the agreement stand in a table."""
FEW = 8
"""So many figures stand in an open table; of more the table is unfolded by who wants it."""


def counts_chart(chart: CountsChart) -> Component:
    """Bars of counts by rating, one bar a group, worst at the left; with a table of the same numbers."""
    drawn = bars(chart)
    rows = [(name, c.worse, c.within, c.better, c.no_rating, c.total) for name, c in chart.groups]
    head = ("Theme", "Worse", "Within range", "Better", "No rating", "All")
    return html.Figure(
        [
            html.Figcaption([html.Strong(chart.title), html.Span(chart.source, className="source")]),
            *([html.Div([ratings_key(), Drawing(drawn)], className="roomy")] if drawn else []),
            parts.folded("The same numbers as a table", parts.table(chart.title, head, rows, range(1, 6))),
        ]
    )


def measure_chart(chart: MeasureChart, shown: Collection[Layer]) -> Component:
    """One measure's figures over time with the layers that are wanted, and every figure in a table."""
    caption = html.Figcaption(
        [html.Strong(words.chart_title(chart)), html.Span(words.chart_about(chart), className="source")]
    )
    drawn = plot(chart, shown) if is_drawn(chart) else None
    if drawn is None:
        return html.Figure([caption, html.P(words.NO_CHART, className="soft"), *_table(chart), *_historic(chart)])
    room = {"paddingLeft": f"{max(margin(chart, shown), 2) + 1.5}ch"}
    flags = " flagged" if Layer.EVENTS in shown and chart.events else ""
    framed = html.Div(Drawing(drawn), className=f"framed{flags}", style=room)
    return html.Figure([caption, _key(chart, shown), framed, *_table(chart), *_historic(chart)])


def is_drawn(chart: MeasureChart) -> bool:
    """Whether there is enough to draw."""
    return len(chart.points) + len(chart.historic) >= FEWEST


def _key(chart: MeasureChart, shown: Collection[Layer]) -> Component:
    """The shapes that this chart has, with their words. What its lines are, the boxes above say."""
    key = ratings_key({point.rating for point in chart.points})
    target = Layer.TARGET in shown
    others = {
        ("◇", "Milestone"): target and any(aim.expected.basis is Basis.MILESTONE for aim in chart.aims),
        ("□", "Baseline"): target and chart.baseline is not None,
        ("✕", "Partner's forecast"): Layer.FORECAST in shown and chart.partner is not None,
        ("◎", "Signal by the process limits"): any(point.signals for point in chart.points),
    }
    if chart.historic:
        key.children.append(entry("–", words_of.BEFORE_THE_AGREEMENT))
    key.children += [entry(shape, said) for (shape, said), there in others.items() if there]
    return key


def ratings_key(
    ratings: Collection[Rating | None] = (Rating.WORSE, Rating.WITHIN, Rating.BETTER, None),
    names: Mapping[Rating | None, str] = words.RATING,
) -> Component:
    """The shapes with their words."""
    order = [rating for rating in (Rating.WORSE, Rating.WITHIN, Rating.BETTER, None) if rating in ratings]
    items = [entry(words.SHAPE[one] if one else "○", names[one], parts.TONE[one]) for one in order]
    return html.Ul(items, className="key")


def entry(shape: str, said: str, tone: str = "") -> Component:
    """One shape with its words."""
    return html.Li([html.Span(shape, className="shape", **parts.aria(hidden="true")), said], className=tone)


def _table(chart: MeasureChart) -> list[Component]:
    if not chart.points:
        return []
    limited = bool(chart.limits)
    head = ["Period", "Figure", "Held against", "Rating", *(["By the process limits"] if limited else [])]
    rows = [_row(point, chart, limited=limited) for point in reversed(chart.points)]
    table = parts.table(f"Figures of {chart.code}, the latest first", head, rows, (1, 2))
    return [same_figures(table, chart)]


def _historic(chart: MeasureChart) -> list[Component]:
    """The figures from before the agreement, the latest first; of very many the earliest are left to the files."""
    if not chart.historic:
        return []
    shown = list(reversed(chart.historic))[:MANY]
    rows = [(words.capital(words.period(p.period)), words.figure(p.value, chart), p.source or "–") for p in shown]
    caption = f"Figures of {chart.code} from before the agreement, the latest first"
    table = parts.table(caption, ("Period", "Figure", "Source"), rows, (1,))
    left = words_of.historic_left(len(chart.historic) - len(shown))
    return [parts.folded(words_of.BEFORE_THE_AGREEMENT, html.Div([table, *([html.P(left)] if left else [])]))]


def same_figures(table: Component, chart: MeasureChart) -> Component:
    """The table beside a chart, open where it is short; where nothing is drawn it stands alone."""
    if not is_drawn(chart):
        return table
    return parts.folded("The same figures as a table", table, opened=len(chart.points) <= FEW)


def _row(point: ChartPoint, chart: MeasureChart, *, limited: bool) -> tuple[object, ...]:
    when = words.capital(words.period(point.period))
    anew = html.Div(f"The series begins anew: {point.anew}", className="soft") if point.anew else None
    cells = (
        html.Div([when, anew]),
        words.figure(point.value, chart),
        words.expected(point.expected, chart.decimals, chart.unit),
        parts.short_rating(point.rating, point.no_rating_reason),
    )
    return (*cells, words.signals(point) or "–") if limited else cells


TREND_KEY = "Trend: the figures up to now, the last one as a dot; the dashed line is what it is rated by."


def trend(measure: MeasureStanding) -> Component | None:
    """A measure's figures as a small line, with what the last one is rated by; nothing for fewer than three."""
    if len(measure.history) < FEWEST:
        return None
    figures = ", ".join(f"{p.period} {words.number(p.value, measure.decimals)}" for p in measure.history)
    chart = Trend(
        tuple(p.value for p in measure.history),
        measure.expected.value if measure.expected else None,
        parts.TONE[measure.rating],
        f"{measure.code}: {figures}",
    )
    return html.Img(src=svg.data_address(svg.trend(chart)), alt=chart.alternative, className="trend")


def spine_rows(rows: Sequence[tuple[SpineFigure, Decimal]], named: Callable[[SpineFigure], Component]) -> Component:
    """Figures by their distances, a strip each under one axis; `named` makes the way to a figure's page."""
    axis = html.Div([html.Div(), html.Div(Drawing(spine.axis()), className="strip")], className="spine-row spine-axis")
    items = [
        html.Li(
            [
                html.Div(named(figure)),
                html.Div(Drawing(spine.strip(by, figure.rating)), className="strip"),
                html.Div(
                    [
                        parts.short_rating(figure.rating, figure.no_rating_reason),
                        html.Span(
                            f"{words.spine_figure(figure)}{f'; {words.JUDGED}' if figure.judged else ''}",
                            className="soft",
                        ),
                    ],
                    className="told",
                ),
            ],
            className="spine-row",
        )
        for figure, by in rows
    ]
    return html.Div([axis, html.Ol(items, className="spine")])


def spine_name(figure: SpineFigure) -> list[Component | str]:
    """A figure's code and title, with its part."""
    return [parts.code(figure.code), " ", figure.title, f", {figure.part.lower()}" if figure.part else ""]


SPINE_HEAD = ("Indicator", "Figure", "Held against", "Unit", "Distance", "Rating")


def spine_row(figure: SpineFigure, by: Decimal) -> tuple[object, ...]:
    """What the table beside distances says of one figure, under `SPINE_HEAD`."""
    return (
        f"{figure.code} {figure.title}{f', {figure.part.lower()}' if figure.part else ''}",
        words.figure_or_dash(figure.value, figure.decimals, figure.unit),
        words.expected(figure.expected, figure.decimals, figure.unit),
        figure.unit,
        words.capital(words.tolerances(by)),
        parts.short_rating(figure.rating, figure.no_rating_reason),
    )
