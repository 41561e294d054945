"""Sums in fractions lose nothing, and are rounded only to be shown."""

import doctest
from decimal import Decimal
from fractions import Fraction

from models.rules import exact
from models.rules.exact import rounded, total


def test_its_examples_are_true() -> None:
    assert doctest.testmod(exact).failed == 0


def test_thirds_add_up_to_a_whole_and_nothing_to_nothing() -> None:
    assert total([Fraction(1, 3)] * 3) == 1
    assert total([]) == 0


def test_what_has_an_end_in_decimals_keeps_it() -> None:
    assert rounded(Fraction(Decimal("-2.420"))) == Decimal("-2.42")
    assert rounded(Fraction(0)) == 0
