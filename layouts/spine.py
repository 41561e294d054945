"""The drawing of distances on one axis, in tolerances: a strip for each figure, and panels of them over time.

Across, everything is in per cent and, down, in pixels: so the drawing takes any width, and its writing keeps its size.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from layouts.bars import TONE
from layouts.marks import Element, at, element, mark
from models.rules.calendar import calendar_period
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import Panel, PanelLine, PanelsChart

FURTHEST = Decimal(4)
"""The axis ends here on either side. What is further stands at its end, with an arrow and its number."""
STRIP, PANEL, NAME = 30, 180, 15


def _clipped(by: Decimal) -> Decimal:
    return max(-FURTHEST, min(FURTHEST, by))


def _across(by: Decimal | int) -> float:
    return float(round(50 + 12 * Decimal(by), 2))


def _down(by: Decimal | int) -> float:
    return float(round(PANEL / Decimal(2) - by * (PANEL // 2 - 12) / FURTHEST, 1))


def axis() -> Element:
    """The words and numbers over the strips. The strips say themselves what they show."""
    ends = [("← Worse", 0, "note"), ("Milestone", 50, "note middle"), ("Better →", 100, "note end")]
    said = [element("text", text, x=f"{x}%", y=12, class_=class_) for text, x, class_ in ends]
    numbers = [
        element("text", words.on_axis(Decimal(by), 0), x=f"{_across(by)}%", y=29, class_="axis middle")
        for by in range(-4, 5)
    ]
    return element("svg", *said, *numbers, width="100%", height=34, aria_hidden="true", class_="plot")


def strip(by: Decimal, rating: Rating | None) -> Element:
    """One figure's distance as the shape of its rating, with a line to it from the milestone."""
    place, middle = _across(_clipped(by)), STRIP / 2
    band = element("rect", x=f"{_across(-1)}%", y=0, width="24%", height=STRIP, class_="tolerance")
    lines = [
        element("line", x1=f"{_across(n)}%", y1=0, x2=f"{_across(n)}%", y2=STRIP, class_="zero" if n == 0 else "grid")
        for n in range(-4, 5)
    ]
    stem = element("line", x1="50%", y1=middle, x2=f"{place}%", y2=middle, class_="stem")
    shape = at(place, middle, *_arrow(by, sideways=True), mark(rating))
    return element(
        "svg",
        *(band, *lines, element("g", stem, shape, class_=f"point {TONE[rating]}")),
        width="100%",
        height=STRIP,
        role="img",
        aria_label=words.capital(words.tolerances(by)),
        class_="plot",
    )


def _arrow(by: Decimal, *, sideways: bool) -> list[Element]:
    """For what is further than the axis goes: where to; across also how far."""
    if abs(by) <= FURTHEST:
        return []
    way = 1 if by > 0 else -1
    if not sideways:
        return [element("polygon", points=f"-4,{-way * 10} 4,{-way * 10} 0,{-way * 16}", class_="shape")]
    number = element("text", words.on_axis(by), x=-way * 14, y=-4, class_="end" if by > 0 else None)
    return [element("polygon", points=f"{way * 10},-5 {way * 10},5 {way * 18},0", class_="shape"), number]


def panel(one: Panel, chart: PanelsChart) -> Element:
    """One theme's distances over time, better upwards; each measure's code at the right, in the order of the last
    distances."""
    top, bottom = _down(1), _down(-1)
    drawn = [element("rect", x=0, y=top, width="100%", height=bottom - top, class_="tolerance")]
    for by in range(-4, 5, 2):
        y = _down(by)
        drawn.append(element("line", x1=0, y1=y, x2="100%", y2=y, class_="grid" if by else "zero"))
        drawn.append(element("text", words.on_axis(Decimal(by), 0), x=-6, y=y + 4, class_="axis end"))
    drawn.append(element("text", f"{chart.first:%b %Y}", x=0, y=PANEL + 16, class_="axis"))
    drawn.append(element("text", f"{chart.last:%b %Y}", x="100%", y=PANEL + 16, class_="axis end"))
    lines = sorted(one.lines, key=lambda line: -line.points[-1].distance)
    named = _apart([_down(_clipped(line.points[-1].distance)) for line in lines])
    for line, y in zip(lines, named, strict=True):
        drawn += _line(line, y, chart)
    said = words.panel_said(one.title, lines)
    return element("svg", *drawn, width="100%", height=PANEL, role="img", aria_label=said, class_="plot panel")


def _apart(places: list[float]) -> list[float]:
    """Where names can be written beside these places, from the top, so that none stands on another."""
    found: list[float] = []
    for y in places:
        found.append(max(y, found[-1] + NAME) if found else y)
    floor = float(PANEL)
    for place in reversed(range(len(found))):
        found[place] = min(found[place], floor)
        floor = found[place] - NAME
    return found


def _x(day: date, chart: PanelsChart) -> float:
    return round(100 * (day - chart.first).days / (chart.last - chart.first).days, 2)


def _line(line: PanelLine, name_at: float, chart: PanelsChart) -> Iterator[Element]:
    places = [(_x(point.day, chart), _down(_clipped(point.distance))) for point in line.points]
    for (before, point), ((x1, y1), (x2, y2)) in zip(pairwise(line.points), pairwise(places), strict=True):
        if not point.anew:
            gap = calendar_period(point.period).starts_on - before.day > timedelta(days=1)
            class_ = "track gap" if gap else "track"
            yield element("line", x1=f"{x1}%", y1=y1, x2=f"{x2}%", y2=y2, class_=class_)
    for place, (point, (x, y)) in enumerate(zip(line.points, places, strict=True)):
        shape = [*_arrow(point.distance, sideways=False), mark(point.rating)]
        if place < len(places) - 1:  # the latest figure is the one to see; the way there is small
            shape = [element("g", mark(point.rating), transform="scale(.5)")]
        said = element("title", words.point_said(line, place))
        yield element("g", said, at(x, y, *shape), class_=f"point {TONE[point.rating]}")
    x, y = places[-1]
    if x < 100:  # no newer figure: a dotted line leads to the name
        yield element("line", x1=f"{x}%", y1=y, x2="100%", y2=y, class_="track gap")
    lead = element("line", x1=8, y1=y, x2=20, y2=name_at, class_="lead")
    last = line.points[-1].distance
    further = f" {words.on_axis(last)}" if abs(last) > FURTHEST else ""
    yield at(100, 0, lead, element("text", f"{line.code}{further}", x=23, y=name_at + 4, class_="note"))
