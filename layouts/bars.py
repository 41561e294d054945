"""The drawing of counts and shares by rating: one bar a group or a time, the worst at the left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from layouts.marks import Element, element
from models.rules.both_ways import Tally
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import CountsChart, SharesChart
from portal.words import both_ways as words_of

ROW = 56
TONE = {Rating.WORSE: "worse", Rating.WITHIN: "within", Rating.BETTER: "better", None: "none"}
TIGHT = 13
"""A part under so many per cent of the width has no room on a telephone for its shape beside its number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, the sizes of the parts, and what is said at the right. A part that is not given is not in it."""

    name: str
    sizes: Mapping[Rating | None, Decimal]
    aside: str = ""


def bars(chart: CountsChart) -> Element | None:
    """A bar for each group that has anything, as long as its indicators are many; None where no group has."""
    groups = [(name, counts) for name, counts in chart.groups if counts.total]
    if not groups:
        return None
    drawn = []
    for name, counts in groups:
        numbers = (counts.worse, counts.within, counts.better, counts.no_rating)
        drawn.append(Bar(name, dict(zip(TONE, map(Decimal, numbers), strict=True))))
    said = f"{chart.title}. " + "; ".join(words.counts_in_words(name, counts) for name, counts in groups)
    return _bars(drawn, max(Decimal(counts.total) for _, counts in groups), said, words.RATING)


def shares(chart: SharesChart) -> list[tuple[str, Element]]:
    """A drawing for each agreement, the earliest first, with its title: bars in per cent, all on one scale. It ends
    where the longest does: what was printed may come to more than a hundred."""
    sums = [sum(one.shares.values()) for printed in chart.earlier.values() for one in printed]
    whole = max([Decimal(100), *map(Decimal, sums)])
    drawn = []
    for title, printed in chart.earlier.items():
        said = f"{title}: {'; '.join(map(words.printed_said, printed))}"
        rows = [Bar(words.month(one.day), one.shares) for one in printed]
        places = words.digits(*(share for one in printed for share in one.shares.values()))
        drawn.append((title, _bars(rows, whole, said, words.PRINTED, "%", places)))
    if chart.counted:
        said = f"{chart.agreement}: {'; '.join(map(words.counted_said, chart.counted))}"
        rows = []
        for one in chart.counted:
            sizes: dict[Rating | None, Decimal] = {
                rating: Decimal(100 * n) / one.rated for rating, n in one.ratings.items()
            }
            rows.append(Bar(words.capital(words.period(one.period)), sizes, words.rated_aside(one)))
        drawn.append((chart.agreement, _bars(rows, whole, said, words.RATING, "%")))
    return drawn


def both_ways(found: Mapping[str, Tally]) -> Element:
    """Two bars a quarter, as long as its figures are many: against the baseline, and against the milestone."""
    drawn = []
    for key, one in found.items():
        name = words.short_period(key)  # beside what stands at the right a telephone has no room for more
        sizes: dict[Rating | None, Decimal] = {rating: Decimal(one.by_baseline.get(rating, 0)) for rating in Rating}
        sizes[None] = Decimal(one.total - one.comparable)
        drawn.append(Bar(f"{name}, against the baseline", sizes, f"{one.comparable} of {one.total}"))
        ratings = {rating: Decimal(one.by_milestone.get(rating, 0)) for rating in (*Rating, None)}
        rated = one.total - one.by_milestone.get(None, 0)
        drawn.append(Bar(f"{name}, against the milestone", ratings, f"{rated} of {one.total}"))
    said = "; ".join(words_of.counted(key, one) for key, one in found.items())
    return _bars(drawn, max(Decimal(one.total) for one in found.values()), said, words_of.NAMES)


def _bars(
    rows: Sequence[Bar],
    whole: Decimal,
    said: str,
    names: Mapping[Rating | None, str],
    unit: str = "",
    places: int = 0,
) -> Element:
    drawn = [part for row, bar in enumerate(rows) for part in _bar(bar, whole, row * ROW, names, unit, places)]
    return element("svg", *drawn, width="100%", height=len(rows) * ROW, role="img", aria_label=said, class_="bars")


def _bar(bar: Bar, whole: Decimal, y: int, names: Mapping[Rating | None, str], unit: str, places: int) -> list[Element]:
    x, drawn = Decimal(0), [element("text", bar.name, x=0, y=y + 18)]
    if bar.aside:
        drawn.append(element("text", bar.aside, x="100%", y=y + 18, class_="end note"))
    if not any(bar.sizes.values()):
        drawn.append(element("line", x1=0, y1=y + 38, x2="100%", y2=y + 38, class_="nothing"))
    for rating, tone in TONE.items():
        size = bar.sizes.get(rating)
        if size:
            width, number = 100 * size / whole, words.number(size, places)
            place = {"x": f"{x + width / 2:.2f}%", "y": y + 43}
            label = f"{words.SHAPE[rating]}\u202f{number}" if rating else number
            written = [element("text", label, class_="middle", **place)]
            if unit and width < TIGHT:
                written = [
                    element("text", label, class_="middle wide", **place),
                    element("text", number, class_="middle narrow", **place),
                ]
            drawn.append(
                element(
                    "g",
                    element("title", f"{bar.name}: {number}{unit} {names[rating].lower()}"),
                    element("rect", x=f"{x:.2f}%", y=y + 26, width=f"{width:.2f}%", height=24),
                    *written,
                    class_=tone,
                )
            )
            x += width
    return drawn
