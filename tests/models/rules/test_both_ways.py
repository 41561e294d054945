"""Figures counted twice: against their milestones and against their baselines."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.rules.aim import Aim
from models.rules.both_ways import side, tally
from models.rules.change import Baseline, Incomparable, since_baseline
from models.rules.direction import Travel
from models.rules.terms import Polarity, Rating

POLARITIES = {Polarity.HIGHER: Rating.BETTER, Polarity.LOWER: Rating.WORSE, Polarity.NONE: None}


def found(
    figure: str, polarity: Polarity = Polarity.HIGHER, unit: str = "%", baseline: str = "50"
) -> Travel | Incomparable:
    return since_baseline(Decimal(figure), Baseline(Decimal(baseline), "%"), unit, Aim(polarity), Decimal("0.5"))


def test_the_side_follows_the_polarity() -> None:
    assert {polarity: side(found("60", polarity)) for polarity in POLARITIES} == POLARITIES
    assert side(found("50.0")) is Rating.WITHIN
    assert side(found("60", unit="tonnes")) is Incomparable.OTHER_UNIT


def test_what_cannot_be_compared_is_counted_with_its_reason_and_not_left_out() -> None:
    got = tally(
        [
            (Rating.BETTER, found("60")),
            (Rating.WORSE, found("60")),
            (Rating.WITHIN, found("40")),
            (None, found("3", unit="tonnes")),
            (Rating.WITHIN, Incomparable.NO_BASELINE),
            (Rating.WITHIN, found("60", Polarity.NONE)),
        ]
    )
    assert (got.total, got.comparable) == (6, 3)
    assert got.by_milestone == {Rating.BETTER: 1, Rating.WORSE: 1, Rating.WITHIN: 3, None: 1}
    assert {one: n for one, n in got.by_baseline.items() if isinstance(one, Rating)} == {
        Rating.BETTER: 2,
        Rating.WORSE: 1,
    }
    assert got.reasons == {Incomparable.OTHER_UNIT: 1, Incomparable.NO_BASELINE: 1, None: 1}


ratings = st.sampled_from([*Rating, None])
directions = st.one_of(
    st.sampled_from(list(Incomparable)),
    st.builds(found, st.integers(0, 100).map(str), st.sampled_from([*POLARITIES])),
)


@given(st.lists(st.tuples(ratings, directions)))
def test_either_count_adds_up_to_all(figures: list[tuple[Rating | None, Travel | Incomparable]]) -> None:
    got = tally(figures)
    assert sum(got.by_milestone.values()) == sum(got.by_baseline.values()) == got.total == len(figures)
    assert got.comparable + sum(got.reasons.values()) == got.total
