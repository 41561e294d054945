"""The drawing of a measure's chart as a tree of SVG elements, the same for signed-in pages, public pages and print.

Across, everything is in per cent and, down, in pixels: so the drawing takes any width, and its writing keeps its size.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from layouts.marks import Element, at, cross, diamond, element, mark, square
from layouts.scale import HEIGHT, Scale, edges, scale_of, ticks
from models.rules.calendar import IN_A_YEAR, CalendarPeriod, calendar_period
from models.rules.expected import Basis
from models.rules.terms import Frequency
from portal import words
from portal.viewmodels.charts import ChartAim, ChartPoint, HistoricPoint, Layer, MeasureChart
from portal.words import indicators as words_of

TONE = {"better": "better", "within": "within", "worse": "worse", None: "none"}
MOST_YEARS = 6
"""So many years are named below the drawing; of more, every second, third ... one."""
MOST_DOTS = 60
"""So many figures from before the agreement have a dot each; of more only their line is drawn."""
CLOSE = 4
"""Events nearer than this, in per cent of the width, are numbered at different heights."""


def plot(chart: MeasureChart, shown: Collection[Layer]) -> Element | None:
    """The drawing with the layers that are wanted; None when there is nothing to draw."""
    wanted = frozenset(shown) & frozenset(chart.layers)
    scale = scale_of(chart, wanted)
    if scale is None:
        return None
    drawn = list(_grid(scale))
    layers = {Layer.LIMITS: _limits, Layer.TARGET: _aims, Layer.FORECAST: _forecast, Layer.EVENTS: _events}
    for layer, draw in layers.items():
        if layer in wanted:
            drawn += draw(chart, scale)
    drawn += [*_historic(chart, scale), *_breaks(chart, scale), *_line(chart, scale), *_points(chart, scale)]
    said = words.chart_alternative(chart, wanted)
    return element("svg", *drawn, width="100%", height=HEIGHT, role="group", aria_label=said, class_="plot")


def margin(chart: MeasureChart, shown: Collection[Layer]) -> int:
    """How many characters wide the numbers beside the drawing are."""
    scale = scale_of(chart, frozenset(shown) & frozenset(chart.layers))
    if scale is None:
        return 0
    step, values = ticks(scale.low, scale.high)
    return max(len(words.tick(value, step)) for value in values)


def _between(scale: Scale, day: date, value: Decimal, other: date, end: Decimal, class_: str) -> Element:
    """A straight line from one day and figure to another."""
    y1, y2 = scale.y(value), scale.y(end)
    return element("line", x1=f"{scale.x(day)}%", y1=y1, x2=f"{scale.x(other)}%", y2=y2, class_=class_)


def _grid(scale: Scale) -> Iterator[Element]:
    """Lines across at round numbers, and a line down where a financial year begins."""
    step, values = ticks(scale.low, scale.high)
    for value in values:
        y = scale.y(value)
        yield element("line", x1=0, y1=y, x2="100%", y2=y, class_="grid")
        yield element("text", words.tick(value, step), x=-8, y=y + 4, class_="axis end")
    first = scale.first.year - (scale.first < date(scale.first.year, 4, 1))
    years = range(first, scale.last.year + 1)
    for year in years[:: -(-len(years) // MOST_YEARS)]:
        start, end = max(date(year, 4, 1), scale.first), min(date(year + 1, 3, 31), scale.last)
        if start >= end:
            continue
        yield element("line", x1=f"{scale.x(start)}%", y1=0, x2=f"{scale.x(start)}%", y2=HEIGHT, class_="grid year")
        middle = (scale.x(start) + scale.x(end)) / 2
        label = f"{year}/{(year + 1) % 100:02}"
        yield element("text", label, x=f"{middle:g}%", y=HEIGHT + 20, class_="axis middle")


def _own(key: str) -> CalendarPeriod:
    return calendar_period(key)


def _ordinal(key: str) -> int:
    """Periods of a kind counted through the years."""
    one = _own(key)
    return int(one.year[:4]) * IN_A_YEAR[one.frequency] + one.number


def _year_start(key: str) -> date:
    return CalendarPeriod(_own(key).year, Frequency.YEARLY, 1).starts_on - timedelta(days=1)


def _line(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """The figures joined. A declared break of the series parts them, and so does a new year where they count up from
    nothing: there the line begins anew at nought."""
    before: ChartPoint | None = None
    for point in chart.points:
        follows = before is not None and not point.anew
        if chart.cumulative and (before is None or _own(before.period).year != _own(point.period).year):
            start = max(_year_start(point.period), scale.first)
            yield _between(scale, start, Decimal(0), point.day, point.value, "line")
        elif follows and before is not None:
            gap = _ordinal(point.period) - _ordinal(before.period) > 1
            yield _between(scale, before.day, before.value, point.day, point.value, "line gap" if gap else "line")
        before = point


def _points(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """Each figure as the shape of its rating, ringed where the limits give a signal. One of them is in the order of
    the tab key; from there the arrows lead to the others (assets/drawing.js)."""
    for place, point in enumerate(chart.points):
        said = words.point_label(point, chart)
        x, y = scale.x(point.day), scale.y(point.value)
        side = "end" if x > 75 else "start" if x < 25 else "middle"
        ring = [element("circle", r=11, class_="ring")] if point.signals else []
        above = -18 if y > 40 else 28
        spoken = element(
            "g",
            element("text", words.figure(point.value, chart), y=above - 1, class_=f"{side} strong"),
            element(
                "text", words.capital(words.period(point.period)), y=above + 16 * (1 if above > 0 else -1), class_=side
            ),
            class_="spoken",
        )
        yield element(
            "g",
            element("title", said),
            at(x, y, element("circle", r=16, class_="reach"), *ring, mark(point.rating), spoken),
            class_=f"point {TONE[point.rating]}",
            tabindex=0 if place == len(chart.points) - 1 else -1,
            role="img",
            aria_label=said,
        )


def _historic(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """The figures from before the agreement: one line, as thin as there are many, that begins anew with each year where
    they count up from nothing; it goes on to the agreement's first figure, if that belongs to the same series."""
    stretches: list[list[HistoricPoint]] = []
    for point in chart.historic:
        last = stretches[-1][-1] if stretches else None
        if last is None or (chart.cumulative and _own(last.period).year != _own(point.period).year):
            stretches.append([])
        stretches[-1].append(point)
    for stretch in stretches:
        places = " ".join(f"{scale.x(one.day)},{scale.y(one.value)}" for one in stretch)
        line = element("polyline", points=places, class_="historic")
        room = {"width": "100%", "height": HEIGHT, "viewbox": f"0 0 100 {HEIGHT}", "preserveaspectratio": "none"}
        yield element("g", element("title", words_of.historic_line(chart)), element("svg", line, **room))
    if len(chart.historic) <= MOST_DOTS:
        for point in chart.historic:
            dot = at(scale.x(point.day), scale.y(point.value), element("circle", r=3, class_="historic"))
            yield element("g", element("title", words_of.historic_label(point, chart)), dot)
    if chart.historic and chart.points and not chart.points[0].anew and not chart.cumulative:
        last, first = chart.historic[-1], chart.points[0]
        yield _between(scale, last.day, last.value, first.day, first.value, "line gap")


