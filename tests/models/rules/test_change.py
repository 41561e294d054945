"""What became of a rating, how a figure stands against its baseline, and the counts of both."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import change as module
from models.rules.aim import Aim
from models.rules.change import (
    Baseline,
    Change,
    Incomparable,
    change,
    moved,
    since_baseline,
    worst_direction,
)
from models.rules.direction import Basis, Direction, Travel
from models.rules.terms import NoRating, Polarity, Rating

LOWER = Aim(Polarity.LOWER)
HOMES = "homes, cumulative in the year"
ratings = st.none() | st.sampled_from(Rating)


def test_its_examples_are_true() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("now", "before", "became"),
    [
        (Rating.WORSE, Rating.WITHIN, Change.WORSE),
        (Rating.WORSE, Rating.BETTER, Change.WORSE),
        (Rating.WITHIN, Rating.BETTER, Change.WORSE),
        (Rating.WITHIN, Rating.WORSE, Change.BETTER),
        (Rating.BETTER, Rating.WITHIN, Change.BETTER),
        (Rating.WITHIN, Rating.WITHIN, Change.SAME),
        (Rating.BETTER, None, Change.FIRST),
        (None, None, Change.NONE),
    ],
)
def test_what_became_of_a_rating(now: Rating | None, before: Rating | None, became: Change) -> None:
    assert change(now, before) is became


def test_a_rating_is_lost_unless_none_is_due() -> None:
    assert change(None, Rating.WITHIN, NoRating.LATE) is Change.LOST
    assert change(None, Rating.WITHIN, NoRating.NOT_DUE) is Change.NONE


def test_a_figure_in_the_baselines_unit_is_held_against_it() -> None:
    started = Baseline(Decimal("8.9"), "%")
    found = since_baseline(Decimal("10.8"), started, "%", LOWER, Decimal("0.5"))
    assert found == Travel(Direction.WORSENING, Basis.BASELINE, Decimal("10.8"), Decimal("8.9"))
    assert since_baseline(Decimal("8.90"), started, "%", LOWER, Decimal(1)) == Travel(
        Direction.NO_CHANGE, Basis.BASELINE, Decimal("8.90"), Decimal("8.9")
    )


@pytest.mark.parametrize(
    ("figure", "baseline", "reported", "share", "why"),
    [
        (None, Baseline(Decimal(1), "%"), "%", "1", Incomparable.NO_FIGURE),
        ("1", Baseline(None, "%"), "%", "1", Incomparable.NO_BASELINE),
        ("1.8", Baseline(Decimal("6.9"), "tonnes"), "% reduction", "1", Incomparable.OTHER_UNIT),
        ("300", Baseline(Decimal(1100), "homes"), HOMES, "0.75", Incomparable.PART_OF_YEAR),
    ],
)
def test_what_cannot_be_held_against_a_baseline_says_why(
    figure: str | None, baseline: Baseline, reported: str, share: str, why: Incomparable
) -> None:
    value = None if figure is None else Decimal(figure)
    assert since_baseline(value, baseline, reported, LOWER, Decimal(share)) is why


def test_what_adds_up_within_the_year_is_compared_when_the_year_is_over() -> None:
    found = since_baseline(Decimal(900), Baseline(Decimal(1100), "homes"), HOMES, Aim(Polarity.HIGHER), Decimal(1))
    assert isinstance(found, Travel)
    assert found.direction is Direction.WORSENING


def test_an_indicator_goes_the_way_of_its_worst_measure() -> None:
    def going(direction: Direction) -> Travel:
        return Travel(direction, Basis.BASELINE, Decimal(1), Decimal(2))

    better, worse = going(Direction.IMPROVING), going(Direction.WORSENING)
    assert worst_direction([better, worse]) is Direction.WORSENING
    assert worst_direction([Incomparable.NO_FIGURE, better]) is Direction.IMPROVING
    assert worst_direction([Incomparable.OTHER_UNIT, Incomparable.NO_FIGURE]) is Incomparable.OTHER_UNIT
    assert worst_direction([]) is Incomparable.NO_FIGURE


@given(st.lists(st.tuples(st.sampled_from(Change), st.sampled_from([*Direction, *Incomparable]))))
@settings(max_examples=50, deadline=None)
def test_the_counts_add_up_to_the_group(pairs: list[tuple[Change, Direction | Incomparable]]) -> None:
    found = moved(pairs)
    assert sum(found.since_last.values()) == sum(found.since_baseline.values()) == len(pairs)
    assert 0 not in [*found.since_last.values(), *found.since_baseline.values()]


@given(ratings, ratings)
def test_what_fell_one_way_rises_the_other(one: Rating | None, other: Rating | None) -> None:
    opposite = {
        Change.BETTER: Change.WORSE,
        Change.WORSE: Change.BETTER,
        Change.FIRST: Change.LOST,
        Change.LOST: Change.FIRST,
    }
    became = change(one, other)
    assert change(other, one) is opposite.get(became, became)
