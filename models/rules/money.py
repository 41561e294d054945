"""Money in pounds: what may be typed as an amount, and what a printed total says of the lines above it."""

from collections.abc import Iterable
from decimal import Decimal

MOST = Decimal(10) ** 10
"""No partnership commits ten thousand million pounds: a slip of the hand."""


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum.

    >>> total([Decimal("3000"), Decimal("0.50")])
    Decimal('3000.50')
    """
    return sum(amounts, start=Decimal(0))


def why_no_amount(amount: Decimal) -> str:
    """Why a figure is no amount of pounds and pence that can be committed; '' where it is one.

    >>> why_no_amount(Decimal("22500.50")), why_no_amount(Decimal("0"))
    ('', 'An amount is more than nothing.')
    """
    if amount <= 0:
        return "An amount is more than nothing."
    if amount >= MOST:
        return "That is too much to be true: type pounds, not pence."
    if amount != amount.quantize(Decimal("0.01")):
        return "An amount has pounds and pence, and nothing smaller."
    return ""


def beyond(printed: Decimal, lines: Iterable[Decimal]) -> Decimal:
    """By how much the lines come to more than the total that is printed for them (to less, where it is negative);
    nothing where both agree.

    >>> beyond(Decimal(26000), [Decimal(22500), Decimal(13500)])
    Decimal('10000')
    """
    return total(lines) - printed
