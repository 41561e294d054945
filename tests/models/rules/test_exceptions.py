"""Which indicators are in the monthly report, and why."""

import pytest

from models.rules.exceptions import Ground, Stood, grounds, rank
from models.rules.terms import Rating

B, I, W = Rating.BETTER, Rating.WITHIN, Rating.WORSE  # noqa: E741


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (Stood(B, B), Stood(B, B), ()),
        (Stood(B, I), None, ()),
        (Stood(None, None), Stood(B, B), ()),
        (Stood(W, B), Stood(W, B), (Ground.WORSE,)),
        (Stood(I, W), Stood(I, W), (Ground.FORECAST_WORSE,)),
        (Stood(W, W), None, (Ground.WORSE, Ground.FORECAST_WORSE)),
        (Stood(I, B), Stood(B, B), (Ground.CHANGED,)),
        (Stood(B, I), Stood(B, B), (Ground.CHANGED,)),
        (Stood(W, B), Stood(I, B), (Ground.WORSE, Ground.CHANGED)),
        (Stood(W, None), Stood(None, None), (Ground.WORSE,)),
        (Stood(B, B), Stood(W, W), ()),
        (Stood(None, None, return_late=True), None, (Ground.RETURN_LATE,)),
        (Stood(B, B, action_overdue=True), Stood(B, B), (Ground.ACTION_OVERDUE,)),
    ],
)
def test_only_what_is_worse_forecast_worse_late_or_changed_for_the_worse(
    now: Stood, before: Stood | None, found: tuple[Ground, ...]
) -> None:
    assert grounds(now, before) == found


def test_what_changed_for_the_worse_is_read_first_and_what_only_has_an_overdue_action_last() -> None:
    late, worse, changed, overdue = (
        (Ground.RETURN_LATE,),
        (Ground.WORSE,),
        (Ground.CHANGED,),
        (Ground.ACTION_OVERDUE,),
    )
    both = (Ground.WORSE, Ground.CHANGED)
    assert sorted([overdue, late, worse, changed, both], key=rank) == [both, changed, worse, late, overdue]
