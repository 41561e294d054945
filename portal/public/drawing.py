"""What the public templates need beside the words: drawings, and the sums at the head of the scorecard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from layouts import bars, charts, marks, plot, svg
from models.rules.codes import slug
from models.rules.expected import Basis
from models.rules.rollup import Counts
from models.rules.terms import Rating, State
from portal import words
from portal.viewmodels.charts import Layer, MeasureChart, SharesChart, Trend
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.scorecard import NoLongerRated, Scorecard
from portal.words.both_ways import as_printed

MOST_DIGITS = 6
"""So many fit beside a chart; longer numbers get more room."""
LAYERS = (Layer.TARGET, Layer.LIMITS)
TONE = {Rating.BETTER: "b", Rating.WITHIN: "w", Rating.WORSE: "x", None: "n"}


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands first: the indicators that are worse, how many have no rating for which reason, and how many of them
    had one the period before."""

    worse: tuple[IndicatorStanding, ...]
    reasons: str
    unrated: str


def summary(card: Scorecard, unrated: NoLongerRated | None) -> Summary:
    """What a reader should see within five seconds."""
    worse = tuple(i for theme in card.themes for i in theme.indicators if i.rating is Rating.WORSE)
    return Summary(worse, words.reasons_for_none(card.counts), words.no_longer_rated(unrated) if unrated else "")


def shares(counts: Counts) -> Markup:
    """A bar divided by rating, drawn only: the numbers stand beside it."""
    parts = (("x", counts.worse), ("w", counts.within), ("b", counts.better), ("n", counts.no_rating))
    return Markup(svg.shares(parts))


def trend(standing: MeasureStanding) -> Markup:
    """A measure's figures as a small line; nothing for too few."""
    if len(standing.history) < charts.FEWEST:
        return Markup("")
    said = ", ".join(f"{p.period} {words.number(p.value, standing.decimals)}" for p in standing.history)
    chart = Trend(
        tuple(p.value for p in standing.history),
        standing.expected.value if standing.expected else None,
        {"b": "better", "w": "within", "x": "worse", "n": "none"}[TONE[standing.rating]],
        f"Trend: {said}",
    )
    return Markup(f'<span class="{TONE[standing.rating]}">{svg.trend(chart, "currentColor")}</span>')


def measure_chart(chart: MeasureChart) -> Markup:
    """A measure's figures over time with what they were held against and the limits of chance."""
    return Markup(svg.measure_chart(chart, LAYERS))


def key_of(names: Mapping[Rating | None, str]) -> list[tuple[str, str, str]]:
    """Shapes with their words and tones, the worst first."""
    order = (Rating.WORSE, Rating.WITHIN, Rating.BETTER, None)
    shapes = words.SHAPE | {None: "○"}
    return [(TONE[one], shapes[one], names[one]) for one in order if one in names]


def chart_key(chart: MeasureChart) -> list[tuple[str, str, str]]:
    """What the shapes on a measure's chart stand for."""
    key = key_of({point.rating: words.RATING[point.rating] for point in chart.points})
    if any(aim.expected.basis is Basis.MILESTONE for aim in chart.aims):
        key.append(("", "◇", "Milestone"))
    return key


def strength(standing: MeasureStanding) -> str:
    """How far a rating is to be believed; what is published was verified."""
    return words.strength(replace(standing, state=State.PUBLISHED))


def drawn_shares(chart: SharesChart) -> list[tuple[str, Markup]]:
    """A drawing for each agreement, with its title."""
    return [(title, Markup(marks.text_of(drawn))) for title, drawn in bars.shares(chart)]


def last_figure(indicator: IndicatorStanding) -> str:
    """The last published figure of an indicator that has no rating now, so that its reader is not left with nothing."""
    known = [m for m in indicator.measures if m.history]
    said = (
        f"{f'{m.part.lower()} ' if m.part else ''}{words.amount(m.history[-1].value, m.decimals, m.unit)} "
        f"in {words.period(m.history[-1].period)}"
        for m in known
    )
    return f"last figure {', '.join(said)}" if known else ""


FILTERS: dict[str, Callable[..., Any]] = {
    "shape": lambda rating: words.SHAPE[rating],
    "rating_words": lambda rating: words.RATING[rating],
    "short_words": lambda rating: words.SHORT[rating],
    "tone": lambda rating: TONE[rating],
    "aim": words.aim,
    "aim_in_short": words.aim_in_short,
    "is_drawn": charts.is_drawn,
    "reason": lambda reason: words.REASON[reason],
    "figure": lambda m: words.short_amount(m.value, m),
    "held": lambda m: words.expected(m.expected, m.decimals, m.unit),
    "why": words.why,
    "set_late": words.set_late,
    "amount": lambda m: words.amount(m.value, m.decimals, m.unit),
    "last": last_figure,
    "period_words": words.period,
    "months": words.months,
    "moment": words.moment,
    "plural": words.plural,
    "rated_of": words.rated_of,
    "shares": shares,
    "trend": trend,
    "basis": lambda basis: words.BASIS[basis],
    "good": lambda polarity: words.GOOD[polarity],
    "group_words": lambda group: words.GROUP[group],
    "unit_label": words.unit_label,
    "year_amount": lambda m: words.amount(m.year_value, m.decimals, m.unit),
    "published_strength": strength,
    "travel": words.travel,
    "theme_in_short": words.theme_in_short,
    "chart": measure_chart,
    "chart_title": words.chart_title,
    "chart_about": words.chart_about,
    "chart_key": chart_key,
    "chart_room": lambda chart: " wide-axis" if plot.margin(chart, LAYERS) > MOST_DIGITS else "",
    "point_figure": lambda point, chart: words.figure(point.value, chart),
    "point_held": lambda point, chart: words.expected(point.expected, chart.decimals, chart.unit),
    "shares_said": words.shares_said,
    "as_printed": as_printed,
    "slug": slug,
    "capital": lambda text: text[:1].upper() + text[1:],
}
