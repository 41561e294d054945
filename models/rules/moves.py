"""The life of a return: every move there is, from where it may be made and where it leads. Nothing else allows one."""

from enum import StrEnum, auto

from models.rules.broken import IllegalMove
from models.rules.terms import State

WITH_THE_PARTNER = (State.NOT_STARTED, State.DRAFT, State.QUERIED)
"""Where it is the partner's turn."""


class Move(StrEnum):
    """What can be done to a return."""

    SAVE = auto()
    SUBMIT = auto()
    QUERY = auto()
    VERIFY = auto()
    PUBLISH = auto()
    WITHDRAW = auto()
    REOPEN = auto()


MOVES: dict[Move, tuple[frozenset[State], State]] = {
    Move.SAVE: (frozenset(WITH_THE_PARTNER), State.DRAFT),
    Move.SUBMIT: (frozenset({State.DRAFT}), State.SUBMITTED),
    Move.QUERY: (frozenset({State.SUBMITTED}), State.QUERIED),
    Move.VERIFY: (frozenset({State.SUBMITTED}), State.VERIFIED),
    Move.PUBLISH: (frozenset({State.VERIFIED}), State.PUBLISHED),
    Move.WITHDRAW: (frozenset({State.SUBMITTED}), State.DRAFT),
    Move.REOPEN: (frozenset({State.VERIFIED, State.PUBLISHED}), State.DRAFT),
}

HAS_BEEN = {
    State.NOT_STARTED: "has not been started",
    State.DRAFT: "is a draft",
    State.SUBMITTED: "has been submitted",
    State.QUERIED: "has been sent back with a query",
    State.VERIFIED: "has been verified",
    State.PUBLISHED: "has been published",
}
"""What has become of a return, after 'This return'."""
_DOING = {
    Move.SAVE: "changed",
    Move.SUBMIT: "submitted",
    Move.QUERY: "queried",
    Move.VERIFY: "verified",
    Move.PUBLISH: "published",
    Move.WITHDRAW: "withdrawn",
    Move.REOPEN: "reopened",
}


def allows(move: Move, state: State) -> bool:
    """Whether a return in this state can be moved so."""
    return state in MOVES[move][0]


def after(move: Move, state: State) -> State:
    """The state that a move leads to; IllegalMove when it cannot be made from here."""
    if not allows(move, state):
        raise IllegalMove(f"This return {HAS_BEEN[state]}, so it cannot be {_DOING[move]} now.")
    return MOVES[move][1]
