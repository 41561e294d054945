"""Why a measure has no figure for a period: the agreement's reason first, then the return's."""

from datetime import date

from models.rules.terms import NoRating, State, TargetState

NOT_IN_FORCE = {
    TargetState.DROPPED: NoRating.DROPPED,
    TargetState.WITHDRAWN: NoRating.WITHDRAWN,
    TargetState.MAA_ONLY: NoRating.MAA_ONLY,
}
"""States in which nobody is asked for a figure that year."""


def reason_without_figure(
    target: TargetState, *, placeholder: bool, yearly: bool, state: State | None, due: date, today: date
) -> NoRating:
    """The one reason for a blank.

    `state` is where the period's return stands; None says that none was opened. A return is late only when somebody
    was asked and the due date has passed; what nobody was asked for is not reported, and never late. `today` and
    `due` are dates in Europe/London.
    """
    if target in NOT_IN_FORCE:
        return NOT_IN_FORCE[target]
    if placeholder:
        return NoRating.PLACEHOLDER
    if yearly:
        return NoRating.NOT_DUE
    if state is None:
        return NoRating.NOT_REPORTED
    if state in (State.NOT_STARTED, State.DRAFT, State.QUERIED) and today > due:
        return NoRating.LATE
    return NoRating.NOT_DUE if today <= due else NoRating.NOT_REPORTED


def is_expected(target: TargetState, *, yearly: bool) -> bool:
    """Whether opening a quarter asks for a return: the target is in force, and the measure is not a yearly one.
    A placeholder is asked for too, so that its lead may give management information, but it is never late."""
    return target in (TargetState.SET, TargetState.NOT_APPLICABLE) and not yearly
