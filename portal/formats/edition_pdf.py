"""An edition as a tagged PDF for everybody (PDF/UA-1), set by Typst from portal/templates/scorecard.typ."""

import json
from typing import Any

from models.rules.rollup import Counts
from models.rules.terms import Rating
from portal import words
from portal.clock import LONDON
from portal.formats.observations import LICENCE, LICENCE_TITLE
from portal.formats.typesetting import typeset
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding, ThemeStanding
from portal.viewmodels.scorecard import Scorecard

_TONE = {Rating.BETTER: "better", Rating.WITHIN: "within", Rating.WORSE: "worse", None: "silent"}


def edition_pdf(card: Scorecard) -> bytes:
    """The file, from the edition alone: the same bytes each time. Unavailable on a machine without Typst."""
    (made,) = typeset("scorecard.typ", [{"card": json.dumps(_said(card))}], format="pdf", pdf_standards="ua-1")
    return made


def _said(card: Scorecard) -> dict[str, Any]:
    published = card.published_at.astimezone(LONDON)
    return {
        "title": f"How is {card.area} doing? Scorecard, {words.period(card.period)}",
        "author": f"{card.area} Partnership",
        "year": published.year,
        "month": published.month,
        "day": published.day,
        "footer": f"{card.area} Partnership · edition {card.edition}",
        "intro": f"The partners of the {card.agreement} promised to move {card.counts.total} indicators. This is how "
        f"they stood at the end of {words.period(card.period)} ({words.months(card.period)}), against what was "
        "anticipated by then.",
        "shares": _shares(card.counts),
        "counts": [{**_mark(rating), "n": n} for rating, n in _numbers(card.counts)],
        "notes": _notes(card),
        "heads": ["Indicator", "Figure", "Held against", "Now", "Year’s end"],
        "judged": words.JUDGED,
        "silent": "Without a figure, and why",
        "themes": [_theme(theme) for theme in card.themes if theme.indicators],
        "about": {
            "title": "About this edition",
            "lines": [
                f"Edition {card.edition}, published {words.moment(card.published_at)}. A published edition is never "
                f"changed. Its content has the SHA-256 hash {card.hash}.",
                f"Licence: {LICENCE_TITLE}, {LICENCE}",
            ],
        },
    }


def _numbers(counts: Counts) -> list[tuple[Rating | None, int]]:
    return [
        (Rating.WORSE, counts.worse),
        (Rating.WITHIN, counts.within),
        (Rating.BETTER, counts.better),
        (None, counts.no_rating),
    ]


def _mark(rating: Rating | None, otherwise: str = "") -> dict[str, str]:
    return {"tone": _TONE[rating], "shape": words.SHAPE[rating], "words": otherwise or words.RATING[rating]}


def _shares(counts: Counts) -> dict[str, Any]:
    parts = [
        {"tone": _TONE[rating], "n": n, "label": f"{words.SHAPE[rating]} {n}" if rating else str(n)}
        for rating, n in _numbers(counts)
        if n
    ]
    said = words.counts_in_words("All indicators", counts)
    return {"parts": parts, "caption": f"{words.capital(words.rated_of(counts))}.", "alt": f"A bar of shares. {said}."}


def _notes(card: Scorecard) -> list[str]:
    notes = [f"This edition puts edition {card.corrects} right."] if card.corrects is not None else []
    if card.note:
        notes.append(card.note)
    if said := words.reasons_for_none(card.counts):
        notes.append(f"Of those without a rating, {said}")
    return notes


def _theme(theme: ThemeStanding) -> dict[str, Any]:
    shown = [(i, m) for i in theme.indicators if i.reported for m in i.measures]
    return {
        "title": theme.title,
        "counts": f"{words.capital(words.rated_of(theme.counts))}.",
        "rows": [_row(indicator, measure) for indicator, measure in shown],
        "judged": [f"{m.code}: {words.why(m)}" for _, m in shown if m.override_reason or m.held_since],
        "silent": [
            f"{i.code} {i.title}: {words.REASON[i.no_rating_reason]}"
            for i in theme.indicators
            if not i.reported and i.no_rating_reason is not None
        ],
    }


def _row(indicator: IndicatorStanding, measure: MeasureStanding) -> dict[str, Any]:
    part = f", {measure.part.lower()}" if measure.part else ""
    reason = words.capital(words.REASON[measure.no_rating_reason]) if measure.no_rating_reason else ""
    return {
        "name": f"{measure.code} {indicator.title}{part}",
        "unit": measure.unit if measure.unit != "%" else "",
        "figure": words.short_amount(measure.value, measure),
        "held": words.expected(measure.expected, measure.decimals, measure.unit),
        "now": _mark(measure.rating, words.SHORT[measure.rating] if measure.rating else reason),
        "judged": measure.override_reason is not None,
        "forecast": _mark(measure.forecast, words.SHORT[measure.forecast] if measure.forecast else "Not stated"),
    }
