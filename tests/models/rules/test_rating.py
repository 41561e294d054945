"""The one rule behind every rating: its edges, its symmetry, and Leicester's printed ratings."""

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import rating as module
from models.rules.expected import Basis, Expected
from models.rules.interval import Interval
from models.rules.rating import Judgement, Tolerance, rate, unrated
from models.rules.terms import NoRating, Polarity, Rating, ToleranceKind
from portal.formats.agreement_csv import Return, read_agreement
from portal.settings import package_data

HIGHER, LOWER, RANGE = Polarity.HIGHER, Polarity.LOWER, Polarity.RANGE
BETTER, WITHIN, WORSE = Rating.BETTER, Rating.WITHIN, Rating.WORSE
JUDGED = ("NI 179a", "NI 65")
TEN = Tolerance(ToleranceKind.PERCENT, Decimal(10))
"""The tolerance of these tests, whatever the default is."""

AGREEMENT = read_agreement(package_data("leicester")).agreement
assert AGREEMENT is not None
MEASURES = {measure.code: measure for measure in AGREEMENT.measures}
MILESTONES = {milestone.measure: milestone for milestone in AGREEMENT.milestones}

figures = st.decimals(-1_000_000, 1_000_000, allow_nan=False, allow_infinity=False, places=3)
tolerances = st.builds(
    Tolerance, st.sampled_from(ToleranceKind), st.decimals(0, 60, allow_nan=False, allow_infinity=False, places=2)
)


def point(text: str) -> Expected:
    return Expected(Decimal(text))


def by_rule(row: Return) -> Rating | None:
    measure, milestone = MEASURES[row.measure], MILESTONES[row.measure]
    expected = Expected(milestone.value, milestone.low, milestone.high)
    tolerance = Tolerance(measure.tolerance_kind, measure.tolerance)
    assert row.value is not None
    return rate(row.value, expected, measure.reported_polarity, tolerance).rating


def test_its_examples_are_true() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("row", AGREEMENT.returns, ids=lambda row: row.measure)
def test_the_rule_gives_what_leicester_printed_but_for_two_judgements(row: Return) -> None:
    assert row.performance is not None
    assert (by_rule(row) is row.performance) is (row.measure not in JUDGED)


def test_leicesters_ratings_are_counted_as_a_whole() -> None:
    ruled = [by_rule(row) for row in AGREEMENT.returns]
    assert [ruled.count(rating) for rating in (BETTER, WITHIN, WORSE)] == [4, 14, 7]
    assert {row.measure: by_rule(row) for row in AGREEMENT.returns if row.measure in JUDGED} == {
        "NI 179a": WITHIN,
        "NI 65": WITHIN,
    }


@pytest.mark.parametrize(
    ("figure", "polarity", "rating"),
    [
        ("110", HIGHER, WITHIN),
        ("110.0000000001", HIGHER, BETTER),
        ("90", HIGHER, WITHIN),
        ("89.9999999999", HIGHER, WORSE),
        ("100", HIGHER, WITHIN),
        ("110", LOWER, WITHIN),
        ("110.0000000001", LOWER, WORSE),
        ("90", LOWER, WITHIN),
        ("89.9999999999", LOWER, BETTER),
        ("100", LOWER, WITHIN),
    ],
)
def test_on_the_edge_is_within_and_just_past_it_is_not(figure: str, polarity: Polarity, rating: Rating) -> None:
    assert rate(Decimal(figure), point("100"), polarity, TEN).rating is rating


def test_values_are_judged_unrounded() -> None:
    """Both show as 2.35 beside an edge at 2.354: they are not the same."""
    assert rate(Decimal("2.3540"), point("2.14"), LOWER, TEN).rating is WITHIN
    assert rate(Decimal("2.3541"), point("2.14"), LOWER, TEN).rating is WORSE


def test_the_edge_is_exact_where_binary_fractions_are_not() -> None:
    """In floats 0.1 + 0.2 is more than 0.3, and 0.33 - 0.3 more than 0.03."""
    own = Tolerance(ToleranceKind.UNIT, Decimal("0.1"))
    assert rate(Decimal("0.3"), point("0.2"), HIGHER, own).rating is WITHIN
    assert rate(Decimal("0.33"), point("0.3"), HIGHER, TEN).rating is WITHIN
    with pytest.raises(TypeError):
        rate(0.33, point("0.3"), HIGHER, TEN)


