"""What a briefing pack is asked for: written for the queue and read again, and named in one word."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.packs import KEPT, Asked, PackForm, PackKind, about_of, read_asked

NAMED = st.text(st.characters(codec="utf-8"), min_size=1)


@given(
    st.sampled_from(PackKind),
    NAMED,
    st.text(),
    st.lists(st.sampled_from(PackForm), unique=True).map(tuple),
    st.none() | st.dates(),
)
def test_what_was_asked_is_read_again_as_it_was(
    kind: PackKind, key: str, period: str, forms: tuple[PackForm, ...], day: date | None
) -> None:
    asked = Asked(kind, "" if kind is PackKind.EXECUTIVE else key, period, forms, day)
    assert read_asked(asked.written()) == asked
    assert about_of(asked.about) == (asked.kind, asked.key)


@pytest.mark.parametrize("text", ["", ":", "theme", "theme:", "partner", "executive:police", "Theme:safer", "pack"])
def test_what_names_no_pack_is_none(text: str) -> None:
    assert about_of(text) is None


def test_only_the_executives_pack_is_on_nothing_single() -> None:
    assert Asked(PackKind.EXECUTIVE, "", "", ()).about == "executive"
    assert Asked(PackKind.PARTNER, "police", "", ()).about == "partner:police"


def test_its_files_are_kept_for_a_quarter() -> None:
    assert timedelta(days=90) == KEPT
