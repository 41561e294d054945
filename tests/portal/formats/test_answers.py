"""What was typed into a return becomes figures and words, or a sentence for every field that is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.terms import RETURNABLE_REASONS, NoRating, Rating
from portal.errors import Invalid
from portal.formats.answers import LONGEST_COMMENTARY, check_answers
from portal.formats.grounds import Asked
from portal.viewmodels.returns import Answers, Typed

texts = st.text(max_size=12)
likely = st.one_of(texts, st.sampled_from(["", " ", "12", "1,200.50", "-3", "worse", "suppressed", "101", "1e5"]))


def wrong(typed: Typed, unit: str = "%") -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        check_answers(typed, Asked(unit))
    return caught.value.fields


def test_nothing_typed_is_nothing_answered() -> None:
    assert check_answers(Typed(), Asked("%")) == Answers()
    assert check_answers(Typed(" ", "\t", " \n", " ", "  \r\n "), Asked("%")) == Answers()


def test_every_answer_is_taken_as_it_was_typed() -> None:
    typed = Typed(" £1,450.50 ", "", "−3", " worse ", " Two lines,\r\nas typed. ")
    assert check_answers(typed, Asked("£ thousand")) == Answers(
        Decimal("1450.50"), None, Decimal(-3), Rating.WORSE, "Two lines,\nas typed."
    )


def test_zeros_at_the_end_and_a_zero_are_kept() -> None:
    assert str(check_answers(Typed("2.420"), Asked("%")).value) == "2.420"
    assert check_answers(Typed("0"), Asked("%")).value == Decimal(0)


@pytest.mark.parametrize("reason", RETURNABLE_REASONS)
def test_a_partner_may_give_these_reasons_for_no_figure(reason: NoRating) -> None:
    assert check_answers(Typed(no_value_reason=reason), Asked("%")).no_value_reason is reason


@pytest.mark.parametrize("reason", [reason for reason in NoRating if reason not in RETURNABLE_REASONS])
def test_reasons_that_follow_from_the_agreement_are_not_the_partners_to_give(reason: NoRating) -> None:
    sentence = wrong(Typed(no_value_reason=reason))["no_value_reason"]
    assert sentence.startswith(f"'{reason}' is not one of: source not yet published, no survey this year,")


@pytest.mark.parametrize("rating", Rating)
def test_a_forecast_is_one_of_the_three_ratings(rating: Rating) -> None:
    assert check_answers(Typed(forecast_rating=rating), Asked("%")).forecast_rating is rating


@pytest.mark.parametrize("word", ["Worse", "WITHIN", "none", "within range", "\u0430"])
def test_a_word_in_another_spelling_is_refused(word: str) -> None:
    assert wrong(Typed(forecast_rating=word)) == {"forecast_rating": f"{word!r} is not one of: better, within, worse."}


def test_a_long_wrong_word_is_not_repeated_in_full() -> None:
    assert len(wrong(Typed(forecast_rating="w" * 5000))["forecast_rating"]) < 100


def test_a_figure_with_a_reason_for_having_none_is_a_contradiction() -> None:
    assert wrong(Typed(value="0", no_value_reason="suppressed")) == {
        "no_value_reason": "You gave a figure and a reason for having none: take one of them away."
    }


def test_a_forecast_may_stand_beside_a_reason_for_no_figure() -> None:
    answers = check_answers(Typed(no_value_reason="suppressed", forecast_value="12"), Asked("%"))
    assert (answers.value, answers.forecast_value) == (None, Decimal(12))


@pytest.mark.parametrize("field", ["value", "forecast_value"])
@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("101", "%", "A percentage cannot be more than 100."),
        ("100.01", "%, cumulative in the year", "A percentage cannot be more than 100."),
        ("-1", "homes", "This cannot be less than 0: it is counted in homes."),
        ("1e5", "%", "'1e5' has an exponent: type the figure out in full, such as 100000."),
    ],
)
def test_an_impossible_or_unreadable_figure_is_refused_with_a_sentence(
    field: str, text: str, unit: str, sentence: str
) -> None:
    assert wrong(Typed(**{field: text}), unit) == {field: sentence}


@pytest.mark.parametrize("text", ["lots", "NaN"])
def test_words_are_no_figure(text: str) -> None:
    sentence = f"{text!r} is not a figure: type digits only, such as 1234.5 or -3."
    assert wrong(Typed(forecast_value=text), "%") == {"forecast_value": sentence}
    assert wrong(Typed(value=text), "%") == {
        "value": f"{sentence} If there is no figure, leave it empty and choose why."
    }


def test_every_wrong_field_is_told_at_once() -> None:
    fields = wrong(Typed("x", "y", "z", "w", "c" * (LONGEST_COMMENTARY + 1)))
    assert list(fields) == ["value", "forecast_value", "no_value_reason", "forecast_rating", "commentary"]
    assert all(sentence.endswith(".") for sentence in fields.values())


def test_the_longest_commentary_fits_and_one_character_more_does_not() -> None:
    assert len(check_answers(Typed(commentary="x" * LONGEST_COMMENTARY), Asked("%")).commentary) == LONGEST_COMMENTARY
    assert wrong(Typed(commentary="x" * (LONGEST_COMMENTARY + 1))) == {
        "commentary": "The commentary has 8001 characters; at most 8000 fit."
    }


def test_a_commentary_is_measured_as_it_is_kept() -> None:
    """A browser sends every line's end as two characters."""
    text = "\r\n".join(["x" * 99] * 80)
    assert len(text) > LONGEST_COMMENTARY
    assert len(check_answers(Typed(commentary=f"  {text}  "), Asked("%")).commentary) == 80 * 100 - 1


