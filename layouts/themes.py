"""Drawing the executive's first view: all themes side by side, and the heat map of their indicators."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import charts, conversation, heat, parts, past
from portal import words
from portal.viewmodels.charts import CountsChart
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Question
from portal.viewmodels.themes import PeriodLink, Themes


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
        html.P(
            [
                parts.link("Performance in pictures", _query("/performance", view.periods, view.as_at)),
                ": the shares of each rating over the years, and how far every figure is from its milestone.",
            ]
        ),
        parts.counts_line(view.counts),
        html.P(_denominator(view.counts.rated, view.counts.total), className="soft"),
        parts.table("Themes of the agreement; each name opens the theme", head, rows, range(1, 6)),
        parts.moved(view.moved),
        _changed([i for theme in view.themes for i in theme.indicators]),
        heat.heat_map(view),
        charts.counts_chart(chart),
        parts.folded("Why some have no rating", html.P(words.reasons_for_none(view.counts))),
        *conversation.questions(questions, "Challenges that wait for an answer"),
        past.chooser(view.as_at, "/themes", parts.current(view.periods)),
    )


def _denominator(rated: int, total: int) -> str:
    return f"{rated} of {total} indicators are rated; the others have no rating, each for a reason that is given."


def _query(path: str, periods: Sequence[PeriodLink], as_at: AsAt | None = None) -> str:
    """An address with the period that is shown, and the past that is looked at."""
    return parts.address(path, parts.current(periods), as_at)


def _changed(indicators: Sequence[IndicatorStanding]) -> Component | None:
    """The indicators with another rating than the last time."""
    found = [(i, said) for i in indicators if (said := words.was(i))]
    if not found:
        return None
    items = [
        html.Li([*parts.named(i), ": ", parts.rating(i.rating, i.no_rating_reason), f" ({said})"]) for i, said in found
    ]
    return html.Section([html.H2("Ratings that changed"), html.Ul(items)])
