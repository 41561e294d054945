"""What has nothing behind it, and what says the same."""

from hypothesis import given
from hypothesis import strategies as st

from models.rules.coverage import same_words, without_any

keys = st.integers(1, 12)


@given(st.sets(keys).map(sorted), st.lists(st.sets(keys)))
def test_every_key_is_behind_something_or_named(wanted: list[int], served: list[set[int]]) -> None:
    idle = without_any(wanted, served)
    assert all(any(key in one for one in served) is (key not in idle) for key in wanted)
    assert list(idle) == sorted(idle)


def test_spaces_and_capitals_are_no_difference_and_a_word_is() -> None:
    said = {23: "Enabling social  inclusion.", 24: "Enabling inclusion.", 29: "enabling Social inclusion."}
    assert same_words(said) == ((23, 29),)
    assert same_words({1: "One.", 2: "Two."}) == ()
