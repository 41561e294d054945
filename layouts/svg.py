"""Charts as SVG text, the same for signed-in pages, public pages and print."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from urllib.parse import quote
from xml.sax.saxutils import escape

from layouts.marks import text_of
from layouts.plot import plot
from portal.viewmodels.charts import Layer, MeasureChart, Trend

WIDTH, HEIGHT, PAD = 120, 32, 5
COLOUR = {"better": "#00695c", "within": "#12436d", "worse": "#801650", "none": "#5b6770"}


def trend(chart: Trend, colour: str = "") -> str:
    """A small line of a measure's figures, a dot on the last, and a dashed line where it was expected to be. One
    figure is one dot: there is no line to draw yet. Empty text for no figures. `colour` is the tone's own unless the
    page around it gives one ('currentColor')."""
    if not chart.values:
        return ""
    held = [chart.expected] if chart.expected is not None else []
    low, high = min([*chart.values, *held]), max([*chart.values, *held])
    points = [(_across(i, len(chart.values)), _up(v, low, high)) for i, v in enumerate(chart.values)]
    colour = colour or COLOUR[chart.tone]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img"><title>{escape(chart.alternative)}</title>'
    ]
    if chart.expected is not None:
        y = _up(chart.expected, low, high)
        parts.append(f'<path d="M0 {y}H{WIDTH}" stroke="#5b6770" stroke-width="1" stroke-dasharray="3 3" fill="none"/>')
    if len(points) > 1:
        path = "M" + "L".join(f"{x} {y}" for x, y in points)
        parts.append(f'<path d="{path}" stroke="{colour}" stroke-width="2" fill="none"/>')
    x, y = points[-1]
    parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/></svg>')
    return "".join(parts)


def measure_chart(chart: MeasureChart, shown: Collection[Layer] = tuple(Layer)) -> str:
    """One measure's figures over time, for a page without script; it takes its colours from the page's stylesheet.
    Empty text when there is nothing to draw."""
    drawn = plot(chart, shown)
    return text_of(drawn) if drawn else ""


def data_address(svg: str) -> str:
    """An SVG as the address of an image."""
    return f"data:image/svg+xml,{quote(svg)}"


def _across(index: int, count: int) -> float:
    return round(PAD + (WIDTH - 2 * PAD) * (index / (count - 1) if count > 1 else 1), 1)


def _up(value: Decimal, low: Decimal, high: Decimal) -> float:
    share = (value - low) / (high - low) if high > low else Decimal("0.5")
    return round(float(HEIGHT - PAD - share * (HEIGHT - 2 * PAD)), 1)


def shares(counts: Sequence[tuple[str, int]]) -> str:
    """A bar divided by counts, as (tone, count) pairs; hatching stands for what has no rating."""
    total = sum(n for _, n in counts)
    if not total:
        return ""
    x, parts = 0.0, []
    for tone, n in counts:
        width = round(100 * n / total, 2)
        if n:
            parts.append(f'<rect class="{tone}" x="{x:g}" width="{max(width - 0.3, 0.3):g}" height="4"/>')
        x += width
    return (
        '<svg class="shares" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )
