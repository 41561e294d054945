"""Drawing the executive's first view: what is worse in any theme, all themes side by side, what changed, the heat map."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts import actions, charts, conversation, heat, parts, past
from models.rules.change import Change
from models.rules.rollup import Counts
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.charts import CountsChart
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Question
from portal.viewmodels.themes import PeriodLink, Themes


def themes(view: Themes, questions: Sequence[Question] = ()) -> tuple[str, Component]:
    """What is worse than anticipated, why and what is done about it; then every theme with its counts, what changed,
    and the heat map."""
    chart = CountsChart(
        _title(view),
        f"Indicators by theme and rating, {words.period(view.period)}. Source: verified returns of the lead partners.",
        tuple((theme.title, theme.counts) for theme in view.themes),
    )
    return parts.page(
        f"Themes, {words.short_title(view.period)}",
        parts.heading("Themes", words.capital(words.period(view.period))),
        parts.period_links(view.periods, "/themes", view.as_at, view.filters.chosen),
        *past.banner(view.as_at, _query("/themes", view.periods)),
        *_newer(view),
        *_pressing(view),
        parts.counts_line(view.counts, lambda rating: _listed(view, rating=rating)),
        html.P(_others(view.counts), className="soft"),
        _beside(view),
        _by_theme(view),
        *_changed(view),
        heat.heat_map(view),
        charts.counts_chart(chart),
        *conversation.questions(questions, "Challenges that wait for an answer"),
        past.chooser(view.as_at, "/themes", parts.current(view.periods)),
    )


def _title(view: Themes) -> str:
    counts = view.counts
    if not counts.rated:
        return f"No indicator is rated for {words.period(view.period)} yet"
    verb = "is" if counts.worse == 1 else "are"
    return f"{counts.worse or 'None'} of {words.plural(counts.rated, 'rated indicator')} {verb} worse than anticipated"


def _others(counts: Counts) -> str:
    """The denominator, and why the others are not in it."""
    why = words.reasons_for_none(counts)
    return f"{words.rated_of(counts)}.{f' Of the others, {why}' if why else ''}"


def _query(path: str, periods: Sequence[PeriodLink], as_at: AsAt | None = None) -> str:
    """An address with the period that is shown, and the past that is looked at."""
    return parts.address(path, parts.current(periods), as_at)


def _listed(view: Themes, **wanted: str) -> str:
    """Where the indicators that are wanted are listed: this page, filtered, at its list."""
    return f"{parts.address('/themes', parts.current(view.periods), view.as_at, wanted)}#{heat.PLACE}"


BESIDE = (
    ("exceptions", "Exceptions", "the month’s report to the board: what is worse, late, or changed for the worse"),
    ("performance", "Performance in pictures", "the shares of each rating, and how far figures are from milestones"),
    ("money", "Money", "what is committed to the indicators, and what is worse without any"),
    ("risks", "Risks", "what could come in the way, how likely and how grave"),
    ("reward", "Reward", "what reward-weighted indicators have achieved of the agreed improvement"),
    ("assessment", "Corporate assessment", "the scores of five themes, and what one point more takes"),
    ("packs", "Briefing packs", "what is worse, why and what is being done, as PDF or Word for a meeting"),
    ("proposals", "Proposals", "what each serves of the corporate priorities and outcomes"),
)
"""The pages about the whole agreement that have no link of their own in the navigation: key, name, what they say."""


def _beside(view: Themes) -> Component:
    drawn = []
    for key, name, about in BESIDE:
        if key in view.beside:
            period = parts.current(view.periods) if key == "performance" else None
            day = None if key == "exceptions" else view.as_at  # it has months of its own
            drawn.append(html.Li([parts.link(name, parts.address(f"/{key}", period, day)), f": {about}"]))
    return html.Nav(html.Ul(drawn), className="beside", **parts.aria(label="Beside the ratings"))


def _newer(view: Themes) -> list[Component]:
    """What has been verified of later periods: the page still shows what was published last."""
    return [
        html.P(
            [
                html.Strong(f"{words.capital(words.period(one.key))}: "),
                f"{words.plural(one.figures, 'figure')} verified so far, {one.worse or 'none'} of them worse than "
                "anticipated. ",
                parts.link("Show it", parts.address("/themes", one.slug)),
            ],
            className="newer",
        )
        for one in view.newer
    ]


def _pressing(view: Themes) -> list[Component]:
    """What is worse, then what is expected to end the year so: each with its figure, why, and what is done about it."""
    worse = [one for one in view.pressing if one.rating is Rating.WORSE]
    turning = [one for one in view.pressing if one.rating is not Rating.WORSE]
    drawn: list[Component] = []
    if worse:
        drawn.append(
            _attention(view, _title(view), "What is worse than anticipated, why, and what is being done", worse)
        )
    else:
        drawn.append(html.P(f"{_title(view)}.", className="calm" if view.counts.rated else "empty"))
    if turning:
        verb = "is" if len(turning) == 1 else "are"
        title = f"{len(turning)}{' more' if worse else ''} {verb} expected to end the year worse than anticipated"
        caption = "What is expected to end the year worse than anticipated, why, and what is being done"
        drawn.append(_attention(view, title, caption, turning))
    return drawn


def _attention(view: Themes, title: str, caption: str, listed: Sequence[IndicatorStanding]) -> Component:
    titles = {theme.key: theme.title for theme in view.themes}
    head = ("Indicator", "Figure", "Why, in the lead's words", "What is being done")
    rows = [
        (
            html.Div([parts.indicator_link(one, view.period), html.Div(titles[one.theme], className="soft")]),
            _standing(one),
            words.first_sentence(words.said_once(one.commentary, view.actions)) or _soft("The lead has not said why."),
            _doing([line for line in view.actions if line.indicator == one.code]),
        )
        for one in listed
    ]
    return html.Section([html.H2(title), parts.table(caption, head, rows)], className="attention worst")


def _standing(one: IndicatorStanding) -> Component:
    """The figures that are worse, or all where none is; what the rating was before, and what the lead expects of the
    year's end."""
    figures = [m for m in one.measures if m.value is not None]
    lines: list[Component] = [
        html.Div(words.beside_its_aim(m)) for m in [m for m in figures if m.rating is Rating.WORSE] or figures
    ]
    if one.rating is not Rating.WORSE:
        lines.append(html.Div(["Now: ", parts.rating(one.rating, one.no_rating_reason)]))
    if said := words.was(one):
        lines.append(html.Div(words.capital(said), className="got-worse" if one.change is Change.WORSE else "soft"))
    if one.forecast is not None:
        lines.append(html.Div(["Year's end: ", parts.short_rating(one.forecast)]))
    return html.Div(lines)


