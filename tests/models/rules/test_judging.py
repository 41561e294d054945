"""From the agreement's words and a return's figure to a rating, or to the one reason for none."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models.rules.expected import Basis, Expected, YearTarget
from models.rules.interval import Interval, poisson, wilson
from models.rules.judging import Agreed, Grounds, interval_of, judge, judge_forecast
from models.rules.rating import Tolerance
from models.rules.terms import RETURNABLE_REASONS, Evidence, NoRating, Polarity, Rating, TargetState, ToleranceKind

TEN = Tolerance(ToleranceKind.PERCENT, Decimal(10))
"""The tolerance of these tests, whatever the default is."""

PLAIN = Agreed(
    target_state=TargetState.SET,
    target=YearTarget(Decimal(63), Decimal(63), "%"),
    milestone=Expected(Decimal(60)),
    reported_unit="%",
    reported_polarity=Polarity.HIGHER,
    tolerance=TEN,
    placeholder=False,
    share_of_year=Decimal("0.5"),
)
BARE = replace(PLAIN, target=None, milestone=None)
NOT_IN_FORCE = [
    (TargetState.DROPPED, NoRating.DROPPED),
    (TargetState.WITHDRAWN, NoRating.WITHDRAWN),
    (TargetState.MAA_ONLY, NoRating.MAA_ONLY),
]


def test_a_figure_is_rated_against_the_milestone() -> None:
    judgement = judge(Decimal(72), None, PLAIN)
    assert (judgement.rating, judgement.expected) == (Rating.BETTER, Expected(Decimal(60)))


def test_a_figure_without_milestone_is_rated_against_the_years_target() -> None:
    judgement = judge(Decimal(56), None, replace(PLAIN, milestone=None))
    assert judgement.rating is Rating.WORSE  # 63 less 10% is 56.7
    assert judgement.expected is not None
    assert judgement.expected.basis is Basis.YEAR_TARGET


@pytest.mark.parametrize("figure", [None, Decimal(72)])
@pytest.mark.parametrize(("state", "reason"), NOT_IN_FORCE)
def test_what_is_not_in_force_is_not_rated_whatever_is_returned(
    state: TargetState, reason: NoRating, figure: Decimal | None
) -> None:
    for placeholder in (False, True):
        agreed = replace(PLAIN, target_state=state, placeholder=placeholder)
        judgement = judge(figure, NoRating.SUPPRESSED if figure is None else None, agreed)
        assert (judgement.rating, judgement.reason) == (None, reason)


@pytest.mark.parametrize("reason", RETURNABLE_REASONS)
def test_a_return_without_figure_is_not_rated_for_the_reason_that_it_gives(reason: NoRating) -> None:
    for agreed in (PLAIN, BARE, replace(BARE, placeholder=True), replace(BARE, target_state=TargetState.NOT_SET)):
        judgement = judge(None, reason, agreed)
        assert (judgement.rating, judgement.reason, judgement.expected) == (None, reason, agreed.expected)


def test_a_return_without_figure_and_reason_was_not_reported() -> None:
    assert judge(None, None, PLAIN).reason is NoRating.NOT_REPORTED


def test_a_figure_of_zero_is_a_figure() -> None:
    assert judge(Decimal(0), None, PLAIN).rating is Rating.WORSE


@pytest.mark.parametrize(
    ("agreed", "reason"),
    [
        (replace(BARE, placeholder=True, target_state=TargetState.NOT_APPLICABLE), NoRating.PLACEHOLDER),
        (replace(BARE, placeholder=True, target_state=TargetState.NOT_SET), NoRating.PLACEHOLDER),
        (replace(BARE, target_state=TargetState.NOT_SET), NoRating.TARGET_NOT_SET),
        (BARE, NoRating.MILESTONE_NOT_SET),
        (replace(BARE, target_state=TargetState.NOT_APPLICABLE), NoRating.MILESTONE_NOT_SET),
        (replace(PLAIN, milestone=None, reported_unit="homes"), NoRating.MILESTONE_NOT_SET),
        (replace(PLAIN, reported_polarity=Polarity.NONE), NoRating.MILESTONE_NOT_SET),
    ],
)
def test_a_figure_with_nothing_to_hold_it_against_says_what_is_missing(agreed: Agreed, reason: NoRating) -> None:
    judgement = judge(Decimal(72), None, agreed)
    assert (judgement.rating, judgement.reason) == (None, reason)


@pytest.mark.parametrize(
    "agreed", [replace(PLAIN, placeholder=True), replace(PLAIN, target_state=TargetState.NOT_SET, target=None)]
)
def test_an_agreed_milestone_rates_even_where_a_target_is_still_to_come(agreed: Agreed) -> None:
    assert judge(Decimal(72), None, agreed).rating is Rating.BETTER


def test_the_measures_own_tolerance_is_used() -> None:
    wide = replace(PLAIN, tolerance=Tolerance(ToleranceKind.UNIT, Decimal(12)))
    assert judge(Decimal(72), None, wide).rating is Rating.WITHIN
    assert judge(Decimal(72), None, PLAIN).rating is Rating.BETTER


HUNDRED = Decimal(100)
COUNTS = Grounds(numerator=Decimal(209), denominator=Decimal(1017))
SURVEYED = Grounds(low=Decimal(18), high=Decimal(24))


@pytest.mark.parametrize(
    ("evidence", "per", "figure", "grounds", "interval"),
    [
        (Evidence.PROPORTION, HUNDRED, "20.55", COUNTS, wilson(209, 1017, 100)),
        (Evidence.COUNT, Decimal(1000), "205.5", COUNTS, poisson(209, 1017, 1000)),
        (Evidence.COUNT, None, "12", Grounds(), poisson(12)),
        (Evidence.COUNT, None, "0", Grounds(), poisson(0)),
        (Evidence.SURVEY, None, "21", SURVEYED, Interval(Decimal(18), Decimal(24))),
        (Evidence.SURVEY, HUNDRED, "21", SURVEYED, Interval(Decimal(18), Decimal(24))),
    ],
)
def test_an_interval_follows_from_what_lies_under_the_figure(
    evidence: Evidence, per: Decimal | None, figure: str, grounds: Grounds, interval: Interval
) -> None:
    agreed = replace(PLAIN, evidence=evidence, per=per)
    assert interval_of(Decimal(figure), grounds, agreed) == interval
    assert judge(Decimal(figure), None, agreed, grounds).interval == interval


@pytest.mark.parametrize(
    ("evidence", "per", "figure", "grounds"),
    [
        (Evidence.FIGURE, HUNDRED, "20.55", COUNTS),
        (Evidence.FIGURE, None, "12", SURVEYED),
        (Evidence.PROPORTION, HUNDRED, "20.55", Grounds()),
        (Evidence.PROPORTION, HUNDRED, "20.55", replace(COUNTS, denominator=None)),
        (Evidence.PROPORTION, HUNDRED, "20.55", replace(COUNTS, numerator=None)),
        (Evidence.PROPORTION, None, "20.55", COUNTS),
        (Evidence.PROPORTION, None, "21", Grounds()),
        (Evidence.PROPORTION, HUNDRED, "21", SURVEYED),
        (Evidence.COUNT, Decimal(1000), "12", Grounds()),
        (Evidence.COUNT, None, "12.5", Grounds()),
        (Evidence.COUNT, None, "-1", Grounds()),
        (Evidence.SURVEY, None, "21", Grounds()),
        (Evidence.SURVEY, None, "21", replace(SURVEYED, low=None)),
        (Evidence.SURVEY, None, "21", replace(SURVEYED, high=None)),
        (Evidence.SURVEY, HUNDRED, "21", COUNTS),
    ],
)
def test_without_its_grounds_a_figure_has_no_interval(
    evidence: Evidence, per: Decimal | None, figure: str, grounds: Grounds
) -> None:
    agreed = replace(PLAIN, evidence=evidence, per=per)
    assert interval_of(Decimal(figure), grounds, agreed) is None
    assert judge(Decimal(figure), None, agreed, grounds).interval is None


@pytest.mark.parametrize("grounds", [COUNTS, SURVEYED])
def test_a_measure_of_which_nothing_is_said_has_a_figure_alone(grounds: Grounds) -> None:
    assert PLAIN.evidence is Evidence.FIGURE
    assert interval_of(Decimal(12), grounds, PLAIN) is None


def test_an_interval_that_is_not_past_the_edge_leaves_a_figure_within() -> None:
    survey = replace(PLAIN, evidence=Evidence.SURVEY)
    assert judge(Decimal(72), None, survey).rating is Rating.BETTER
    assert judge(Decimal(72), None, survey, Grounds(low=Decimal(65), high=Decimal(79))).rating is Rating.WITHIN


def test_what_is_counted_through_the_year_is_held_against_its_stored_profile() -> None:
    homes = replace(
        PLAIN,
        target=YearTarget(Decimal(940), Decimal(940), "homes"),
        milestone=None,
        reported_unit="homes, cumulative in the year",
        profile=Decimal("0.25"),
    )
    assert homes.expected == Expected(*[Decimal(235)] * 3, basis=Basis.PROFILE)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (YearTarget(Decimal(10), Decimal(15), "%"), Expected(None, Decimal(10), Decimal(15), Basis.YEAR_TARGET)),
        (YearTarget(Decimal(10), Decimal(10), "%"), None),  # a range is not made of a point
        (YearTarget(Decimal(10), Decimal(15), "homes"), None),
        (None, None),
    ],
)
def test_a_range_is_the_targets_where_no_milestone_was_agreed(
    target: YearTarget | None, expected: Expected | None
) -> None:
    inside = replace(PLAIN, reported_polarity=Polarity.RANGE, target=target)
    assert inside.expected == Expected(Decimal(60))
    assert replace(inside, milestone=None).expected == expected


@pytest.mark.parametrize("stated", Rating)
@pytest.mark.parametrize("forecast", [None, Decimal(0), Decimal(99)])
def test_a_forecast_is_first_what_the_partner_states(stated: Rating, forecast: Decimal | None) -> None:
    assert judge_forecast(forecast, stated, PLAIN) is stated


@pytest.mark.parametrize(
    ("forecast", "rating"),
    [("69.3", Rating.WITHIN), ("69.4", Rating.BETTER), ("56.7", Rating.WITHIN), ("56.6", Rating.WORSE)],
)
def test_a_forecast_figure_is_held_against_the_years_target_and_not_the_milestone(
    forecast: str, rating: Rating
) -> None:
    assert judge_forecast(Decimal(forecast), None, PLAIN) is rating


def test_a_forecast_of_what_is_counted_through_the_year_is_held_against_the_whole_target() -> None:
    homes = replace(
        PLAIN,
        target=YearTarget(Decimal(940), Decimal(940), "homes"),
        milestone=None,
        reported_unit="homes, cumulative in the year",
    )
    assert judge_forecast(Decimal(470), None, homes) is Rating.WORSE
    assert judge_forecast(Decimal(940), None, homes) is Rating.WITHIN
    assert judge(Decimal(470), None, homes).rating is Rating.WITHIN  # half of it at half-year


@pytest.mark.parametrize("agreed", [BARE, replace(PLAIN, reported_unit="homes"), replace(PLAIN, target=None)])
def test_a_forecast_figure_with_no_target_in_its_unit_has_no_rating(agreed: Agreed) -> None:
    assert judge_forecast(Decimal(50), None, agreed) is None


def test_no_forecast_is_no_rating() -> None:
    assert judge_forecast(None, None, PLAIN) is None
