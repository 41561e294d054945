"""What lies under a figure: counts, a survey's interval, the year's own figure."""

from decimal import Decimal

import pytest

from models.rules.terms import Evidence
from portal.errors import Invalid
from portal.formats.answers import check_answers
from portal.formats.grounds import Asked
from portal.viewmodels.returns import Answers, Typed

SHARE = Asked("%", Evidence.PROPORTION, Decimal(100))
RATE = Asked("per 1,000 population", Evidence.COUNT, Decimal(1000))
SURVEY = Asked("%", Evidence.SURVEY)
ROLLING = Asked("homes", rolling=True)


def wrong(typed: Typed, asked: Asked) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        check_answers(typed, asked)
    return refused.value.fields


def test_a_figure_that_is_left_out_is_worked_out_from_its_counts() -> None:
    """Five of fourteen children, in per cent, to six decimals."""
    answers = check_answers(Typed(numerator="5", denominator="14"), SHARE)
    assert answers == Answers(value=Decimal("35.714286"), numerator=Decimal(5), denominator=Decimal(14))
    assert check_answers(Typed(numerator="0", denominator="14"), SHARE).value == 0
    assert check_answers(Typed(numerator="84", denominator="12000"), RATE).value == Decimal(7)


@pytest.mark.parametrize("typed", ["36", "35.7", "35.71", "35.714286", "35"])
def test_a_figure_may_be_rounded_or_cut(typed: str) -> None:
    assert check_answers(Typed(value=typed, numerator="5", denominator="14"), SHARE).value == Decimal(typed)


@pytest.mark.parametrize("typed", ["37", "34", "35.72", "35.8", "35.6", "0.357"])
def test_a_figure_that_its_counts_do_not_make_is_refused(typed: str) -> None:
    assert "make 35.714286" in wrong(Typed(value=typed, numerator="5", denominator="14"), SHARE)["value"]


@pytest.mark.parametrize(
    ("typed", "asked", "field"),
    [
        (Typed(numerator="15", denominator="14"), SHARE, "numerator"),
        (Typed(numerator="5"), SHARE, "denominator"),
        (Typed(denominator="14"), SHARE, "numerator"),
        (Typed(numerator="5", denominator="0"), SHARE, "denominator"),
        (Typed(numerator="5.5", denominator="14"), SHARE, "numerator"),
        (Typed(numerator="-5", denominator="14"), SHARE, "numerator"),
        (Typed(value="50", interval_low="45"), SURVEY, "interval_high"),
        (Typed(value="50", interval_high="55"), SURVEY, "interval_low"),
        (Typed(value="50", interval_low="51", interval_high="55"), SURVEY, "interval_low"),
        (Typed(value="50", interval_low="55", interval_high="45"), SURVEY, "interval_low"),
        (Typed(value="50", interval_low="45", interval_high="105"), SURVEY, "interval_high"),
        (Typed(value="50", numerator="5", denominator="10"), SURVEY, "numerator"),
        (Typed(value="50", year_value="40"), SURVEY, "year_value"),
        (Typed(value="50", interval_low="45", interval_high="55"), Asked("%"), "interval_low"),
    ],
)
def test_grounds_that_cannot_be_are_refused_at_their_field(typed: Typed, asked: Asked, field: str) -> None:
    assert field in wrong(typed, asked)


def test_a_rate_may_count_more_events_than_people() -> None:
    assert check_answers(Typed(numerator="30", denominator="20"), RATE).value == Decimal(1500)


def test_the_ends_of_an_interval_may_be_the_figure() -> None:
    answers = check_answers(Typed(value="50", interval_low="50", interval_high="50"), SURVEY)
    assert (answers.interval_low, answers.interval_high) == (Decimal(50), Decimal(50))


def test_a_rolling_average_comes_with_the_years_own_figure() -> None:
    answers = check_answers(Typed(value="113", year_value="140"), ROLLING)
    assert (answers.value, answers.year_value) == (Decimal(113), Decimal(140))
    assert check_answers(Typed(value="113"), ROLLING).year_value is None
