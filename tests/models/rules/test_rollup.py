"""Roll-ups are counts and worsts, never averages."""

import doctest
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import rollup
from models.rules.expected import Expected
from models.rules.rating import Judgement, unrated
from models.rules.rollup import Counts, count, first_reason, worst
from models.rules.terms import NoRating, Rating

BETTER, WITHIN, WORSE = Rating.BETTER, Rating.WITHIN, Rating.WORSE
blanks = st.tuples(st.none(), st.sampled_from(NoRating))
rated = st.tuples(st.sampled_from(Rating), st.none())


def test_its_examples_are_true() -> None:
    assert doctest.testmod(rollup).failed == 0


@pytest.mark.parametrize(
    ("ratings", "found"),
    [
        ([], None),
        ([None], None),
        ([BETTER], BETTER),
        ([BETTER, WITHIN], WITHIN),
        ([WITHIN, BETTER, WORSE], WORSE),
        ([None, WORSE], WORSE),
        ([BETTER, None], BETTER),
        ([WORSE, BETTER, BETTER, BETTER, BETTER], WORSE),
    ],
)
def test_an_indicator_takes_its_worst_rating_and_a_blank_hides_none(
    ratings: list[Rating | None], found: Rating | None
) -> None:
    assert worst(ratings) is found
    assert worst(reversed(ratings)) is found


def test_the_reason_for_none_is_the_first_measures() -> None:
    late, suppressed = unrated(NoRating.LATE), unrated(NoRating.SUPPRESSED, Expected(Decimal(1)))
    assert first_reason([late, suppressed]) is NoRating.LATE
    assert first_reason([suppressed, late]) is NoRating.SUPPRESSED


@pytest.mark.parametrize("judgements", [[], [Judgement(WORSE)], [unrated(NoRating.LATE), Judgement(BETTER)]])
def test_there_is_no_reason_for_none_where_any_measure_is_rated(judgements: list[Judgement]) -> None:
    assert first_reason(judgements) is None


def test_counting_gives_each_rating_and_each_reason() -> None:
    counts = count(
        [
            (WORSE, None),
            (None, NoRating.WITHDRAWN),
            (BETTER, None),
            (None, NoRating.PLACEHOLDER),
            (None, NoRating.PLACEHOLDER),
            (WITHIN, None),
            (WITHIN, None),
        ]
    )
    assert (counts.better, counts.within, counts.worse) == (1, 2, 1)
    assert (counts.rated, counts.no_rating, counts.total) == (4, 3, 7)
    assert list(counts.none.items()) == [(NoRating.PLACEHOLDER, 2), (NoRating.WITHDRAWN, 1)]


def test_a_rating_that_people_judged_is_counted_though_the_rule_had_a_reason_for_none() -> None:
    assert count([(WITHIN, NoRating.LATE)]) == Counts(within=1)


def test_nothing_counts_to_nothing() -> None:
    assert count([]) == Counts() == Counts(0, 0, 0, {})
    assert Counts().total == 0


@given(st.lists(st.one_of(rated, blanks)))
@settings(max_examples=80, deadline=None)
def test_every_indicator_is_counted_once_whatever_the_order(
    pairs: list[tuple[Rating | None, NoRating | None]],
) -> None:
    counts = count(pairs)
    ratings = Counter(rating for rating, _ in pairs if rating)
    assert (counts.better, counts.within, counts.worse) == (ratings[BETTER], ratings[WITHIN], ratings[WORSE])
    assert counts.none == Counter(reason for rating, reason in pairs if rating is None)
    assert counts.total == len(pairs)
    assert list(counts.none) == [reason for reason in NoRating if reason in counts.none]
    assert count(reversed(pairs)) == counts
