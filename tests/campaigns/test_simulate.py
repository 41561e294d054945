"""A simulation of a few areas: a line for everything that is asked for, and for each step of a return's life."""

from collections.abc import Callable

import pytest

from portal.clock import Clock
from portal.database import Database
from tests.campaigns.generated import Size, generate
from tests.campaigns.generated.walking import Walk
from tests.campaigns.simulate import ask

SIZE = Size(2, 16, 5, 1)


def test_each_page_and_each_step_is_timed(
    copied: Callable[[str, str], Database], capsys: pytest.CaptureFixture[str]
) -> None:
    database = copied("sqlite", "tables")
    database.clock = Clock(SIZE.today)
    generate(database, SIZE)
    walk = Walk(database, 2)
    stops = len(list(walk.stops()))
    ask(walk)
    database.dispose()
    lines = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if " | " in line][1:]
    assert len(lines) == stops + 5
    for *_, last in lines:
        whole, inside = map(float, last.split(", "))
        assert 0 <= inside <= whole
    assert [name for name, *_ in lines[-5:]] == [
        "save a draft", "submit it", "verify it", "prepare an edition", "release it",
    ]  # fmt: skip
