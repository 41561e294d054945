"""The words that people read: figures, units, sentences on ratings, dates, and every vocabulary in full."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.actions import ActionState
from models.rules.entry import Oddity
from models.rules.expected import Basis, Expected, YearTarget
from models.rules.rating import Tolerance, rate
from models.rules.rollup import Counts
from models.rules.terms import (
    RETURNABLE_REASONS,
    AreaKind,
    Message,
    NoRating,
    Polarity,
    Rating,
    ReviewCategory,
    Role,
    State,
)
from portal import words
from portal.formats.numbers import parse_figure
from portal.viewmodels.indicators import MeasureStanding
from portal.viewmodels.plans import Plan
from portal.words import plans

VOCABULARIES = {
    "SHAPE": (words.SHAPE, {*Rating, None}),
    "RATING": (words.RATING, {*Rating, None}),
    "SHORT": (words.SHORT, {*Rating, None}),
    "REASON": (words.REASON, set(NoRating)),
    "COUNTED": (words.COUNTED, set(NoRating)),
    "NO_FIGURE": (words.NO_FIGURE, set(RETURNABLE_REASONS)),
    "STATE": (words.STATE, set(State)),
    "PLAN": ({**plans.PLAN, **plans.STANDS_IN}, {field.name for field in fields(Plan)}),
    "ACTION_STATE": (words.ACTION_STATE, set(ActionState)),
    "ROLE": (words.ROLE, set(Role)),
    "CATEGORY": (words.CATEGORY, set(ReviewCategory)),
    "BASIS": (words.BASIS, set(Basis)),
    "GOOD": (words.GOOD, set(Polarity)),
    "AREA_KIND": (words.AREA_KIND, {*AreaKind, None}),
    "MESSAGE": (words.MESSAGE, set(Message)),
    "ODDITY": (words.ODDITY, set(Oddity)),
}

cents = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)


def standing(
    value: str | None,
    expected: Expected | None,
    polarity: Polarity,
    *,
    unit: str = "homes",
    decimals: int = 0,
    tolerance: Tolerance | None = None,
) -> MeasureStanding:
    """A measure as the rule rates it."""
    figure = None if value is None else Decimal(value)
    judged = rate(figure or Decimal(0), expected, polarity, tolerance or Tolerance())
    rated = figure is not None and judged.rating is not None
    return MeasureStanding(
        code="NI 1",
        part="",
        unit=unit,
        polarity=polarity,
        decimals=decimals,
        value=figure,
        expected=expected,
        lead=judged.lead if rated else None,
        margin=judged.margin if rated else None,
        rating=judged.rating if rated else None,
        rating_by_rule=judged.rating if rated else None,
        override_reason=None,
        no_rating_reason=None if rated else judged.reason,
        forecast_value=None,
        forecast=None,
        commentary="",
        state=State.PUBLISHED,
    )


def against(value: str, basis: Basis = Basis.MILESTONE) -> Expected:
    return Expected(Decimal(value), Decimal(value), Decimal(value), basis)


OPTIMUM = Expected(Decimal(11), Decimal(10), Decimal(15))


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_member_of_a_vocabulary_has_its_words(name: str) -> None:
    said, members = VOCABULARIES[name]
    assert set(said) == members
    assert all(said.values())
    assert len(set(said.values())) == len(members)


def test_a_rating_is_told_by_a_shape_and_a_word_of_its_own() -> None:
    for said in (words.SHAPE, words.RATING, words.SHORT):
        assert len(set(said.values())) == 4
    assert (words.SHAPE[Rating.BETTER], words.SHAPE[Rating.WITHIN], words.SHAPE[Rating.WORSE]) == ("★", "●", "▲")
    assert words.RATING[Rating.WITHIN] == "Within acceptable range"


@pytest.mark.parametrize("reason", NoRating)
def test_a_counted_reason_has_a_singular_and_a_plural(reason: NoRating) -> None:
    one, many = words.COUNTED[reason]
    assert one != many


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"),
        ("1234.5", 1, "1,234.5"),
        ("1234567", 0, "1,234,567"),
        ("999", 0, "999"),
        ("-1234.5", 1, "−1,234.5"),
        ("2.4", 2, "2.40"),
        ("2.420", 1, "2.4"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "−3"),
        ("999.95", 1, "1,000.0"),
        ("1E+3", 0, "1,000"),
        ("1234567890123456.78", 2, "1,234,567,890,123,456.78"),
    ],
)
def test_a_figure_has_commas_its_decimals_and_a_real_minus(value: str, decimals: int, text: str) -> None:
    assert words.number(Decimal(value), decimals) == text


@pytest.mark.parametrize("value", ["-0.004", "-0.0", "-0"])
def test_what_rounds_to_nothing_has_no_minus(value: str) -> None:
    assert words.number(Decimal(value), 2) == "0.00"


@given(cents)
@settings(max_examples=80, deadline=None)
def test_a_figure_shown_with_all_its_decimals_can_be_typed_in_again(value: Decimal) -> None:
    shown = words.number(value, 2)
    assert "-" not in shown
    assert parse_figure(shown) == value


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "text"),
    [
        ("72", 0, "%", "72%"),
        ("-5.3", 1, "% change from 1998", "−5.3% change from 1998"),
        ("11043", 0, "£ thousand", "£11,043 thousand"),
        ("-1234.5", 2, "£ thousand", "−£1,234.50 thousand"),
        ("36000", 0, "£", "£36,000"),
        ("-36000", 0, "£", "−£36,000"),
        ("300", 0, "homes, cumulative in the year", "300 homes, cumulative in the year"),
        ("1990.9", 1, "per 100,000", "1,990.9 per 100,000"),
        ("3", 0, "", "3"),
    ],
)
def test_an_amount_is_a_figure_with_its_unit_as_one_would_say_it(
    value: str, decimals: int, unit: str, text: str
) -> None:
    assert words.amount(Decimal(value), decimals, unit) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [("2.4215", 2, "2.4215%"), ("2.4", 2, "2.40%"), ("2.400", 1, "2.4%"), ("1450", 0, "1,450%"), ("1E+3", 0, "1,000%")],
)
def test_a_typed_figure_is_shown_with_all_the_digits_that_say_something(value: str, decimals: int, text: str) -> None:
    assert words.typed_amount(Decimal(value), decimals, "%") == text


def test_a_table_shows_a_dash_for_no_figure_and_a_percent_sign_only() -> None:
    percent = standing("14.8", OPTIMUM, Polarity.RANGE, unit="% of cases", decimals=1)
    assert words.short_amount(percent.value, percent) == "14.8%"
    assert words.short_amount(None, percent) == "–"
    assert words.short_amount(Decimal(1450), standing("1", None, Polarity.HIGHER)) == "1,450"


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (None, "–"),
        (against("1450"), "1,450.0%"),
        (Expected(Decimal("-28.3")), "−28.3%"),
        (OPTIMUM, "10.0% to 15.0%"),
        (Expected(None, Decimal(10), Decimal(15)), "10.0% to 15.0%"),
        (Expected(None), "–"),
    ],
)
def test_what_is_expected_is_a_point_a_range_or_a_dash(expected: Expected | None, text: str) -> None:
    assert words.expected(expected, 1, "%") == text
    assert words.expected(expected, 1) == text.replace("%", "")


@pytest.mark.parametrize(
    ("expected", "polarity", "sentence"),
    [
        (None, Polarity.LOWER, "Nothing is agreed to hold this period's figure against, so it will not be rated."),
        (against("705"), Polarity.HIGHER, "Held against 705, the milestone. High is good."),
        (
            against("705", Basis.STRAIGHT_LINE),
            Polarity.HIGHER,
            "Held against 705, a straight line to the year's target. High is good.",
        ),
        (against("63", Basis.YEAR_TARGET), Polarity.LOWER, "Held against 63, the year's target. Low is good."),
        (OPTIMUM, Polarity.RANGE, "Held against 10 to 15, the milestone. Good is inside the range."),
    ],
)
def test_a_form_says_what_the_figure_will_be_held_against(
    expected: Expected | None, polarity: Polarity, sentence: str
) -> None:
    assert words.held_against(standing(None, expected, polarity)) == sentence


@pytest.mark.parametrize(
    ("value", "compared", "ruled"),
    [
        ("2.42", "2.42 is 0.28 above the milestone of 2.14.", "worse than anticipated"),
        ("2.14", "2.14 is the milestone of 2.14.", "within acceptable range"),
        ("2.00", "2.00 is 0.14 below the milestone of 2.14.", "within acceptable range"),
        ("0.98", "0.98 is 1.16 below the milestone of 2.14.", "better than anticipated"),
    ],
)
def test_why_tells_the_figure_the_milestone_and_the_margin(value: str, compared: str, ruled: str) -> None:
    said = words.why(standing(value, Expected(Decimal("2.14")), Polarity.LOWER, decimals=2))
    assert said == (
        f"{compared} Low is good, and up to 0.214 either way is within the acceptable range. So the rule says: {ruled}."
    )


def test_why_tells_when_a_figure_is_held_against_the_years_target() -> None:
    year = against("63", Basis.YEAR_TARGET)
    said = words.why(standing("72", year, Polarity.HIGHER, unit="%"))
    assert said == (
        "72% is 9 percentage points above the year's target of 63%. High is good, and up to 6.3 percentage points "
        "either way is within the acceptable range. So the rule says: better than anticipated."
    )


def test_what_a_figure_is_rated_by_is_named_and_a_years_target_is_no_milestone() -> None:
    rated = standing("72", against("63", Basis.YEAR_TARGET), Polarity.HIGHER, unit="%")
    assert words.beside_its_aim(rated) == "72%, against the year's target of 63%"
    assert words.aim_in_short(rated.expected) == "the year's target"
    assert words.aim_in_short(against("2.14")) == ""
    assert words.aim_in_short(None) == ""


@pytest.mark.parametrize(
    ("figure", "unit", "said"),
    [
        ("1", "children", "1 child"),
        ("1", "homes, a year", "1 home, a year"),
        ("2", "homes", "2 homes"),
        ("2", "level", "level 2"),
    ],
)
def test_one_of_a_unit_is_one(figure: str, unit: str, said: str) -> None:
    assert words.amount(Decimal(figure), 0, unit) == said


def test_why_tells_how_far_the_figure_is_from_a_straight_line() -> None:
    said = words.why(standing("300", against("705", Basis.STRAIGHT_LINE), Polarity.HIGHER))
    assert said.startswith("300 is 405 below ")
    assert "a straight line to the year's target" in said
    assert "705" in said
    assert said.endswith(
        "up to 70.5 either way is within the acceptable range. So the rule says: worse than anticipated."
    )


def test_a_point_on_the_straight_line_is_not_called_the_years_target() -> None:
    """Three quarters of 940 are 705; the target is 940."""
    said = words.why(standing("300", against("705", Basis.STRAIGHT_LINE), Polarity.HIGHER))
    assert "target of 705" not in said


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("14.8", "14.8% is inside the range of 10.0% to 15.0%. So the rule says: within acceptable range."),
        ("15.0", "15.0% is inside the range of 10.0% to 15.0%. So the rule says: within acceptable range."),
        ("16.0", "16.0% is outside the range of 10.0% to 15.0%. So the rule says: worse than anticipated."),
        ("9.9", "9.9% is outside the range of 10.0% to 15.0%. So the rule says: worse than anticipated."),
    ],
)
def test_why_tells_whether_a_figure_is_inside_its_range(value: str, sentence: str) -> None:
    assert words.why(standing(value, OPTIMUM, Polarity.RANGE, unit="%", decimals=1)) == sentence


def test_why_keeps_the_rules_answer_beside_a_judgement() -> None:
    ruled = standing("14.8", OPTIMUM, Polarity.RANGE, unit="%", decimals=1)
    judged = replace(ruled, rating=Rating.BETTER, override_reason="Above the printed point.")
    assert words.why(judged) == (
        "14.8% is inside the range of 10.0% to 15.0%. So the rule says: within acceptable range. "
        "It was judged otherwise, better than anticipated: Above the printed point."
    )


def test_why_tells_of_a_judgement_where_the_rule_has_no_answer() -> None:
    """A return with a printed rating and no milestone comes in so: the rule says nothing, the partnership does."""
    unruled = standing("14.8", None, Polarity.HIGHER, unit="%", decimals=1)
    said = words.why(
        replace(unruled, rating=Rating.BETTER, override_reason="Printed as better.", no_rating_reason=None)
    )
    assert "better than anticipated" in said
    assert "Printed as better." in said


@pytest.mark.parametrize("reason", NoRating)
def test_why_tells_the_reason_for_none(reason: NoRating) -> None:
    blank = replace(standing(None, None, Polarity.HIGHER), no_rating_reason=reason)
    assert words.why(blank) == f"No rating: {words.REASON[reason]}."


def test_why_of_a_figure_that_is_held_against_nothing_says_so() -> None:
    said = words.why(standing("2.42", None, Polarity.LOWER))
    assert said == "No rating: no milestone has been set for this period."


def test_why_does_not_contradict_itself_by_rounding() -> None:
    """2.3541 is past the edge at 2.354; shown as 0.21 above with a margin of 0.214 it would seem to be inside."""
    said = words.why(standing("2.3541", Expected(Decimal("2.14")), Polarity.LOWER, decimals=2))
    assert said.endswith("So the rule says: worse than anticipated.")
    assert "is 0.21 above" not in said
    said = words.why(standing("15.04", OPTIMUM, Polarity.RANGE, unit="%", decimals=1))
    assert "15.0% is outside the range of 10.0% to 15.0%" not in said


def test_days_and_moments_are_said_in_london() -> None:
    assert words.day(date(2009, 1, 5)) == "5 January 2009"
    assert words.moment(datetime(2009, 1, 20, 14, 5, tzinfo=UTC)) == "20 January 2009, 14:05"
    assert words.moment(datetime(2008, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2008, 00:30"


def test_a_period_is_said_in_words() -> None:
    assert words.period("2008/09 Q3") == "quarter 3 of 2008/09"
    assert words.months("2008/09 Q3") == "October to December 2008"
    assert words.months("2008/09 Q4") == "January to March 2009"


@pytest.mark.parametrize(("count", "text"), [(0, "0 indicators"), (1, "1 indicator"), (2, "2 indicators")])
def test_a_plural_follows_its_number(count: int, text: str) -> None:
    assert words.plural(count, "indicator") == text


def test_a_plural_may_be_irregular() -> None:
    assert [words.plural(n, "reply", "replies") for n in (0, 1, 2)] == ["0 replies", "1 reply", "2 replies"]


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (Counts(1, 2, 1, {NoRating.LATE: 8}), "4 of 12 indicators are rated"),
        (Counts(1, 0, 0, {NoRating.LATE: 11}), "1 of 12 indicators is rated"),
        (Counts(1, 0, 0, {}), "1 of 1 indicator is rated"),
        (Counts(0, 0, 0, {NoRating.LATE: 1}), "0 of 1 indicator is rated"),
        (Counts(0, 0, 0, {NoRating.LATE: 2}), "0 of 2 indicators are rated"),
        (Counts(), "0 of 0 indicators are rated"),
    ],
)
def test_the_denominator_is_said_in_words(counts: Counts, text: str) -> None:
    assert words.rated_of(counts) == text


@pytest.mark.parametrize(
    ("none", "text"),
    [
        ({}, ""),
        ({NoRating.WITHDRAWN: 1}, "1 was withdrawn."),
        (
            {NoRating.PLACEHOLDER: 11, NoRating.WITHDRAWN: 1},
            "11 are placeholders without a target, 1 was withdrawn.",
        ),
        (
            {NoRating.PLACEHOLDER: 1, NoRating.NOT_DUE: 16, NoRating.NOT_REPORTED: 6, NoRating.MAA_ONLY: 1},
            "1 is a placeholder without a target, 16 are not due yet, 6 were not reported, "
            "1 is only in the multi-area agreement.",
        ),
    ],
)
def test_the_reasons_for_none_make_one_sentence(none: dict[NoRating, int], text: str) -> None:
    assert words.reasons_for_none(Counts(none=none)) == text


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2009, 1, 20), "Due 30 January 2009, in 10 days"),
        (date(2009, 1, 28), "Due 30 January 2009, in 2 days"),
        (date(2009, 1, 29), "Due 30 January 2009, tomorrow"),
        (date(2009, 1, 30), "Due 30 January 2009, today"),
        (date(2009, 1, 31), "Due 30 January 2009, 1 day ago"),
        (date(2009, 2, 1), "Due 30 January 2009, 2 days ago"),
    ],
)
def test_a_due_date_says_how_long_there_is(today: date, text: str) -> None:
    assert words.due(date(2009, 1, 30), today) == text


@pytest.mark.parametrize(
    ("unit", "label"),
    [
        ("%", "per cent"),
        ("%, cumulative in the year", "per cent, cumulative in the year"),
        ("% change from 1998", "% change from 1998"),
        ("homes", "homes"),
        ("", "a number"),
    ],
)
def test_a_forms_hint_says_the_unit(unit: str, label: str) -> None:
    assert words.unit_label(unit) == label


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (None, "none set"),
        (YearTarget(Decimal("63.0"), Decimal("63"), "%"), "63%"),
        (YearTarget(Decimal(10), Decimal(15), "%"), "10 to 15%"),
        (YearTarget(Decimal("1.20"), Decimal("1.20"), "tonnes per capita"), "1.2 tonnes per capita"),
        (YearTarget(Decimal(1450), Decimal(1450), "homes"), "1,450 homes"),
        (YearTarget(Decimal("10.906"), Decimal("10.906"), "£ million"), "£10.906 million"),
        (YearTarget(Decimal("-28.3"), Decimal("-28.3"), "% change from 1998"), "−28.3% change from 1998"),
    ],
)
def test_a_years_target_is_said_in_its_own_unit(target: YearTarget | None, text: str) -> None:
    assert words.year_target(target) == text


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(), "no indicator in the agreement"),
        (Counts(none={NoRating.NOT_DUE: 1}), "its one indicator is not rated"),
        (Counts(none={NoRating.NOT_DUE: 3}), "none of 3 indicators is rated yet"),
        (Counts(within=1, none={NoRating.NOT_DUE: 3}), "the one rated indicator is within acceptable range"),
        (Counts(worse=1), "the one rated indicator is worse than anticipated"),
        (Counts(within=2), "none of the 2 rated indicators is worse than anticipated"),
        (Counts(better=2, worse=1), "1 of the 3 rated indicators is worse than anticipated"),
        (Counts(within=2, worse=2), "2 of the 4 rated indicators are worse than anticipated"),
    ],
)
def test_how_a_priority_is_doing_in_one_clause(counts: Counts, said: str) -> None:
    assert words.theme_in_short(counts) == said