@pytest.mark.parametrize("code", [0, 0xD800, 0xDFFF], ids=["NUL", "first surrogate", "last surrogate"])
def test_a_character_that_no_database_stores_is_refused(code: int) -> None:
    assert wrong(Typed(commentary=f"a{chr(code)}b")) == {
        "commentary": "The commentary holds a character that cannot be stored: paste it as plain text."
    }


def test_a_commentary_keeps_every_other_character() -> None:
    text = "Burglary \N{EN DASH} ‘up’ 12% \N{CHART WITH UPWARDS TREND}\t\N{RIGHT-TO-LEFT MARK} <b>&amp;</b> =1+1"
    assert check_answers(Typed(commentary=text), Asked("%")).commentary == text


@given(st.builds(Typed, likely, likely, likely, likely, texts), st.sampled_from(["%", "homes", "£ thousand", ""]))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_there_are_answers_or_sentences(typed: Typed, unit: str) -> None:
    found = read(typed, unit)
    if isinstance(found, dict):
        assert found
        assert set(found) <= set(Typed.__slots__)
        assert all(found.values())
    else:
        assert found.value is None or (found.value.is_finite() and found.no_value_reason is None)
        assert found.value is None or unit != "%" or found.value <= 100


def read(typed: Typed, unit: str) -> Answers | dict[str, str]:
    try:
        return check_answers(typed, Asked(unit))
    except Invalid as refused:
        return refused.fields


@pytest.mark.parametrize("typed", ["N/A", "n/a", "X", "x", "-", "–", "nil", "none", "..", ":", "?"])
def test_what_stands_for_no_figure_elsewhere_is_asked_for_its_reason(typed):
    with pytest.raises(Invalid) as refused:
        check_answers(Typed(value=typed), Asked("%"))
    assert "leave it empty and choose why" in refused.value.fields["value"]


def test_blank_zero_and_a_reason_are_three_things():
    blank = check_answers(Typed(value=" "), Asked("%"))
    zero = check_answers(Typed(value="0"), Asked("%"))
    given = check_answers(Typed(no_value_reason="suppressed"), Asked("%"))
    assert (blank.value, blank.no_value_reason) == (None, None)
    assert (zero.value, zero.no_value_reason) == (Decimal(0), None)
    assert (given.value, given.no_value_reason) == (None, NoRating.SUPPRESSED)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("£5", "homes"), ("101%", "homes"), ("2.42%", "offences per 1,000 population"), ("£5", "%"), ("5%", "£ thousand")],
)
def test_a_sign_of_another_unit_means_another_thing(typed: str, unit: str) -> None:
    for field in ("value", "forecast_value"):
        assert (
            f"but this is returned in {unit}: type the figure in that." in wrong(Typed(**{field: typed}), unit)[field]
        )


@pytest.mark.parametrize(
    ("typed", "unit"), [("£5", "£ thousand"), ("5 %", "%"), ("5%", "percentage points from baseline"), ("5", "")]
)
def test_a_sign_of_its_own_unit_says_nothing_new(typed: str, unit: str) -> None:
    assert check_answers(Typed(typed), Asked(unit)).value == Decimal(5)
