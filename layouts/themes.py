"""Drawing the executive's views: all themes side by side, and one theme with the worst first."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import actions, charts, concurrence, conversation, heat, parts, past, svg
from models.rules.change import Moved
from models.rules.direction import Travel
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import CountsChart, Trend
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Question
from portal.viewmodels.themes import PeriodLink, ThemePage, Themes


def themes(view: Themes, questions: Sequence[Question] = ()) -> tuple[str, Component]:
    """Every theme with its counts, as a chart and as a table that leads to each."""
    chart = CountsChart(
        f"{view.counts.worse} of {view.counts.rated} rated indicators are worse than anticipated",
        f"Indicators by theme and rating, {words.period(view.period)}. Source: verified returns of the lead partners.",
        tuple((theme.title, theme.counts) for theme in view.themes),
    )
    rows = [
        (
            parts.link(theme.title, _query(f"/themes/{theme.key}", view.periods, view.as_at)),
            theme.counts.worse,
            theme.counts.within,
            theme.counts.better,
            theme.counts.no_rating,
            theme.counts.total,
            words.changed_in_short(theme.moved),
            words.baseline_in_short(theme.moved),
        )
        for theme in view.themes
    ]
    against = ("Changed since the last rating", "Against the baseline")
    head = ("Theme", "▲ Worse", "● Within range", "★ Better", "No rating", "All", *against)
    return parts.page(
        "Themes",
        parts.heading("Themes", words.capital(words.period(view.period))),
        parts.period_links(view.periods, "/themes", view.as_at, view.filters.chosen),
        *past.banner(view.as_at, _query("/themes", view.periods)),
        parts.counts_line(view.counts),
        html.P(_denominator(view.counts.rated, view.counts.total), className="soft"),
        parts.table("Themes of the agreement; each name opens the theme", head, rows, range(1, 6)),
        _moved(view.moved),
        _changed([i for theme in view.themes for i in theme.indicators]),
        heat.heat_map(view),
        charts.counts_chart(chart),
        parts.folded("Why some have no rating", html.P(words.reasons_for_none(view.counts))),
        *conversation.questions(questions, "Challenges that wait for an answer"),
        past.chooser(view.as_at, "/themes", _current(view.periods)),
    )


def _denominator(rated: int, total: int) -> str:
    return f"{rated} of {total} indicators are rated; the others have no rating, each for a reason that is given."


def _current(periods: Sequence[PeriodLink]) -> str | None:
    return next((p.slug for p in periods if p.current), None)


def _query(path: str, periods: Sequence[PeriodLink], as_at: AsAt | None = None) -> str:
    """An address with the period that is shown, and the past that is looked at."""
    return parts.address(path, _current(periods), as_at)


def theme(view: ThemePage) -> tuple[str, Component]:
    """One theme: what is worse and what is being done about it, then all rated indicators, then those without."""
    shown = view.theme
    path = f"/themes/{shown.key}"
    rated = [i for i in shown.indicators if i.reported]
    unrated = [i for i in shown.indicators if not i.reported]
    worse = [i for i in rated if Rating.WORSE in (i.rating, i.forecast)]
    if not shown.indicators:
        body = [parts.empty("This priority has no indicator in the agreement.", parts.link("All themes", "/themes"))]
    else:
        body = [
            parts.counts_line(shown.counts),
            html.P(f"{words.rated_of(shown.counts).capitalize()}.", className="soft"),
            _moved(shown.moved, ("Actions", words.capital(words.actions_counted(view.actions)))),
            *([_attention(worse, view)] if rated else []),
            *_dissents(view),
            _rated(rated, view),
            _unrated(unrated, view.period),
        ]
    return parts.page(
        shown.title,
        parts.heading(shown.title, f"Theme · {words.period(view.period)}"),
        parts.period_links(view.periods, path, view.as_at),
        *past.banner(view.as_at, _query(path, view.periods)),
        *body,
        past.chooser(view.as_at, path, _current(view.periods)),
    )


def _moved(found: Moved, *more: tuple[str, str]) -> Component:
    """Where a group stands beside its targets: against its last ratings, and against where it started; then what more
    there is to say of it."""
    return parts.facts(
        [
            ("Since the last rating", words.since_last(found)),
            ("Against the baseline", words.against_baseline(found)),
            *more,
        ]
    )


def _changed(indicators: Sequence[IndicatorStanding]) -> Component | None:
    """The indicators with another rating than the last time."""
    found = [(i, said) for i in indicators if (said := words.was(i))]
    if not found:
        return None
    items = [
        html.Li([*parts.named(i), ": ", parts.rating(i.rating, i.no_rating_reason), f" ({said})"]) for i, said in found
    ]
    return html.Section([html.H2("Ratings that changed"), html.Ul(items)])


def _attention(worse: Sequence[IndicatorStanding], view: ThemePage) -> Component:
    """What is worse than anticipated now or by the year's end: why, and what is being done."""
    if not worse:
        return html.P(
            "No rated indicator of this theme is worse than anticipated, or forecast to be.", className="calm"
        )
    return html.Section(
        [
            html.H2("Worse than anticipated, or forecast to be"),
            *(_concern(indicator, view) for indicator in worse),
        ],
        className="attention",
    )


