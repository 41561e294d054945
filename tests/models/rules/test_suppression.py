"""Small numbers are not shown, and no other number gives one of them away."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import suppression
from models.rules.suppression import Count, Hidden, Suppression, hidden, is_small

PARTS = {"females": Suppression(5, "all"), "males": Suppression(5, "all"), "all": Suppression(5)}


def counts(**numbers: int) -> dict[str, Count]:
    return {code: Count(Decimal(number)) for code, number in numbers.items()}


def test_examples_in_the_module_hold() -> None:
    assert doctest.testmod(suppression).failed == 0


@pytest.mark.parametrize(
    ("number", "out_of", "small"),
    [
        (0, None, False),
        (1, None, True),
        (4, None, True),
        (5, None, False),
        (0, 3, True),  # a whole of three
        (0, 5, False),
        (5, 10, False),
        (6, 10, True),  # four are without it
        (10, 10, False),
        (9, 10, True),
        (0, 0, False),
        (None, 3, False),  # nothing is known
    ],
)
def test_what_is_small(number: int | None, out_of: int | None, small: bool) -> None:
    known = [None if one is None else Decimal(one) for one in (number, out_of)]
    assert is_small(Count(*known), 5) is small


def test_the_threshold_is_the_measures_own() -> None:
    assert hidden(counts(a=8, b=8), {"a": Suppression(5), "b": Suppression(10)}) == {"b": Hidden.SMALL}


def test_a_measure_without_a_rule_is_shown_however_small() -> None:
    assert hidden(counts(a=1), {}) == {}


def test_a_single_part_that_is_small_takes_another_with_it() -> None:
    assert hidden(counts(females=3, males=40, all=43), PARTS) == {
        "females": Hidden.SMALL,
        "males": Hidden.GIVES_AWAY,
    }


def test_the_smallest_other_part_goes_and_none_only_when_there_is_no_other() -> None:
    rules = {code: Suppression(5, "all") for code in "abcd"} | {"all": Suppression(5)}
    assert set(hidden(counts(a=3, b=0, c=9, d=20, all=32), rules)) == {"a", "c"}
    assert set(hidden(counts(a=3, b=0, all=3), {k: rules[k] for k in ("a", "b")})) == {"a", "b"}


def test_two_small_parts_hide_each_other_and_an_only_part_hides_the_total() -> None:
    assert set(hidden(counts(females=3, males=2, all=5), PARTS)) == {"females", "males"}
    assert set(hidden(counts(females=3, all=43), PARTS)) == {"females", "all"}


def test_without_the_total_nothing_more_is_given_away() -> None:
    assert set(hidden(counts(females=3, males=40), PARTS)) == {"females"}
    assert set(hidden(counts(females=1, males=2, all=3), PARTS)) == {"females", "males", "all"}


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(2, 12))
def test_no_small_part_can_be_worked_out_from_what_is_shown(numbers: list[int], below: int) -> None:
    codes = [f"part {place}" for place in range(len(numbers))]
    rules = {code: Suppression(below, "all") for code in codes} | {"all": Suppression(below)}
    told = counts(**dict(zip(codes, numbers, strict=True)), all=sum(numbers))
    silent = hidden(told, rules)
    small = {code for code in codes if 0 < int(told[code].number or 0) < below}
    assert small <= set(silent)
    unknown = [code for code in codes if code in silent]
    assert "all" in silent or len(unknown) != 1
