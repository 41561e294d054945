"""What a period's measures are held against, in sentences."""

from collections.abc import Sequence

from models.rules.terms import State
from portal.viewmodels.periods import MilestoneLine
from portal.words.dates import day, period, plural
from portal.words.figures import expected
from portal.words.vocabulary import BASIS


def held_in_period(line: MilestoneLine) -> str:
    """What a measure is held against, and where that comes from: '2.14, agreed', '24, the year's target'."""
    if line.held is None:
        return "Nothing: no rating"
    figure = expected(line.held, line.decimals, line.unit)
    if not line.has_one:
        return f"{figure}, {BASIS[line.held.basis]}"
    if line.agreed:
        return f"{figure}, agreed"
    by = f" by {line.set_by}" if line.set_by else ""
    return f"{figure}, set{by}{f' on {day(line.set_on)}' if line.set_on else ''}"


def what_becomes(line: MilestoneLine) -> str:
    """What becomes of a return that is there when its milestone is set; nothing where there is none to speak of."""
    if line.agreed:
        return ""
    if line.state is State.SUBMITTED:
        return "Waits to be verified: a milestone rates it anew."
    if line.state in (State.VERIFIED, State.PUBLISHED):
        return "Verified: it keeps its rating until you reopen it."
    return ""


def lost_milestones(lines: Sequence[MilestoneLine]) -> str:
    """How many measures that were rated the last time cannot be rated now, by name; nothing where all can."""
    lost = [line for line in lines if line.lost]
    if not lost:
        return ""
    verb, have = ("was", "has") if len(lost) == 1 else ("were", "have")
    named = ", ".join(line.measure for line in lost)
    return (
        f"{plural(len(lost), 'measure')} that {verb} rated the last time {have} no milestone in this period, and cannot "
        f"be rated without one: {named}."
    )


def last_figure(line: MilestoneLine) -> str:
    """When the last figure was: 'quarter 2 of 2008/09'; nothing where there is none."""
    return period(line.last.period) if line.last else ""