@pytest.mark.parametrize(
    ("figure", "polarity", "rating"),
    [("0", HIGHER, WITHIN), ("0.01", HIGHER, BETTER), ("-0.01", HIGHER, WORSE), ("0.01", LOWER, WORSE)],
)
def test_ten_per_cent_of_a_zero_milestone_is_nothing(figure: str, polarity: Polarity, rating: Rating) -> None:
    judgement = rate(Decimal(figure), point("0"), polarity, TEN)
    assert (judgement.rating, judgement.margin) == (rating, 0)


@pytest.mark.parametrize(
    ("figure", "rating"), [("2", WITHIN), ("-2", WITHIN), ("2.1", BETTER), ("-2.1", WORSE), ("0", WITHIN)]
)
def test_a_zero_milestone_with_a_tolerance_in_its_own_unit_has_a_margin(figure: str, rating: Rating) -> None:
    judgement = rate(Decimal(figure), point("0"), HIGHER, Tolerance(ToleranceKind.UNIT, Decimal(2)))
    assert (judgement.rating, judgement.margin) == (rating, Decimal(2))


def test_a_tolerance_in_the_own_unit_does_not_grow_with_the_milestone() -> None:
    own = Tolerance(ToleranceKind.UNIT, Decimal(3))
    assert [own.margin(Decimal(n)) for n in (1, 1000, -1000)] == [3, 3, 3]
    assert rate(Decimal(1003), point("1000"), HIGHER, own).rating is WITHIN
    assert rate(Decimal("1003.1"), point("1000"), HIGHER, own).rating is BETTER


def test_a_percentage_of_a_negative_milestone_is_a_positive_margin() -> None:
    """NI 112: a change of -5.3 against -28.3, low is good."""
    judgement = rate(Decimal("-5.30"), point("-28.30"), LOWER, TEN)
    assert (judgement.rating, judgement.lead, judgement.margin) == (WORSE, Decimal("-23.00"), Decimal("2.83"))


def test_the_default_is_ten_per_cent_either_way() -> None:
    assert Tolerance() == TEN


def test_a_tolerance_of_nothing_leaves_only_the_milestone_itself_within() -> None:
    none = Tolerance(ToleranceKind.PERCENT, Decimal(0))
    ratings = [rate(Decimal(text), point("5"), HIGHER, none).rating for text in ("4.999", "5.000", "5.001")]
    assert ratings == [WORSE, WITHIN, BETTER]


@pytest.mark.parametrize(
    ("figure", "rating", "lead"),
    [
        ("9.99", WORSE, "-0.01"),
        ("10", WITHIN, "0"),
        ("10.00", WITHIN, "0"),
        ("12.5", WITHIN, "0"),
        ("15", WITHIN, "0"),
        ("15.01", WORSE, "-0.01"),
        ("-12", WORSE, "-22"),
    ],
)
def test_inside_a_range_and_on_its_edge_is_within_and_outside_is_worse(figure: str, rating: Rating, lead: str) -> None:
    expected = Expected(Decimal(11), Decimal(10), Decimal(15))
    judgement = rate(Decimal(figure), expected, RANGE, TEN)
    assert (judgement.rating, judgement.lead, judgement.margin) == (rating, Decimal(lead), 0)


@given(figures, figures, figures, tolerances)
@settings(max_examples=80, deadline=None)
def test_nothing_is_better_than_a_range_whatever_its_point_and_tolerance(
    figure: Decimal, low: Decimal, high: Decimal, tolerance: Tolerance
) -> None:
    low, high = min(low, high), max(low, high)
    rating = rate(figure, Expected(low, low, high), RANGE, tolerance).rating
    assert rating is (WITHIN if low <= figure <= high else WORSE)


@given(figures, figures, tolerances)
@settings(max_examples=100, deadline=None)
def test_mirroring_figure_and_milestone_and_flipping_polarity_gives_the_same_rating(
    figure: Decimal, milestone: Decimal, tolerance: Tolerance
) -> None:
    higher = rate(figure, Expected(milestone), HIGHER, tolerance)
    lower = rate(-figure, Expected(-milestone), LOWER, tolerance)
    assert (higher.rating, higher.lead, higher.margin) == (lower.rating, lower.lead, lower.margin)


