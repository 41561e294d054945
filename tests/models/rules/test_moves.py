"""The life of a return, every move from every state."""

import pytest

from models.rules.broken import IllegalMove, RuleBroken
from models.rules.moves import MOVES, Move, after, allows
from models.rules.terms import State

LEADS_TO = {
    (Move.SAVE, State.NOT_STARTED): State.DRAFT,
    (Move.SAVE, State.DRAFT): State.DRAFT,
    (Move.SAVE, State.QUERIED): State.DRAFT,
    (Move.SUBMIT, State.DRAFT): State.SUBMITTED,
    (Move.QUERY, State.SUBMITTED): State.QUERIED,
    (Move.VERIFY, State.SUBMITTED): State.VERIFIED,
    (Move.PUBLISH, State.VERIFIED): State.PUBLISHED,
    (Move.WITHDRAW, State.SUBMITTED): State.DRAFT,
    (Move.REOPEN, State.VERIFIED): State.DRAFT,
    (Move.REOPEN, State.PUBLISHED): State.DRAFT,
}
"""Section 4 of the design; what is not in here is refused."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_a_move_leads_on_from_where_it_may_be_made_and_nowhere_else(move: Move, state: State) -> None:
    there = LEADS_TO.get((move, state))
    assert allows(move, state) is (there is not None)
    if there is not None:
        assert after(move, state) is there
        return
    with pytest.raises(IllegalMove):
        after(move, state)


def test_every_move_can_be_made_from_somewhere() -> None:
    assert set(MOVES) == set(Move) == {move for move, _ in LEADS_TO}


def test_every_state_can_be_reached_and_left() -> None:
    assert set(LEADS_TO.values()) | {State.NOT_STARTED} == set(State)
    assert {state for _, state in LEADS_TO} == set(State)


@pytest.mark.parametrize(
    ("move", "state", "sentence"),
    [
        (Move.SAVE, State.SUBMITTED, "This return has been submitted, so it cannot be changed now."),
        (Move.SUBMIT, State.NOT_STARTED, "This return has not been started, so it cannot be submitted now."),
        (
            Move.SUBMIT,
            State.QUERIED,
            "This return has been sent back with a query, so it cannot be submitted now.",
        ),
        (Move.VERIFY, State.DRAFT, "This return is a draft, so it cannot be verified now."),
        (Move.QUERY, State.VERIFIED, "This return has been verified, so it cannot be queried now."),
        (Move.WITHDRAW, State.VERIFIED, "This return has been verified, so it cannot be withdrawn now."),
        (Move.REOPEN, State.SUBMITTED, "This return has been submitted, so it cannot be reopened now."),
        (Move.PUBLISH, State.PUBLISHED, "This return has been published, so it cannot be published now."),
    ],
)
def test_a_refusal_says_where_the_return_is_and_what_cannot_be_done(move: Move, state: State, sentence: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        after(move, state)
    assert str(caught.value) == sentence
