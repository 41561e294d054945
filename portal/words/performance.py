"""What the pictures of performance say: their titles, their distances, and themselves for who does not see them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from models.rules.distance import NoDistance
from models.rules.terms import NoRating, Rating
from portal.viewmodels.charts import (
    CountedShares,
    PanelLine,
    PanelsChart,
    PrintedShares,
    SharesChart,
    SpineChart,
    SpineFigure,
)
from portal.words.dates import period, plural
from portal.words.figures import digits, expected, number, sign
from portal.words.ratings import reasons_for_none
from portal.words.vocabulary import RATING, REASON, SHORT

PRINTED = {
    Rating.WORSE: "Below target",
    Rating.WITHIN: "Near target",
    Rating.BETTER: "Above target",
    None: "Missing",
}
"""How the earlier agreement's own documents name what the ratings' shapes stand for."""

AS_PRINTED = "What was printed need not add up to 100."

NEW_AGREEMENT = (
    "Here a new agreement begins, with other indicators. Above, what is missing is a part of the whole; below, only "
    "what is rated is: the bars above and below cannot be held against each other."
)

NO_DISTANCE = {
    NoDistance.NOTHING_AGREED: "nothing is agreed to hold it against",
    NoDistance.NO_GOOD_WAY: "neither high nor low is good",
    NoDistance.NO_TOLERANCE: "there is no tolerance to measure it by",
    NoDistance.OPEN_RANGE: "its range is open at one end, and so has no width to measure by",
}

STEPS = (
    "Unit: one step is a measure's tolerance, by how far it may be off and still be within the acceptable range, which "
    "is shaded; 0 is the milestone."
)

HOW_FAR = (
    "Indicators are counted in homes, pounds, deaths and per cent. To stand on one axis, each figure's difference from "
    "what it is held against is divided by its tolerance: by how far it may be off and still be within the acceptable "
    "range. So 0 is the milestone (or what follows from the year's target, where no milestone was agreed), and 1 and "
    "−1 are the edges of the acceptable range. Better is always to the right, whether high or low is good. Of a range "
    "the middle is 0 and either edge −1: it has no better side. A figure whose interval reaches back over an edge, or "
    "that people judged otherwise, can stand on one side of the edge with the rating of the other."
)


def month(value: date) -> str:
    """A day by its month: 'September 2006'."""
    return f"{value:%B %Y}"


def printed_share(value: Decimal | None) -> str:
    """A share as it was printed; a dash where none is given."""
    return "–" if value is None else f"{number(value, digits(value))}%"


def shares_title(chart: SharesChart) -> str:
    """What became of the shares, and how many indicators have each rating now, in one text."""
    return ". ".join(shares_said(chart)) or "No indicator has been rated yet"


def shares_said(chart: SharesChart) -> list[str]:
    """What became of every share of each earlier agreement, and how many indicators have each rating now. Each stands
    for itself: what was counted otherwise cannot be compared."""
    said = []
    for title, printed in chart.earlier.items():
        if len(printed) > 1 and (went := _went(printed[0].shares, printed[-1].shares)):
            said.append(f"{title}, {month(printed[0].day)} to {month(printed[-1].day)}: {went}")
    last = next((one for one in reversed(chart.counted) if one.rated), None)
    if last is not None:
        now = ", ".join(f"{last.ratings.get(rating, 0)} {RATING[rating].lower()}" for rating in reversed(Rating))
        rated = f"{last.rated} of {plural(last.total, 'indicator')} rated"
        said.append(f"{chart.agreement}, {period(last.period)}: {rated}, {now}")
    return said


def _went(first: Mapping[Rating | None, Decimal], last: Mapping[Rating | None, Decimal]) -> str:
    """Every share at two times: 'below target from 19% to 24%, ..., missing from 34% to 12%'."""
    both = [one for one in (*reversed(Rating), None) if one in first and one in last]
    return ", ".join(
        f"{PRINTED[one].lower()} from {printed_share(first[one])} to {printed_share(last[one])}" for one in both
    )


def printed_said(one: PrintedShares) -> str:
    """One half-year of an earlier agreement: 'September 2006: below target 19%, ...'."""
    return f"{month(one.day)}: " + ", ".join(
        f"{PRINTED[rating].lower()} {printed_share(share)}" for rating, share in one.shares.items()
    )


def counted_said(one: CountedShares) -> str:
    """One quarter of this agreement: 'quarter 2 of 2008/09: 24 of 58 rated, 7 worse, 11 within range, 6 better'."""
    if not one.rated:
        return f"{period(one.period)}: none of {one.total} rated"
    said = (f"{one.ratings.get(rating, 0)} {SHORT[rating].lower()}" for rating in reversed(Rating))
    return f"{period(one.period)}: {rated_aside(one)}, {', '.join(said)}"


def rated_aside(one: CountedShares) -> str:
    """The denominator of one quarter in short: '24 of 58 rated'."""
    return f"{one.rated or 'none'} of {one.total} rated"


def tolerances(by: Decimal) -> str:
    """A distance in words: '1.3 tolerances worse', 'at its milestone'. Just past an edge is not said to be on it."""
    if by == 0:
        return "at its milestone"
    size = abs(by)
    places = next((n for n in (1, 2, 3) if round(size, n) and size.compare(1) == round(size, n).compare(1)), 4)
    return f"{number(size, places)} {'tolerance' if size == 1 else 'tolerances'} {'better' if by > 0 else 'worse'}"


def on_axis(by: Decimal, places: int = 1) -> str:
    """A distance as a number: '−7.9', '+4.2'."""
    return f"{'+' if by > 0 else ''}{number(by, places)}"


def spine_title(chart: SpineChart) -> str:
    """How many figures are past their tolerance on the worse side, and which is furthest."""
    if not chart.rows:
        return "No figure can be held against its milestone yet"
    past = [figure for figure, by in chart.rows if by < -1]
    whole = plural(len(chart.rows), "figure")
    if not past:
        return f"None of {whole} misses its milestone by more than its tolerance"
    verb = "misses" if len(past) == 1 else "miss"
    furthest = f"{past[0].code}{f' ({past[0].part.lower()})' if past[0].part else ''}"
    return f"{len(past)} of {whole} {verb} the milestone by more than the tolerance, {furthest} by the most"


def spine_figure(figure: SpineFigure) -> str:
    """A figure with what it is held against: '2.42, held against 2.14'."""
    shown = f"{number(figure.value, max(figure.decimals, digits(figure.value)))}{sign(figure.unit)}"
    if figure.expected is None:
        return shown
    return f"{shown}, held against {expected(figure.expected, figure.decimals, figure.unit)}"


def without_figure(chart: SpineChart) -> str:
    """How many indicators have no figure for the period, and why."""
    silent = chart.silent.total
    if not silent:
        return "Every indicator has a figure for this period."
    verb = "has" if silent == 1 else "have"
    of = plural(chart.total, "indicator")
    return f"{silent} of {of} {verb} no figure for this period: {reasons_for_none(chart.silent)}"


def unplaced(figure: SpineFigure, why: NoDistance) -> str:
    """Why a figure is not on the axis."""
    known = figure.no_rating_reason not in (None, NoRating.MILESTONE_NOT_SET)
    if why is NoDistance.NOTHING_AGREED and known:
        return REASON[figure.no_rating_reason]  # type: ignore[index]  # known just above
    return NO_DISTANCE[why]


def panels_title(chart: PanelsChart) -> str:
    """In how many themes a latest figure is past its tolerance on the worse side."""
    shown = [panel for panel in chart.panels if panel.lines]
    if not shown:
        return "No theme has a figure that can be drawn yet"
    behind = sum(any(line.points[-1].distance < -1 for line in panel.lines) for panel in shown)
    where = f"{behind or 'none'} of {plural(len(shown), 'theme')} with figures"
    return f"In {where} a latest figure is worse by more than its tolerance"


def panel_said(title: str, lines: Iterable[PanelLine]) -> str:
    """One theme's panel, for who does not see it: every measure's latest distance."""
    said = (f"{line.code} {tolerances(line.points[-1].distance)}" for line in lines)
    return f"{title}: {'; '.join(said)}"


def point_said(line: PanelLine, place: int) -> str:
    """One point of a panel as it is said when it is pointed at."""
    point = line.points[place]
    rated = RATING[point.rating].lower()
    return f"{line.code} {line.title}, {period(point.period)}: {tolerances(point.distance)}; {rated}"