def _dissents(view: ThemePage) -> list[Component]:
    """Where partners that signed up disagree with the lead's figure: for members of the partnership only."""
    if not view.dissents:
        return []
    drawn = [
        html.Article(
            [html.H3(parts.indicator_link(indicator, view.period)), concurrence.dissents(view.dissents[indicator.code])]
        )
        for indicator in view.theme.indicators
        if indicator.code in view.dissents
    ]
    return [html.Section([html.H2("Partners that dissent"), *drawn])]


def _concern(indicator: IndicatorStanding, view: ThemePage) -> Component:
    mark = _mark(any(measure.code in view.provisional for measure in indicator.measures))
    figures = [
        html.P(
            [html.Strong(words.amount(m.value, m.decimals, m.unit)), f", held against {_held(m)}" * bool(m.expected)]
        )
        for m in indicator.measures
        if m.value is not None
    ]
    forecast = html.P(["By the year's end: ", parts.rating(indicator.forecast)]) if indicator.forecast else None
    doing = [line for line in view.actions if line.indicator == indicator.code]
    said = parts.paragraphs(words.said_once(indicator.commentary, doing)) or [
        html.P("The lead has given no commentary.", className="soft")
    ]
    return html.Article(
        [
            html.H3(parts.indicator_link(indicator, view.period)),
            html.P(["Now: ", parts.rating(indicator.rating, indicator.no_rating_reason), *mark, *_was(indicator)]),
            *figures,
            forecast,
            *said,
            html.P(f"Lead: {indicator.lead or 'partnership team'}", className="soft"),
            *(
                [html.P(html.Strong(f"Actions: {words.actions_counted(doing)}")), actions.listed(doing)]
                if doing
                else []
            ),
        ]
    )


def _was(indicator: IndicatorStanding) -> list[str]:
    said = words.was(indicator)
    return [f" ({said})"] if said else []


def _held(standing: MeasureStanding) -> str:
    return words.expected(standing.expected, standing.decimals, standing.unit)


def _rated(rated: Sequence[IndicatorStanding], view: ThemePage) -> Component:
    if not rated:
        return parts.empty("No figure of this theme has been verified for this period.")
    rows = [row for indicator in rated for row in _rows(indicator, view)]
    head = ("Indicator", "Figure", "Held against", "Rating", "Year-end forecast", "Trend", "Lead")
    return html.Section(
        [
            html.H2("Reported indicators, worst first"),
            parts.table(f"Reported indicators of {view.theme.title}", head, rows, (1, 2)),
        ]
    )


def _rows(indicator: IndicatorStanding, view: ThemePage) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for measure in indicator.measures:
        part = f", {measure.part.lower()}" if measure.part else ""
        name = html.Div(
            [
                parts.indicator_link(indicator, view.period),
                part,
                html.Div(measure.unit, className="soft"),
                parts.why(measure),
            ]
        )
        rows.append(
            (
                name,
                words.short_amount(measure.value, measure),
                _held(measure),
                _rating(measure, measure.code in view.provisional),
                parts.short_rating(measure.forecast),
                _direction(measure),
                indicator.lead or "Partnership team",
            )
        )
    return rows


def _mark(provisional: bool) -> list[Component]:
    return [html.Span(f" – {words.PROVISIONAL}", className="soft")] if provisional else []


def _rating(measure: MeasureStanding, provisional: bool) -> Component:
    """The rating, whether people judged it otherwise or a revision could change it, and how strong the evidence is."""
    lines = [parts.short_rating(measure.rating, measure.no_rating_reason), *_mark(provisional)]
    if measure.override_reason:
        lines.append(html.Div(words.JUDGED, className="soft"))
    if measure.strength:
        lines.append(html.Div(words.STRENGTH[measure.strength].lower(), className="soft"))
    return html.Div(lines)


def _direction(measure: MeasureStanding) -> Component:
    """The figures as a line, and where they are going; from eight points on by signals, before that by two figures."""
    found = measure.year_before or measure.travel
    said = words.DIRECTION[found.direction] if found else ""
    since = measure.since_baseline
    started = f"{words.DIRECTION[since.direction]} since the baseline" if isinstance(since, Travel) else ""
    lines = [html.Div(line, className="soft") for line in (said, started) if line]
    return html.Div([_trend(measure), *lines])


def _trend(measure: MeasureStanding) -> Component:
    figures = ", ".join(f"{p.period} {words.number(p.value, measure.decimals)}" for p in measure.history)
    chart = Trend(
        tuple(p.value for p in measure.history),
        measure.expected.value if measure.expected else None,
        parts.TONE[measure.rating],
        f"{measure.code}: {figures or 'no figures yet'}",
    )
    drawn = svg.trend(chart)
    return html.Img(src=svg.data_address(drawn), alt=chart.alternative, className="trend") if drawn else html.Span("–")


def _unrated(unrated: Sequence[IndicatorStanding], period: str) -> Component:
    if not unrated:
        return html.Div()
    reasons = dict.fromkeys(i.no_rating_reason for i in unrated)
    groups = [
        html.Div(
            [
                html.H3(words.REASON[reason].capitalize()),
                html.Ul(
                    [
                        html.Li(
                            [
                                parts.indicator_link(i, period),
                                html.Span(f" {i.lead or 'Partnership team'}", className="soft"),
                            ]
                        )
                        for i in unrated
                        if i.no_rating_reason is reason
                    ]
                ),
            ]
        )
        for reason in reasons
        if reason is not None
    ]
    summary = f"{words.plural(len(unrated), 'indicator')} without a figure, and why"
    return parts.folded(summary, *groups, opened=len(unrated) <= 4)
