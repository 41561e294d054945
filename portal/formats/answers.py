"""Checking the answers of a return as they were typed: the form, the API and files all come through here."""

from decimal import Decimal
from typing import TypeVar

from models.rules.entry import impossible
from models.rules.terms import RETURNABLE_REASONS, NoRating, Rating
from portal import words
from portal.errors import Invalid
from portal.formats.grounds import Asked, worked_out, wrong_grounds
from portal.formats.numbers import foreign_sign, parse_figure
from portal.formats.texts import storable
from portal.viewmodels.returns import Answers, Typed

LONGEST_COMMENTARY = 8000
GROUNDS = ("numerator", "denominator", "interval_low", "interval_high", "year_value")

W = TypeVar("W", NoRating, Rating)


def check_answers(typed: Typed, asked: Asked) -> Answers:
    """The answers as figures and words; a figure that was left out is worked out from its counts. Invalid, with a
    sentence for every field that cannot be taken: a text that is no figure, an impossible figure, a figure together
    with a reason for having none, grounds that the measure has none of or that contradict the figure, a proposed
    rating without its reason or its figure."""
    wrong: dict[str, str] = {}
    unit = asked.unit
    value = _figure(typed.value, "value", unit, wrong)
    under = _grounds(typed, asked, wrong)
    if not wrong:
        wrong = wrong_grounds(value, under, asked)
        value = worked_out(under, asked) if value is None and not wrong else value
    forecast = _figure(typed.forecast_value, "forecast_value", unit, wrong)
    reason = _word(typed.no_value_reason, "no_value_reason", RETURNABLE_REASONS, wrong)
    rating = _word(typed.forecast_rating, "forecast_rating", tuple(Rating), wrong)
    if value is not None and reason is not None:
        wrong["no_value_reason"] = "You gave a figure and a reason for having none: take one of them away."
    commentary = _words(typed.commentary, "commentary", "commentary", wrong)
    proposed, because = _proposal(typed, value is not None or "value" in wrong, wrong)
    if wrong:
        raise Invalid(wrong)
    return Answers(
        value, reason, forecast, rating, commentary, **under, proposed_rating=proposed, proposed_reason=because
    )


def missing(answers: Answers) -> dict[str, str]:
    """What a return lacks before it can be submitted, as a sentence for each field."""
    if answers.value is None and answers.no_value_reason is None:
        return {"value": "Enter a figure, or say why there is none."}
    if answers.no_value_reason is NoRating.NOT_REPORTED and not answers.commentary:
        return {"commentary": "Say in the commentary why the figure is not available."}
    return {}


def _proposal(typed: Typed, has_figure: bool, wrong: dict[str, str]) -> tuple[Rating | None, str]:
    """Another rating than the rule's, with its reason: both, or neither."""
    proposed = _word(typed.proposed_rating, "proposed_rating", tuple(Rating), wrong)
    because = _words(typed.proposed_reason, "proposed_reason", "reason", wrong)
    if proposed is not None and not because:
        wrong["proposed_reason"] = (
            "Say why it should be rated otherwise than by the rule: the reason is kept beside it."
        )
    elif because and not typed.proposed_rating.strip():
        wrong["proposed_rating"] = (
            "You gave a reason for another rating: choose which you propose, or clear the reason."
        )
    elif proposed is not None and not has_figure:
        wrong["proposed_rating"] = words.NOTHING_TO_JUDGE
    return proposed, because


def _words(text: str, field: str, what: str, wrong: dict[str, str]) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_COMMENTARY:
        wrong[field] = f"The {what} has {len(text)} characters; at most {LONGEST_COMMENTARY} fit."
    elif not storable(text):
        wrong[field] = f"The {what} holds a character that cannot be stored: paste it as plain text."
    return text


def _grounds(typed: Typed, asked: Asked, wrong: dict[str, str]) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for name in GROUNDS:
        text = getattr(typed, name)
        if text.strip() and name not in asked.fields:
            wrong[name] = "This measure is not returned with it."
        unit = "" if name in ("numerator", "denominator") else asked.unit
        found[name] = _figure(text, name, unit, wrong)
    return found


def _figure(text: str, field: str, unit: str, wrong: dict[str, str]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        figure = parse_figure(text)
    except ValueError as error:
        # 'N/A', 'X' and '-' are neither nothing nor zero, and each may mean several things: the reasons say which.
        wordless = field == "value" and not any(character.isdigit() for character in text)
        wrong[field] = f"{error} If there is no figure, leave it empty and choose why." if wordless else str(error)
        return None
    if sentence := foreign_sign(text, unit) or impossible(figure, unit):
        wrong[field] = sentence
    return figure


def _word(text: str, field: str, allowed: tuple[W, ...], wrong: dict[str, str]) -> W | None:
    if not text.strip():
        return None
    for word in allowed:
        if word == text.strip():
            return word
    wrong[field] = f"{text.strip()[:40]!r} is not one of: {', '.join(allowed)}."
    return None
