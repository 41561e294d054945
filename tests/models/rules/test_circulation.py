"""The circulation of a signed-off document: three stages, each once and in its turn."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from models.rules.broken import OutOfTurn
from models.rules.circulation import Decision, Stage, before_stage, needs_word, require_turn, whose_turn, wrong_day

DAY = date(2009, 1, 20)


def test_it_goes_from_stage_to_stage_as_each_agrees() -> None:
    decided: dict[Stage, Decision] = {}
    for stage in Stage:
        assert whose_turn(decided) is stage
        require_turn(decided, stage, reopened=False)
        decided[stage] = Decision.AGREED_WITH_CHANGES
    assert whose_turn(decided) is None


@pytest.mark.parametrize("order", [each for each in permutations(Stage) if each != tuple(Stage)])
def test_no_other_order_is_taken(order: tuple[Stage, ...]) -> None:
    wrong = next(stage for stage, right in zip(order, Stage, strict=True) if stage is not right)
    decided = dict.fromkeys(order[: order.index(wrong)], Decision.AGREED)
    with pytest.raises(OutOfTurn):
        require_turn(decided, wrong, reopened=False)


@pytest.mark.parametrize("stage", Stage)
def test_nobody_decides_twice_after_it_was_sent_back_or_opened_again(stage: Stage) -> None:
    agreed = dict.fromkeys(before_stage(stage), Decision.AGREED)
    for decision in Decision:
        with pytest.raises(OutOfTurn, match="already"):
            require_turn({**agreed, stage: decision}, stage, reopened=False)
    with pytest.raises(OutOfTurn, match="opened again"):
        require_turn(agreed, stage, reopened=True)
    sent_back = {**agreed, stage: Decision.SENT_BACK}
    assert whose_turn(sent_back) is None
    for other in set(Stage) - sent_back.keys():
        with pytest.raises(OutOfTurn):
            require_turn(sent_back, other, reopened=False)


def test_what_needs_a_word_and_which_days_can_be() -> None:
    assert [each for each in Decision if needs_word(each)] == [Decision.AGREED_WITH_CHANGES, Decision.SENT_BACK]
    assert wrong_day(DAY, DAY, DAY) is None
    assert wrong_day(DAY + timedelta(1), DAY, DAY) == "That day is still to come."
    assert wrong_day(DAY - timedelta(1), DAY, DAY) == "That is before the document came there."
