"""Why a measure has no figure for a period: the agreement's reason first, then the return's."""

from datetime import date

from models.rules.calendar import answer_by
from models.rules.moves import WITH_THE_PARTNER
from models.rules.terms import NoRating, State, TargetState

NOT_IN_FORCE = {
    TargetState.DROPPED: NoRating.DROPPED,
    TargetState.WITHDRAWN: NoRating.WITHDRAWN,
    TargetState.MAA_ONLY: NoRating.MAA_ONLY,
}
"""States in which nobody is asked for a figure that year."""


def reason_without_figure(
    target: TargetState,
    *,
    placeholder: bool,
    state: State | None,
    due: date | None,
    released: date | None,
    today: date,
    came_in: date | None = None,
) -> NoRating:
    """The one reason for a blank.

    `due` is when the measure's own period wants its answer: None where none of its frequency ends on the day looked
    at, as for a yearly measure at the end of June. `released` is when its source comes out, None when it has no
    source but the partner. `state` is where the return stands; None says that none was asked for, and what nobody
    was asked for is never late. `came_in` is the day on which the return first came in, None when it never did or its
    partner took it back: what came in in time and was queried or reopened is being checked. Dates are in
    Europe/London.
    """
    if target in NOT_IN_FORCE:
        return NOT_IN_FORCE[target]
    if placeholder:
        return NoRating.PLACEHOLDER
    if due is None or today <= due:
        return NoRating.NOT_DUE
    if released is not None and today <= released:
        return NoRating.SOURCE_NOT_PUBLISHED
    if state is not None and is_late(state, answer_by(due, released), came_in, today):
        return NoRating.LATE
    return NoRating.BEING_CHECKED if state in (State.SUBMITTED, *WITH_THE_PARTNER) else NoRating.NOT_REPORTED


def is_late(state: State, last_day: date, came_in: date | None, today: date) -> bool:
    """Whether a return that is wanted by a day is late: the partner has it, and it did not come in by then."""
    return today > last_day and state in WITH_THE_PARTNER and (came_in is None or came_in > last_day)


def is_expected(target: TargetState, *, placeholder: bool = False) -> bool:
    """Whether opening a period asks for a return: the target is in force. A placeholder is asked for too, so that its
    lead may give management information, but it is never late."""
    return target in (TargetState.SET, TargetState.NOT_APPLICABLE) or (placeholder and target not in NOT_IN_FORCE)
