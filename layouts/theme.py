"""Drawing one theme for the executive: what is worse first, why, and what is being done; then the rest."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import actions, charts, concurrence, heat, packs, parts, past, risks
from models.rules.actions import Urgency
from models.rules.direction import Travel
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.themes import ThemePage
from portal.words import money as words_of_money
from portal.words import plans as words_of_plans
from portal.words import risks as words_of_risks


def theme(view: ThemePage) -> tuple[str, Component]:
    """One theme: what is worse and what is being done about it, then all rated indicators, then those without."""
    shown = view.theme
    path = f"/themes/{shown.key}"
    rated = [i for i in shown.indicators if i.reported]
    unrated = [i for i in shown.indicators if not i.reported]
    worse = [i for i in rated if Rating.WORSE in (i.rating, i.forecast)]
    if not shown.indicators:
        body = [parts.empty("This theme has no indicator in the agreement.", parts.link("All themes", "/themes"))]
    else:
        body = [
            *([_attention(worse, view)] if rated else []),
            parts.counts_line(shown.counts, lambda rating: _listed(view, rating)),
            html.P(f"{words.rated_of(shown.counts).capitalize()}.", className="soft"),
            parts.moved(shown.moved, *_work(view)),
            *_overdue(view, [] if not rated else worse),
            *risks.of_theme(view.risks),
            *_dissents(view),
            _rated(rated, view),
            _unrated(unrated, view.period),
        ]
    return parts.page(
        f"{shown.title}, {words.short_title(view.period)}",
        parts.heading(shown.title, f"Theme · {words.period(view.period)}"),
        parts.period_links(view.periods, path, view.as_at),
        *past.banner(view.as_at, parts.address(path, parts.current(view.periods))),
        *body,
        *packs.way(f"theme:{shown.key}", parts.current(view.periods), "A briefing pack on this theme", view.may_pack),
        past.chooser(view.as_at, path, parts.current(view.periods)),
    )


def _work(view: ThemePage) -> list[tuple[str, Component | str]]:
    """What is done, planned, feared and paid for, each in a line."""
    shown = view.theme.indicators
    money = parts.link(
        words.capital(words_of_money.committed(view.money, shown)),
        parts.address("/money", parts.current(view.periods), view.as_at),
    )
    return [
        ("Actions", words.capital(words.actions_counted(view.actions))),
        ("Delivery plans", words_of_plans.counted(len(view.planned), len(shown))),
        ("Risks", words.capital(words_of_risks.counted(view.risks))),
        ("Money", money),
    ]


def _overdue(view: ThemePage, told: Sequence[IndicatorStanding]) -> list[Component]:
    """The overdue actions of the indicators that are not told above with all of theirs."""
    codes = {one.code for one in told}
    found = [line for line in view.actions if line.urgency is Urgency.OVERDUE and line.indicator not in codes]
    if not found:
        return []
    title = "Actions overdue on other indicators" if told else "Actions overdue"
    return [html.Section([html.H2(title), actions.listed(found, named=True)])]


def _listed(view: ThemePage, rating: str) -> str:
    """Where this theme's indicators with a rating are listed quarter by quarter."""
    wanted = {"theme": view.theme.key, "rating": rating}
    return f"{parts.address('/themes', parts.current(view.periods), view.as_at, wanted)}#{heat.PLACE}"


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
    figures = [html.P(html.Strong(words.beside_its_aim(m))) for m in indicator.measures if m.value is not None]
    going = [html.P(sentence) for m in indicator.measures if (sentence := _going(m))]
    expected = "By the year's end, as the lead expects: "
    forecast = html.P([expected, parts.rating(indicator.forecast)]) if indicator.forecast else None
    doing = [line for line in view.actions if line.indicator == indicator.code]
    said = parts.paragraphs(words.said_once(indicator.commentary, doing)) or [
        html.P("The lead has given no commentary.", className="soft")
    ]
    return html.Article(
        [
            html.H3(parts.indicator_link(indicator, view.period)),
            html.P(["Now: ", parts.rating(indicator.rating, indicator.no_rating_reason), *mark, *_was(indicator)]),
            *figures,
            *said,
            html.P(f"Lead: {indicator.lead or 'partnership team'}", className="soft"),
            *(
                [html.P(html.Strong(f"Actions: {words.actions_counted(doing)}")), actions.listed(doing)]
                if doing
                else [html.P("No action is open.", className="soft")]
            ),
            forecast,
            *_outlooks(indicator),
            *going,
        ]
    )


def _going(measure: MeasureStanding) -> str:
    """Where a figure is going and how far it is to be believed."""
    if measure.value is None:
        return ""
    part = f"{measure.part}: " if measure.part else ""
    return f"{part}{words.travel(measure.year_before or measure.travel, measure)} {words.strength(measure)}."


def _outlooks(indicator: IndicatorStanding) -> list[Component]:
    """What the portal itself forecasts of each measure; nothing where figures are too few."""
    return [
        html.P(f"{m.part}: {sentence}" if m.part else sentence)
        for m in indicator.measures
        if m.outlook is not None and m.outlook.central is not None
        for sentence in words.outlook(m.outlook, m.decimals, m.unit)
    ]


def _was(indicator: IndicatorStanding) -> list[str]:
    said = words.was(indicator)
    return [f" ({said})"] if said else []


def _held(standing: MeasureStanding) -> str:
    return words.expected(standing.expected, standing.decimals, standing.unit)


def _rated(rated: Sequence[IndicatorStanding], view: ThemePage) -> Component:
    if not rated:
        return parts.empty("No figure of this theme has been verified for this period.")
    rows = [row for indicator in rated for row in _rows(indicator, view)]
    drawn = any(charts.trend(measure) for indicator in rated for measure in indicator.measures)
    head = ("Indicator", "Figure", "Held against", "Rating", "Year-end forecast", "Trend", "Lead")
    return html.Section(
        [
            html.H2("Reported indicators, worst first"),
            parts.table(f"Reported indicators of {view.theme.title}", head, rows, (1, 2)),
            *([html.P(charts.TREND_KEY, className="soft")] if drawn else []),
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
                *_last_words(indicator, measure),
            ]
        )
        rows.append(
            (
                name,
                words.short_amount(measure.value, measure),
                html.Div([_held(measure), *_by(measure)]),
                _rating(measure, measure.code in view.provisional),
                _forecast(measure),
                _direction(measure),
                indicator.lead or "Partnership team",
            )
        )
    return rows


def _by(measure: MeasureStanding) -> list[Component]:
    """What is no milestone of this period is named: a year's target beside a quarter's figure, say."""
    said = words.aim_in_short(measure.expected)
    return [html.Div(said, className="soft")] if said else []


def _last_words(indicator: IndicatorStanding, measure: MeasureStanding) -> list[Component]:
    """What the lead says, under an indicator's first measure; what is worse has it above already."""
    said = parts.paragraphs(indicator.commentary)
    here = measure is indicator.measures[0] and Rating.WORSE not in (indicator.rating, indicator.forecast)
    return [parts.folded("What the lead says", *said)] if said and here else []


def _forecast(measure: MeasureStanding) -> Component:
    """The lead's forecast as a rating; under it the portal's as a range, and the chance of the year's target."""
    lines = [html.Div(line, className="soft") for line in words.range_against_target(measure)]
    return html.Div([parts.short_rating(measure.forecast), *lines])


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
    drawn = [charts.trend(measure), *lines]
    return html.Div(drawn if any(drawn) else "–")


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
    return parts.folded(summary, html.Div(groups, className="reasons"), opened=len(unrated) <= 4)
