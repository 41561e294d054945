"""Where the year will end: worked examples, what must hold of every forecast, and a little of the back-test."""

import doctest
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import forecast as module
from models.rules import outlook
from models.rules.forecast import Figure, Forecast, NoForecast, Place, Series, fewest, forecast, place
from models.rules.outlook import Outlook, Part, student
from models.rules.stories import MOVES, ONCE_SEASON, SEASONS, Method
from tests.campaigns.forecast_honesty import Design, results, tally
from tests.campaigns.simulated import KINDS, NOT_PROMISED, Kind

NOTHING, ALL = Decimal(0), Decimal(100)
EVEN = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1))

rates = st.lists(st.decimals(0, 100, allow_nan=False, allow_infinity=False, places=1), min_size=8, max_size=14)
counts = st.lists(st.integers(0, 400).map(Decimal), min_size=6, max_size=11)


def figures(values: list[Decimal], periods: int = 4, first: int = 1) -> tuple[Figure, ...]:
    """Returned one after the other from a number of the year 2005/06 on."""
    placed = [divmod(first - 1 + t, periods) for t in range(len(values))]
    return tuple(
        Figure(f"{2005 + year}/{6 + year:02d}", number + 1, value)
        for (year, number), value in zip(placed, values, strict=True)
    )


def decimals(*texts: str | int) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def through_the_year(added: list[Decimal], periods: int = 4) -> list[Decimal]:
    """What is returned where each period adds so much."""
    years = [added[start : start + periods] for start in range(0, len(added), periods)]
    return [value for year in years for value in accumulate(year)]


def next_end(series: Series) -> str:
    """The year whose end comes next."""
    last = series.figures[-1]
    start = int(last.year[:4]) + (last.number == series.periods)
    return f"{start}/{(start + 1) % 100:02d}"


def given_for(series: Series) -> Forecast:
    found = forecast(series, next_end(series))
    assert isinstance(found, Forecast), found
    return found


def noise(count: int, seed: int = 1) -> list[Decimal]:
    random = Random(seed)
    return [round(Decimal(random.gauss(0, 1)), 3) for _ in range(count)]


def around(level: int, count: int, seed: int = 1, size: int = 1) -> list[Decimal]:
    return [level + size * one for one in noise(count, seed)]


# Worked examples


def test_its_examples_are_true() -> None:
    assert doctest.testmod(module).failed == doctest.testmod(outlook).failed == 0


def test_a_level_is_forecast_near_its_mean_with_a_range_of_its_noise() -> None:
    values = decimals("61.2", "59.8", "60.4", "58.9", "60.9", "59.5", "60.1", "61.0", "59.2", "60.6")
    found = given_for(Series(figures(values), 4, low=NOTHING, high=ALL))
    assert abs(found.central - Decimal("60.2")) < Decimal("0.3")
    assert Decimal(1) < found.high - found.low < Decimal(4)
    assert (found.points, found.season) == (10, False)


def test_a_clear_trend_goes_on() -> None:
    values = [20 + 2 * t + one / 5 for t, one in enumerate(noise(14))]
    found = given_for(Series(figures(values), 4))
    assert found.method in (Method.TREND, Method.DAMPED)
    assert Decimal(48) < found.central < Decimal(51)  # two quarters on from 46


def test_a_clear_season_comes_back() -> None:
    pattern = (30, 50, 40, 80)
    values = [pattern[t % 4] + one for t, one in enumerate(noise(13))]
    found = given_for(Series(figures(values), 4))
    assert found.season
    assert abs(found.central - 80) < 2


def test_one_odd_figure_leaves_the_old_level_in_the_range_and_a_new_level_is_believed_when_it_lasts() -> None:
    calm = around(50, 12)
    once = given_for(Series(figures([*calm, Decimal(58)]), 4))
    lasting = given_for(Series(figures([*calm, Decimal(58), *around(58, 5, seed=3)]), 4))
    assert once.low < Decimal("50.5")  # the old level is still in the range
    assert once.central < Decimal(57)
    assert abs(lasting.central - 58) < 1
    assert lasting.method is Method.STEP
    assert lasting.high - lasting.low < once.high - once.low


