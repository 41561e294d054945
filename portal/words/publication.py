"""What publishing changes, in words."""

from datetime import datetime

from models.rules.gate import PublicationState, Publishing
from models.rules.suppression import Hidden
from portal.viewmodels.gate import Gate, GateLine, Prepared, SmallNumbers
from portal.words.dates import moment, period
from portal.words.figures import MINUS, digits, number, sign
from portal.words.vocabulary import RATING, REASON

KIND = {
    Publishing.NEW: "New in public",
    Publishing.REVISED: "Revised",
    Publishing.WITHDRAWN: "Withdrawn",
    Publishing.SUPPRESSED: "Not shown",
    Publishing.MISSING: "Still missing, and why",
}
ABOUT = {
    Publishing.NEW: "Figures that the public was not shown so far",
    Publishing.REVISED: "Figures that are public, and would be others",
    Publishing.WITHDRAWN: "Figures that are public, and would be no more",
    Publishing.SUPPRESSED: "Figures that are verified, and would not be shown",
    Publishing.MISSING: "Figures that there are none of",
}
HIDDEN = {
    Hidden.SMALL: "so few lie under it that one of them might be known by it",
    Hidden.STEP: "so few were added since the figure before, or until the next, that one of them might be known by it",
    Hidden.GIVES_AWAY: "with its total it would give away another one that is too small",
}
STATE = {
    PublicationState.PREPARED: "waits for somebody else of the team to release it",
    PublicationState.HELD: "is held back",
}


def shown(line: GateLine, *, old: bool = False) -> str:
    """A figure as the public sees it, before or after; a dash for none."""
    figure = line.old if old else line.new
    if figure is None:
        return "–"
    return f"{number(figure, max(line.decimals, digits(figure)))}{sign(line.unit)}".replace("-", MINUS)


def rated(line: GateLine) -> str:
    """What becomes of the rating that the public sees."""
    old, new = line.old_rating, line.new_rating
    if old is new or old is None:
        return RATING[new] if new else "–"
    return f"{RATING[new] if new else 'no rating'}, was {RATING[old].lower()}"


def because(line: GateLine) -> str:
    """Why a figure is missing, hidden or was changed."""
    if line.kind is Publishing.MISSING and line.missing:
        return REASON[line.missing]
    if line.hidden:
        return HIDDEN[line.hidden]
    return line.reason or "no reason is on record"


def heading(view: Gate) -> str:
    """What the next edition would be: 'Edition 3 would show quarter 3 of 2008/09'."""
    if not view.says_something:
        return "Publishing would change nothing"
    if view.corrects is None:
        return f"Edition {view.edition} would show {period(view.period)}"
    return f"Edition {view.edition} would show {period(view.period)}, and revise what edition {view.corrects} shows"


def counted(view: Gate) -> str:
    """How many figures are new, revised, withdrawn, hidden and missing."""
    short = {
        Publishing.NEW: "new",
        Publishing.REVISED: "revised",
        Publishing.WITHDRAWN: "withdrawn",
        Publishing.SUPPRESSED: "not shown",
        Publishing.MISSING: "missing",
    }
    kinds = [line.kind for line in view.lines]
    said = [f"{kinds.count(kind)} {word}" for kind, word in short.items() if kind in kinds]
    return ", ".join(said) or "no figure changes"


def stands(one: Prepared) -> str:
    """Where a publication is, who prepared it and when."""
    by = f"Prepared by {one.prepared_by or 'the command line'}, {moment(one.prepared_at)}"
    if one.state is PublicationState.SCHEDULED and one.publish_at is not None:
        return f"{by}. It is published on {moment(one.publish_at)}, as {one.released_by} released it"
    why = f": {one.reason.rstrip('.')}" if one.state is PublicationState.HELD else ""
    return f"{by}; it {STATE[one.state]}{why}"


def reopening(at: datetime) -> str:
    """What reopening a return does to the publication that shows it and waits for its hour."""
    return f"A publication that shows this figure is released for {moment(at)}. Reopening holds the publication back."


def held(why: str) -> str:
    """Why a publication that shows a return's figure is held back."""
    return f"A publication that shows this figure is held back: {why.rstrip('.')}."


def small(one: SmallNumbers) -> str:
    """A measure's rule: 'fewer than 5 are not shown; it is a part of NI 120'."""
    part = f"; it is a part of {one.total}" if one.total else ""
    unknown = "; nothing says how many lie under its figure, so that nothing is hidden" if one.unknown else ""
    return f"fewer than {one.below} are not shown{part}{unknown}"