def _doing(lines: Sequence[ActionLine]) -> Component:
    """The most urgent open action with who does it and until when; of the others how many there are."""
    if not lines:
        return _soft("No action is open.")
    first, more = lines[0], len(lines) - 1
    drawn = [html.Div(first.now.text), html.Div([f"{words.owner(first.now)}. ", actions.due(first)], className="soft")]
    if more:
        to = f"{parts.indicator_address(first.indicator)}#actions"
        drawn.append(html.Div(parts.link(f"{words.plural(more, 'more action')}", to)))
    return html.Div(drawn)


def _soft(said: str) -> Component:
    return html.Span(said, className="soft")


def _by_theme(view: Themes) -> Component:
    """Every theme with its counts; a name opens the theme, a count the list of those that it counts."""

    def counted(theme: ThemeStanding, n: int, rating: str) -> Component | int:
        return parts.link(str(n), _listed(view, theme=theme.key, rating=rating)) if n else n

    rows = [
        (
            parts.link(theme.title, _query(f"/themes/{theme.key}", view.periods, view.as_at)),
            counted(theme, theme.counts.worse, Rating.WORSE),
            counted(theme, theme.counts.within, Rating.WITHIN),
            counted(theme, theme.counts.better, Rating.BETTER),
            counted(theme, theme.counts.no_rating, heat.NONE),
            theme.counts.total,
            words.changed_in_short(theme.moved),
            words.baseline_in_short(theme.moved),
        )
        for theme in view.themes
    ]
    against = ("Changed since the last rating", "Against the baseline")
    head = ("Theme", "▲ Worse", "● Within range", "★ Better", "No rating", "All", *against)
    return parts.table("Themes of the agreement; each name opens the theme", head, rows, range(1, 6))


CHANGED = {
    Change.WORSE: "Rated worse than the last time",
    Change.LOST: "Rated the last time, and not now",
    Change.BETTER: "Rated better than the last time",
}
"""What changed, in the order in which it is to be read."""
MANY = 8
"""So many are listed openly; more are unfolded by who wants them."""


def _changed(view: Themes) -> list[Component]:
    """How all stand against their last ratings and their baselines, and which indicators changed in which way."""
    indicators = [one for theme in view.themes for one in theme.indicators]
    drawn: list[Component] = [html.H2("What changed since the last rating"), parts.moved(view.moved)]
    for change, title in CHANGED.items():
        found = [one for one in indicators if one.change is change]
        if found:
            said = f"{title}: {words.plural(len(found), 'indicator')}"
            listed = html.Ul([_was(one, view.period) for one in found])
            drawn.append(parts.folded(said, listed, opened=len(found) <= MANY))
    return drawn


def _was(one: IndicatorStanding, period: str) -> Component:
    now = parts.rating(one.rating, one.no_rating_reason)
    return html.Li([parts.indicator_link(one, period), ": ", now, f" ({words.was(one)})"])