def _limits(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """The mean and the limits of each stretch, over its own figures."""
    for stretch in chart.limits:
        lines = [("mean", stretch.limits.mean, "mean"), ("upper limit", stretch.limits.upper, "limit")]
        if chart.floor is None or stretch.limits.lower >= chart.floor:
            lines.append(("lower limit", stretch.limits.lower, "limit"))
        for name, value, class_ in lines:
            said = f"{words.capital(name)}: {words.limit(value, chart)}"
            line = _between(scale, stretch.first, value, stretch.last, value, class_)
            yield element("g", element("title", said), line)
            if class_ == "limit":  # the mean goes through the figures: no room for its name
                y = scale.y(value) + (14 if name == "lower limit" else -5)
                yield element("text", name, x=f"{scale.x(stretch.first)}%", y=y, class_="note")


def _aims(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """What the figures are held against: a diamond for each agreed milestone, lines for what follows from the year's
    target; the baseline where the agreement begins. A milestone and what was worked out are not joined: they may disagree."""
    before: dict[Basis, ChartAim] = {}
    for aim in chart.aims:
        basis = aim.expected.basis
        yield from _range(aim, scale)
        yield from _aim_line(chart, scale, before.get(basis), aim)
        if basis is Basis.MILESTONE:
            held = words.expected(aim.expected, chart.decimals, chart.unit)
            said = f"Milestone for {words.period(aim.period)}: {held}"
            for edge in edges(aim.expected):
                yield element("g", element("title", said), at(scale.x(aim.day), scale.y(edge), diamond()))
        before[basis] = aim
    if chart.baseline is not None:
        when = f" ({chart.baseline_period})" if chart.baseline_period else ""
        said = f"Baseline{when}: {words.figure(chart.baseline, chart)}"
        start = scale.x(chart.historic[-1].day) if chart.historic else 0
        yield element("g", element("title", said), at(start, scale.y(chart.baseline), square()))


def _opens(aim: ChartAim, scale: Scale) -> date:
    return max(_own(aim.period).starts_on - timedelta(days=1), scale.first)


def _range(aim: ChartAim, scale: Scale) -> Iterator[Element]:
    """The ground between the edges of a range, over its own period."""
    drawn = edges(aim.expected)
    if len(drawn) == 2:
        top, bottom = scale.y(max(drawn)), scale.y(min(drawn))
        left, right = scale.x(_opens(aim, scale)), scale.x(aim.day)
        yield element("rect", x=f"{left}%", y=top, width=f"{right - left:g}%", height=bottom - top, class_="range")


def _aim_line(chart: MeasureChart, scale: Scale, before: ChartAim | None, aim: ChartAim) -> Iterator[Element]:
    """A step over the period for a year's target or a range; else a line from the aim before of the same kind, or from
    nothing at the year's start for what counts up from there."""
    drawn = edges(aim.expected)
    together = before is not None and _own(before.period).year == _own(aim.period).year
    if aim.expected.basis is Basis.YEAR_TARGET or len(drawn) == 2:
        for edge in drawn:
            yield _between(scale, _opens(aim, scale), edge, aim.day, edge, "aim")
    elif before is not None and len(edges(before.expected)) == 1 and (together or not chart.cumulative):
        yield _between(scale, before.day, edges(before.expected)[0], aim.day, drawn[0], "aim")
    elif chart.cumulative and aim.expected.basis is not Basis.MILESTONE:
        yield _between(scale, max(_year_start(aim.period), scale.first), Decimal(0), aim.day, drawn[0], "aim")


def _forecast(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """From the last figure to the year's end: the range that holds in 80 of 100 cases, its middle, and the partner's
    own forecast as a cross."""
    found, end = chart.outlook, scale.x(chart.year_end)
    if found and found.central is not None and found.low is not None and found.high is not None and chart.points:
        last = chart.points[-1]
        day, value = last.day, last.value
        if chart.cumulative and _own(last.period).year != found.year:
            day, value = CalendarPeriod(found.year, Frequency.YEARLY, 1).starts_on, last.value * 0
        start, top, bottom = scale.x(day), scale.y(found.high), scale.y(found.low)
        y = scale.y(value)
        upper, lower = min(top, y), max(bottom, y)
        fan = element("polygon", points=f"0,{y - upper:g} 100,{top - upper:g} 100,{bottom - upper:g}", class_="fan")
        size = {"width": f"{end - start:g}%", "height": max(lower - upper, 1)}
        yield element(
            "svg",
            fan,
            x=f"{start}%",
            y=upper,
            viewbox=f"0 0 100 {max(lower - upper, 1):g}",
            preserveaspectratio="none",
            **size,
        )
        said = " ".join(words.chart_forecast(chart))
        yield element(
            "g",
            element("title", said),
            _between(scale, day, value, chart.year_end, found.central, "central"),
            element("line", x1=f"{end}%", y1=top, x2=f"{end}%", y2=bottom, class_="span"),
        )
    if chart.partner is not None:
        said = f"The partner's forecast for the year's end: {words.figure(chart.partner, chart)}"
        yield element("g", element("title", said), at(end, scale.y(chart.partner), cross()))


def _events(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """A line down on each event's day, numbered as in the list below the chart."""
    before, raised = -100.0, False
    for event in chart.events:
        x = scale.x(event.day)
        raised = x - before < CLOSE and not raised
        before, y = x, -34 if raised else -12
        number = at(
            x, y, element("circle", r=10, class_="flag"), element("text", str(event.number), y=5, class_="middle")
        )
        line = element("line", x1=f"{x}%", y1=y + 10, x2=f"{x}%", y2=HEIGHT)
        yield element("g", element("title", words.chart_event(event)), line, number, class_="event")


def _breaks(chart: MeasureChart, scale: Scale) -> Iterator[Element]:
    """Where a series was declared to begin anew."""
    for _, point in pairwise([None, *chart.points]):
        if point is not None and point.anew:
            x = scale.x(max(_own(point.period).starts_on, scale.first))
            line = element("line", x1=f"{x}%", y1=0, x2=f"{x}%", y2=HEIGHT)
            far = x > 75
            text = element(
                "text", "new series", x=f"{x}%", dx=-4 if far else 4, y=HEIGHT - 6, class_="end" if far else None
            )
            yield element("g", element("title", f"The series begins anew: {point.anew}"), line, text, class_="break")