def test_a_gap_is_left_out_and_not_taken_for_nothing() -> None:
    whole = figures(around(50, 12))
    with_gap = given_for(Series(whole[:5] + whole[7:], 4))
    assert with_gap.points == 10
    assert abs(with_gap.central - given_for(Series(whole, 4)).central) < 1


def test_a_cumulative_measure_ends_at_what_is_reached_and_what_the_rest_usually_adds() -> None:
    """Its last quarter is the big one: a straight line from 110 at half year would say 220."""
    added = decimals(50, 60, 40, 250, 48, 63, 41, 247, 52, 58)
    found = given_for(Series(figures(through_the_year(added)), 4, cumulative=True, low=NOTHING))
    assert found.season
    assert Decimal(385) < found.central < Decimal(415)


def test_a_profile_says_what_the_rest_adds_from_the_first_year_on() -> None:
    profile = (Decimal("0.1"), Decimal("0.25"), Decimal("0.4"), Decimal(1))
    series = Series(figures(decimals(21, 48, 82)), 4, cumulative=True, profile=profile, low=NOTHING)
    found = given_for(series)
    assert Decimal(190) < found.central < Decimal(215)
    assert forecast(replace(series, profile=None), "2005/06") is NoForecast.TOO_FEW


def test_a_missing_quarter_of_a_cumulative_measure_is_in_the_next_figure() -> None:
    added = decimals(50, 52, 49, 51, 48, 50, 53, 49, 51, 50, 50)
    whole = figures(through_the_year(added))
    found = given_for(Series(whole[:1] + whole[2:], 4, cumulative=True, low=NOTHING))
    assert abs(found.central - 201) < 3


def test_after_a_year_has_ended_the_next_is_forecast_from_nothing() -> None:
    series = Series(figures(through_the_year(decimals(50, 52, 49, 51, 48, 50, 53, 49))), 4, True, low=NOTHING)
    found = given_for(series)
    assert abs(found.central - 201) < 4


def test_a_share_of_nearly_all_is_never_forecast_to_be_more() -> None:
    series = Series(figures(decimals("97.2", "99.1", "98.0", "99.6", "97.9", "99.4", "98.8")), 4)
    free, bounded = given_for(series), given_for(replace(series, high=ALL))
    assert free.high > ALL
    assert (bounded.low, bounded.high) == (free.low, ALL)


def test_a_profile_may_have_a_quarter_that_adds_nothing() -> None:
    profile = (Decimal("0.3"), Decimal("0.6"), Decimal("0.6"), Decimal(1))
    found = given_for(Series(figures(decimals(30, 61, 62)), 4, True, profile, NOTHING))
    assert Decimal(95) < found.central < Decimal(110)


def test_a_yearly_measure_is_forecast_a_year_ahead() -> None:
    found = given_for(Series(figures(decimals("8.1", "8.4", "7.9", "8.2", "8.0", "8.3"), periods=1), 1))
    assert found.low < Decimal("8.2") < found.high
    assert not found.season


KEPT = {
    "a level": ("61.2 59.8 60.4 58.9 60.9 59.5 60.1 61.0 59.2 60.6", Series((), 4)),
    "a trend": ("12 13 15 14 17 19 18 22 24 23", Series((), 4)),
    "a season": ("30 52 41 79 33 55 40 84 31 56 45", Series((), 4)),
    "a step": ("50 51 49 50 52 58 59 57 58", Series((), 4)),
    "an odd figure": ("50 51 49 50 52 58 51 49 50", Series((), 4)),
    "months": ("5.1 5.4 6.0 6.9 7.7 8.1 8.0 7.4 6.6 5.7 5.2 4.9 5.2 5.5 6.4 7.0 7.5 8.3", Series((), 12)),
    "half-years": ("40 52 43 50 41 55 44", Series((), 2)),
    "years": ("8.1 8.4 7.9 8.2 8.0 8.3", Series((), 1)),
    "a count through the year": ("110 190 320 400 120 210", Series((), 4, True, low=NOTHING)),
    "a year from nothing": ("50 102 151 202 48 98 151 200", Series((), 4, True, low=NOTHING)),
    "a profile": ("21 48 82", Series((), 4, True, (Decimal("0.1"), Decimal("0.25"), Decimal("0.4"), Decimal(1)))),
}


