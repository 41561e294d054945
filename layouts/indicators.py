"""Drawing the page of one indicator: figures over time, why they are rated so, what is agreed, said and known elsewhere."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import (
    actions,
    charts,
    concurrence,
    elsewhere,
    events,
    ids,
    indicator_agreed,
    money,
    parts,
    past,
    reward,
    risks,
)
from models.rules.codes import period_slug
from portal import words
from portal.viewmodels.charts import Layer
from portal.viewmodels.indicator_page import IndicatorPage, MeasurePage, VerifiedRevision

NONE = "figures"
"""How an address says that nothing is laid over the figures: `?show=figures`."""


MANY = 8
"""So many revisions are shown at once; of more, the older ones are unfolded by who wants them."""


def shown_layers(asked: str | None) -> frozenset[Layer]:
    """The layers that an address asks for: '?show=limits,forecast'. Without it all; what is no layer is passed over."""
    if asked is None:
        return frozenset(Layer)
    return frozenset(layer for layer in Layer if layer in asked.split(","))


def indicator(view: IndicatorPage, shown: Collection[Layer]) -> tuple[str, Component]:
    """The page; what is laid over the figures was chosen in the address."""
    standing = view.indicator
    said = words.capital(words.period(view.period))
    path = f"/indicators/{view.slug}"
    return parts.page(
        f"{standing.code}, {standing.title}",
        parts.heading(standing.title, f"{standing.code} · {view.theme_title} · {said}"),
        parts.period_links(view.periods, path, view.as_at),
        *past.banner(view.as_at, f"{path}?period={period_slug(view.period)}"),
        _lead(view),
        _switches(view, shown),
        *(_measure(one, shown) for one in view.measures),
        *_commentary(view),
        actions.section(view),
        risks.section(view),
        money.section(view),
        events.listed(view),
        _revisions(view),
        _partners(view),
        indicator_agreed.section(view),
        *_trail(view),
        past.chooser(view.as_at, path, period_slug(view.period)),
    )


def _trail(view: IndicatorPage) -> list[Component]:
    """The way to what the audit trail says of the indicator, for those who may read it."""
    if not view.may_audit:
        return []
    address = f"/audit?{urlencode({'text': view.indicator.code})}"
    return [html.P(parts.link(f"Who did what on {view.indicator.code}, and when: the audit trail", address))]


def _lead(view: IndicatorPage) -> Component:
    """How it stands, at a glance: rating, forecast, who leads."""
    standing = view.indicator
    lines = [html.P(["Now: ", parts.rating(standing.rating, standing.no_rating_reason)])]
    if standing.forecast:
        lines.append(html.P(["By the year's end, as the lead expects: ", parts.rating(standing.forecast)]))
    theme = parts.link(view.theme_title, f"/themes/{view.theme_key}?period={period_slug(view.period)}")
    lines.append(html.P(["Lead: ", standing.lead or "partnership team", ". Theme: ", theme, "."], className="soft"))
    return html.Div([*lines, *reward.on_indicator(view.improvements)], className="standing")


def _switches(view: IndicatorPage, shown: Collection[Layer]) -> Component:
    """What can be laid over the figures, as boxes that change the address: only what there is something for."""
    drawn = [one.chart for one in view.measures if charts.is_drawn(one.chart)]
    there = [layer for layer in Layer if any(layer in chart.layers for chart in drawn)]
    if not there:
        return html.Div()
    options = [
        {"label": html.Span([html.Span(className=f"swatch {layer}"), words.LAYER[layer]]), "value": layer.value}
        for layer in there
    ]
    boxes = dbc.Checklist(
        id=ids.LAYERS, options=options, value=[layer.value for layer in there if layer in shown], inline=True
    )
    return html.Fieldset([html.Legend("Shown with the figures"), boxes], className="switches")


def _measure(one: MeasurePage, shown: Collection[Layer]) -> Component:
    standing, chart = one.standing, one.chart
    name = standing.part or "Figures over time"
    body: list[Any] = [html.H2(name), charts.measure_chart(chart, shown)]
    if Layer.FORECAST in shown:
        body += [html.P(sentence) for sentence in words.chart_forecast(chart)]
    if Layer.LIMITS in shown and chart.points:
        body += [html.P(sentence, className="soft") for sentence in words.limits(chart)]
    body += [html.H3("Why this rating?"), *parts.how_rated(standing)]
    body += elsewhere.sections(one.elsewhere, standing, level=3)
    return html.Section(body, className="measure")


def _commentary(view: IndicatorPage) -> list[Component]:
    said = parts.paragraphs(words.said_once(view.indicator.commentary, view.actions.lines))
    if not said:
        return []
    return [html.Section([html.H2("What the lead says"), *said])]


def _revisions(view: IndicatorPage) -> Component:
    """Every revision that was verified, with its commentary."""
    title = html.H2("Verified revisions")
    if not view.revisions:
        nothing = "Nothing has been verified yet. Figures appear here once the partnership team has verified a return."
        return html.Section([title, parts.empty(nothing)])
    rows = [
        (
            _opening(one),
            *([one.part or one.measure] if len(view.measures) > 1 else []),
            words.capital(words.revision(one)),
            words.revision_figure(one),
            html.Div(
                [
                    parts.short_rating(one.rating, one.no_rating_reason),
                    *([html.Div(words.judged_otherwise(one), className="soft")] if one.override_reason else []),
                ]
            ),
            _said(one),
        )
        for one in view.revisions
    ]
    head = ["Period", *(["Measure"] if len(view.measures) > 1 else []), "Revision", "Figure", "Rating", "Commentary"]
    caption = "Every revision that was verified, the latest first" + (
        "; the period opens the return" if any(one.return_id for one in view.revisions) else ""
    )
    body: list[Component] = [title, parts.table(caption, head, rows[:MANY], (len(head) - 3,))]
    if earlier := rows[MANY:]:
        summary = words.plural(len(earlier), "earlier revision")
        body.append(parts.folded(summary, parts.table("Earlier revisions", head, earlier, (len(head) - 3,))))
    return html.Section(body)


def _opening(one: VerifiedRevision) -> Any:
    """A revision's period, as the way to its return for those who may open that."""
    period = words.capital(words.period(one.period))
    return period if one.return_id is None else parts.link(period, f"/returns/{one.return_id}")


def _said(one: VerifiedRevision) -> Component:
    text = parts.paragraphs(one.commentary)
    if not text:
        return html.Span("–")
    return html.Div(text) if len(one.commentary) < 160 else parts.folded("Read it", *text)


def _partners(view: IndicatorPage) -> Component:
    """Who leads, who signed up, and what those said to the verified figure."""
    pairs: list[tuple[Any, Any]] = [
        ("Lead", view.indicator.lead or "Partnership team: nobody leads it"),
        ("Signed up", html.Ul([html.Li(name) for name in view.signed_up]) if view.signed_up else "Nobody but the lead"),
    ]
    said = concurrence.spoken(view.said)
    if not said and view.signed_up:
        said = [
            html.P(f"None of them has said anything to the figure of {words.period(view.period)}.", className="soft")
        ]
    return html.Section([html.H2("Partners"), parts.facts(pairs), *said])
