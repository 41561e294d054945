"""What the self-assessment's files have in common: their sections and tables in words, before they are set in any form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.terms import Rating, ReviewCategory
from portal import words
from portal.viewmodels.self_assessment import AnnexLine, Answer, Block, Document, Promise, StageLine
from portal.words import self_assessment as words_of

ORDER = (
    ReviewCategory.ON_TRACK,
    ReviewCategory.OFF_TRAJECTORY,
    ReviewCategory.AT_RISK,
    ReviewCategory.NO_DATA,
)
ANNEX = ("Indicator", "Figure", "Milestone", "Year’s target", "Now", "Year’s end")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, the row of its heads, its rows, and which columns hold figures and are set right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level, 1 the highest."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item of a list; `soft` says something about the text and is not of it."""

    text: str
    item: bool = False
    soft: bool = False


Part = Heading | Paragraph | Table


def title_of(document: Document) -> str:
    """The document's title."""
    return f"{document.agreement}: annual review {document.year}, self-assessment"


def standing_of(document: Document) -> str:
    """Whether it is a draft or signed off, by whom and when."""
    if not document.version:
        return "Draft: not signed off. Figures follow the returns."
    signed = words.day(date.fromisoformat(document.signed_on))
    return f"Version {document.version}, signed off on {signed} by {document.signed_by}."


def parts_of(document: Document, stages: Sequence[StageLine]) -> list[Part]:
    """The whole document in its order, under its title."""
    parts: list[Part] = [Paragraph(standing_of(document), soft=True)]
    for key in words_of.NOTES:
        parts += [Heading(words_of.NOTES[key], 1), *_said(document.answer(key))]
    parts += [Heading("Performance", 1), *_performance(document)]
    parts.append(Heading("Delivery", 1))
    for number, title, questions in words_of.HEADS:
        parts.append(Heading(f"{number} {title}", 2))
        for each in range(1, len(questions) + 1):
            key = f"{number}.{each}"
            parts += [Heading(words_of.heading_of(key), 3), *_said(document.answer(key))]
    parts += [*_promises(document), *_circulation(stages), *_annex(document)]
    return parts


def _said(answer: Answer) -> list[Part]:
    if not answer.blocks:
        return [Paragraph(words_of.NOT_ANSWERED, soft=True)]
    parts: list[Part] = [*_blocks(answer.blocks)]
    return [*parts, Paragraph(f"Contributors: {answer.contributors}", soft=True)] if answer.contributors else parts


def _blocks(blocks: Iterable[Block]) -> list[Part]:
    return [Paragraph("".join(piece.text for piece in block.pieces), item=block.item) for block in blocks]


def _performance(document: Document) -> list[Part]:
    period = f"{words.period(document.period)} ({words.months(document.period)})"
    parts: list[Part] = [
        Paragraph(
            f"The review covers the {len(document.listed)} designated indicators of the {document.indicators} in the "
            f"agreement, which are counted by {document.measures} measures. They are counted from the verified returns "
            f"of {period}."
        )
    ]
    rows = tuple((words.CATEGORY[one], str(len(document.of(one))), words_of.COUNTED_HOW[one]) for one in ORDER)
    total = ("All designated", str(len(document.listed)), "")
    parts.append(
        Table("Designated indicators by category", ("Category", "Indicators", "What it means"), (*rows, total), (1,))
    )
    for category in ORDER:
        found = document.of(category)
        parts.append(Heading(f"{words.CATEGORY[category]}: {len(found)}", 2))
        if category is not ReviewCategory.AT_RISK:
            parts += [Paragraph(f"{one.code} {one.title}", item=True) for one in found] or [Paragraph("None.")]
            continue
        for risk in found:
            parts.append(Heading(f"{risk.code} {risk.title}", 3))
            now = words.RATING[risk.rating] if risk.rating else f"No rating: {risk.reason}"
            parts.append(
                Paragraph(f"Now: {now}. Year’s end: {words.RATING[risk.forecast]}. Lead: {risk.lead}.", soft=True)
            )
            figures = [
                line for line in document.annex if line.code == risk.code or line.code.startswith(f"{risk.code}(")
            ]
            parts += [Paragraph(sentence) for line in figures for sentence in line.why[:1]]
            parts += _blocks(risk.analysis) or [Paragraph("No analysis has been written.", soft=True)]
            if risk.actions:
                rows3 = tuple((one.text, one.owner, one.due) for one in risk.actions)
                parts.append(Table(f"Actions on {risk.code}", ("Action", "Who does it", "Due"), rows3))
            else:
                parts.append(Paragraph("No action is open.", soft=True))
    return parts


def _promises(document: Document) -> list[Part]:
    parts: list[Part] = []
    for title, found in (
        ("What we said last year", document.last_year),
        ("What we will do by the next review", document.commitments),
    ):
        if found:
            parts += [Heading(title, 1), Table(title, ("Commitment", "Indicator", "Owner", "Outcome"), _rows(found))]
    return parts


def _rows(found: Iterable[Promise]) -> tuple[tuple[str, ...], ...]:
    return tuple((one.text, one.indicator or "–", one.owner, one.outcome or "Not said yet") for one in found)


def _circulation(stages: Sequence[StageLine]) -> list[Part]:
    rows = tuple(
        (
            words_of.STAGE[one.stage],
            words.day(one.decided_on) if one.decided_on else "–",
            f"{words_of.DECISION[one.decision]}{f': {one.word}' if one.word else ''}" if one.decision else "Not yet",
        )
        for one in stages
    )
    head = ("Stage", "Date", "Decision")
    return [Heading("Circulation", 1), Table("Circulation", head, rows)] if rows else []


def _annex(document: Document) -> list[Part]:
    parts: list[Part] = [
        Heading("Annex: figures and ratings", 1),
        Paragraph(
            f"The {len(document.annex)} measures of the {len(document.listed)} designated indicators at the end of "
            f"{words.period(document.period)}."
        ),
        *(
            Paragraph(f"{words.SHAPE[rating]} {words.SHORT[rating]}: {said}.", item=True)
            for rating, said in words_of.KEY
        ),
        Table("Figures and ratings", ANNEX, tuple(_line(one) for one in document.annex), (1, 2, 3)),
    ]
    judged = [one for one in document.annex if one.judged]
    if judged:
        parts.append(Heading("Judged otherwise than by the rule", 2))
        parts += [Paragraph(f"{one.code}: {one.why[0]}", item=True) for one in judged]
    if document.hash:
        parts.append(Paragraph(f"The frozen content has the SHA-256 hash {document.hash}.", soft=True))
    return parts


def _line(one: AnnexLine) -> tuple[str, ...]:
    unit = f" ({one.unit})" if one.unit and one.unit != "%" else ""
    now = mark(one.rating) if one.rating else one.reason
    judged = ", as judged" if one.judged else ""
    return f"{one.code} {one.title}{unit}", one.figure, one.milestone, one.target, f"{now}{judged}", mark(one.forecast)


def mark(rating: Rating | None) -> str:
    """A rating as its shape and a word; a dash for none."""
    return f"{words.SHAPE[rating]} {words.SHORT[rating]}" if rating else "–"
