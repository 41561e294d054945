"""Codes, years and periods: however they are spelled, one thing has one code."""

import doctest
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import codes
from models.rules.codes import (
    indicator_code,
    measure_code,
    period_key,
    period_slug,
    slug,
    year_key,
    year_slug,
)

quick = settings(max_examples=30, deadline=None)
numbers = st.integers(min_value=1, max_value=999)
parts = st.sampled_from(["", "(i)", "(ii)", "(iv)", "(x)", "a", "b", "z"])
local = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
local_parts = st.sampled_from(["", "(i)", "(ii)", "(A)"]).map(str.lower)
measures = st.one_of(
    st.builds(lambda series, number, part: f"{series} {number}{part}", st.sampled_from(["NI", "LI"]), numbers, parts),
    st.builds(lambda letters, part: f"LI {letters}{part}", local, local_parts),
)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(codes).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "NI16",
        "NI 016",
        "NI016",
        "ni-16",
        "Ni  16",
        "NI 16",
        " ni_16 ",
        "NI\u00a016",
        "NI\u201116",
        "N\u0049-0016",
    ],
)
def test_every_spelling_of_an_indicator_is_one_code(text):
    assert indicator_code(text) == "NI 16"


@pytest.mark.parametrize(
    ("text", "code"),
    [("LI EL", "LI EL"), ("li-el", "LI EL"), ("LIEL", "LI EL"), ("LI 155", "LI 155"), ("li155", "LI 155")],
)
def test_local_indicators_have_numbers_or_letters(text, code):
    assert indicator_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NI 120(i)", "NI 120(i)"),
        ("ni-120-i", "NI 120(i)"),
        ("NI120 (I)", "NI 120(i)"),
        ("NI 120 ( ii )", "NI 120(ii)"),
        ("NI120iv", "NI 120(iv)"),
        ("NI179a", "NI 179a"),
        ("ni-179a", "NI 179a"),
        ("NI 179 A", "NI 179a"),
        ("NI 179(a)", "NI 179a"),
        ("ni-179-a", "NI 179a"),
        ("NI 016", "NI 16"),
        ("li-el", "LI EL"),
        ("li-el-ii", "LI EL(ii)"),
    ],
)
def test_every_spelling_of_a_measure_is_one_code(text, code):
    assert measure_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "16",
        "NI",
        "NI 0",
        "NI 000",
        "NI 1234",
        "NX 16",
        "NI EL",
        "NI 16.5",
        "NI 16;",
        "NI \u0661\u0666",
        "N\u0130 16",
    ],
)
def test_what_is_no_code_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"is not the code of an indicator: write it like NI 16"):
        indicator_code(text)
    with pytest.raises(ValueError, match=r"is not the code of a measure: write it like NI 16"):
        measure_code(text)


@pytest.mark.parametrize("text", ["NI 120(i)", "ni-179a", "LI EL(i)"])
def test_a_measure_is_not_an_indicator(text):
    measure_code(text)
    with pytest.raises(ValueError, match="is not the code of an indicator"):
        indicator_code(text)


@pytest.mark.parametrize(
    "text", ["NI 120(i", "NI 120i)", "NI 120()", "NI 120(xyz)", "NI 120ab", "LI EL(ab)", "LI EL(xyz)", "NI 120(i)(i)"]
)
def test_a_part_is_one_roman_number_or_one_letter(text):
    with pytest.raises(ValueError, match="is not the code of a measure"):
        measure_code(text)


@pytest.mark.parametrize("part", ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"])
def test_parts_are_numbered_to_ten_in_roman(part):
    assert measure_code(f"NI 120{part}") == measure_code(f"ni-120-{part}") == f"NI 120({part})"
    assert measure_code(f"LI EL({part})") == f"LI EL({part})"


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("NI 120(i)", "ni-120-i"),
        ("NI 179a", "ni-179a"),
        ("LI EL", "li-el"),
        ("NI016", "ni-16"),
        ("LI EL(i)", "li-el-i"),
    ],
)
def test_slugs(code, address):
    assert slug(code) == address


@quick
@given(measures)
def test_a_code_survives_its_address_and_any_spelling(code):
    assert measure_code(code) == code
    address = slug(code)
    assert measure_code(address) == code
    assert slug(address) == address
    assert address == address.lower()
    assert not set(address) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert measure_code(code.upper()) == measure_code(f"  {code.lower()} ") == code


@quick
@given(measures, measures)
def test_two_codes_never_share_an_address(one, other):
    assert (slug(one) == slug(other)) == (one == other)


@quick
@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    for read in (indicator_code, measure_code, year_key, period_key):
        with suppress(ValueError):
            assert read(read(text)) == read(text)


@pytest.mark.parametrize("text", ["2008-09", "2008/09", " 2008 / 09 ", "2008_09"])
def test_years(text):
    assert year_key(text) == "2008/09"
    assert year_slug(text) == "2008-09"


@pytest.mark.parametrize("text", ["", "2008", "2008-10", "2008/08", "200809", "08/09", "2008/9", "2008-09-q2"])
def test_a_year_is_followed_by_the_next(text):
    with pytest.raises(ValueError, match="is not a financial year: write it like 2008/09"):
        year_key(text)


@pytest.mark.parametrize("text", ["2008-09-q2", "2008/09 Q2", "2008/09 q2", "2008_09_q2", "2008/09Q2"])
def test_periods(text):
    assert period_key(text) == "2008/09 Q2"
    assert period_slug(text) == "2008-09-q2"


@pytest.mark.parametrize(
    ("text", "key", "address"),
    [
        ("2008-09-h1", "2008/09 H1", "2008-09-h1"),
        ("2008/09 H2", "2008/09 H2", "2008-09-h2"),
        ("2008/09", "2008/09", "2008-09"),
        ("2008_09_october", "2008/09 Oct", "2008-09-oct"),
        ("2008/09 MAY", "2008/09 May", "2008-09-may"),
    ],
)
def test_halves_years_and_months(text, key, address):
    assert period_key(text) == key
    assert period_slug(text) == address


@pytest.mark.parametrize(
    "month",
    [
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ],
)
def test_a_month_is_known_by_its_whole_name_and_by_its_first_three_letters(month):
    assert period_key(f"2008/09 {month}") == period_key(f"2008/09 {month[:3]}") == f"2008/09 {month[:3]}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "2008", "Q2", "2008/09 Q5", "2008/09 Q0", "2008/10 Q2", "2008/09 Q12", "q2 2008/09"),
        *("2008/09 H3", "2008/09 H0", "2008/09 Octo", "2008/09 Oc", "2008/09 M7", "October", "2008/09 ber"),
    ],
)
def test_what_is_no_period_of_a_year_is_refused(text):
    with pytest.raises(ValueError, match="is not a period: write it like 2008/09 Q2"):
        period_key(text)


@quick
@given(st.integers(min_value=1000, max_value=9998), st.integers(min_value=1, max_value=4))
def test_a_period_survives_its_address(first, quarter):
    period = f"{first}/{(first + 1) % 100:02d} Q{quarter}"
    assert period_key(period) == period
    assert period_key(period_slug(period)) == period
    assert year_key(period[:7]) == period[:7]
