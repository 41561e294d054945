"""What the consistency check finds in a year's self-assessment, and which questions have no answer."""

from collections.abc import Mapping

from models.rules.consistency import Found, Kind, contradictions, unmentioned
from portal.records.review_figures import Figures
from portal.viewmodels.self_assessment import Document, Written
from portal.words.self_assessment import KEYS


def findings_of(document: Document, figures: Figures, texts: Mapping[str, Written]) -> tuple[Found, ...]:
    """Statements that contradict the data, indicators at risk that nobody mentions or explains, and last year's
    commitments without an outcome."""
    facts = figures.facts()
    return (
        *(found for key in KEYS if key in texts for found in contradictions(key, texts[key].text, facts)),
        *unmentioned([one.text for one in texts.values()], facts),
        *(Found(Kind.NO_OUTCOME, "", "", one.text) for one in document.last_year if not one.outcome),
    )


def unanswered(document: Document) -> tuple[str, ...]:
    """The keys of the texts that are not written yet."""
    return tuple(one.key for one in document.answers if not one.blocks)
