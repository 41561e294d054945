"""Drawing performance both ways: the figures of every quarter against their baselines, beside those against milestones."""

from dash import html
from dash.development.base_component import Component

from layouts import bars, charts, parts
from layouts.drawing import Drawing
from models.rules.both_ways import side
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.performance import Performance
from portal.words import both_ways as words_of

ORDER = (Rating.WORSE, Rating.WITHIN, Rating.BETTER)


def section(view: Performance) -> Component:
    """The picture with its tables; where no figure has been verified yet, that."""
    heading = html.H2("Against the baseline and against the milestone")
    before = [html.P(words_of.BEFORE.format(title=title), className="soft") for title in view.shares.earlier]
    if not view.both_ways:
        return html.Section([heading, parts.empty("No figure has been verified yet."), *before])
    about = (
        "Measures with a verified figure, by quarter. A figure in another unit than its baseline, or one that adds up within "
        "the year before the year is over, is not comparable. Source: verified returns of the lead partners; baselines and "
        "milestones as agreed."
    )
    caption = html.Figcaption([html.Strong(words_of.title(view.both_ways)), html.Span(about, className="source")])
    key = charts.ratings_key(names=words_of.NAMES)
    drawn = Drawing(bars.both_ways(view.both_ways))
    return html.Section([heading, html.Figure([caption, key, drawn, _tables(view)]), *before])


def _tables(view: Performance) -> Component:
    counted = [
        (
            words.capital(words.period(key)),
            *(one.by_baseline.get(rating, 0) for rating in ORDER),
            one.total - one.comparable,
            *(one.by_milestone.get(rating, 0) for rating in (*ORDER, None)),
            one.total,
        )
        for key, one in view.both_ways.items()
    ]
    head = (
        "Period",
        *("Worse than baseline", "As baseline", "Better than baseline", "Not comparable"),
        *("Worse than milestone", "Within range", "Better than milestone", "No rating", "All figures"),
    )
    reasons = [
        html.P(f"{words.capital(words.period(key))}: {words_of.not_comparable(one)}.", className="soft")
        for key, one in view.both_ways.items()
    ]
    each = parts.table(f"Why: each figure of {words.period(view.period)}", ("Measure", *_EACH), _each(view))
    table = parts.table("Figures by quarter, counted both ways", head, counted, range(1, len(head)))
    return parts.folded("The same figures as tables, and why each counts as it does", table, *reasons, each)


_EACH = ("Against the baseline", "Why", "Against the milestone")


def _each(view: Performance) -> list[tuple[object, ...]]:
    return [
        (
            html.Span([parts.code(measure.code), f" {one.title}"]),
            words.capital(words_of.side_said(side(measure.since_baseline))),
            words.since_baseline(measure),
            parts.short_rating(measure.rating, measure.no_rating_reason),
        )
        for one in view.indicators
        for measure in one.measures
        if measure.value is not None
    ]
