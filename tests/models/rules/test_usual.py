"""Which agreement somebody is shown who chose none."""

import doctest
from datetime import date

import pytest

from models.rules import usual as module
from models.rules.codes import title_key
from models.rules.usual import Span, usual

OLD, NOW, ALSO_NOW, NEXT = (
    Span(4, "2005/06", "2007/08"),
    Span(3, "2008/09", "2010/11"),
    Span(2, "2008/09", "2010/11"),
    Span(1, "2011/12", "2013/14"),
)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("spans", "today", "shown"),
    [
        ((OLD, NOW, NEXT), date(2009, 1, 20), NOW),
        ((NEXT, NOW, OLD), date(2008, 4, 1), NOW),
        ((OLD, NOW, NEXT), date(2011, 3, 31), NOW),
        ((OLD, NOW, NEXT), date(2011, 4, 1), NEXT),
        ((NOW, ALSO_NOW), date(2009, 1, 20), NOW),  # loaded first, whatever its number
        ((ALSO_NOW, NOW), date(2009, 1, 20), ALSO_NOW),
        ((OLD, NOW, NEXT), date(2020, 1, 1), NEXT),
        ((NEXT, OLD, NOW), date(2000, 1, 1), NEXT),
        ((NOW, ALSO_NOW, OLD), date(2020, 1, 1), NOW),
        ((OLD,), date(2020, 1, 1), OLD),
    ],
)
def test_the_one_that_runs_today_else_the_newest_and_of_several_the_first(
    spans: tuple[Span, ...], today: date, shown: Span
) -> None:
    assert usual(spans, today) == shown.agreement


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Leicester Local Area Agreement 2008-11", "leicester-local-area-agreement-2008-11"),
        ("Bristol  &  Bath: LAA (2008/11)", "bristol-bath-laa-2008-11"),
        ("Ynys Môn", "ynys-mon"),
        ("…", "agreement"),
    ],
)
def test_a_title_as_the_key_of_an_address(title: str, key: str) -> None:
    assert title_key(title) == key
