"""The share of an improvement that was achieved, when there is none, and what is paid for it."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.rules.change import Baseline
from models.rules.expected import YearTarget
from models.rules.reward import THRESHOLD, NoShare, paid_share, parts, share
from models.rules.terms import Polarity

HIGHER, LOWER = Polarity.HIGHER, Polarity.LOWER
HOMES = "homes, cumulative in the year"


def found(
    figure: str | None,
    baseline: str | None,
    target: str | None,
    polarity: Polarity = HIGHER,
    unit: str = "%",
    reported: str = "%",
    of_year: str = "0.5",
) -> Decimal | NoShare:
    """The share from texts."""
    return share(
        Decimal(figure) if figure else None,
        reported,
        Baseline(Decimal(baseline) if baseline else None, unit),
        YearTarget(Decimal(target), Decimal(target), unit) if target else None,
        polarity,
        Decimal(of_year),
    )


@pytest.mark.parametrize(
    ("figure", "baseline", "target", "polarity", "expected"),
    [
        ("57.04", "55.9", "61.9", HIGHER, "0.19"),
        ("16.0", "16.7", "15.3", LOWER, "0.5"),
        ("10.8", "8.9", "7.7", LOWER, "-1.5833"),
        ("61.9", "55.9", "61.9", HIGHER, "1"),
        ("55.9", "55.9", "61.9", HIGHER, "0"),
        ("14.6", "16.7", "15.3", LOWER, "1.5"),
    ],
)
def test_shares_both_ways_and_beyond(
    figure: str, baseline: str, target: str, polarity: Polarity, expected: str
) -> None:
    got = found(figure, baseline, target, polarity)
    assert isinstance(got, Decimal)
    assert round(got, 4) == Decimal(expected)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (found(None, "1", "2"), NoShare.NO_FIGURE),
        (found("1", None, "2"), NoShare.NO_BASELINE),
        (found("1", "1", None), NoShare.NO_TARGET),
        (found("1", "2", "2"), NoShare.SAME),
        (found("1", "1", "2", Polarity.NONE), NoShare.NO_GOOD_WAY),
        # NI 39: low is good, and the target is above the baseline.
        (found("1990.9", "2233", "3118", LOWER), NoShare.NO_IMPROVEMENT),
        (found("3.9", "7", "6", LOWER, unit="tonnes per head"), NoShare.OTHER_UNIT),
        (found("300", "1100", "1450", unit="homes", reported=HOMES), NoShare.PART_OF_YEAR),
        (
            share(
                Decimal(1),
                "%",
                Baseline(Decimal(1), "%"),
                YearTarget(Decimal(10), Decimal(15), "%"),
                HIGHER,
                Decimal(1),
            ),
            NoShare.RANGE,
        ),
    ],
)
def test_there_is_no_share_without_what_it_needs(said: Decimal | NoShare, why: NoShare) -> None:
    assert said is why


def test_a_figure_that_adds_up_within_the_year_has_one_when_the_year_is_over() -> None:
    assert found("1275", "1100", "1450", unit="homes", reported=HOMES, of_year="1") == Decimal("0.5")


figures = st.decimals(-1000, 1000, places=2)


@given(figures, figures, figures)
def test_the_share_is_one_at_the_target_nought_at_the_baseline_and_the_same_mirrored(
    figure: Decimal, baseline: Decimal, target: Decimal
) -> None:
    assume(target > baseline)
    got = found(str(figure), str(baseline), str(target))
    assert isinstance(got, Decimal)
    assert (got > 1, got < 0) == (figure > target, figure < baseline)
    assert got == found(str(-figure), str(-baseline), str(-target), LOWER)


@given(st.decimals(-5, 5, places=3), st.decimals(0, 100, places=1))
def test_what_is_paid_is_nothing_below_the_threshold_and_never_more_than_all(
    achieved: Decimal, threshold: Decimal
) -> None:
    paid = paid_share(achieved, threshold)
    assert 0 <= paid <= 1
    assert paid == (0 if achieved * 100 < threshold else min(achieved, Decimal(1)))


def test_without_a_share_nothing_is_paid_and_the_threshold_itself_is_enough() -> None:
    assert paid_share(NoShare.NO_BASELINE, Decimal(0)) == 0
    assert (paid_share(Decimal("0.6"), THRESHOLD), paid_share(Decimal("0.5999"), THRESHOLD)) == (Decimal("0.6"), 0)


@given(st.decimals(1, 10**6, places=2), st.lists(st.integers(1, 4), min_size=1, max_size=9))
def test_the_pot_is_given_out_whole_and_equally_among_indicators(pot: Decimal, measures: list[int]) -> None:
    each = parts(pot, measures)
    assert abs(sum(part * many for part, many in zip(each, measures, strict=True)) - pot) < Decimal("0.001")
    assert len({round(part * many, 9) for part, many in zip(each, measures, strict=True)}) == 1
