"""The chance of reaching a target: its number, its word, and what it asks of the forecast's distribution."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import chance as module
from models.rules.chance import YARDSTICK, Chance, Prospect, chance_of_reaching, prospect
from models.rules.forecast import Forecast
from models.rules.outlook import Outlook, Part
from models.rules.stories import Method
from models.rules.terms import Polarity

HIGHER, LOWER, RANGE = Polarity.HIGHER, Polarity.LOWER, Polarity.RANGE


def around(centre: str, spread: str, floor: str | None = None, ceiling: str | None = None) -> Forecast:
    """A forecast of one story, with nine figures behind it."""
    bounds = [None if bound is None else Decimal(bound) for bound in (floor, ceiling)]
    outlook = Outlook((Part(1.0, 0.0, 1.0),), 8, Decimal(centre), Decimal(spread), *bounds)
    low, central, high = (outlook.quantile(share) for share in (0.1, 0.5, 0.9))
    return Forecast(central, low, high, Method.LEVEL, False, 9, outlook)


def chance(forecast: Forecast, target: Decimal | str, polarity: Polarity) -> Decimal:
    found = chance_of_reaching(forecast, Decimal(target), Decimal(target), polarity)
    assert found is not None
    return found.probability


def test_its_examples_are_true() -> None:
    assert doctest.testmod(module).failed == 0


def test_the_edges_of_the_range_are_reached_nine_times_and_once_in_ten() -> None:
    found = around("60", "2")
    assert [chance(found, edge, HIGHER) for edge in (found.low, found.central, found.high)] == [
        Decimal("0.90"),
        Decimal("0.50"),
        Decimal("0.10"),
    ]
    assert [chance(found, edge, LOWER) for edge in (found.low, found.central, found.high)] == [
        Decimal("0.10"),
        Decimal("0.50"),
        Decimal("0.90"),
    ]


def test_between_the_edges_of_the_range_are_four_in_five() -> None:
    found = around("60", "2")
    assert chance_of_reaching(found, found.low, found.high, RANGE) == Prospect(Decimal("0.80"), Chance.HIGHLY_LIKELY)


def test_a_target_that_is_a_range_is_reached_at_its_nearer_edge_where_one_way_is_good() -> None:
    found = around("60", "2")
    low, high = found.low, found.high
    assert chance_of_reaching(found, low, high, HIGHER) == Prospect(Decimal("0.90"), Chance.HIGHLY_LIKELY)
    assert chance_of_reaching(found, low, high, LOWER) == Prospect(Decimal("0.90"), Chance.HIGHLY_LIKELY)


def test_nothing_is_certain() -> None:
    found = around("60", "2", floor="50")
    assert chance_of_reaching(found, Decimal(50), None, HIGHER) == Prospect(Decimal("0.98"), Chance.ALMOST_CERTAIN)
    assert chance_of_reaching(found, Decimal(1000), None, HIGHER) == Prospect(Decimal("0.02"), Chance.REMOTE)


def test_all_of_them_can_be_reached_although_nothing_is_above_it() -> None:
    """A forecast of 99 with a bound of 100: what would lie above 100 is 100."""
    assert Decimal("0.3") < chance(around("99", "2", ceiling="100"), "100", HIGHER) < Decimal("0.35")


@pytest.mark.parametrize(
    ("low", "high", "polarity"),
    [
        (Decimal(1), Decimal(1), Polarity.NONE),
        (None, Decimal(1), HIGHER),
        (Decimal(1), None, LOWER),
        (Decimal(1), None, RANGE),
        (None, Decimal(1), RANGE),
    ],
)
def test_without_the_edge_that_is_asked_for_there_is_no_chance(
    low: Decimal | None, high: Decimal | None, polarity: Polarity
) -> None:
    assert chance_of_reaching(around("60", "2"), low, high, polarity) is None


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.02, Chance.REMOTE),
        (0.05, Chance.REMOTE),
        (0.10, Chance.HIGHLY_UNLIKELY),
        (0.20, Chance.HIGHLY_UNLIKELY),
        (0.25, Chance.UNLIKELY),
        (0.35, Chance.UNLIKELY),
        (0.40, Chance.REALISTIC),
        (0.49, Chance.REALISTIC),
        (0.55, Chance.LIKELY),
        (0.75, Chance.LIKELY),
        (0.80, Chance.HIGHLY_LIKELY),
        (0.90, Chance.HIGHLY_LIKELY),
        (0.95, Chance.ALMOST_CERTAIN),
        (1.00, Chance.ALMOST_CERTAIN),
    ],
)
def test_the_words_are_the_yardsticks(probability: float, words: Chance) -> None:
    assert prospect(probability).words is words


def test_the_words_are_those_of_the_published_yardstick() -> None:
    assert [*Chance] == [
        *("remote chance", "highly unlikely", "unlikely", "realistic possibility"),
        *("likely", "highly likely", "almost certain"),
    ]


def test_in_a_gap_of_the_yardstick_the_nearer_word_is_said() -> None:
    said = [prospect(probability).words for probability in (0.07, 0.08, 0.22, 0.23, 0.52, 0.53, 0.92, 0.93)]
    assert said == [
        Chance.REMOTE,
        Chance.HIGHLY_UNLIKELY,
        Chance.HIGHLY_UNLIKELY,
        Chance.UNLIKELY,
        Chance.REALISTIC,
        Chance.LIKELY,
        Chance.HIGHLY_LIKELY,
        Chance.ALMOST_CERTAIN,
    ]
    assert [words for _, words in YARDSTICK] == list(reversed(Chance))


@given(st.floats(-0.1, 1.1), st.floats(-0.1, 1.1))
@settings(max_examples=60, deadline=None)
def test_a_greater_chance_never_has_a_lesser_word(one: float, other: float) -> None:
    less, more = prospect(min(one, other)), prospect(max(one, other))
    assert Decimal("0.02") <= less.probability <= more.probability <= Decimal("0.98")
    assert list(Chance).index(less.words) <= list(Chance).index(more.words)
