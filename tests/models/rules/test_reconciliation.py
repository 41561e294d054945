"""How a source usually departs from a partner's figure, and which ratings that could change."""

import doctest
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import reconciliation
from models.rules.expected import Expected
from models.rules.rating import Tolerance, rate
from models.rules.reconciliation import UsualRevision, before_the_source, could_overturn, usual_revision
from models.rules.terms import Polarity, ToleranceKind

HIGHER, LOWER, RANGE, NONE = Polarity.HIGHER, Polarity.LOWER, Polarity.RANGE, Polarity.NONE
TEN_TO_FIFTEEN = Expected(Decimal(11), Decimal(10), Decimal(15))
whole = st.integers(-30, 30).map(Decimal)
pairs_of = st.lists(st.tuples(whole, whole), min_size=3, max_size=12)


def pairs(*found: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(own), Decimal(source)) for own, source in found]


def usual(low: str, high: str) -> UsualRevision:
    return UsualRevision(5, (Decimal(low) + Decimal(high)) / 2, Decimal(low), Decimal(high))


def overturned(
    figure: str, revision: UsualRevision, polarity: Polarity, expected: Expected | None, margin: str = "10"
) -> bool:
    return could_overturn(Decimal(figure), revision, expected, polarity, Decimal(margin))


def test_its_examples_are_true() -> None:
    assert doctest.testmod(reconciliation).failed == 0


@pytest.mark.parametrize("few", [[], [("1", "2")], [("1", "2"), ("3", "5")]])
def test_under_three_pairs_nothing_is_usual(few: list[tuple[str, str]]) -> None:
    assert usual_revision(pairs(*few)) is None


def test_a_revision_is_the_sources_figure_less_the_partners_own() -> None:
    found = usual_revision(pairs(("100", "104"), ("90", "88"), ("80", "81"), ("70", "75")))
    assert found == UsualRevision(4, Decimal(2), Decimal(-2), Decimal(5))


def test_a_source_that_always_agrees_has_a_usual_revision_of_nothing() -> None:
    assert usual_revision(pairs(("2.40", "2.4"), ("3", "3"), ("1", "1"))) == UsualRevision(
        3, Decimal(0), Decimal(0), Decimal(0)
    )


def test_the_average_of_the_longest_figures_is_not_rounded_out_of_their_range() -> None:
    long = ("0", "0.1234567890123456789012345678")
    assert usual_revision(pairs(long, long, long)) == UsualRevision(3, *[Decimal(long[1])] * 3)


@given(pairs_of, st.permutations(range(12)))
@settings(max_examples=60, deadline=None)
def test_every_past_revision_is_usual_in_whatever_order(found: list[tuple[Decimal, Decimal]], order: list[int]) -> None:
    revision = usual_revision(found)
    assert revision is not None
    assert revision.low <= revision.mean <= revision.high
    assert all(own + revision.low <= source <= own + revision.high for own, source in found)
    assert usual_revision([found[at] for at in order if at < len(found)]) == revision


@given(pairs_of)
@settings(max_examples=60, deadline=None)
def test_seen_from_the_other_side_the_revision_is_turned_round(found: list[tuple[Decimal, Decimal]]) -> None:
    one, other = usual_revision(found), usual_revision([(source, own) for own, source in found])
    assert one is not None
    assert other is not None
    assert (other.pairs, other.low, other.high) == (one.pairs, -one.high, -one.low)
    assert abs(other.mean + one.mean) < Decimal("1e-20")


def test_the_own_figure_is_the_one_that_stood_when_the_source_came_out() -> None:
    own = [(date(2008, 7, day), Decimal(day)) for day in (10, 20, 30)]
    assert before_the_source(own, date(2008, 8, 1)) == 30
    assert before_the_source(own, date(2008, 7, 25)) == 20
    assert before_the_source(own, date(2008, 7, 20)) == 10  # what was verified on that very day may know the source's
    assert before_the_source(own, date(2008, 7, 1)) == 10


