"""The exception report in words: the same on the page, on paper and in the Word document."""

from datetime import date

from models.rules.exceptions import Ground, Stood
from models.rules.terms import Rating
from portal.viewmodels.exceptions import Entry, ExceptionReport
from portal.viewmodels.indicators import MeasureStanding
from portal.words.dates import capital, day, period, plural
from portal.words.money import in_lines
from portal.words.ratings import beside_its_aim
from portal.words.vocabulary import RATING

GROUND = {
    Ground.WORSE: "worse than anticipated",
    Ground.FORECAST_WORSE: "forecast to end the year worse",
    Ground.CHANGED: "changed for the worse",
    Ground.RETURN_LATE: "with a return late",
    Ground.ACTION_OVERDUE: "with an action overdue",
}
ABOUT = "Only what is worse than anticipated, forecast to be, late, or changed for the worse since the month before."
NO_ACTION = "No action is written."
NO_WORD = "The lead has given no commentary."
EMPTY = "No indicator is worse than anticipated, forecast to be, late, or changed for the worse."
NOTHING_KNOWN = "Nothing had been returned by the end of this month."


def month(first: date) -> str:
    """'January 2009'."""
    return f"{first:%B %Y}"


def title(report: ExceptionReport) -> str:
    """'Exception report, January 2009'."""
    return f"Exception report, {month(report.month)}"


def known(report: ExceptionReport) -> str:
    """As at which day the report is."""
    if report.over:
        return f"As known at the end of {day(report.day)}."
    return f"As known on {day(report.day)}: the month is not over, and the report grows with it."


def counted(report: ExceptionReport) -> str:
    """How many indicators are in it, and why: '6 indicators: 5 worse than anticipated, 1 with a return late. …'"""
    if not report.entries:
        return EMPTY if report.known else NOTHING_KNOWN
    found = report.counts
    said = [f"{found[ground]} {GROUND[ground]}" for ground in Ground if found[ground]]
    return f"{plural(len(report.entries), 'indicator')}: {', '.join(said)}. One may be here for several reasons."


def compared(report: ExceptionReport) -> str:
    """What the comparison with the month before found; '' where nothing is known at all."""
    if not report.known:
        return ""
    if not report.compared:
        return "Nothing is known of the month before, so nothing can be said to have changed."
    if report.counts[Ground.CHANGED]:
        return ""
    return "No rating or forecast changed for the worse since the month before."


def left(report: ExceptionReport) -> str:
    """Who was in the report of the month before and is not in this one."""
    codes = ", ".join(one.code for one in report.left)
    return f"In the report of the month before, and no longer: {codes}." if codes else ""


def grounds(entry: Entry) -> str:
    """Why it is here: 'Worse than anticipated, with a return late'."""
    return capital(", ".join(GROUND[ground] for ground in entry.grounds))


def besides(entry: Entry) -> str:
    """What of that neither the rating nor the forecast says themselves; a dash for nothing."""
    seen = (Ground.WORSE, Ground.FORECAST_WORSE)
    return capital(", ".join(GROUND[ground] for ground in entry.grounds if ground not in seen)) or "–"


def was(before: Stood | None, rating: Rating | None, forecast: Rating | None) -> str:
    """What the rating and the forecast were a month before, where either is another now; '' where none is."""
    if before is None:
        return ""
    said = []
    if before.rating is not rating and before.rating is not None:
        said.append(f"it was rated {RATING[before.rating].lower()}")
    if before.forecast is not forecast and before.forecast is not None:
        said.append(f"its forecast was {RATING[before.forecast].lower()}")
    return f"A month before, {' and '.join(said)}." if said else ""


def figures(measure: MeasureStanding, key: str) -> str:
    """A figure beside its aim, with its period."""
    return f"{capital(period(key))}: {beside_its_aim(measure)}"


def late(entry: Entry) -> str:
    """Which returns are late: 'Late: NI 16 for quarter 3 of 2008/09.'"""
    said = ", ".join(f"{code} for {period(key)}" for code, key in entry.late)
    return f"Late: {said}." if said else ""


def money(entry: Entry) -> str:
    """What is committed."""
    return f"{in_lines(entry.money)}." if entry.money.standing else "None recorded."
