"""The drawing of counts by rating: one bar a group, the worst at the left."""

from layouts.marks import Element, element
from models.rules.rollup import Counts
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.charts import CountsChart

ROW = 56
TONE = {Rating.WORSE: "worse", Rating.WITHIN: "within", Rating.BETTER: "better", None: "none"}


def bars(chart: CountsChart) -> Element | None:
    """A bar for each group that has anything, as long as its indicators are many; None where no group has."""
    groups = [(name, counts) for name, counts in chart.groups if counts.total]
    if not groups:
        return None
    most = max(counts.total for _, counts in groups)
    drawn = [part for row, (name, counts) in enumerate(groups) for part in _bar(name, counts, most, row * ROW)]
    said = f"{chart.title}. " + "; ".join(words.counts_in_words(name, counts) for name, counts in groups)
    return element("svg", *drawn, width="100%", height=len(groups) * ROW, role="img", aria_label=said, class_="bars")


def _bar(name: str, counts: Counts, most: int, y: int) -> list[Element]:
    x, drawn = 0.0, [element("text", name, x=0, y=y + 18)]
    numbers = {
        Rating.WORSE: counts.worse,
        Rating.WITHIN: counts.within,
        Rating.BETTER: counts.better,
        None: counts.no_rating,
    }
    for rating, number in numbers.items():
        if number:
            width = 100 * number / most
            label = f"{words.SHAPE[rating]}\u202f{number}" if rating else str(number)
            drawn.append(
                element(
                    "g",
                    element("title", f"{name}: {number} {words.RATING[rating].lower()}"),
                    element("rect", x=f"{x:.2f}%", y=y + 26, width=f"{width:.2f}%", height=24),
                    element("text", label, x=f"{x + width / 2:.2f}%", y=y + 43, class_="middle"),
                    class_=TONE[rating],
                )
            )
            x += width
    return drawn