@pytest.mark.parametrize(
    ("figure", "polarity", "low", "high", "found"),
    [
        ("105", HIGHER, "-4", "4", False),  # 101 to 109 is within 90 to 110
        ("105", HIGHER, "-4", "5", False),  # 110 is on the edge, and within
        ("105", HIGHER, "-4", "5.01", True),
        ("105", HIGHER, "-15", "0", False),
        ("105", HIGHER, "-15.01", "0", True),
        ("111", HIGHER, "0", "3", False),  # better, and only better still
        ("111", HIGHER, "-1", "3", True),
        ("111", LOWER, "0", "3", False),  # worse stays worse
        ("111", LOWER, "-1", "0", True),
        ("111", LOWER, "-40", "-30", True),  # even the least revision makes it better
        ("89", LOWER, "1", "1", True),
        ("89", HIGHER, "0.5", "0.9", False),
        ("89", HIGHER, "0.5", "1", True),
    ],
)
def test_a_rating_is_overturned_by_a_revision_past_the_tolerance(
    figure: str, polarity: Polarity, low: str, high: str, found: bool
) -> None:
    assert overturned(figure, usual(low, high), polarity, Expected(Decimal(100))) is found


@pytest.mark.parametrize(
    ("figure", "low", "high", "found"),
    [
        ("12", "-2", "3", False),  # 10 to 15: the edges are inside
        ("12", "-2.1", "3", True),
        ("12", "-2", "3.1", True),
        ("9", "-3", "0.9", False),
        ("9", "-3", "1", True),
        ("9", "-3", "7", True),  # neither end is inside the range, but the range is between them
        ("17", "-8", "1", True),
        ("17", "-1.9", "5", False),
        ("9", "-9", "-1", False),
        ("3", "7", "20", True),
    ],
)
def test_a_range_is_left_entered_or_passed_through(figure: str, low: str, high: str, found: bool) -> None:
    assert overturned(figure, usual(low, high), RANGE, TEN_TO_FIFTEEN, "0") is found


@pytest.mark.parametrize(("figure", "found"), [("120", False), ("90", True), ("109", True), ("110", False)])
def test_a_floor_may_be_crossed_by_a_revision(figure: str, found: bool) -> None:
    """Kept at 100 or more; revisions of ten either way."""
    floor = Expected(None, Decimal(100))
    assert overturned(figure, usual("-10", "10"), RANGE, floor, "0") is found


@pytest.mark.parametrize(
    ("polarity", "expected"),
    [
        (HIGHER, None),
        (RANGE, None),
        (NONE, Expected(Decimal(100))),
        (HIGHER, Expected(None)),
        (RANGE, Expected(Decimal(100))),
    ],
)
def test_what_has_no_rating_has_none_to_lose(polarity: Polarity, expected: Expected | None) -> None:
    assert overturned("100", usual("-99", "99"), polarity, expected) is False


@given(whole, whole, whole, st.integers(0, 8).map(Decimal), st.sampled_from([HIGHER, LOWER, RANGE]))
@settings(max_examples=200, deadline=None)
def test_it_says_what_trying_every_revision_says(
    figure: Decimal, one: Decimal, other: Decimal, margin: Decimal, polarity: Polarity
) -> None:
    low, high = sorted((one, other))
    expected = Expected(Decimal(3), Decimal(-2), Decimal(5))
    tolerance = Tolerance(ToleranceKind.UNIT, margin)

    def rating(at: Decimal) -> object:
        return rate(at, expected, polarity, tolerance).rating

    tried = {rating(figure + low + step) for step in range(int(high - low) + 1)}
    revision = UsualRevision(3, (low + high) / 2, low, high)
    assert could_overturn(figure, revision, expected, polarity, margin) is (tried != {rating(figure)})


def test_no_revision_overturns_nothing() -> None:
    for figure in ("90", "100", "110.5"):
        assert overturned(figure, usual("0", "0"), HIGHER, Expected(Decimal(100))) is False
