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
    target: TargetState,
    *,
    placeholder: bool,
    state: State | None,
    due: date | None,
    released: date | None,
    today: date,
) -> NoRating:
    """The one reason for a blank.

    `due` is when the measure's own period wants its answer: None where none of its frequency ends on the day looked
    at, as for a yearly measure at the end of June. `released` is when its source comes out, None when it has no
    source but the partner. `state` is where the return stands; None says that none was asked for, and what nobody
    was asked for is never late. Dates are in Europe/London.
    """
    if target in NOT_IN_FORCE:
        return NOT_IN_FORCE[target]
    if placeholder:
        return NoRating.PLACEHOLDER
    if due is None or today <= due:
        return NoRating.NOT_DUE
    if released is not None and today <= released:
        return NoRating.SOURCE_NOT_PUBLISHED
    if state in (State.NOT_STARTED, State.DRAFT, State.QUERIED):
        return NoRating.LATE
    return NoRating.NOT_REPORTED


def is_expected(target: TargetState, *, placeholder: bool = False) -> bool:
    """Whether opening a period asks for a return: the target is in force. A placeholder is asked for too, so that its
    lead may give management information, but it is never late."""
    return target in (TargetState.SET, TargetState.NOT_APPLICABLE) or (placeholder and target not in NOT_IN_FORCE)
