"""What the consistency check takes for a claim: its words for praise, blame, numbers and states, and for what is unsure."""

import re
from collections.abc import Mapping

from models.rules.codes import measure_code
from models.rules.terms import Rating, ReviewCategory

PHRASES: Mapping[str, str] = {
    "on track": ReviewCategory.ON_TRACK.value,
    "off trajectory": ReviewCategory.OFF_TRAJECTORY.value,
    "at risk": ReviewCategory.AT_RISK.value,
    "without data": ReviewCategory.NO_DATA.value,
    "better than anticipated": Rating.BETTER.value,
    "within acceptable range": Rating.WITHIN.value,
    "within the acceptable range": Rating.WITHIN.value,
    "worse than anticipated": Rating.WORSE.value,
}
"""How a text says a category or a rating, and what the data calls it."""

_ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_COMPOUND = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES[:9])})"
NUMBER = rf"{_COMPOUND}|{'|'.join(_NUMBERS)}|none|no|zero|all|\d{{1,3}}"
PARTIAL = (
    r"(?:further|another|other|additional|first|last|these|those|remaining|about|around|some|nearly|almost|roughly)"
)
"""Before a number: it counts not all there are."""
VERB = r"is|are|was|were|remains?|stands?|stays?"
NEGATED = re.compile(
    r"(?:not|never|no|none|neither|nor|nobody|hardly|barely|without|cannot|less|far|longer|\w+n[’']t)", re.IGNORECASE
)
UNSURE = re.compile(
    r"\b(?:last year|a year ago|years? ago|previously|previous|earlier|formerly|used to|had|once|by then|next year"
    r"|would|could|should|might|may|will|shall|if|whether|unless|until|till|hopes?|aims?|aimed|plans? to|planned|intends?"
    r"|wants?|needs?|expect(?:s|ed)?|forecast|likely|towards|ambition|target is|to be|to become|to get|to bring|back on"
    r"|printed|newspapers?|claim(?:s|ed)?|so-called)\b|[?“”\"]",
    re.IGNORECASE,
)
"""A clause with one of these speaks of another time, of a wish or a condition, or quotes: it claims nothing now."""
PRAISE = re.compile(
    r"\b(?:excellent(?:ly)?|outstanding|excel(?:s|led)?|impressive|exemplary|strongly|successful(?:ly)?"
    r"|strong(?! (?:evidence|links?|demand|needs?|case|commitment|partnerships?|leadership|focus|emphasis|views?))"
    r"|(?<!as )well(?! as\b)(?!-)|success(?:es)?(?! factors?)|good(?! (?:practice|neighbours?|relations?|examples?))"
    r"|great(?! deal)|very pleased|proud|pleasing|thriving|flourishing|on course)\b",
    re.IGNORECASE,
)
BLAME = re.compile(
    r"\b(?:poor(?:ly)?|fail(?:s|ed|ing|ure)?|weak(?:ly)?|disappointing(?:ly)?|unsatisfactory|worrying|dismal|inadequate"
    r"|struggl(?:es|ed|ing)|falling behind|falls? short|bad(?:ly)?|off track)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z{“\"])|\n+(?:- )?")
_CODE = re.compile(
    r"\{\s*((?:ni|li)[^{}]*?)\s+[a-z]+\s*\}|\b((?:NI|LI) ?0*\d{1,3}(?:\([ivx]+\)|[a-z])?)(?!\w)", re.IGNORECASE
)


def sentences(text: str) -> list[str]:
    """A text's sentences and lines, without what is empty.

    >>> sentences("It is good. NI 16 rose by 1.5%.")
    ['It is good.', 'NI 16 rose by 1.5%.']
    """
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def codes_marked(text: str, titles: Mapping[str, str]) -> tuple[str, list[str]]:
    """A text with every indicator that it names, by code, token or title, as a mark '§0§', and the indicators' codes
    in the order of the marks. A measure's part counts as its indicator."""
    codes: list[str] = []

    def mark(code: str) -> str:
        codes.append(code)
        return f"§{len(codes) - 1}§"

    def by_code(match: re.Match[str]) -> str:
        try:
            code = measure_code(match[1] or match[2])
        except ValueError:
            return match[0]
        return mark(re.sub(r"(?:\([a-z]+\)|(?<=\d)[a-z])$", "", code))

    marked = _CODE.sub(by_code, text)
    for title, code in titles.items():
        if len(title.split()) > 1 and title.lower() in marked.lower():
            marked = re.sub(re.escape(title), lambda _, code=code: mark(code), marked, flags=re.IGNORECASE)  # type: ignore[misc]
    return marked, codes


def number_of(word: str) -> int | None:
    """A number typed as digits or as a word up to ninety-nine; None for anything else.

    >>> number_of("35"), number_of("thirty-five"), number_of("none"), number_of("dozens")
    (35, 35, 0, None)
    """
    word = word.lower()
    if word.isdigit():
        return int(word)
    if word in ("no", "none", "zero"):
        return 0
    parts = re.split(r"[- ]", word)
    return sum(_NUMBERS[part] for part in parts) if all(part in _NUMBERS for part in parts) else None
