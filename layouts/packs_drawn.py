"""The drawings of a briefing pack: indicators by theme, distances on one axis, and each measure's figures over time."""

from textwrap import shorten

from layouts import charts, spine
from layouts.bars import bars
from layouts.paper import placed, sheet, written
from layouts.plot import margin, plot
from models.rules.expected import Basis
from models.rules.terms import Rating
from portal import words
from portal.formats.pack_parts import Drawn, Picture, Pictures
from portal.viewmodels.charts import CountsChart, Layer, MeasureChart, SpineChart
from portal.viewmodels.packs import Briefing
from portal.words import packs as words_of

WIDE = 680
"""Pixels across: at the width of a page letters are then as large as its own."""
NAME, SAID = 262, 104
"""The room for names beside the distances, and for ratings."""


def pictures(view: Briefing, distances: SpineChart) -> Pictures:
    """All drawings of a briefing; what there is too little for is not drawn."""
    return Pictures(_counts(view), _distances(distances), _measures(view))


def _counts(view: Briefing) -> Picture | None:
    title = words_of.themes_worse([one.counts for one in view.themes])
    about = (
        f"Indicators by theme and rating, {words.period(view.period)}. Source: verified returns of the lead partners."
    )
    drawn = bars(CountsChart(title, about, tuple((one.title, one.counts) for one in view.themes)))
    if drawn is None or len(view.themes) < 2:
        return None
    height = int(drawn[1]["height"])
    key = ", ".join(f"{words.SHAPE[one]} {words.RATING[one].lower()}" for one in Rating) + ", light: no rating"
    svg = sheet(WIDE, height, placed(drawn, 0, 0, WIDE))
    return Picture(title, about, str(drawn[1]["aria-label"]), Drawn(svg, key, WIDE, height))


def _distances(chart: SpineChart) -> Picture | None:
    """Every figure as far from its milestone as it is, in tolerances."""
    if len(chart.rows) < 2:
        return None
    room = WIDE - NAME - SAID
    drawn = [placed(spine.axis(), NAME, 0, room)]
    for place, (figure, by) in enumerate(chart.rows):
        top = 38 + place * spine.STRIP
        part = f", {figure.part.lower()}" if figure.part else ""
        drawn += [
            placed(spine.strip(by, figure.rating), NAME, top, room),
            written(shorten(f"{figure.code} {figure.title}{part}", 42, placeholder=" …"), 0, top + 19),
            written(words_of.mark(figure.rating), WIDE, top + 19, "end"),
        ]
    height = 38 + len(chart.rows) * spine.STRIP
    said = "; ".join(f"{figure.code} {words.tolerances(by)}" for figure, by in chart.rows)
    about = "Distance from the milestone in tolerances; the grey ground is within the acceptable range."
    title = words.spine_title(chart)
    return Picture(title, about, f"{title}. {said}.", Drawn(sheet(WIDE, height, *drawn), "", WIDE, height))


def _measures(view: Briefing) -> dict[str, Drawn]:
    found = {}
    for page in view.concerns:
        for one in page.measures:
            if charts.is_drawn(one.chart) and (drawn := _measure(one.chart)):
                found[one.standing.code] = drawn
    return found


def _measure(chart: MeasureChart) -> Drawn | None:
    drawn = plot(chart, chart.layers)
    if drawn is None:
        return None
    left, right, top, below = 14 + 8 * margin(chart, chart.layers), 14, 52 if chart.events else 16, 30
    height = top + int(drawn[1]["height"]) + below
    svg = sheet(WIDE, height, placed(drawn, left, top, WIDE - left - right))
    return Drawn(svg, _key(chart), WIDE, height)


def _key(chart: MeasureChart) -> str:
    """What the shapes and lines of a chart are."""
    rated = {point.rating for point in chart.points}
    said = [f"{words.SHAPE[one]} {words.RATING[one].lower()}" for one in Rating if one in rated]
    others = {
        "○ no rating": None in rated,
        "◇ milestone": any(aim.expected.basis is Basis.MILESTONE for aim in chart.aims),
        "□ baseline": chart.baseline is not None,
        "✕ partner’s forecast": chart.partner is not None,
        "dashed green: what figures are held against": bool(chart.aims),
        "blue ground: the portal’s forecast in 80 of 100 cases": Layer.FORECAST in chart.layers
        and chart.outlook is not None
        and chart.outlook.central is not None,
        "dotted: process limits": bool(chart.limits),
        "◎ signal by them": any(point.signals for point in chart.points),
    }
    return ", ".join([*said, *(name for name, there in others.items() if there)])