@given(figures, figures, tolerances)
@settings(max_examples=80, deadline=None)
def test_what_is_better_one_way_is_worse_the_other(figure: Decimal, milestone: Decimal, tolerance: Tolerance) -> None:
    opposite = {BETTER: WORSE, WORSE: BETTER, WITHIN: WITHIN}
    higher, lower = (rate(figure, Expected(milestone), way, tolerance).rating for way in (HIGHER, LOWER))
    assert higher is not None
    assert lower is opposite[higher]


@given(figures, figures, figures, tolerances)
@settings(max_examples=80, deadline=None)
def test_a_better_figure_never_has_a_worse_rating(
    one: Decimal, other: Decimal, milestone: Decimal, tolerance: Tolerance
) -> None:
    order = [WORSE, WITHIN, BETTER]
    low, high = (rate(f, Expected(milestone), HIGHER, tolerance).rating for f in (min(one, other), max(one, other)))
    assert low is not None
    assert high is not None
    assert order.index(low) <= order.index(high)


@pytest.mark.parametrize(
    ("expected", "polarity"),
    [
        (None, HIGHER),
        (None, RANGE),
        (Expected(Decimal(5)), Polarity.NONE),
        (Expected(None, Decimal(1), Decimal(2)), HIGHER),
        (Expected(None, Decimal(1), Decimal(2)), LOWER),
        (Expected(Decimal(5)), RANGE),
    ],
)
def test_with_nothing_to_hold_it_against_a_figure_has_no_rating(expected: Expected | None, polarity: Polarity) -> None:
    judgement = rate(Decimal(5), expected, polarity, TEN)
    assert (judgement.rating, judgement.reason) == (None, NoRating.MILESTONE_NOT_SET)
    assert (judgement.expected, judgement.lead, judgement.margin) == (expected, None, None)


def test_a_judgement_carries_the_figures_that_it_was_made_from() -> None:
    expected = Expected(Decimal("2.14"), basis=Basis.MILESTONE)
    judgement = rate(Decimal("2.42"), expected, LOWER, TEN)
    assert (judgement.rating, judgement.reason, judgement.expected) == (WORSE, None, expected)
    assert (judgement.lead, judgement.margin) == (Decimal("-0.28"), Decimal("0.214"))


@given(st.one_of(st.none(), figures), st.sampled_from(Polarity), tolerances)
@settings(max_examples=60, deadline=None)
def test_there_is_a_rating_or_a_reason_never_both_and_never_neither(
    milestone: Decimal | None, polarity: Polarity, tolerance: Tolerance
) -> None:
    judgement = rate(Decimal(1), None if milestone is None else Expected(milestone), polarity, tolerance)
    assert (judgement.rating is None) is (judgement.reason is not None)


def test_no_rating_keeps_its_reason_and_what_was_expected() -> None:
    judgement = unrated(NoRating.SUPPRESSED, point("5"))
    assert (judgement.rating, judgement.reason, judgement.expected) == (None, NoRating.SUPPRESSED, point("5"))


def test_too_early_to_say_keeps_the_figures_that_it_was_said_from() -> None:
    interval = Interval(Decimal(50), Decimal(150))
    assert rate(Decimal(112), point("100"), HIGHER, TEN, interval) == Judgement(
        None, NoRating.TOO_EARLY, point("100"), Decimal(12), Decimal(10), interval
    )


@pytest.mark.parametrize(("low", "high", "rating"), [("70", "79", WORSE), ("70", "81", WITHIN), ("80", "90", WITHIN)])
def test_an_interval_cannot_reach_past_an_edge_that_is_not_there(low: str, high: str, rating: Rating) -> None:
    interval = Interval(Decimal(low), Decimal(high))
    floor, ceiling = Expected(None, Decimal(80)), Expected(None, None, Decimal(-80))
    assert rate(interval.low, floor, RANGE, TEN, interval).rating is rating
    mirrored = Interval(-interval.high, -interval.low)
    assert rate(-interval.low, ceiling, RANGE, TEN, mirrored).rating is rating


FLOOR, CEILING = Expected(None, Decimal(80), None), Expected(None, None, Decimal(15))


@pytest.mark.parametrize(
    ("figure", "expected", "rating"),
    [
        ("80", FLOOR, Rating.WITHIN),
        ("99.9", FLOOR, Rating.WITHIN),
        ("79.99", FLOOR, Rating.WORSE),
        ("15", CEILING, Rating.WITHIN),
        ("-3", CEILING, Rating.WITHIN),
        ("15.01", CEILING, Rating.WORSE),
    ],
)
def test_what_is_to_be_maintained_has_a_floor_or_a_ceiling(figure: str, expected: Expected, rating: Rating) -> None:
    assert rate(Decimal(figure), expected, RANGE, TEN).rating is rating


