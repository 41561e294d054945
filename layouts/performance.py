"""Drawing performance in pictures: shares of the ratings over the years, the spine of distances, a panel a theme."""

from collections.abc import Sequence
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from layouts import bars, both_ways, charts, parts, past, spine
from layouts.drawing import Drawing
from models.rules.codes import period_slug
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import PanelsChart, SharesChart, SpineChart, SpineFigure
from portal.viewmodels.performance import Performance
from portal.words.both_ways import as_printed

BY_THEME = "theme"
"""How an address says that the spine is to be grouped: `?by=theme`."""
VERIFIED = "Source: verified returns of the lead partners."
PATH = "/performance"


def performance(view: Performance, *, by_theme: bool) -> tuple[str, Component]:
    """The page; how the spine is grouped was chosen in the address."""
    title = "Performance in pictures"
    current = next((p.slug for p in view.periods if p.current), None)
    grouped = {"by": BY_THEME} if by_theme else {}
    themes = parts.link("Themes in tables", parts.address("/themes", current, view.as_at))
    return parts.page(
        f"{title}, {words.short_title(view.period)}",
        parts.heading(title, words.capital(words.period(view.period))),
        parts.period_links(view.periods, PATH, view.as_at, grouped),
        *past.banner(view.as_at, parts.address(PATH, current, None, grouped)),
        html.P(["Every picture has its figures in a table below it. ", themes, "."]),
        _shares(view.shares),
        both_ways.section(view),
        _spine(view, current, by_theme=by_theme),
        _panels(view.panels),
        past.chooser(view.as_at, PATH, current),
    )


def _caption(title: str, about: str) -> Component:
    return html.Figcaption([html.Strong(title), html.Span(about, className="source")])


def _shares(chart: SharesChart) -> Component:
    groups: list[Component] = []
    for place, (title, drawn) in enumerate(bars.shares(chart)):
        printed = title in chart.earlier
        told = "per cent of all its measures, as printed" if printed else "per cent of the indicators that are rated"
        key = charts.ratings_key(names=words.PRINTED) if printed else charts.ratings_key(tuple(Rating))
        if place:
            groups.append(html.P(words.NEW_AGREEMENT, className="new-agreement"))
        groups.append(html.P([html.Strong(title), f", {told}"], className="group"))
        groups += [key, Drawing(drawn)]
    about = "Per cent of measures or indicators by rating."
    if chart.earlier:
        sums = " ".join(as_printed(printed) for printed in chart.earlier.values())
        about += f" {sums} Source: the partnership's own reports of {' and '.join(chart.earlier)};"
        about += " verified returns of the lead partners."
    else:
        about += f" {VERIFIED}"
    body = [_caption(words.shares_title(chart), about), *groups, _shares_tables(chart)]
    return html.Section([html.H2("Share of each rating over the years"), html.Figure(body)])


def _shares_tables(chart: SharesChart) -> Component:
    order = (Rating.WORSE, Rating.WITHIN, Rating.BETTER)
    tables = []
    for title, printed in chart.earlier.items():
        rows = [
            (words.month(one.day), *(words.printed_share(one.shares.get(rating)) for rating in (*order, None)))
            for one in printed
        ]
        head = ("Half-year to", *(f"{words.SHAPE[rating]} {words.PRINTED[rating]}" for rating in (*order, None)))
        tables.append(parts.table(f"{title}: per cent of all its measures, as printed", head, rows, range(1, 5)))
    counted: list[tuple[object, ...]] = [
        (
            words.capital(words.period(one.period)),
            *(words.share(one.ratings.get(rating, 0), one.rated) for rating in order),
            one.total - one.rated,
            one.total,
        )
        for one in chart.counted
    ]
    head = ("Period", *(f"{words.SHAPE[rating]} {words.SHORT[rating]}" for rating in order), "No rating", "All")
    tables.append(parts.table(f"{chart.agreement}: indicators, of those rated", head, counted, range(1, 6)))
    return parts.folded("The same figures as tables", *tables)


