"""Live figures in a text: what is one, which are refused, and that nothing of a text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.tokens import COUNTED, OF_INDICATOR, OF_THEME, Token, WrongToken, parse

CODES = {"NI 16", "NI 120", "NI 120(i)", "LI EL"}
THEMES = {"safer", "people-not-cars"}


@pytest.mark.parametrize(
    ("typed", "token"),
    [
        ("{NI 16 figure}", Token("NI 16", "figure")),
        ("{ni016   Milestone}", Token("NI 16", "milestone")),
        ("{NI 120(i) figure}", Token("NI 120(i)", "figure")),
        ("{LI EL target}", Token("LI EL", "target")),
        ("{count at risk}", Token("count", "at risk")),
        ("{safer worse}", Token("safer", "worse")),
        ("{people-not-cars no rating}", Token("people-not-cars", "no rating")),
        ("{safer indicators}", Token("safer", "indicators")),
    ],
)
def test_what_is_a_live_figure(typed: str, token: Token) -> None:
    assert parse(f"Now {typed}.", CODES, THEMES) == ("Now ", token, ".")
    assert parse(str(token), CODES, THEMES) == (token,)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{NI 17 figure}", "{NI 17 figure}: this agreement has no NI 17"),
        ("{NI 16 colour}", "{NI 16 colour} is no live figure"),
        ("{NI 16 worse}", "an indicator has no “worse”"),
        ("{count risks}", "a count has no “risks”"),
        ("{safer figure}", "a theme has no “figure”"),
        ("{dearer worse}", "{dearer worse}: there is no indicator and no theme called “dearer”"),
        ("{}", "{} is no live figure"),
        ("{NI 16}", "{NI 16} is no live figure"),
        ("left { open", "A brace stands alone"),
        ("closed } late", "A brace stands alone"),
        ("{{NI 16 figure}}", "A brace stands alone"),
    ],
)
def test_what_is_none_is_named(typed: str, said: str) -> None:
    with pytest.raises(WrongToken) as wrong:
        parse(f"Before. {typed}", CODES, THEMES)
    assert said in str(wrong.value)


TOKENS = st.sampled_from(
    [Token("NI 16", f) for f in OF_INDICATOR]
    + [Token("count", f) for f in COUNTED]
    + [Token("safer", f) for f in OF_THEME]
)
PLAIN = st.text(st.characters(blacklist_characters="{}", blacklist_categories=["Cs"]), min_size=1)


@given(st.lists(st.one_of(TOKENS, PLAIN)))
def test_a_text_is_its_pieces(pieces: list[str | Token]) -> None:
    text = "".join(map(str, pieces))
    parsed = parse(text, CODES, THEMES)
    assert "".join(map(str, parsed)) == text
    assert [one for one in parsed if isinstance(one, Token)] == [one for one in pieces if isinstance(one, Token)]


@given(st.text())
def test_anything_is_parsed_or_refused(text: str) -> None:
    try:
        parsed = parse(text, CODES, THEMES)
    except WrongToken:
        parsed = ()
    refused = not parsed and bool(text)
    assert refused <= ("{" in text or "}" in text)
    assert refused or "".join(map(str, parsed)).count("{") == text.count("{")
