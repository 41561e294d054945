"""The monthly exception report as a Word document: the words of its page, in its order."""

from models.rules.terms import NoRating, Rating
from portal import words
from portal.formats.word import Word
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.exceptions import Entry, ExceptionReport
from portal.viewmodels.risks import RiskLine
from portal.words import exceptions as words_of
from portal.words import risks as words_of_risks


def document(report: ExceptionReport) -> bytes:
    """The file."""
    title = words_of.title(report)
    word = Word(
        title, subject=title, author=report.agreement, day=report.day, footer=f"{report.agreement} · {title.lower()}"
    )
    word.paragraph(report.agreement)
    word.paragraph(f"{words_of.ABOUT} {words_of.known(report)}")
    word.paragraph(words_of.counted(report), bold=True)
    for said in filter(None, (words_of.compared(report), words_of.left(report))):
        word.paragraph(said)
    if report.entries:
        word.heading("In short", 1)
        head = ("Indicator", "Why it is here", "Lead", "Actions")
        word.table("What is in this report", head, map(_short, report.entries))
    for entry in report.entries:
        _write(word, entry)
    return word.written()


def _short(entry: Entry) -> tuple[str, str, str, str]:
    one = entry.standing
    doing = words.capital(words.actions_counted(entry.actions)) if entry.actions else words_of.NO_ACTION
    return f"{one.code} {one.title}", words_of.grounds(entry), one.lead or "Partnership team", doing


def _write(word: Word, entry: Entry) -> None:
    one = entry.standing
    word.heading(f"{one.code} {one.title}", 1)
    word.paragraph(f"{words_of.grounds(entry)}.", bold=True)
    word.paragraph(f"Now: {_rated(one.rating, one.no_rating_reason)}.")
    if one.forecast is not None:
        word.paragraph(f"By the year’s end, as the lead expects: {_rated(one.forecast)}.")
    for measure in one.measures:
        if measure.value is not None:
            word.paragraph(f"{words_of.figures(measure, entry.period)}.")
    for said in filter(None, (words_of.was(entry.before, one.rating, one.forecast), words_of.late(entry))):
        word.paragraph(said)
    word.heading("Why", 2)
    said_of_it = words.said_once(one.commentary, entry.actions)
    for block in said_of_it.split("\n\n") if said_of_it else [words_of.NO_WORD]:
        word.paragraph(block)
    for measure in one.measures:
        if measure.value is not None:
            word.paragraph(words.why(measure))
    word.heading("What next", 2)
    if entry.actions:
        word.table(f"Actions on {one.code}", ("Action", "Who", "When"), [_action(line) for line in entry.actions])
    else:
        word.paragraph(words_of.NO_ACTION, bold=True)
    word.heading("Lead, money and risks", 2)
    word.paragraph(f"Lead: {one.lead or 'partnership team: nobody leads it'}.")
    word.paragraph(f"Money: {words_of.money(entry)}")
    if entry.risks:
        word.table(f"Risks of {one.code}", ("Risk", "Score", "Who", "Review"), [_risk(line) for line in entry.risks])


def _rated(rating: Rating | None, reason: NoRating | None = None) -> str:
    """A rating as its shape and its words; without one, the reason."""
    if rating is None:
        return f"no rating: {words.REASON[reason]}" if reason else "no rating"
    return f"{words.SHAPE[rating]} {words.RATING[rating].lower()}"


def _action(line: ActionLine) -> tuple[str, str, str]:
    return line.now.text, words.owner(line.now), words.action_due(line)


def _risk(line: RiskLine) -> tuple[str, str, str, str]:
    now = line.now
    return now.text, words_of_risks.weighed(now), words_of_risks.owner(now), words_of_risks.review(line)
