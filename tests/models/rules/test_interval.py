"""Intervals of counted figures: printed ones come out, impossible counts do not, and more data narrows them."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import interval
from models.rules.interval import Interval, Z, counted_of, poisson, wilson

counts = st.integers(0, 3000)


def rounded(found: Interval, places: int) -> tuple[str, str]:
    return f"{found.low:.{places}f}", f"{found.high:.{places}f}"


def test_its_examples_are_true() -> None:
    assert doctest.testmod(interval).failed == 0


def test_an_interval_may_be_a_point_but_not_end_below_its_beginning() -> None:
    assert Interval(Decimal(3), Decimal(3)).low == 3
    with pytest.raises(ValueError, match=r"This interval begins at 3 and ends below that, at 2\.9\."):
        Interval(Decimal(3), Decimal("2.9"))


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (209, 1017, ("18.1803", "23.1427")),
        (213, 1087, ("17.3444", "22.0602")),
        (213, 1119, ("16.8421", "21.4394")),
        (239, 1117, ("19.0918", "23.8975")),
        (210, 1139, ("16.2925", "20.7941")),
    ],
)
def test_proportions_have_the_intervals_that_fingertips_prints(
    numerator: int, denominator: int, printed: tuple[str, str]
) -> None:
    assert rounded(wilson(numerator, denominator, 100), 4) == printed


def test_the_ends_of_a_proportion_solve_wilsons_equation() -> None:
    """At each end the share found is just 1.96 standard deviations off, by the spread that this end would have."""
    found, share = wilson(37, 120), Decimal(37) / 120
    for end in (found.low, found.high):
        assert abs((share - end) ** 2 - Z**2 * end * (1 - end) / 120) < Decimal("1e-26")


def test_none_and_all_of_the_cases_reach_to_nothing_and_to_the_whole() -> None:
    none, everyone = wilson(0, 10), wilson(Decimal(10), Decimal(10), Decimal(100))
    assert (str(none.low), rounded(none, 4)[1]) == ("0", "0.2775")
    assert (everyone.high, rounded(everyone, 2)[0]) == (100, "72.25")


def test_a_scale_stretches_a_proportion_and_changes_nothing_else() -> None:
    share, percent = wilson(7, 50), wilson(7, 50, 100)
    assert (share.low * 100, share.high * 100) == (percent.low, percent.high)


@pytest.mark.parametrize(
    ("numerator", "denominator", "sentence"),
    [
        (3, 0, "A denominator must be more than 0: not 0."),
        (0, 0, "A denominator must be more than 0: not 0."),
        (3, -5, "A denominator must be a whole number, 0 or more: not -5."),
        (3, Decimal("5.5"), "A denominator must be a whole number, 0 or more: not 5.5."),
        (6, 5, "A numerator cannot be more than its denominator: 6 of 5."),
        (-1, 5, "A numerator must be a whole number, 0 or more: not -1."),
        (Decimal("0.5"), 5, "A numerator must be a whole number, 0 or more: not 0.5."),
        (Decimal("NaN"), 5, "A numerator must be a whole number, 0 or more: not NaN."),
        (1, Decimal("Infinity"), "A denominator must be a whole number, 0 or more: not Infinity."),
    ],
)
def test_what_cannot_be_counted_has_no_interval(
    numerator: Decimal | int, denominator: Decimal | int, sentence: str
) -> None:
    for check in (counted_of, wilson):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared below
            check(numerator, denominator)
        assert str(refused.value) == sentence


def test_a_count_may_be_written_with_places_that_say_nothing() -> None:
    assert counted_of(Decimal("5.00"), 5) == (5, 5)
    assert counted_of(0, 1) == (0, 1)


@pytest.mark.parametrize("scale", [0, -1, Decimal("NaN"), Decimal("Infinity")])
def test_a_scale_is_a_number_over_nothing(scale: Decimal | int) -> None:
    with pytest.raises(ValueError, match=rf"^A scale must be more than 0: not {scale}\.$"):
        wilson(1, 5, scale)


@given(counts, counts)
@settings(max_examples=80, deadline=None)
def test_a_proportion_lies_in_its_interval_and_that_between_nothing_and_the_whole(one: int, other: int) -> None:
    cases, people = min(one, other), max(one, other) + 1
    found = wilson(cases, people)
    assert 0 <= found.low <= Decimal(cases) / people <= found.high <= 1
    assert found.low < found.high


@given(counts, counts)
@settings(max_examples=80, deadline=None)
def test_counting_the_others_turns_a_proportions_interval_round(one: int, other: int) -> None:
    cases, people = min(one, other), max(one, other) + 1
    found, others = wilson(cases, people), wilson(people - cases, people)
    assert abs(found.low + others.high - 1) < Decimal("1e-26")


@given(counts, counts, st.integers(2, 50))
@settings(max_examples=60, deadline=None)
def test_the_same_proportion_of_more_people_has_a_narrower_interval(one: int, other: int, times: int) -> None:
    cases, people = min(one, other), max(one, other) + 1
    few, many = wilson(cases, people), wilson(cases * times, people * times)
    assert few.low <= many.low
    assert many.high <= few.high
    assert many.high - many.low < few.high - few.low


def test_a_rate_is_its_counts_interval_per_so_many() -> None:
    count, rate = poisson(12), poisson(12, 30_000, 100_000)
    assert rounded(rate, 4) == ("20.6686", "69.8720")
    assert abs(rate.low * 3 - count.low * 10) < Decimal("1e-24")
    assert abs(rate.high * 3 - count.high * 10) < Decimal("1e-24")
    assert poisson(12, 1, 1) == poisson(Decimal("12.0")) == count
    assert poisson(12, 2).high == count.high / 2


def test_a_rate_may_have_more_cases_than_people_and_a_broken_denominator() -> None:
    assert rounded(poisson(3, Decimal("1.5")), 4) == ("0.4124", "5.8448")


@pytest.mark.parametrize("count", [-1, Decimal("2.5"), Decimal("NaN"), Decimal("Infinity")])
def test_a_count_that_cannot_be_has_no_interval(count: Decimal | int) -> None:
    with pytest.raises(ValueError, match=rf"^A count must be a whole number, 0 or more: not {count}\.$"):
        poisson(count)


@pytest.mark.parametrize("none", [0, -2])
def test_a_rate_is_of_something_and_per_something(none: int) -> None:
    with pytest.raises(ValueError, match=rf"^A denominator must be more than 0: not {none}\.$"):
        poisson(3, none)
    with pytest.raises(ValueError, match=rf"^The number that a rate is per must be more than 0: not {none}\.$"):
        poisson(3, 5, none)


@given(counts, st.integers(1, 10**6), st.sampled_from([1, 1000, 100_000]))
@settings(max_examples=60, deadline=None)
def test_a_rate_lies_in_its_interval(count: int, people: int, per: int) -> None:
    found = poisson(count, people, per)
    assert 0 <= found.low <= Decimal(count) * per / people < found.high
    assert (found.low == 0) is (count == 0)


@given(st.integers(1, 500), st.integers(2, 9))
@settings(max_examples=40, deadline=None)
def test_the_same_rate_from_more_cases_has_a_narrower_interval(count: int, times: int) -> None:
    few, many = poisson(count), poisson(count * times, times)
    assert few.low < many.low < count < many.high < few.high
