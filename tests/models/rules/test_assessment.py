"""The overall score of the corporate assessment: the published rules, held against their sentences, and what raises it."""

import csv
from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.assessment import LEVELS, changes_for_one_more, level, next_level
from portal.settings import package_data

EVERY = list(product(range(1, 5), repeat=5))
MEANT: dict[str, Callable[[Sequence[int]], bool]] = {
    "Two or more themes score 4 and none scores less than 3": lambda s: s.count(4) >= 2 and not {1, 2} & set(s),
    "Three or more themes score 3 or more and none scores less than 2": lambda s: (
        s.count(3) + s.count(4) >= 3 and 1 not in s
    ),
    "Three or more themes score 2 or more": lambda s: 5 - s.count(1) >= 3,
    "Any other combination": lambda s: True,
}
"""The sentences of the published rules, each read by itself."""


def test_the_rule_is_what_the_published_sentences_say_for_every_combination() -> None:
    path = package_data("leicester") / "corporate_assessment_rules.csv"
    with path.open(newline="", encoding="utf-8") as lines:
        published = {int(row["overall"]): row["rule"] for row in csv.DictReader(lines)}
    assert published == {one.overall: one.said for one in LEVELS}
    for scores in EVERY:
        first = next(overall for overall in (4, 3, 2, 1) if MEANT[published[overall]](scores))
        assert level(scores).overall == first, scores


@pytest.mark.parametrize(
    ("scores", "overall"),
    [
        ((4, 3, 2, 3, 3), 3),
        ((4, 4, 3, 2, 2), 3),
        ((4, 4, 4, 4, 2), 3),
        ((4, 4, 3, 3, 3), 4),
        ((4, 3, 3, 3, 3), 3),
        ((4, 4, 4, 4, 1), 2),
        ((2, 2, 2, 1, 1), 2),
        ((4, 4, 1, 1, 1), 1),
        ((1, 1, 1, 1, 1), 1),
    ],
)
def test_scores_and_what_they_make(scores: tuple[int, ...], overall: int) -> None:
    assert level(scores).overall == overall


def test_read_literally_the_rule_for_a_three_would_be_another() -> None:
    """Exactly 3, not 3 or more: then 4, 4, 3, 2, 2 is a 2 though 3, 3, 3, 2, 2 is a 3."""

    def literally(scores: Sequence[int]) -> bool:
        return scores.count(3) >= 3 and min(scores) >= 2

    assert not literally((4, 4, 3, 2, 2))
    assert literally((3, 3, 3, 2, 2))
    assert level((4, 4, 3, 2, 2)).overall == 3


five = st.tuples(*[st.integers(1, 4)] * 5)


@given(five, st.integers(0, 4))
def test_a_better_score_never_costs_a_point(scores: tuple[int, ...], place: int) -> None:
    better = tuple(min(4, score + 1) if at == place else score for at, score in enumerate(scores))
    assert level(better).overall >= level(scores).overall


def test_the_ways_to_one_point_more_are_all_there_are_with_so_few_points() -> None:
    for scores in EVERY:
        ways = changes_for_one_more(scores)
        following = next_level(scores)
        if following is None:
            assert ways == ()
            continue
        (points,) = {sum(way) - sum(scores) for way in ways}
        raises = [found for found in EVERY if all(a >= b for a, b in zip(found, scores, strict=True))]
        reach = [found for found in raises if level(found).overall > level(scores).overall]
        assert min(sum(found) - sum(scores) for found in reach) == points
        assert set(ways) == {found for found in reach if sum(found) - sum(scores) == points}


def test_leicesters_scores_need_two_points_more() -> None:
    assert changes_for_one_more((4, 3, 2, 3, 3)) == (
        *((4, 3, 4, 3, 3), (4, 4, 3, 3, 3)),
        *((4, 3, 3, 4, 3), (4, 3, 3, 3, 4)),
    )


@pytest.mark.parametrize("scores", [(4, 3, 2, 3), (4, 3, 2, 3, 3, 3), (4, 3, 0, 3, 3), (4, 3, 5, 3, 3)])
def test_what_is_not_five_scores_from_one_to_four_has_none(scores: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="5 scores from 1 to 4"):
        level(scores)