@pytest.mark.parametrize(
    ("low", "high", "rating", "reason"),
    [
        ("111", "120", Rating.BETTER, None),
        ("110.01", "120", Rating.BETTER, None),
        ("110", "120", Rating.WITHIN, None),  # the interval begins on the edge: not all of it is past
        ("105", "120", Rating.WITHIN, None),
        ("90", "110", Rating.WITHIN, None),
        ("89", "110", Rating.WITHIN, None),
        ("90", "111", Rating.WITHIN, None),
        ("80", "90", Rating.WITHIN, None),
        ("80", "89.99", Rating.WORSE, None),
        ("89.99", "110.01", None, NoRating.TOO_EARLY),
        ("50", "150", None, NoRating.TOO_EARLY),
    ],
)
def test_the_rating_leaves_within_only_when_the_whole_interval_is_past_the_edge(
    low: str, high: str, rating: Rating | None, reason: NoRating | None
) -> None:
    interval = Interval(Decimal(low), Decimal(high))
    middle = (interval.low + interval.high) / 2
    judgement = rate(middle, Expected(Decimal(100)), HIGHER, TEN, interval)
    assert (judgement.rating, judgement.reason, judgement.interval) == (rating, reason, interval)
    mirrored = Interval(-interval.high, -interval.low)
    assert rate(-middle, Expected(Decimal(-100)), LOWER, TEN, mirrored).rating is rating


@pytest.mark.parametrize(
    ("low", "high", "rating", "reason"),
    [
        ("16", "18", Rating.WORSE, None),
        ("7", "9.9", Rating.WORSE, None),
        ("15", "18", Rating.WITHIN, None),
        ("8", "12", Rating.WITHIN, None),
        ("11", "12", Rating.WITHIN, None),
        ("9", "15", Rating.WITHIN, None),
        ("10", "16", Rating.WITHIN, None),
        ("9", "16", None, NoRating.TOO_EARLY),
    ],
)
def test_an_interval_beside_a_range(low: str, high: str, rating: Rating | None, reason: NoRating | None) -> None:
    expected = Expected(None, Decimal(10), Decimal(15))
    interval = Interval(Decimal(low), Decimal(high))
    judgement = rate((interval.low + interval.high) / 2, expected, RANGE, TEN, interval)
    assert (judgement.rating, judgement.reason) == (rating, reason)


@given(figures, figures, figures, figures, st.sampled_from([HIGHER, LOWER]))
@settings(max_examples=200, deadline=None)
def test_an_interval_never_makes_a_rating_more_certain(
    figure: Decimal, milestone: Decimal, down: Decimal, up: Decimal, polarity: Polarity
) -> None:
    alone = rate(figure, Expected(milestone), polarity, TEN).rating
    interval = Interval(figure - abs(down), figure + abs(up))
    wider = Interval(interval.low - 1, interval.high + 1)
    found = rate(figure, Expected(milestone), polarity, TEN, interval).rating
    assert found in (alone, Rating.WITHIN, None)
    assert rate(figure, Expected(milestone), polarity, TEN, wider).rating in (found, Rating.WITHIN, None)
    assert rate(figure, Expected(milestone), polarity, TEN, Interval(figure, figure)).rating is alone


@pytest.mark.parametrize(("figure", "rating"), [("1", Rating.WORSE), ("2", Rating.WITHIN), ("3", Rating.BETTER)])
def test_a_level_is_held_to_the_level(figure: str, rating: Rating) -> None:
    """NI 188 is to be at level 2: a tolerance in its own unit, of nothing."""
    exact = Tolerance(ToleranceKind.UNIT, Decimal(0))
    assert rate(Decimal(figure), Expected(Decimal(2)), HIGHER, exact).rating is rating


@pytest.mark.parametrize(
    ("figure", "rating"),
    [("-2.3", Rating.BETTER), ("-2.2", Rating.WITHIN), ("-1.8", Rating.WITHIN), ("0", Rating.WORSE)],
)
def test_a_gap_keeps_its_sign(figure: str, rating: Rating) -> None:
    """A gap that is to be two points in the other direction: ten per cent of two either way."""
    assert rate(Decimal(figure), Expected(Decimal(-2)), LOWER, TEN).rating is rating