def _spine(view: Performance, period: str | None, *, by_theme: bool) -> Component:
    chart = view.spine
    groups = _by_theme(view) if by_theme else [("", list(chart.rows))]
    about = f"{words.capital(words.period(chart.period))}. {words.STEPS} Better is to the right. {VERIFIED}"
    drawn = [_group(title, rows, view) for title, rows in groups if rows]
    ratings = {figure.rating for figure, _ in chart.rows}
    body = [
        _caption(words.spine_title(chart), about),
        parts.folded("How the distance is worked out", html.P(words.HOW_FAR)),
        *([_grouping(view, period, by_theme=by_theme), charts.ratings_key(ratings)] if drawn else []),
        *drawn,
        *_unplaced(chart),
        html.P(words.without_figure(chart), className="soft"),
        *([_spine_table(chart)] if drawn else []),
    ]
    return html.Section([html.H2("Distance to the milestone"), html.Figure(body)])


def _by_theme(view: Performance) -> list[tuple[str, list[tuple[SpineFigure, Decimal]]]]:
    """The rows under their themes, in the agreement's order."""
    rows = view.spine.rows
    return [(panel.title, [row for row in rows if row[0].theme == panel.title]) for panel in view.panels.panels]


def _grouping(view: Performance, period: str | None, *, by_theme: bool) -> Component:
    """Two ways of looking at the rows; the one that is shown is no link."""
    ways = {"All together, worst first": {}, "By theme": {"by": BY_THEME}}
    items = [
        html.Li(
            html.Span(said, **parts.aria(current="true"))
            if bool(more) is by_theme
            else parts.link(said, parts.address(PATH, period, view.as_at, more))
        )
        for said, more in ways.items()
    ]
    return html.Nav(html.Ul(items), className="periods", **parts.aria(label="Grouping"))


def _group(title: str, rows: Sequence[tuple[SpineFigure, Decimal]], view: Performance) -> Component:
    def named(figure: SpineFigure) -> Component:
        address = parts.address(parts.indicator_address(figure.code), period_slug(view.period), view.as_at)
        return parts.link(charts.spine_name(figure), address)

    return html.Div([*([html.H3(title)] if title else []), charts.spine_rows(rows, named)])


def _unplaced(chart: SpineChart) -> list[Component]:
    if not chart.unplaced:
        return []
    items = [
        html.Li(f"{figure.code} {figure.title}, {words.spine_figure(figure)}: {words.unplaced(figure, why)}.")
        for figure, why in chart.unplaced
    ]
    return [html.H3("Figures without a distance"), html.Ul(items)]


def _spine_table(chart: SpineChart) -> Component:
    rows = [(*charts.spine_row(figure, by), figure.theme) for figure, by in chart.rows]
    head = (*charts.SPINE_HEAD, "Theme")
    table = parts.table("Figures and their distances, the worst first", head, rows, (1, 2))
    return parts.folded("The same figures as a table", table)


def _panels(chart: PanelsChart) -> Component:
    drawn = [
        html.Div([html.H3(one.title), Drawing(spine.panel(one, chart))], className="panel")
        for one in chart.panels
        if one.lines
    ]
    ratings = {point.rating for one in chart.panels for line in one.lines for point in line.points}
    silent = [one.title for one in chart.panels if not one.lines]
    about = (
        "The distance of each measure to its milestone over time, with the same axes for every theme. "
        f"{words.STEPS} Better is upwards. Dotted: no figure in between, or since. {VERIFIED}"
    )
    body = [
        _caption(words.panels_title(chart), about),
        *([charts.ratings_key(ratings), html.Div(drawn, className="panels")] if drawn else []),
        *([html.P(f"No figure with a distance yet: {'; '.join(silent)}.", className="soft")] if silent else []),
        *([_panels_table(chart)] if drawn else []),
    ]
    return html.Section([html.H2("Theme by theme"), html.Figure(body)])


def _panels_table(chart: PanelsChart) -> Component:
    rows = [
        (
            f"{line.code} {line.title}",
            panel.title,
            words.capital(words.period(point.period)),
            words.capital(words.tolerances(point.distance)),
            parts.short_rating(point.rating),
        )
        for panel in chart.panels
        for line in panel.lines
        for point in reversed(line.points)
    ]
    head = ("Measure", "Theme", "Period", "Distance", "Rating")
    return parts.folded("The same figures as a table", parts.table("Distances by theme, the latest first", head, rows))
