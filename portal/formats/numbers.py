"""Figures as people type them, read into exact decimals."""

import re
from decimal import Decimal
from reprlib import repr as shown

MOST_DIGITS = 18
MOST_DECIMALS = 10

_FIGURE = re.compile(
    r"(?P<sign>[+-]?)£?(?P<inner>[+-]?)(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|)(?P<decimals>\.[0-9]+)?%?"
)
_EXPONENT = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")


def parse_figure(text: str) -> Decimal:
    """The figure that was typed, with the decimals that were typed.

    >>> parse_figure("£1,450"), parse_figure("2.420 %"), parse_figure("−5.30")
    (Decimal('1450'), Decimal('2.420'), Decimal('-5.30'))
    """
    plain = "".join(text.split()).replace("\u2212", "-")
    match = _FIGURE.fullmatch(plain)
    if (
        match is None
        or not (match["whole"] or match["decimals"])
        or (match["sign"] and match["inner"])
        or (plain.lstrip("+-").startswith("£") and plain.endswith("%"))
    ):
        raise ValueError(_why_not(text, plain))
    whole = match["whole"].replace(",", "").lstrip("0")
    if len(whole) > MOST_DIGITS:
        raise ValueError(f"{shown(text.strip())} is too long: type at most {MOST_DIGITS} digits before the point.")
    decimals = match["decimals"] or ""
    if len(decimals) > MOST_DECIMALS + 1:
        raise ValueError(f"{shown(text.strip())} is too fine: type at most {MOST_DECIMALS} decimals.")
    figure = Decimal(f"{match['sign']}{match['inner']}{whole or '0'}{decimals}")
    return figure if figure else figure.copy_abs()  # nobody means minus nothing


def foreign_sign(text: str, unit: str) -> str | None:
    """A sentence when the sign that was typed with a figure is not its unit's: it says that another thing was meant.

    >>> foreign_sign("£5", "homes"), foreign_sign("£5", "£ thousand")
    ('£ was typed, but this is returned in homes: type the figure in that.', None)
    """
    for sign, named in (("£", "£"), ("%", "percent")):
        if sign in text and sign not in unit and named not in unit:
            return f"{sign} was typed, but this is returned in {unit or 'plain numbers'}: type the figure in that."
    return None


def decimals(*figures: Decimal) -> int:
    """The most decimals that any of the figures needs; zeros at the end say nothing.

    >>> decimals(Decimal("2.420"), Decimal("10.5"), Decimal("100"))
    2
    """
    return max((_decimals(figure) for figure in figures), default=0)


def _decimals(figure: Decimal) -> int:
    # From the digits rather than by normalize(), which would round a long figure.
    _, digits, exponent = figure.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{figure} is not a figure.")
    needed = -exponent
    for digit in reversed(digits):
        if digit or needed <= 0:
            break
        needed -= 1
    return max(needed, 0) if any(digits) else 0


def _why_not(text: str, plain: str) -> str:
    if not plain:
        return "There is no figure: type one, such as 1234.5."
    typed = shown(text.strip())
    if _EXPONENT.fullmatch(plain):
        return f"{typed} has an exponent: type the figure out in full, such as 100000."
    if any(character.isdigit() and not character.isascii() for character in plain):
        return f"{typed} has digits other than 0 to 9: type it with those, such as 1234.5."
    if plain.count(".") > 1:
        return f"{typed} has more than one point: type the figure with one, such as 1234.5."
    if re.fullmatch(r"[+-]?£?[+-]?[0-9,.]+%?", plain) and "," in plain:
        return f"{typed} has a comma that does not mark thousands: type 1,234 or 1234, and a point for decimals."
    return f"{typed} is not a figure: type digits only, such as 1234.5 or -3."
