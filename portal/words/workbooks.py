"""What a return workbook says: its sheets, the headings of its columns, its instructions, and what became of it."""

from collections.abc import Mapping
from decimal import Decimal

from models.rules.terms import RETURNABLE_REASONS, NoRating, Rating
from portal.viewmodels.returns import Answers, Typed
from portal.viewmodels.workbooks import Outcome, Results, RowResult, Upload
from portal.words.dates import moment, plural
from portal.words.vocabulary import NO_FIGURE, RATING, SHAPE

INSTRUCTIONS, RETURNS, CHOICES, ABOUT = "Instructions", "Returns", "Choices", "About this file"
SHEETS = (INSTRUCTIONS, RETURNS, CHOICES, ABOUT)
NOT_ASKED = "not asked"
"""What stands in a cell for which there is nothing to fill in."""
TEAM_KEY = "partnership-team"

MEASURE, UNIT = "Measure", "Unit"
TOLD = {
    MEASURE: 12,
    "Title": 40,
    UNIT: 22,
    "Held against": 26,
    "Last figure": 14,
    "Period of the last figure": 16,
    "Figures before it": 30,
    "Target for the year": 18,
    "Due": 18,
}
"""The columns that help, with their widths."""
ANSWERS = {
    "value": "Figure",
    "no_value_reason": "If there is no figure, why?",
    "numerator": "Number of cases",
    "denominator": "Out of how many",
    "interval_low": "Lower end of the 95% interval",
    "interval_high": "Upper end of the 95% interval",
    "year_value": "This year's own figure, beside the rolling average",
    "forecast_rating": "Year-end forecast",
    "forecast_value": "Forecast figure at the year's end",
    "commentary": "Commentary",
    "proposed_rating": "Proposed rating, if other than the rule's",
    "proposed_reason": "Reason for the proposed rating",
    "explanation": "Word on an unusual figure",
}
"""The columns that are filled in, by the answers of the form that they are; the last is said when one submits."""
OPTIONAL = frozenset({"numerator", "denominator", "interval_low", "interval_high", "year_value"})
"""Those of them that some measures alone take."""
TEXTS = {"commentary": 60, "proposed_reason": 36, "explanation": 36}
"""Those of them that hold words, with their widths."""
REASON_CHOICES: dict[NoRating, str] = {reason: NO_FIGURE[reason] for reason in RETURNABLE_REASONS}
RATING_CHOICES: dict[Rating, str] = {rating: f"{SHAPE[rating]} {RATING[rating]}" for rating in reversed(Rating)}
CHOSEN: dict[str, Mapping[str, str]] = {
    "no_value_reason": {str(one): said for one, said in REASON_CHOICES.items()},
    "forecast_rating": {str(one): said for one, said in RATING_CHOICES.items()},
    "proposed_rating": {str(one): said for one, said in RATING_CHOICES.items()},
}
"""The columns with a list to choose from: the words of each list, by what they stand for."""

HOW = (
    "Fill in the sheet Returns: one line is one measure. The columns from Figure on are yours; those before it only help, "
    "and are locked.",
    "Type figures as you would on the form: 1234.5, 1,234.5, £1,450 or 12.5%. What is typed is kept digit by digit.",
    "Where there is no figure, leave Figure empty and choose the reason from the list.",
    "With both counts you may leave Figure empty: it is worked out.",
    "Leave a line as it is and nothing happens to its return. Empty a cell to take an answer away.",
    "Type no formulas, merge no cells, hide no rows or columns, and add no sheets: nothing of such a file is written.",
    "Send the file on the page Return workbook of the portal. You see what would change, line by line, before anything "
    "is written; then all of it is written, or nothing.",
    "Somebody else's change that was made after you downloaded this file is never overwritten: the line is reported.",
)
TITLES = {
    RETURNS: "The returns to fill in, a line for each measure; the columns from Figure on are yours",
    CHOICES: "What the cells with a list take",
    ABOUT: "What the portal knows this file by: leave it as it is",
}

OUTCOME = {
    Outcome.FOREIGN: "Not yours to return",
    Outcome.WRONG: "To be put right",
    Outcome.CONFLICT: "Changed meanwhile",
    Outcome.CHANGED: "Would change",
    Outcome.UNCHANGED: "Stays as it is",
}
NOT_IN_SCOPE = "This is none of the returns that your side makes for this period. Delete the line."


def counted(results: Results) -> str:
    """How many rows have which outcome: '2 lines to be put right, 3 would change, 1 stays as it is.'"""
    said: list[str] = []
    for outcome, one, many in (
        (Outcome.FOREIGN, "is not yours to return", "are not yours to return"),
        (Outcome.WRONG, "is to be put right", "are to be put right"),
        (Outcome.CONFLICT, "was changed meanwhile", "were changed meanwhile"),
        (Outcome.CHANGED, "would change", "would change"),
        (Outcome.UNCHANGED, "stays as it is", "stay as they are"),
    ):
        if number := len(results.of(outcome)):
            said.append(f"{number if said else plural(number, 'line')} {one if number == 1 else many}")
    return f"{', '.join(said)}." if said else "There is no line in it."


def became(upload: Upload) -> str:
    """What became of a workbook: 'Nothing was written from it.', '3 drafts saved, 2 returns submitted.'"""
    if upload.saved is None or upload.used_at is None:
        return "Nothing was written from it."
    said = f"{plural(upload.saved, 'draft')} saved"
    if upload.submit:
        said += f", {plural(upload.submitted, 'return')} submitted"
    return f"{said}, {moment(upload.used_at)}, by {upload.used_by}."


def size(number: int) -> str:
    """A file's size: '23 kB'."""
    return f"{max(1, round(number / 1000))} kB"


def said(answer: str, value: object) -> str:
    """An answer as the workbook says it; '' for none."""
    if value is None or value == "":
        return ""
    if answer in CHOSEN:
        return CHOSEN[answer].get(str(value), str(value))
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def changes(row: RowResult) -> list[tuple[str, str, str]]:
    """The answers of a row that change: what they are called, now, and then."""
    if row.before is None or row.after is None:
        return []
    pairs = (
        (label, said(name, getattr(row.before, name)), said(name, getattr(row.after, name)))
        for name, label in ANSWERS.items()
        if name in Answers.__slots__ and getattr(row.before, name) != getattr(row.after, name)
    )
    return [(label, now or "nothing", then or "nothing") for label, now, then in pairs]


def typed(answer: str, given: Typed) -> str:
    """An answer of a form as its cell says it."""
    return said(answer, getattr(given, answer))


def stopped(row: RowResult) -> str:
    """One row that stops all: 'row 7, NI 16: …'."""
    return f"row {row.number}, {row.measure}: {' '.join(fault.said for fault in row.faults)}"


def changed_since(who: str, when: str) -> str:
    """Why a row is a conflict: somebody was there after the workbook was made."""
    by = f"{who} changed this return" if who else "This return was changed"
    last = f", {when}" if when else ""
    return (
        f"{by} after the workbook was downloaded{last}. Download it again and fill this line in anew, or put the cells "
        "of the line back as they were: then the return stays as it is now."
    )
