"""What a refresh does to a target, who must consent to it, and what past figures would have been rated."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import refresh
from models.rules.refresh import (
    GOVERNMENT_OFFICE,
    Moves,
    RefreshState,
    Stretch,
    Term,
    Value,
    consents_needed,
    counterfactual,
    stretch,
)
from models.rules.terms import Group, Polarity, Rating, TargetState

NONE = Value(state=TargetState.NOT_SET)
ratings = st.none() | st.sampled_from(Rating)


def at(low: str, high: str | None = None) -> Value:
    return Value(Decimal(low), Decimal(high or low), TargetState.SET)


def test_its_examples_are_true() -> None:
    assert doctest.testmod(refresh).failed == 0


def test_the_words_that_are_kept() -> None:
    assert [*RefreshState] == ["open", "agreed", "left"]
    assert [*Term] == ["target", "baseline", "tolerance", "polarity", "frequency", "lead", "partners", "placeholder"]


@pytest.mark.parametrize(
    ("old", "new", "polarity", "became"),
    [
        (at("1450"), at("940"), Polarity.HIGHER, Stretch.RELAXED),
        (at("10.326"), at("10.906"), Polarity.HIGHER, Stretch.STRETCHED),
        (at("8.4"), at("8.0"), Polarity.LOWER, Stretch.STRETCHED),
        (at("8.4"), at("8.5"), Polarity.LOWER, Stretch.RELAXED),
        (at("8.4"), at("8.40"), Polarity.LOWER, Stretch.SAME),
        (at("10", "15"), at("9", "15"), Polarity.RANGE, Stretch.RELAXED),
        (at("10", "15"), at("10", "16"), Polarity.RANGE, Stretch.RELAXED),
        (at("10", "15"), at("11", "15"), Polarity.RANGE, Stretch.STRETCHED),
        (at("10", "15"), at("10", "14"), Polarity.RANGE, Stretch.STRETCHED),
        (at("10", "15"), at("12", "18"), Polarity.RANGE, Stretch.MOVED),
        (at("10", "15"), at("8", "14"), Polarity.RANGE, Stretch.MOVED),
        (at("10"), at("11"), Polarity.NONE, Stretch.MOVED),
        (NONE, at("66.4"), Polarity.HIGHER, Stretch.FIRST),
        (at("66.4"), NONE, Polarity.HIGHER, Stretch.UNSET),
        (NONE, Value(state=TargetState.DROPPED), Polarity.HIGHER, Stretch.SAME),
        # Of targets with two ends the nearer one to the good side decides.
        (at("10", "12"), at("11", "12"), Polarity.HIGHER, Stretch.STRETCHED),
        (at("10", "12"), at("10", "11"), Polarity.LOWER, Stretch.STRETCHED),
    ],
)
def test_what_becomes_of_a_target(old: Value, new: Value, polarity: Polarity, became: Stretch) -> None:
    assert stretch(old, new, polarity) is became


@given(st.integers(-50, 50), st.integers(-50, 50))
@settings(max_examples=60, deadline=None)
def test_upside_down_a_target_is_stretched_the_same(one: int, other: int) -> None:
    up = stretch(at(str(one)), at(str(other)), Polarity.HIGHER)
    assert up is stretch(at(str(-one)), at(str(-other)), Polarity.LOWER)
    back = {Stretch.STRETCHED: Stretch.RELAXED, Stretch.RELAXED: Stretch.STRETCHED, Stretch.SAME: Stretch.SAME}
    assert stretch(at(str(other)), at(str(one)), Polarity.HIGHER) is back[up]


def test_everybody_to_whom_a_target_relates_must_consent() -> None:
    partners = {"police", "lcc"}
    assert consents_needed(Group.DESIGNATED, partners) == ("lcc", "police", GOVERNMENT_OFFICE)
    assert consents_needed(Group.LOCAL, partners) == ("lcc", "police")
    assert consents_needed(Group.STATUTORY, partners) == ("lcc", "police")
    assert consents_needed(Group.LOCAL, ()) == ()


def test_what_past_figures_would_have_been_rated() -> None:
    pairs = [(Rating.WORSE, Rating.WITHIN), (Rating.WORSE, Rating.WITHIN), (Rating.WITHIN, Rating.WITHIN), (None, None)]
    found = counterfactual(pairs, own_year=True)
    assert found == Moves(4, True, ((Rating.WORSE, Rating.WITHIN, 2),))
    assert counterfactual([], own_year=False) == Moves(0, False, ())


@given(st.lists(st.tuples(ratings, ratings)))
@settings(max_examples=40, deadline=None)
def test_what_moves_and_what_stays_are_all_the_figures(pairs: list[tuple[Rating | None, Rating | None]]) -> None:
    found = counterfactual(pairs, own_year=True)
    stays = sum(old is new for old, new in pairs)
    assert stays + sum(n for _, _, n in found.moved) == found.figures == len(pairs)
