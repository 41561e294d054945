"""Evidence is strong, fair or weak by three facts."""

import doctest

import pytest

from models.rules import evidence
from models.rules.evidence import Strength, strength

STRONG, FAIR, WEAK = Strength.STRONG, Strength.FAIR, Strength.WEAK


def test_its_examples_are_true() -> None:
    assert doctest.testmod(evidence).failed == 0


def test_an_edition_keeps_the_strength_in_these_words() -> None:
    assert [*Strength] == ["strong", "fair", "weak"]


@pytest.mark.parametrize(
    ("points", "found"), [(0, WEAK), (1, WEAK), (4, WEAK), (5, FAIR), (12, FAIR), (13, STRONG), (14, STRONG)]
)
def test_verified_figures_are_as_strong_as_their_series_is_long(points: int, found: Strength) -> None:
    assert strength(True, points, False) is found


@pytest.mark.parametrize("points", [1, 4, 5, 12, 13])
def test_an_interval_makes_a_verified_figure_strong_and_nothing_a_provisional_one(points: int) -> None:
    assert strength(True, points, True) is STRONG
    assert strength(False, points, True) is WEAK
    assert strength(False, points, False) is WEAK


def test_fewer_points_than_none_cannot_be() -> None:
    with pytest.raises(ValueError, match=r"^A series cannot have -1 points\.$"):
        strength(True, -1, True)
