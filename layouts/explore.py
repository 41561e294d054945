"""Drawing the public page of charts: what can be chosen, and each chart with its table."""

from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import charts, figures, ids, parts
from portal import words
from portal.viewmodels.charts import CountsChart, MeasureChart, SpineChart, SpineFigure
from portal.viewmodels.explore import Explore
from portal.viewmodels.themes import Filters

TITLE = "Explore the figures"
LABEL = {"theme": "Theme", "lead": "Lead partner", "indicator": "Indicator"}
ALL = "all"


def nothing() -> tuple[str, Component]:
    """The page before the first edition."""
    said = parts.empty("Nothing has been published yet. Come back after the first edition.")
    return parts.page(TITLE, parts.heading(TITLE), said)


def explore(view: Explore) -> tuple[str, Component]:
    """The page; what is chosen stands in the address, so that a view can be sent."""
    kept = _kept(view)
    if not view.counts.total:
        body = [parts.empty("No indicator is all of that.", html.A("Show all of them", href=f"/explore{kept}"))]
    elif view.measures:
        body = [_series(chart, view) for chart in view.measures]
    else:
        body = [_counts(view), _spine(view.spine, view)]
    return parts.page(
        TITLE,
        parts.heading(TITLE, f"{view.title}, {words.period(view.period)}"),
        html.P(["The same published figures as on ", html.A("the scorecard", href=f"/{kept}"), ", to look at closer."]),
        _filters(view.filters),
        *body,
        html.P(
            [
                f"Edition {view.edition}, published {words.moment(view.published_at)}. The figures as files: ",
                html.A("CSV", href=f"/editions/{view.edition}.csv{kept}"),
                ", ",
                html.A("Excel", href=f"/editions/{view.edition}.xlsx{kept}"),
                ".",
            ],
            className="soft",
        ),
    )


def _kept(view: Explore) -> str:
    """What links of public pages carry on: the agreement that the address names."""
    return f"?{urlencode({'agreement': view.agreement})}" if view.agreement else ""


def _filters(filters: Filters) -> Component:
    fields = []
    for name, options in filters.options.items():
        identity = ids.of_filter(name)
        choices = [{"label": "All", "value": ALL}, *({"label": said, "value": value} for value, said in options)]
        select = dbc.Select(id=identity, options=choices, value=filters.chosen[name] or ALL, size="sm")
        fields.append(html.Div([html.Label(LABEL[name], htmlFor=ids.written(identity)), select]))
    return html.Div(fields, className="filters", role="group", **parts.aria(label="Show only"))


def _source(view: Explore) -> str:
    return f"Source: edition {view.edition} of the scorecard, {words.period(view.period)}."


def _caption(title: str, about: str) -> Component:
    return html.Figcaption([html.Strong(title), html.Span(about, className="source")])


def _counts(view: Explore) -> Component:
    counts = view.counts
    title = (
        f"{counts.worse} of {words.plural(counts.rated, 'rated indicator')} {'is' if counts.worse == 1 else 'are'} "
        "worse than anticipated"
    )
    group = "Lead partner" if view.by_lead else "Theme"
    chart = CountsChart(title, f"Unit: indicators, by {group.lower()} and rating. {_source(view)}", view.groups)
    rows = [(name, c.worse, c.within, c.better, c.no_rating, c.total) for name, c in chart.groups]
    head = (group, "▲ Worse", "● Within range", "★ Better", "No rating", "All")
    why = words.reasons_for_none(counts)
    return html.Figure(
        [
            _caption(chart.title, chart.source),
            html.Div([charts.ratings_key(), figures.counts(chart)], className="roomy"),
            parts.folded("The same numbers as a table", parts.table(chart.title, head, rows, range(1, 6))),
            *([html.P(f"Of those without a rating, {why}", className="soft")] if why else []),
        ]
    )


def _spine(chart: SpineChart, view: Explore) -> Component:
    about = f"{words.STEPS} Better is to the right. {_source(view)}"

    def named(figure: SpineFigure) -> Component:
        return html.A(
            charts.spine_name(figure), href=f"/editions/{view.edition}{parts.indicator_address(figure.code)}{kept}"
        )

    kept = _kept(view)
    rows = [charts.spine_row(figure, by) for figure, by in chart.rows]
    table = parts.table("Figures and their distances, the worst first", charts.SPINE_HEAD, rows, (1, 2))
    unplaced = [
        html.Li(f"{figure.code} {figure.title}, {words.spine_figure(figure)}: {words.unplaced(figure, why)}.")
        for figure, why in chart.unplaced
    ]
    return html.Figure(
        [
            _caption(words.spine_title(chart), about),
            parts.folded("How the distance is worked out", html.P(words.HOW_FAR)),
            *(
                [charts.ratings_key({f.rating for f, _ in chart.rows}), charts.spine_rows(chart.rows, named)]
                if rows
                else []
            ),
            *([parts.folded("The same figures as a table", table)] if rows else []),
            *([html.P("Figures without a distance:"), html.Ul(unplaced)] if unplaced else []),
            html.P(words.without_figure(chart), className="soft"),
        ]
    )


def _series(chart: MeasureChart, view: Explore) -> Component:
    part = f" ({chart.part.lower()})" if chart.part else ""
    about = f"{chart.code} {chart.title}{part}. Unit: {chart.unit or 'a number'}. {_source(view)}"
    if not chart.points:
        aims = [
            f"It will be held against {words.expected(a.expected, chart.decimals, chart.unit)}." for a in chart.aims
        ]
        return html.Figure([_caption("No figure has been published yet", about), *map(html.P, aims)])
    rows = [
        (
            words.capital(words.period(point.period)),
            words.figure(point.value, chart),
            words.expected(point.expected, chart.decimals, chart.unit),
            parts.short_rating(point.rating, point.no_rating_reason),
        )
        for point in reversed(chart.points)
    ]
    head = ("Period", "Figure", "Held against", "Rating")
    table = parts.table(f"Published figures of {chart.code}, the latest first", head, rows, (1, 2))
    return html.Figure(
        [
            _caption(words.chart_title(chart), about),
            *([_key(chart), figures.series(chart)] if charts.is_drawn(chart) else []),
            charts.same_figures(table, chart),
        ]
    )


def _key(chart: MeasureChart) -> Component:
    key = charts.ratings_key({point.rating for point in chart.points})
    for aim in chart.aims:
        ranged = aim.expected.low is not None and aim.expected.high is not None
        said = ("▒", "The range that it is held against") if ranged else ("◇", "What it is held against")
        key.children.append(charts.entry(*said))
    return key
