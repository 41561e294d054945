"""What the page of an indicator says of its charts: their titles, process limits, signals, forecasts."""

from collections.abc import Collection
from decimal import Decimal

from models.rules.forecast import Place
from models.rules.xmr import FEWEST, Signal
from portal.viewmodels.charts import ChartEvent, ChartPoint, HistoricPoint, Layer, MeasureChart
from portal.viewmodels.indicator_page import VerifiedRevision
from portal.words.dates import capital, day, moment, period, plural
from portal.words.figures import MINUS, amount, digits, expected, number, sign
from portal.words.forecasts import NO_FORECAST, chance
from portal.words.vocabulary import NO_FIGURE, RATING, REASON

LAYER = {
    Layer.TARGET: "Target and milestones",
    Layer.FORECAST: "Forecast of the year's end",
    Layer.LIMITS: "Process limits",
    Layer.EVENTS: "Events",
}

NO_CHART = "A chart stands here from the third figure on."

SIGNAL = {
    Signal.ABOVE_LIMIT: "above the upper limit",
    Signal.BELOW_LIMIT: "below the lower limit",
    Signal.RISING: "one of seven or more that rise in a row",
    Signal.FALLING: "one of seven or more that fall in a row",
    Signal.NEAR_UPPER: "one of two out of three close to the upper limit",
    Signal.NEAR_LOWER: "one of two out of three close to the lower limit",
    Signal.RUN_ABOVE: "one of seven or more in a row above the mean",
    Signal.RUN_BELOW: "one of seven or more in a row below the mean",
}

_PLACE = {Place.BELOW: "below that range", Place.WITHIN: "within that range", Place.ABOVE: "above that range"}


def figure(value: Decimal, chart: MeasureChart) -> str:
    """A figure of a chart, with its sign and all the digits that it has."""
    return f"{number(value, max(chart.decimals, digits(value)))}{sign(chart.unit)}"


def limit(value: Decimal, chart: MeasureChart) -> str:
    """A mean or a limit, with one digit more than the figures have."""
    return f"{number(value, chart.decimals + 1)}{sign(chart.unit)}"


def rated(point: ChartPoint) -> str:
    """How one figure is rated, or why it is not."""
    if point.rating is None and point.no_rating_reason is not None:
        return f"no rating: {REASON[point.no_rating_reason]}"
    return RATING[point.rating].lower()


def signals(point: ChartPoint) -> str:
    """What the process limits say of one figure; '' for nothing."""
    said = ", ".join(SIGNAL[signal] for signal in point.signals)
    return f"{said[:1].upper()}{said[1:]}"


def chart_title(chart: MeasureChart) -> str:
    """What a measure's chart shows, in one line: the last figure and how it is rated."""
    if not chart.points:
        return "No figure has been verified yet"
    last = chart.points[-1]
    how = f": {rated(last)}" if last.rating else ", not rated"
    return f"{figure(last.value, chart)} in {period(last.period)}{how}"


def chart_about(chart: MeasureChart) -> str:
    """The line under a chart's title: of what, in what unit, from where."""
    what = f"{chart.title}{f' ({chart.part.lower()})' if chart.part else ''}"
    source = f"Source: {chart.source}." if chart.source else "Source: verified returns of the lead partner."
    return f"{what}. Unit: {chart.unit or 'a number'}. {source}"


def chart_alternative(chart: MeasureChart, shown: Collection[Layer]) -> str:
    """A chart in words, for who does not see it; the table beside it has every figure."""
    said = [f"{chart_title(chart)}."]
    if len(chart.points) > 1:
        values = [point.value for point in chart.points]
        first = chart.points[0]
        said.append(
            f"{len(values)} figures from {period(first.period)}, between {figure(min(values), chart)} and "
            f"{figure(max(values), chart)}."
        )
    if chart.historic:
        said.append(historic_line(chart))
    if Layer.TARGET in shown and chart.aims:
        last = chart.aims[-1]
        said.append(
            f"It is held against {expected(last.expected, chart.decimals, chart.unit)} by {period(last.period)}."
        )
    if Layer.LIMITS in shown and chart.limits:
        odd = sum(bool(point.signals) for point in chart.points)
        said.append(f"{plural(odd, 'figure') if odd else 'No figure'} with a signal by the process limits.")
    if Layer.EVENTS in shown and chart.events:
        said.append(f"{plural(len(chart.events), 'event')} marked.")
    return " ".join(said)


def point_label(point: ChartPoint, chart: MeasureChart) -> str:
    """One figure as it is said when it is pointed at."""
    said = [f"{period(point.period)}: {amount(point.value, max(chart.decimals, digits(point.value)), chart.unit)}"]
    if point.expected is not None:
        said.append(f"held against {expected(point.expected, chart.decimals, chart.unit)}")
    said.append(rated(point))
    if point.signals:
        said.append(signals(point).lower())
    return f"{said[0][:1].upper()}{'; '.join(said)[1:]}."


