"""What publishing changes, in words."""

from collections.abc import Sequence
from datetime import date, datetime

from models.rules.expected import Expected
from models.rules.gate import Missing, Place, PublicationState, Publishing, also_changed
from models.rules.suppression import Hidden
from models.rules.terms import NoRating, Rating, State
from portal.viewmodels.gate import Front, Gate, GateLine, Prepared, SmallNumbers, Unrated
from portal.viewmodels.scorecard import Scorecard
from portal.words.dates import capital, day, moment, period, plural
from portal.words.figures import MINUS, amount, digits, expected, number, sign
from portal.words.ratings import rated_of, reasons_for_none
from portal.words.vocabulary import BASIS, RATING, REASON, SHAPE

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
WAITS = {
    Missing.TEAM: "Waits for the partnership team",
    Missing.PARTNER: "Waits for the partner",
    Missing.NOT_DUE: "Not due yet",
    Missing.IMPOSSIBLE: "No figure is possible",
}
STANDS = {
    State.SUBMITTED: "submitted: it waits to be verified",
    State.QUERIED: "sent back with a query: the partner has it",
}
FOLLOW = ("by how much it beats that", "what is within the acceptable range", "the rule's own rating")
"""What follows from the figure and from what it is held against, and is not worth a word beside them."""
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
        return f"{SHAPE[new]} {RATING[new]}" if new else SHAPE[None]
    return f"{f'{SHAPE[new]} {RATING[new]}' if new else 'no rating'}, was {SHAPE[old]} {RATING[old].lower()}"


def beside(line: GateLine) -> list[str]:
    """What becomes of all else that the public reads beside a figure: 'held against 5, was 2.1'; beside a new one what
    its rating rests on."""
    was, now = line.was, line.now
    if line.kind is Publishing.NEW and now is not None and now.held is not None:
        return [f"held against {_held(now.held, line)}", *_set_late(now.held_since)]
    if line.kind is not Publishing.REVISED or was is None or now is None:
        return []
    found = []
    if was.held != now.held:
        found.append(f"held against {_held(now.held, line)}, was {_held(was.held, line)}")
    if was.held_since != now.held_since:
        found += _set_late(now.held_since) or ["its milestone was set before the figure"]
    if was.forecast is not now.forecast:
        found.append(f"forecast {_rating(now.forecast)}, was {_rating(was.forecast)}")
    if was.reason is not now.reason:
        found += [f"no rating: {REASON[now.reason]}"] if now.reason else []
        found += [f"had no rating: {REASON[was.reason]}"] if was.reason else []
    if was.anew != now.anew:
        found.append("its series starts anew" if now.anew else "its series does not start anew any more")
    follows = (was.value, was.held) != (now.value, now.held)
    other = [name for name in also_changed(was, now) if not (follows and name in FOLLOW)]
    return [*found, f"other than it was: {', '.join(other)}"] if other else found


def _set_late(since: date | None) -> list[str]:
    return [f"its milestone was set on {day(since)}, after the figure"] if since else []


def _held(held: Expected | None, line: GateLine) -> str:
    if held is None:
        return "nothing"
    said = expected(held, line.decimals, line.unit)
    bases = {one.held.basis for one in (line.was, line.now) if one is not None and one.held is not None}
    return f"{said}, {BASIS[held.basis]}" if len(bases) > 1 else said


def _rating(rating: Rating | None) -> str:
    return RATING[rating].lower() if rating else "not stated"


def named(places: Sequence[Place]) -> str:
    """Figures by measure and period, as many as one reads: 'NI 16 2008/09 Q3, NI 20 2008/09 Q3 and 12 others'."""
    said = [f"{code} {key}" for code, key in places]
    return ", ".join(said[:3]) + (f" and {plural(len(said) - 3, 'other')}" if len(said) > 3 else "")


def because(line: GateLine) -> str:
    """Why a figure is missing, hidden or was changed."""
    if line.kind is Publishing.MISSING and line.missing:
        was = line.was.reason if line.was else None
        before = f"; the public reads now: {REASON[was]}" if was and was is not line.missing else ""
        return absent(line.state, line.missing) + before
    if line.hidden:
        return HIDDEN[line.hidden]
    return line.reason or "no reason is on record"


def absent(state: State | None, reason: NoRating | None) -> str:
    """Why an edition would have no figure or rating, for the team, who may know where the return stands."""
    if state in STANDS:
        return STANDS[state]
    if state is None and reason is NoRating.NOT_REPORTED:
        return "nobody was asked for it: open its period"
    return REASON[reason] if reason else "–"


def rated_before(one: Unrated) -> str:
    """The figures by which an indicator was rated before: '2.42', 'females 84.1%; males 79.0%'."""
    said = [
        f"{measure.part.lower() + ' ' if measure.part else ''}"
        f"{amount(measure.value, max(measure.decimals, digits(measure.value)), measure.unit)}"
        for measure in one.measures
        if measure.value is not None
    ]
    return "; ".join(said)


def in_front(front: Front) -> str:
    """What the public's front page shows now: 'quarter 2 of 2008/09 (edition 1), 24 of 58 indicators are rated'."""
    return f"{capital(period(front.period))}, edition {front.edition}: {rated_of(front.counts)}"


def then(view: Gate) -> str:
    """What it would show then."""
    if view.front is not None and not view.front.replaced:
        return f"The same: {period(view.period)} is earlier, and gets a page of its own under Editions"
    return f"{capital(period(view.period))}, edition {view.edition}: {rated_of(view.counts)}"


def edition_shows(card: Scorecard) -> str:
    """What an edition shows, for whoever published it at the command line."""
    reasons = reasons_for_none(card.counts)
    others = f" Of the others, {reasons}" if reasons else ""
    return f"It shows {period(card.period)}: {rated_of(card.counts)}.{others}"


def heading(view: Gate) -> str:
    """What the next edition would be: 'Edition 3 would show quarter 3 of 2008/09'."""
    if view.refused:
        return f"{capital(period(view.period))} cannot be published yet"
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