@pytest.mark.parametrize(
    ("kept", "low", "central", "high", "method", "season"),
    [
        ("a level", "58.8986", "60.1656", "61.4498", Method.LEVEL, False),
        ("a trend", "21.659", "25.376", "28.326", Method.DAMPED, False),
        ("a season", "75.899", "81.975", "87.749", Method.LEVEL, True),
        ("a step", "55.8464", "57.9554", "60.2813", Method.STEP, False),
        ("an odd figure", "48.2597", "50.2524", "52.2330", Method.LEVEL, False),
        ("months", "4.6751", "4.9472", "5.2504", Method.WANDER, True),
        ("half-years", "49.014", "53.136", "57.158", Method.LEVEL, True),
        ("years", "7.84765", "8.17080", "8.51971", Method.LEVEL, False),
        ("a count through the year", "384.99", "423.34", "455.92", Method.LEVEL, True),
        ("a year from nothing", "192.838", "200.800", "208.548", Method.LEVEL, False),
        ("a profile", "183.809", "208.109", "232.161", Method.WANDER, False),
    ],
)
def test_the_method_is_still_the_one_that_was_back_tested(
    kept: str, low: str, central: str, high: str, method: Method, season: bool
) -> None:
    """Whatever changes these figures changes every forecast: docs/forecast-honesty.md is then to be made anew."""
    values, blank = KEPT[kept]
    found = given_for(replace(blank, figures=figures(decimals(*values.split()), blank.periods)))
    assert edges(found) == (Decimal(low), Decimal(central), Decimal(high))
    assert (found.method, found.season) == (method, season)


def test_a_forecast_names_the_story_behind_it_in_these_words() -> None:
    assert [*Method] == ["level", "wandering level", "trend", "damped trend", "new level"]


# No forecast, and why


def test_the_least_is_a_year_and_two_figures_and_twice_as_far_back_as_ahead() -> None:
    needs = {
        (periods, ahead): fewest(Series((), periods), ahead)
        for periods, ahead in [(12, 1), (12, 7), (12, 12), (4, 1), (4, 3), (4, 4), (2, 1), (1, 1)]
    }
    assert list(needs.values()) == [14, 14, 24, 6, 6, 8, 6, 6]
    assert fewest(Series((), 4, cumulative=True, profile=EVEN), 4) == 3


@pytest.mark.parametrize("count", range(6))
def test_too_few_figures_give_no_forecast(count: int) -> None:
    assert forecast(Series(figures(around(50, count)), 4), "2006/07") in (NoForecast.TOO_FEW, NoForecast.TOO_FAR)


def test_a_year_end_that_is_in_or_past_or_too_far_is_not_forecast() -> None:
    series = Series(figures(around(50, 12)), 4)
    assert forecast(series, "2007/08") is NoForecast.NOT_AHEAD
    assert forecast(series, "2005/06") is NoForecast.NOT_AHEAD
    assert forecast(series, "2009/10") is NoForecast.TOO_FAR


@pytest.mark.parametrize("value", ["0", "100", "4.5"])
def test_figures_that_never_varied_say_nothing_of_how_far_the_next_may_be(value: str) -> None:
    same = figures([Decimal(value)] * 9)
    assert forecast(Series(same, 4), "2007/08") is NoForecast.NEVER_VARIED
    steady = figures(through_the_year([Decimal(value)] * 9))
    assert forecast(Series(steady, 4, cumulative=True), "2007/08") is NoForecast.NEVER_VARIED


