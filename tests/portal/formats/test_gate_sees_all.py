"""Whatever an edition prints of a figure, the gate sees it change: key by key, and in any mixture."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.gate import Publishing, compare, differ, puts_right
from models.scorecard import Edition
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.edition import figures_of, scorecard_of, shown_in
from portal.records.preview import changed_since, digest_of

PERIOD = "2008/09 Q3"
MEASURE: dict[str, tuple[Any, ...]] = {
    "part": ("", "Females"),
    "unit": ("%", "homes"),
    "polarity": ("higher", "lower"),
    "decimals": (1, 2),
    "value": ("2.1", "2.2"),
    "milestone": ("2.1", "5"),
    "milestone_low": (None, "2"),
    "milestone_high": (None, "6"),
    "milestone_basis": ("milestone", "year target"),
    "milestone_set_on": ("2009-01-20", "2009-01-21"),
    "lead": ("0", "-2.9"),
    "margin": ("0.2", "0.5"),
    "rating": ("within", "worse", None),
    "rating_by_rule": ("within", "worse"),
    "override_reason": (None, "Judged by hand."),
    "no_rating_reason": (None, "milestone not set"),
    "forecast": ("better", "worse", None),
    "interval": (["1.9", "2.3"], ["1.8", "2.4"], None),
    "strength": ("weak", "fair"),
    "year_value": (None, "2.3"),
    "breaks": ([], [PERIOD]),
}
"""Each thing that is printed of a measure, with what it may say; its code is what it is known by, `history` and
`suppressed` are the figures of other periods."""
INDICATOR: dict[str, tuple[Any, ...]] = {
    "title": ("Crime", "Serious crime"),
    "group": ("designated", "local"),
    "lead": ("Police", "Council"),
    "placeholder": (False, True),
}
"""Likewise of an indicator. What else it has follows from its measures."""
FOLLOWS = {"code", "measures", "rating", "forecast", "no_rating_reason", "overridden"}


def content(**other: Any) -> dict[str, Any]:
    measure = {key: values[0] for key, values in MEASURE.items()} | {"measure": "NI 16", "suppressed": []}
    measure["history"] = [["2008/09 Q2", "2.0"], [PERIOD, measure["value"]]]
    indicator = {key: values[0] for key, values in INDICATOR.items()}
    indicator |= dict.fromkeys(FOLLOWS) | {"code": "NI 16", "overridden": False, "measures": [measure]}
    head = {"edition": 1, "agreement": "A", "area": "B", "period": PERIOD, "ends_on": "2008-12-31"}
    theme = {"key": "safer", "title": "Safer", "indicators": [indicator]}
    return {**head, "published_at": "2009-01-20T10:00:00+00:00", "themes": [theme], **other}


def altered(key: str, value: Any, found: dict[str, Any] | None = None) -> dict[str, Any]:
    found = deepcopy(found or content())
    (theme,) = found["themes"]
    (indicator,) = theme["indicators"]
    (measure,) = indicator["measures"]
    place, _, name = key.partition(".")
    {"theme": theme, "indicator": indicator, "measure": measure}[place][name] = value
    if key == "measure.value":
        measure["history"] = [*measure["history"][:1], *([[PERIOD, value]] if value is not None else [])]
    return found


CHANGES = [
    *((f"measure.{key}", value) for key, values in MEASURE.items() for value in values[1:]),
    *((f"indicator.{key}", value) for key, values in INDICATOR.items() for value in values[1:]),
    ("theme.key", "other"),
    ("theme.title", "Other"),
]


@pytest.mark.parametrize(("key", "value"), CHANGES)
def test_each_thing_that_is_printed_is_a_revision_that_the_gate_names(key: str, value: Any) -> None:
    old, new = json.dumps(content()), json.dumps(altered(key, value))
    before, after = (shown_in(scorecard_of(one, "")) for one in (old, new))
    found = compare(before, after)
    assert found == {("NI 16", PERIOD): Publishing.REVISED}
    assert puts_right(before, found)
    assert digest_of(old) != digest_of(new)
    assert changed_since(old, new) == (("NI 16", PERIOD),)


def test_nothing_is_printed_that_is_not_tried_here(sqlite_database: Database) -> None:
    with sqlite_database.read(OPERATOR) as session:
        printed = json.loads(session.scalars(select(Edition.content)).first() or "")
    for theme in printed["themes"]:
        assert theme.keys() == {"key", "title", "indicators"}
        for indicator in theme["indicators"]:
            assert indicator.keys() == INDICATOR.keys() | FOLLOWS
            for measure in indicator["measures"]:
                assert measure.keys() <= MEASURE.keys() | {"measure", "history", "suppressed"}


@given(*(st.lists(st.sampled_from([*CHANGES, ("measure.value", None)]), max_size=4) for _ in range(2)))
def test_two_contents_that_say_something_else_always_give_a_line(
    one: list[tuple[str, Any]], other: list[tuple[str, Any]]
) -> None:
    texts = []
    for changes in (one, other):
        found = content()
        for key, value in changes:
            found = altered(key, value, found)
        texts.append(json.dumps(found))
    before, after = (shown_in(scorecard_of(text, "")) for text in texts)
    same = figures_of(texts[0]) == figures_of(texts[1])
    assert same is (digest_of(texts[0]) == digest_of(texts[1]))
    assert same is (differ(before, after) == [])
    if not same:
        assert compare(before, after)


@pytest.mark.parametrize("key", ["milestone", "milestone_low", "milestone_high", "milestone_basis"])
def test_what_there_is_no_figure_of_is_held_against_nothing(key: str) -> None:
    missing = altered("measure.value", None)
    other = altered(f"measure.{key}", MEASURE[key][1], missing)
    assert digest_of(json.dumps(missing)) == digest_of(json.dumps(other))


def test_a_figure_with_another_nought_behind_it_says_the_same() -> None:
    assert digest_of(json.dumps(content())) == digest_of(json.dumps(altered("measure.value", "2.10")))
