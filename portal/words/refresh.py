"""Versions of the agreement and the refresh, in words."""

from collections.abc import Mapping

from models.rules.refresh import Moves, Stretch, Term, Value
from models.rules.terms import Frequency, Polarity, Rating, TargetState, ToleranceKind
from portal.viewmodels.refresh import Change, Summary
from portal.words.dates import capital, plural
from portal.words.figures import amount, digits, number
from portal.words.vocabulary import GOOD, HOW_OFTEN, RATING, TARGET_STATE

TERM = {
    Term.TARGET: "Target",
    Term.BASELINE: "Baseline",
    Term.TOLERANCE: "Tolerance",
    Term.POLARITY: "Which way is good",
    Term.FREQUENCY: "How often it is returned",
    Term.LEAD: "Lead",
    Term.PARTNERS: "Partners",
    Term.PLACEHOLDER: "Placeholder",
}
_COUNTED: Mapping[Stretch, tuple[str, str]] = {
    Stretch.FIRST: ("target is set for the first time", "targets are set for the first time"),
    Stretch.STRETCHED: ("is stretched", "are stretched"),
    Stretch.RELAXED: ("is relaxed", "are relaxed"),
    Stretch.MOVED: ("is moved", "are moved"),
    Stretch.UNSET: ("is no longer set", "are no longer set"),
}


def term(change: Change) -> str:
    """What a change is of: 'Target 2009/10'."""
    return f"{TERM[change.term]} {change.year}".strip()


def change(found: Change) -> str:
    """A change with both its values: 'NI 154 target 2008/09: 1,450 homes, proposed 940 homes'."""
    old, new = (value(each, found.term, found.unit) for each in (found.old, found.new))
    return f"{found.measure or found.indicator} {term(found).lower()}: {old}, proposed {new}"


def value(said: Value, what: Term, unit: str) -> str:
    """What a version says of a term: '940 homes', 'not set', '10% of the milestone', 'police'."""
    if what is Term.TARGET and said.state is not TargetState.SET:
        return TARGET_STATE[said.state or TargetState.NOT_SET]
    if what in (Term.TARGET, Term.BASELINE):
        if said.low is None:
            return "none"
        places = digits(said.low, said.high)
        ends = amount(said.high if said.high is not None else said.low, places, unit)
        ends = f"{number(said.low, places)} to {ends}" if said.high not in (None, said.low) else ends
        return f"{ends} ({said.word})" if said.word else ends
    if what is Term.TOLERANCE and said.low is not None:
        figure = number(said.low, digits(said.low))
        return f"{figure}% of the milestone" if said.word == ToleranceKind.PERCENT else f"{figure} in its own unit"
    if what is Term.POLARITY:
        return GOOD[Polarity(said.word)]
    if what is Term.FREQUENCY:
        return HOW_OFTEN[Frequency(said.word)]
    return said.word or "none"


def summary(found: Summary) -> str:
    """What changes come to, as one sentence: '11 placeholders resolved; 1 target is relaxed, 1 is stretched.'"""
    parts = [f"{plural(len(found.resolved), 'placeholder')} resolved"] if found.resolved else []
    counted = [f"{n} {_COUNTED[word][n > 1]}" for word, n in found.stretches.items() if word in _COUNTED]
    parts += counted + ([f"{plural(found.others, 'other term')} changed"] if found.others else [])
    return f"{', '.join(parts)}." if parts else "Nothing is changed."


def moves(found: Moves | None) -> str:
    """What past figures would have been rated: 'Of 4 past figures of that year 2 would move from worse to within.'"""
    if found is None:
        return "No figure has been returned that it could be tried on."
    own = "of that year" if found.own_year else "of other years"
    whole = f"Of {plural(found.figures, 'past figure')} {own}"
    if not found.moved:
        return f"{whole} none would be rated otherwise."
    said = [f"{n} would move from {_short(old)} to {_short(new)}" for old, new, n in found.moved]
    return f"{whole} {', '.join(said)}."


def _short(rating: Rating | None) -> str:
    return "no rating" if rating is None else RATING[rating].lower()


def stretched(found: Stretch | None) -> str:
    """What a change does to a target, in a word; empty for what is no target's."""
    return capital(found) if found else ""
