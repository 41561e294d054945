"""How the self-assessment circulates: three stages in their order, each of which decides once on a signed-off version."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from models.rules.broken import OutOfTurn


class Stage(StrEnum):
    """Who a signed-off document goes to, in this order. Source: the paper of 26 January 2009, which went to the
    delivery groups, the Partnership Executive and Government Office."""

    DELIVERY_GROUPS = "delivery_groups"
    EXECUTIVE = "executive"
    GOVERNMENT_OFFICE = "government_office"


class Decision(StrEnum):
    """What a stage says to it."""

    AGREED = "agreed"
    AGREED_WITH_CHANGES = "agreed_with_changes"
    SENT_BACK = "sent_back"


AGREES = (Decision.AGREED, Decision.AGREED_WITH_CHANGES)
"""With these it goes on to the next stage."""


def before_stage(stage: Stage) -> tuple[Stage, ...]:
    """The stages that must agree before one may decide."""
    return tuple(Stage)[: tuple(Stage).index(stage)]


def whose_turn(decided: Mapping[Stage, Decision]) -> Stage | None:
    """The stage that a document waits for; None once all have agreed, and once one has sent it back.

    >>> whose_turn({Stage.DELIVERY_GROUPS: Decision.AGREED})
    <Stage.EXECUTIVE: 'executive'>
    """
    if Decision.SENT_BACK in decided.values():
        return None
    return next((stage for stage in Stage if stage not in decided), None)


def require_turn(decided: Mapping[Stage, Decision], stage: Stage, *, reopened: bool) -> None:
    """OutOfTurn where a stage may not decide now: the document was opened again or sent back, the stage has decided
    already, or the one before it has not agreed yet."""
    if reopened:
        raise OutOfTurn("This version was opened again: the next one will circulate.")
    if stage in decided:
        raise OutOfTurn("That has been decided already.")
    if whose_turn(decided) is not stage:
        raise OutOfTurn("The stage before this one has not agreed.")


def needs_word(decision: Decision) -> bool:
    """Whether a decision says nothing without a word: which changes, or why it goes back."""
    return decision is not Decision.AGREED


def wrong_day(decided_on: date, not_before: date, today: date) -> str | None:
    """What is wrong with the day of a decision; None for nothing. `not_before` is when the stage before it decided, or
    the document was signed off: nothing else circulates."""
    if decided_on > today:
        return "That day is still to come."
    if decided_on < not_before:
        return "That is before the document came there."
    return None