@pytest.mark.parametrize(
    "broken",
    [
        Series(figures(around(50, 8))[::-1], 4),
        Series(figures(around(50, 8)) + figures(around(50, 8))[-1:], 4),
        Series((Figure("2008/09", 5, Decimal(1)),), 4),
        Series(figures(around(50, 8)), 4, True, EVEN[:3]),
        Series(figures(around(50, 8)), 4, True, (*EVEN[:3], Decimal("0.9"))),
        Series(figures(around(50, 8)), 4, True, (EVEN[1], EVEN[0], *EVEN[2:])),
    ],
    ids=["backwards", "twice", "fifth quarter", "short profile", "profile under 1", "falling profile"],
)
def test_what_is_no_series_is_refused(broken: Series) -> None:
    with pytest.raises(ValueError, match="must"):
        forecast(broken, "2007/08")


# What holds of every forecast


def or_reason(series: Series) -> Forecast | NoForecast:
    return forecast(series, next_end(series))


@given(rates, st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_range_holds_the_central_value_and_keeps_to_the_bounds(values: list[Decimal], bounded: bool) -> None:
    found = or_reason(Series(figures(values), 4, low=NOTHING if bounded else None, high=ALL if bounded else None))
    if isinstance(found, Forecast):
        assert found.low <= found.central <= found.high
        assert not bounded or NOTHING <= found.low <= found.high <= ALL


@given(rates, st.integers(-5000, 5000))
@settings(max_examples=40, deadline=None)
def test_moving_all_figures_moves_the_forecast_and_nothing_else(values: list[Decimal], by: int) -> None:
    here, there = (or_reason(Series(figures([value + move for value in values]), 4)) for move in (0, by))
    if isinstance(here, NoForecast):
        assert here is there
    else:
        assert isinstance(there, Forecast)
        moved = (there.central - by, there.low - by, there.high - by)
        assert (moved, there.method) == ((here.central, here.low, here.high), here.method)


@given(rates, st.sampled_from(["0.001", "0.45359237", "12", "1000"]))
@settings(max_examples=40, deadline=None)
def test_another_unit_gives_the_same_forecast_in_that_unit(values: list[Decimal], factor: str) -> None:
    times = Decimal(factor)
    here, there = (or_reason(Series(figures([value * by for value in values]), 4)) for by in (Decimal(1), times))
    if isinstance(here, NoForecast):
        assert here is there
    else:
        assert isinstance(there, Forecast)
        close = (here.high - here.low) / 1000
        for one, other in zip(edges(here), edges(there), strict=True):
            assert abs(one - other / times) <= close


@given(rates)
@settings(max_examples=40, deadline=None)
def test_a_mirrored_series_has_a_mirrored_forecast(values: list[Decimal]) -> None:
    here, there = (or_reason(Series(figures([sign * value for value in values]), 4)) for sign in (1, -1))
    if isinstance(here, NoForecast):
        assert here is there
    else:
        assert isinstance(there, Forecast)
        close = (here.high - here.low) / 1000
        for one, other in zip(edges(here), reversed(edges(there)), strict=True):
            assert abs(one + other) <= close


def edges(found: Forecast) -> tuple[Decimal, Decimal, Decimal]:
    return found.low, found.central, found.high


@given(counts, st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_count_through_the_year_never_ends_below_what_it_has_reached(added: list[Decimal], profile: bool) -> None:
    returned = figures(through_the_year(added))
    series = Series(returned, 4, True, EVEN if profile else None, NOTHING)
    found = or_reason(series)
    reached = returned[-1].value if returned[-1].number < 4 else NOTHING
    if isinstance(found, Forecast):
        assert reached <= found.low <= found.central <= found.high


def test_what_has_fallen_within_a_year_may_fall_again() -> None:
    added = decimals(30, -40, 35, -20, 25, -45, 30)
    found = given_for(Series(figures(through_the_year(added)), 4, cumulative=True))
    assert found.low < through_the_year(added)[-1]


def test_what_is_older_than_the_latest_forty_figures_changes_nothing() -> None:
    values = around(50, 46)
    assert given_for(Series(figures(values), 4)) == given_for(
        Series(figures([value * 9 for value in values[:6]] + values[6:]), 4)
    )


def test_the_same_figures_give_the_same_forecast() -> None:
    series = Series(figures(around(50, 11)), 4)
    assert given_for(series) == given_for(series)


def test_more_noise_makes_a_wider_range() -> None:
    widths = [
        found.high - found.low
        for size in (1, 2, 5)
        for found in [given_for(Series(figures(around(50, 11, 4, size)), 4))]
    ]
    assert widths[0] < widths[1] < widths[2]


@pytest.mark.parametrize("periods", [4, 12])
def test_a_range_is_wider_the_further_it_looks(periods: int) -> None:
    """On the mean of ten wandering series: a single one may happen to look back on a calm quarter."""
    widths = []
    for ahead in (1, 2, periods - 1):
        wandering = [list(accumulate(noise(2 * periods + 1, seed), initial=Decimal(50))) for seed in range(10)]
        first = (periods - ahead - len(wandering[0])) % periods + 1
        found = [given_for(Series(figures(values, periods, first), periods)) for values in wandering]
        widths.append(sum(one.high - one.low for one in found))
    assert widths == sorted(widths)


def test_the_partners_forecast_has_a_place_beside_the_portals() -> None:
    found = given_for(Series(figures(around(50, 11)), 4))
    assert [place(value, found) for value in (found.low, found.central, found.high)] == [Place.WITHIN] * 3
    assert place(found.low - 1, found) is Place.BELOW
    assert place(found.high + 1, found) is Place.ABOVE


# The distribution behind it


@pytest.mark.parametrize(
    ("t", "freedom", "below"),
    [(6.3138, 1, 0.95), (1.8856, 2, 0.9), (1.6377, 3, 0.9), (-1.5332, 4, 0.1), (2.2281, 10, 0.975), (1.3036, 39, 0.9)],
)
def test_students_t_is_that_of_the_printed_tables(t: float, freedom: int, below: float) -> None:
    assert student(t, freedom) == pytest.approx(below, abs=2e-5)
    assert student(0, freedom) == pytest.approx(0.5)


def test_a_quantile_is_where_so_much_lies_below() -> None:
    outlook = Outlook((Part(0.7, 0.0, 1.0), Part(0.3, 8.0, 0.5)), 5, Decimal(100), Decimal(10))
    for share in (0.02, 0.1, 0.5, 0.68, 0.9, 0.99):
        assert outlook.at_most(outlook.quantile(share)) == pytest.approx(share, abs=1e-4)


def test_what_lies_beyond_a_bound_lies_on_it() -> None:
    outlook = Outlook((Part(1.0, 0.0, 1.0),), 5, Decimal(95), Decimal(10), NOTHING, ALL)
    assert outlook.quantile(0.9) == ALL
    assert (outlook.at_least(ALL), outlook.at_most(ALL)) == (pytest.approx(0.319, abs=1e-3), 1)
    assert (outlook.at_least(ALL + 1), outlook.at_most(Decimal(-1)), outlook.at_least(NOTHING)) == (0, 0, 1)
    mirrored = replace(outlook, origin=Decimal(5))
    assert mirrored.quantile(0.1) == NOTHING
    assert (mirrored.at_most(NOTHING), mirrored.at_least(NOTHING)) == (pytest.approx(0.319, abs=1e-3), 1)


def test_beliefs_beforehand_add_up_to_one() -> None:
    assert sum(move.prior for move in MOVES) == pytest.approx(1)
    assert sum(season.prior for season in SEASONS) == pytest.approx(1)
    assert SEASONS[0].prior == ONCE_SEASON.prior == 0.5


# A little of the back-test: `make honesty` runs all of it


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_range_holds_what_it_says_and_the_error_is_no_worse_than_a_guess(kind: Kind) -> None:
    """Two standard errors are allowed for: 80 series are few."""
    found = tally([one for design in (Design(8, 4, 2), Design(10, 4, 3)) for one in results(design, kind, 40, 7)])
    if kind.name in NOT_PROMISED:
        assert 0.55 < found.coverage < 0.9
        assert found.ratio < 1.25
        return
    assert 0.72 - found.doubt <= found.coverage <= 0.88 + found.doubt
    assert found.ratio < 1.1
