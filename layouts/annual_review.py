"""Drawing the annual review: four counts and the lists behind them."""

from dash import html
from dash.development.base_component import Component

from layouts import parts, past
from layouts import self_assessment as draw
from layouts.actions import listed
from models.rules.terms import ReviewCategory
from portal import words
from portal.viewmodels.annual_review import AnnualReview, Reviewed
from portal.viewmodels.self_assessment import SelfAssessment

ORDER = (ReviewCategory.AT_RISK, ReviewCategory.OFF_TRAJECTORY, ReviewCategory.ON_TRACK, ReviewCategory.NO_DATA)
TONE = {
    ReviewCategory.AT_RISK: "worse",
    ReviewCategory.OFF_TRAJECTORY: "within",
    ReviewCategory.ON_TRACK: "better",
    ReviewCategory.NO_DATA: "none",
}
SHAPE = {
    ReviewCategory.AT_RISK: "▲",
    ReviewCategory.OFF_TRAJECTORY: "◆",
    ReviewCategory.ON_TRACK: "★",
    ReviewCategory.NO_DATA: "–",
}
EXPLAINED = {
    ReviewCategory.AT_RISK: "Forecast to end the year worse than anticipated.",
    ReviewCategory.OFF_TRAJECTORY: "Worse than anticipated now, but forecast to recover by the year's end.",
    ReviewCategory.ON_TRACK: "Neither worse now nor forecast to be.",
    ReviewCategory.NO_DATA: "Placeholders and others without anything to judge by yet.",
}


def annual_review(view: AnnualReview, document: SelfAssessment) -> tuple[str, Component]:
    """The review of one year: its counts and lists as they are now, then its self-assessment."""
    title = f"Annual review {view.year}"
    path = f"/annual-review/{view.year.replace('/', '-')}"
    return parts.page(
        title,
        parts.heading(title),
        *past.banner(view.as_at, path),
        html.P(
            f"The {len(view.indicators)} designated indicators, from the verified returns of {words.period(view.period)} "
            f"({words.months(view.period)})."
        ),
        draw.way_in(document),
        html.Ul([_count(view, category) for category in ORDER], className="counts"),
        *(_section(view, category) for category in ORDER),
        *draw.sections(document),
        past.chooser(view.as_at, path),
    )


def _count(view: AnnualReview, category: ReviewCategory) -> Component:
    shape = html.Span(SHAPE[category], className="shape", **parts.aria(hidden="true"))
    return html.Li(
        [html.Span(str(view.counts[category]), className="big"), html.Span([shape, words.CATEGORY[category]])],
        className=TONE[category],
    )


def _section(view: AnnualReview, category: ReviewCategory) -> Component:
    found = view.of(category)
    heading = html.H2(f"{words.CATEGORY[category]}: {len(found)}")
    if not found:
        return html.Section([heading, html.P("None.")])
    if category is ReviewCategory.AT_RISK:
        content: Component = html.Div([_risk(item, view) for item in found])
    else:
        content = _table(found, category, view)
    return html.Section([heading, html.P(EXPLAINED[category], className="soft"), content])


def _risk(item: Reviewed, view: AnnualReview) -> Component:
    indicator = item.indicator
    actions = [line for line in view.actions if line.indicator == indicator.code]
    said = parts.paragraphs(words.said_once(indicator.commentary, actions)) if indicator.commentary else []
    if not said:
        said = [html.P("The lead has given no commentary.", className="soft")]
    if actions:
        said += [html.P("Actions:", className="soft"), listed(actions)]
    return html.Article(
        [
            html.H3(_name(item, view)),
            html.P(["Now: ", parts.rating(indicator.rating, indicator.no_rating_reason)]),
            html.P(["By the year's end: ", parts.rating(indicator.forecast)]),
            *said,
            *(parts.why(measure) for measure in indicator.measures),
            html.P(f"Lead: {indicator.lead or 'partnership team'}", className="soft"),
        ]
    )


def _name(item: Reviewed, view: AnnualReview) -> Component:
    """The indicator, as the way to its page for who may open that."""
    if view.opens_indicators:
        return parts.indicator_link(item.indicator, view.period)
    return html.Span(parts.named(item.indicator))


def _table(found: tuple[Reviewed, ...], category: ReviewCategory, view: AnnualReview) -> Component:
    rows = [
        (
            _name(item, view),
            html.Div(
                [
                    parts.rating(item.indicator.rating, item.indicator.no_rating_reason),
                    html.Div(words.JUDGED, className="soft") if item.indicator.overridden else None,
                ]
            ),
            parts.short_rating(item.indicator.forecast),
            item.indicator.lead or "Partnership team",
        )
        for item in found
    ]
    head = ("Indicator", "Now", "Year-end forecast", "Lead")
    return parts.table(f"Designated indicators: {words.CATEGORY[category].lower()}", head, rows)
