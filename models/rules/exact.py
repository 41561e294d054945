"""Sums in fractions, for rules in which thirds are compared: no figure falls to the wrong side by rounding."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction


def total(fractions: Iterable[Fraction]) -> Fraction:
    """Their sum; nothing sums to 0."""
    return sum(fractions, Fraction(0))


def rounded(fraction: Fraction) -> Decimal:
    """The fraction as a figure, to the 28 digits that decimals have unless told otherwise.

    >>> rounded(Fraction(1, 3))
    Decimal('0.3333333333333333333333333333')
    """
    return Decimal(fraction.numerator) / fraction.denominator
