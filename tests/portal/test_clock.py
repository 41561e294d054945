"""Today is London's day, or one that is pretended; now is always the real moment."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from portal.clock import Clock


@pytest.mark.parametrize(
    ("moment", "today"),
    [
        (datetime(2008, 6, 30, 22, 59, 59, tzinfo=UTC), date(2008, 6, 30)),
        (datetime(2008, 6, 30, 23, 0, tzinfo=UTC), date(2008, 7, 1)),
        (datetime(2008, 6, 30, 23, 59, tzinfo=UTC), date(2008, 7, 1)),
        (datetime(2008, 12, 31, 23, 59, 59, tzinfo=UTC), date(2008, 12, 31)),
        (datetime(2009, 1, 1, 0, 0, tzinfo=UTC), date(2009, 1, 1)),
        (datetime(2008, 3, 29, 23, 30, tzinfo=UTC), date(2008, 3, 29)),  # the night in which summer time begins
        (datetime(2008, 3, 30, 23, 30, tzinfo=UTC), date(2008, 3, 31)),
        (datetime(2008, 10, 25, 23, 30, tzinfo=UTC), date(2008, 10, 26)),  # the night in which it ends
        (datetime(2008, 10, 26, 23, 30, tzinfo=UTC), date(2008, 10, 26)),
    ],
)
def test_today_is_the_day_in_london(moment: datetime, today: date) -> None:
    with time_machine.travel(moment, tick=False):
        assert Clock().today() == today


def test_now_is_the_moment_in_utc() -> None:
    moment = datetime(2008, 6, 30, 23, 30, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        assert Clock().now() == moment
        assert Clock().now().tzinfo is UTC


def test_a_pretended_day_moves_today_and_leaves_now_alone() -> None:
    moment = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    clock = Clock(date(2009, 1, 20))
    with time_machine.travel(moment, tick=False):
        assert clock.today() == date(2009, 1, 20)
        assert clock.now() == moment
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        assert clock.today() == date(2009, 1, 20)
