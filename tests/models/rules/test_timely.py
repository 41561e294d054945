"""How timely returns are: no share can be more than all."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.rules.terms import State
from models.rules.timely import Wanted, timeliness

DUE, TODAY = date(2009, 1, 30), date(2009, 2, 5)
DAYS = st.dates(date(2009, 1, 1), TODAY)
RETURNS = st.builds(Wanted, st.sampled_from(State), st.booleans(), DAYS, st.none() | DAYS)


@given(st.lists(RETURNS), DAYS)
def test_no_share_is_more_than_all(asked: list[Wanted], today: date) -> None:
    found = timeliness(asked, today)
    assert 0 <= found.on_time <= found.received <= found.expected <= len(asked)
    assert 0 <= found.ever_on_time <= found.ever_wanted <= len(asked)


def test_what_was_in_time_and_is_queried_is_counted_neither_above_nor_below() -> None:
    asked = [Wanted(state, True, DUE, DUE) for state in (State.SUBMITTED, State.VERIFIED, State.QUERIED)]
    found = timeliness([*asked, Wanted(State.VERIFIED, True, DUE, TODAY)], TODAY)
    assert (found.expected, found.received, found.on_time) == (4, 3, 2)
    assert (found.ever_wanted, found.ever_on_time) == (4, 3)