def limits(chart: MeasureChart) -> list[str]:
    """What the process limits are, or why there are none, in sentences."""
    if chart.cumulative:
        return ["There are no process limits: this figure counts up from nothing each year, and so always rises."]
    if not chart.limits:
        have = _last_stretch(chart)
        of = "since the series began anew" if any(point.anew for point in chart.points) else "so far"
        return [f"Process limits need {FEWEST} figures; there {'is' if have == 1 else 'are'} {have or 'none'} {of}."]
    last = chart.limits[-1].limits
    mean, low, high = (limit(line, chart) for line in (last.mean, last.lower, last.upper))
    said = [
        f"Left to itself the figure varies around {mean}, between {low} and {high}. A ringed figure is one that chance "
        "seldom makes: something has changed."
    ]
    if last.provisional:
        said.append("These limits are provisional until there are 13 figures.")
    if chart.floor is not None and last.lower < chart.floor:
        said.append(f"Nothing can be below {number(chart.floor, 0)}: the lower limit is not drawn.")
    return said


def _last_stretch(chart: MeasureChart) -> int:
    """How many figures there are since the series last began anew, those from before the agreement among them."""
    starts = [place for place, point in enumerate(chart.points) if point.anew]
    before = 0 if starts else sum(one.counted for one in chart.historic)
    return len(chart.points) - max(starts, default=0) + before


BEFORE_THE_AGREEMENT = "Figures from before the agreement"


def historic_line(chart: MeasureChart) -> str:
    """What the line before the agreement shows."""
    first, last = chart.historic[0], chart.historic[-1]
    values = [one.value for one in chart.historic]
    if len(values) == 1:
        return f"From before the agreement: {figure(first.value, chart)} in {period(first.period)}."
    return (
        f"From before the agreement: {len(values):,} figures from {period(first.period)} to {period(last.period)}, between "
        f"{figure(min(values), chart)} and {figure(max(values), chart)}."
    )


def historic_label(point: HistoricPoint, chart: MeasureChart) -> str:
    """One figure from before the agreement as it is said when it is pointed at."""
    source = f"; source: {point.source}" if point.source else ""
    return f"{capital(period(point.period))}: {figure(point.value, chart)}{source}"


def historic_left(count: int) -> str:
    """That a table leaves out the earliest figures; '' when it has all."""
    files = "the agreement's files (portal export) have them"
    return f"{count:,} earlier ones are drawn and not listed here: {files}." if count else ""


def chart_forecast(chart: MeasureChart) -> list[str]:
    """The portal's forecast and the partner's, in sentences."""
    said = []
    if chart.partner is not None:
        held = chart.outlook.place if chart.outlook else None
        said.append(
            f"The partner expects {figure(chart.partner, chart)} at the year's end{f', {_PLACE[held]}' if held else ''}."
        )
    found = chart.outlook
    if found is None:
        return said
    if found.central is None or found.low is None or found.high is None:
        reason = f": {NO_FORECAST[found.none]}" if found.none else ""
        return [*said, f"The portal has no forecast for the end of {found.year}{reason}."]
    central, low, high = (
        f"{number(one, chart.decimals)}{sign(chart.unit)}" for one in (found.central, found.low, found.high)
    )
    said.insert(
        0,
        f"The portal expects {central} at the end of {found.year}, and in 80 of 100 cases between {low} and {high}: from "
        f"{plural(found.points, 'figure')}.",
    )
    return [*said, *chance(found)]


def chart_event(event: ChartEvent) -> str:
    """One event as it is said when it is pointed at."""
    return f"{event.number}. {day(event.day)}: {event.text}"


def tick(value: Decimal, step: Decimal) -> str:
    """A number on an axis, with the digits that its step needs."""
    return f"{value:,.{digits(step)}f}".replace("-", MINUS)


def revision(one: VerifiedRevision) -> str:
    """Which revision it is, and when it was verified."""
    replaced = "" if one.current else ", replaced by a later one"
    return f"revision {one.number}, verified {moment(one.verified_at)}{replaced}"


def revision_figure(one: VerifiedRevision) -> str:
    """What a revision says: its figure, or why there is none."""
    if one.value is not None:
        return f"{number(one.value, max(one.decimals, digits(one.value)))}{sign(one.unit)}"
    return f"none: {NO_FIGURE[one.no_value_reason].lower()}" if one.no_value_reason in NO_FIGURE else "none"


def judged_otherwise(one: VerifiedRevision) -> str:
    """That people judged otherwise than the rule, and why."""
    return f"Judged; the rule says: {RATING[one.by_rule].lower()}. {one.override_reason}"
