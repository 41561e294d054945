"""What is said around a return: who changed it, who sees it, what its target is not."""

from models.rules.moves import HAS_BEEN
from models.rules.terms import State
from portal.viewmodels.returns import Change, ReturnView, Revision
from portal.words.dates import day, moment

NOTHING_DUE = "Nothing is due: it is a placeholder, and a figure is for information."
NOT_COMPARABLE = "In another unit than the figure that is returned: the two cannot be compared."
WHO_SEES_SUBMITTED = (
    "Your organisation, the team and the partners that signed up to the indicator can read it now. "
    "The public sees it once it is verified and published."
)


def saved_by(change: Change) -> str:
    """Who saved a draft last: 'Saved last by Bea Ash, 20 January 2009, 14:05.'"""
    return f"Saved last by {change.who}, {moment(change.at)}."


def rated_anew(revision: Revision) -> str:
    """That a revision is the one before it, rated anew: by whose milestone, and when it was set; '' for no such one."""
    if revision.anew_on is None:
        return ""
    by = revision.anew_by or "the agreement's files"
    return f"rated anew by a milestone that was set by {by} on {day(revision.anew_on)}"


def changed_meanwhile(view: ReturnView) -> tuple[str, str]:
    """What to say to somebody whose form is older than the return: what happened, and the way on."""
    change = view.changed
    yours = change is not None and change.yours
    if not view.may_edit:
        way = "To change it, withdraw it first." if view.may_withdraw else "It cannot be changed as it stands."
        where = ", by you, in another window" if yours and view.state is State.SUBMITTED else ""
        return f"This return {HAS_BEEN[view.state]}{where}", way
    way = "To keep yours instead, save again. To keep the other, copy it over yours before you save."
    who = "You" if yours else change.who if change is not None else "Somebody"
    return f"{who} changed this return {'in another window ' if yours else ''}after you opened it here", way
