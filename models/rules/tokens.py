"""Live figures in a text: '{NI 16 figure}' stands for what the returns say, until a signature freezes it.

The grammar is closed. A token is a subject and a field between braces; the subject is an indicator's or a measure's
code, the word 'count', or a theme's key. Nothing else may stand in braces.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

from models.rules.codes import measure_code

OF_INDICATOR = ("figure", "milestone", "target", "baseline", "forecast", "rating", "category")
CATEGORIES = ("on track", "off trajectory", "at risk", "no data")
COUNTED = (*CATEGORIES, "designated", "indicators", "measures")
OF_THEME = ("better", "within", "worse", "no rating", "indicators")
COUNT = "count"
_TOKEN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Token:
    """One live figure: of an indicator or measure by its code, of the whole ('count'), or of a theme by its key."""

    subject: str
    field: str

    def __str__(self) -> str:
        return f"{{{self.subject} {self.field}}}"


class WrongToken(ValueError):
    """A token that is none; the message says which, and what could stand there."""


def parse(text: str, codes: Container[str], themes: Container[str]) -> tuple[str | Token, ...]:
    """A text as its pieces, in order: what is said, and the tokens in it. `codes` are those of the agreement's
    indicators and measures, `themes` the keys of its themes. WrongToken for the first token that is none.

    >>> parse("Burglary is at {ni16 figure}.", {"NI 16"}, ())
    ('Burglary is at ', Token(subject='NI 16', field='figure'), '.')
    """
    pieces: list[str | Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        _plain(text[last : match.start()], pieces)
        pieces.append(_token(match[0], match[1], codes, themes))
        last = match.end()
    _plain(text[last:], pieces)
    return tuple(pieces)


def _plain(text: str, pieces: list[str | Token]) -> None:
    if brace := re.search(r"[{}]", text):
        around = text[max(0, brace.start() - 10) : brace.start() + 20].strip()
        raise WrongToken(f"A brace stands alone in “{around}”: a live figure is written like {{NI 16 figure}}.")
    if text:
        pieces.append(text)


def _token(whole: str, inside: str, codes: Container[str], themes: Container[str]) -> Token:
    said = " ".join(inside.split()).lower()
    if said.startswith(f"{COUNT} "):
        field = said.removeprefix(f"{COUNT} ")
        return Token(COUNT, _one_of(field, COUNTED, whole, "A count"))
    for field in sorted((*OF_INDICATOR, *OF_THEME), key=len, reverse=True):
        if said.endswith(f" {field}"):
            return _of(said.removesuffix(f" {field}"), field, whole, codes, themes)
    raise WrongToken(
        f"{whole} is no live figure: write one like {{NI 16 figure}}, {{count at risk}} or {{safer worse}}."
    )


def _of(subject: str, field: str, whole: str, codes: Container[str], themes: Container[str]) -> Token:
    if subject in themes:
        return Token(subject, _one_of(field, OF_THEME, whole, "A theme"))
    try:
        code = measure_code(subject)
    except ValueError:
        raise WrongToken(f"{whole}: there is no indicator and no theme called “{subject}”.") from None
    if code not in codes:
        raise WrongToken(f"{whole}: this agreement has no {code}.")
    return Token(code, _one_of(field, OF_INDICATOR, whole, "An indicator"))


def _one_of(field: str, known: tuple[str, ...], whole: str, what: str) -> str:
    if field not in known:
        raise WrongToken(f"{whole}: {what.lower()} has no “{field}”, but {', '.join(known)}.")
    return field
