"""What changed, in words: since the last rating and since the baseline."""

from models.rules.change import Change, Incomparable, Moved
from models.rules.direction import Direction
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.words.dates import capital, period
from portal.words.figures import amount, change, digits
from portal.words.vocabulary import DIRECTION, RATING, SHAPE

_CHANGED = {
    Change.WORSE: "{} rated worse than before",
    Change.BETTER: "{} rated better than before",
    Change.SAME: "{} rated as before",
    Change.FIRST: "{} rated for the first time",
    Change.LOST: "{} rated before but not now",
    Change.NONE: "{} not rated now or before, or not due",
}
_INCOMPARABLE = {
    Incomparable.NO_FIGURE: "{} without a figure",
    Incomparable.NO_BASELINE: "{} without a baseline",
    Incomparable.OTHER_UNIT: "{} with the baseline in another unit",
    Incomparable.PART_OF_YEAR: "{} counted for a part of the year only",
}
_WHY_NOT = {
    Incomparable.NO_FIGURE: "There is no figure to hold against the baseline.",
    Incomparable.NO_BASELINE: "The agreement gives no baseline.",
    Incomparable.OTHER_UNIT: "The figure is in another unit than the baseline, {}: the two cannot be compared.",
    Incomparable.PART_OF_YEAR: "The figure adds up within the year: it can be held against the baseline, {}, when the "
    "year is over.",
}


def since_last(found: Moved) -> str:
    """What became of the ratings of a group, with every indicator counted once, as one sentence."""
    return capital(", ".join(_CHANGED[word].format(n) for word, n in found.since_last.items())) + "."


def against_baseline(found: Moved) -> str:
    """How a group stands against its baselines: '5 improving, 2 worsening; 18 cannot be compared: ...'."""
    none = {w: n for w, n in found.since_baseline.items() if isinstance(w, Incomparable)}
    reasons = ", ".join(_INCOMPARABLE[w].format(n) for w, n in none.items())
    rest = f"{sum(none.values())} cannot be compared: {reasons}" if none else ""
    return "; ".join(part for part in (_going(found), rest) if part) + "."


def changed_in_short(found: Moved) -> str:
    """How many ratings rose and fell, as a table shows it: '2 worse, 1 better'; a dash where none could."""
    worse, better = found.since_last.get(Change.WORSE, 0), found.since_last.get(Change.BETTER, 0)
    if worse or better:
        return ", ".join(part for part in (worse and f"{worse} worse", better and f"{better} better") if part)
    return "none" if Change.SAME in found.since_last else "–"


def baseline_in_short(found: Moved) -> str:
    """How many are better and worse than where they started: '5 improving, 2 worsening'; a dash for none."""
    return _going(found) or "–"


def _going(found: Moved) -> str:
    going = [(word, n) for word, n in found.since_baseline.items() if isinstance(word, Direction)]
    return ", ".join(f"{n} {DIRECTION[word].lower()}" for word, n in going)


def was(indicator: IndicatorStanding) -> str:
    """What an indicator was rated before, where that was another rating: 'was ● within range, quarter 1 of 2008/09'."""
    if indicator.before is None or indicator.change not in (Change.BETTER, Change.WORSE, Change.LOST):
        return ""
    before = indicator.before
    return f"was {SHAPE[before.rating]} {RATING[before.rating].lower()}, {period(before.period)}"


def since_baseline(standing: MeasureStanding) -> str:
    """How a figure stands against its baseline, or why that cannot be said, in a sentence."""
    baseline, found = standing.baseline, standing.since_baseline
    started = ""
    if baseline is not None and baseline.value is not None:
        when = f" ({baseline.period})" if baseline.period else ""
        started = f"{amount(baseline.value, max(standing.decimals, digits(baseline.value)), baseline.unit)}{when}"
    if isinstance(found, Incomparable):
        return _WHY_NOT[found].format(started)
    by = change(found.latest, found.against, standing.decimals)
    return f"{DIRECTION[found.direction]} against the baseline of {started}: {by}."
