"""Typst in a process of its own: nothing of it stays in this one, and what it cannot set is said in its words."""

import sys

import pytest

from portal.errors import Unavailable
from portal.formats.pack_pdf import pictures_png
from portal.formats.typesetting import typeset

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="{0}"><rect width="16" height="{0}"/></svg>'


def test_many_are_set_by_one_process_in_their_order_and_none_of_it_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "typst", raising=False)
    low, high = pictures_png([DRAWN.format(8), DRAWN.format(16)])
    # The height of a PNG is in its bytes 20 to 24.
    assert int.from_bytes(high[20:24]) == 2 * int.from_bytes(low[20:24])
    assert "typst" not in sys.modules
    assert pictures_png([]) == []


def test_what_cannot_be_set_is_said() -> None:
    with pytest.raises(RuntimeError, match="No such file"):
        typeset("no_such_template.typ", [{}], format="pdf")


def test_a_machine_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unavailable):
        pictures_png([DRAWN.format(8)])
