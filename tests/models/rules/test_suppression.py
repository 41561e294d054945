"""Small numbers are not shown, and no other number gives one of them away."""

import doctest
from decimal import Decimal
from itertools import accumulate, pairwise, product, starmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import suppression
from models.rules.suppression import Count, Hidden, Suppression, hidden, hidden_in_year, is_small

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


TREE = {
    "a": Suppression(5, "mid"),
    "b": Suppression(5, "mid"),
    "mid": Suppression(5, "top"),
    "c": Suppression(5, "top"),
    "top": Suppression(5),
}


def test_a_hidden_total_that_is_itself_a_part_is_weighed_again() -> None:
    rules = {"a": Suppression(5, "mid"), "mid": Suppression(5, "top"), "c": Suppression(5, "top")}
    assert set(hidden(counts(a=3, mid=40, c=60, top=100), rules)) == {"a", "mid", "c"}
    assert set(hidden(counts(a=3, mid=40, top=40), rules)) == {"a", "mid", "top"}


def test_hidden_parts_that_are_too_few_or_too_small_together_take_another_one_with_them() -> None:
    rules = {code: Suppression(5, "all") for code in "abc"}
    assert set(hidden(counts(a=1, b=1, c=8, all=10), rules)) == {"a", "b", "c"}
    assert set(hidden(counts(a=1, b=2, c=8, all=11), rules)) == {"a", "b", "c"}
    assert set(hidden(counts(a=1, b=1, all=10), {code: rules[code] for code in "ab"})) == {"a", "b", "all"}
    assert set(hidden(counts(a=1, b=1, c=0, all=2), rules)) == {"a", "b", "all"}


def test_parts_that_are_shown_do_not_say_what_their_hidden_total_is() -> None:
    rules = {"a": Suppression(3, "all"), "b": Suppression(3, "all"), "all": Suppression(9)}
    assert set(hidden(counts(a=3, b=4, all=7), rules)) == {"a", "all"}
    assert set(hidden(counts(a=3, b=3, all=7), rules)) == {"all"}  # there are others in it


def test_rules_that_go_round_in_a_ring_end() -> None:
    assert set(hidden(counts(a=1, b=1), {"a": Suppression(5, "b"), "b": Suppression(5, "a")})) == {"a", "b"}


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 9)] * 3))
def test_nobody_works_out_a_small_one_by_subtraction_through_several_totals(numbers: tuple[int, int, int]) -> None:
    def filled(a: int, b: int, c: int) -> dict[str, int]:
        return {"a": a, "b": b, "c": c, "mid": a + b, "top": a + b + c}

    true = filled(*numbers)
    silent = hidden(counts(**true), TREE)
    least = 0 if any(true[code] == 0 for code in silent) else 1
    guesses = product(*(range(least, 25) if code in silent else [true[code]] for code in "abc"))
    worlds = [
        world
        for world in starmap(filled, guesses)
        if all(world[code] == true[code] for code in TREE if code not in silent)
    ]
    assert true in worlds
    for code, why in silent.items():
        if why is not Hidden.GIVES_AWAY:
            assert len({world[code] for world in worlds}) > 1, code


def quarters(**series: list[int]) -> dict[str, dict[str, Count]]:
    """The figures of a year's quarters, by measure."""
    length = max(map(len, series.values()))
    return {f"Q{i + 1}": counts(**{code: each[i] for code, each in series.items()}) for i in range(length)}


def test_a_small_step_between_two_quarters_of_a_year_hides_the_later_one() -> None:
    rules = {"homes": Suppression(5)}
    year = quarters(homes=[100, 300, 302, 310])
    assert hidden_in_year(year, rules, {"homes"}) == {("homes", "Q3"): Hidden.STEP}
    assert hidden_in_year(year, rules) == {}  # each quarter counts anew
    assert set(hidden_in_year(quarters(homes=[300, 302, 304, 306]), rules, {"homes"})) == {
        ("homes", "Q2"),
        ("homes", "Q3"),
    }
    assert hidden_in_year(quarters(homes=[300, 300, 300]), rules, {"homes"}) == {}  # nobody was added


def test_what_was_published_stays_and_the_new_figure_is_hidden() -> None:
    year = quarters(homes=[100, 300, 302])
    public = {("homes", "Q1"), ("homes", "Q3")}
    assert set(hidden_in_year(year, {"homes": Suppression(5)}, {"homes"}, public)) == {("homes", "Q2")}


def test_a_hidden_step_is_not_told_by_the_total_and_the_other_part() -> None:
    rules = {"females": Suppression(5, "all"), "males": Suppression(5, "all")}
    year = quarters(females=[20, 23], males=[40, 60], all=[60, 83])
    assert set(hidden_in_year(year, rules, {"females", "males", "all"})) == {("females", "Q2"), ("males", "Q2")}
    year = quarters(females=[20, 21], males=[40, 41], all=[60, 62])
    assert set(hidden_in_year(year, rules, {"females", "males", "all"})) == {
        ("females", "Q2"),
        ("males", "Q2"),
        ("all", "Q2"),
    }


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(2, 7), st.sets(st.integers(1, 4)))
def test_no_small_step_can_be_worked_out_from_what_is_shown(steps: list[int], below: int, early: set[int]) -> None:
    reached = list(accumulate(steps))
    public = {("homes", f"Q{number}") for number in early}
    silent = hidden_in_year(quarters(homes=reached), {"homes": Suppression(below)}, {"homes"}, public)
    shown = [(0, 0), *((i + 1, n) for i, n in enumerate(reached) if ("homes", f"Q{i + 1}") not in silent)]
    for (place, number), (following, then) in pairwise(shown):
        between = following - place - 1
        assert then - number == 0 or then - number >= below
        # Whoever knows that each hidden quarter added some, and the next one too, still cannot tell how many.
        assert between == 0 or then - number > between + 1


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 5)] * 4))
def test_nobody_works_out_a_small_one_from_parts_and_quarters_together(numbers: tuple[int, int, int, int]) -> None:
    rules = {"f": Suppression(4, "all"), "m": Suppression(4, "all"), "all": Suppression(4)}

    def filled(f: int, f_more: int, m: int, m_more: int) -> dict[tuple[str, str], int]:
        there = {("f", "Q1"): f, ("f", "Q2"): f + f_more, ("m", "Q1"): m, ("m", "Q2"): m + m_more}
        return there | {("all", q): there["f", q] + there["m", q] for q in ("Q1", "Q2")}

    true = filled(*numbers)
    year = quarters(**{code: [true[code, "Q1"], true[code, "Q2"]] for code in rules})
    silent = hidden_in_year(year, rules, set(rules))
    seen = [place for place in true if place not in silent]
    worlds = [
        w for w in starmap(filled, product(range(11), repeat=4)) if all(w[place] == true[place] for place in seen)
    ]
    for place, why in silent.items():
        if why is not Hidden.GIVES_AWAY:
            assert len({world[place] for world in worlds}) > 1, place
