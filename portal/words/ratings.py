"""Why a figure is rated as it is, and how many of a group are rated, in sentences."""

from models.rules.direction import Basis as DirectionBasis
from models.rules.direction import Travel
from models.rules.expected import Basis, Expected
from models.rules.rollup import Counts
from models.rules.terms import NoRating, Polarity, Rating, State
from portal.viewmodels.indicators import MeasureStanding
from portal.viewmodels.scorecard import NoLongerRated
from portal.words.dates import day, period, plural
from portal.words.figures import amount, digits, expected, interval, number, sign
from portal.words.vocabulary import BASIS, COUNTED, DIRECTION, GOOD, RATING, REASON, STRENGTH


def held_against(standing: MeasureStanding) -> str:
    """A sentence on what the figure is, or will be, held against."""
    if standing.expected is None:
        return "Nothing is agreed to hold this period's figure against, so it will not be rated."
    text = expected(standing.expected, standing.decimals, standing.unit)
    return f"Held against {text}, {BASIS[standing.expected.basis]}. {GOOD[standing.polarity]}."


def why(standing: MeasureStanding) -> str:
    """Why a measure has the rating that it has, or none, in sentences with the figures used."""
    if standing.no_rating_reason is NoRating.TOO_EARLY and standing.interval is not None:
        said = f"{_comparison(standing)} {_uncertain(standing)} So it is too early to say."
    elif standing.value is None or standing.rating_by_rule is None:
        reason = standing.no_rating_reason or NoRating.MILESTONE_NOT_SET
        said = f"No rating by the rule: {REASON[reason]}." if standing.rating else f"No rating: {REASON[reason]}."
    else:
        unsure = f" {_uncertain(standing)}" if standing.interval else ""
        said = f"{_comparison(standing)}{unsure} So the rule says: {RATING[standing.rating_by_rule].lower()}."
    if standing.override_reason:
        said += f" It was judged otherwise, {RATING[standing.rating].lower()}: {standing.override_reason}"
    if standing.held_since:
        said += f"{'' if said.endswith('.') else '.'} The milestone was {set_late(standing)}."
    return said


def set_late(standing: MeasureStanding) -> str:
    """When a milestone was set, where that was after its figure came in: 'set on 20 January 2009, after ...'."""
    return f"set on {day(standing.held_since)}, after the figure came in" if standing.held_since else ""


def _uncertain(standing: MeasureStanding) -> str:
    """What the interval of a figure means for its rating."""
    assert standing.interval is not None
    ends = interval(standing.interval, standing.decimals, standing.unit)
    if standing.no_rating_reason is NoRating.TOO_EARLY:
        return f"The true figure lies between {ends} in 95 of 100 cases, past the acceptable range on both sides."
    if standing.rating_by_rule is Rating.WITHIN:
        return f"The true figure lies between {ends} in 95 of 100 cases, not wholly past the acceptable range."
    return f"The true figure lies between {ends} in 95 of 100 cases, wholly past the acceptable range."


def strength(standing: MeasureStanding) -> str:
    """How far the rating is to be believed, and why: 'Weak evidence: 2 figures, not verified yet'."""
    if standing.strength is None:
        return ""
    points = plural(len(standing.history), "figure")
    known = "its interval is known" if standing.interval else points
    verified = "verified" if standing.state in (State.VERIFIED, State.PUBLISHED) else "not verified yet"
    return f"{STRENGTH[standing.strength]}: {known}, {verified}"


def travel(found: Travel | None, standing: MeasureStanding) -> str:
    """Where a measure is going, and by what that is known."""
    if found is None:
        return "No direction yet: there is no figure to hold this one against."
    # A mean may go on for ever: one more place than the measure has is enough.
    most = digits(found.against) if found.limits is None else min(digits(found.against), standing.decimals + 1)
    places = max(standing.decimals, most)
    against = f"{number(found.against, places)}{sign(standing.unit)}"
    if found.basis is DirectionBasis.SAME_PERIOD:
        return f"{DIRECTION[found.direction]} against {against} in the same period a year before."
    if found.basis is DirectionBasis.TWO_FIGURES:
        return f"{DIRECTION[found.direction]} against {against} the time before; two figures alone say little."
    if not found.signals:
        return f"{DIRECTION[found.direction]}: the figures vary around {against} as they always do."
    return f"{DIRECTION[found.direction]}: {found.signals[0]}, against {against}."


def _comparison(standing: MeasureStanding) -> str:
    """The figure against what was expected, with as many digits as the comparison was made with."""
    held, value, margin = standing.expected, standing.value, standing.margin
    assert held is not None
    assert value is not None
    assert margin is not None
    after, places = sign(standing.unit), max(standing.decimals, digits(value, held.value))
    figure = f"{number(value, places)}{after}"
    if standing.polarity is Polarity.RANGE:
        where = "inside" if standing.lead == 0 else "outside"
        return f"{figure} is {where} the range of {expected(held, standing.decimals, standing.unit)}."
    assert held.value is not None
    difference = value - held.value
    by = _aim(held, f"{number(held.value, places)}{after}")
    points = " percentage points" if after else ""
    allowed = f"{number(margin, digits(margin))}{points}"
    near = f"{GOOD[standing.polarity]}, and up to {allowed} either way is within the acceptable range."
    if difference == 0:
        return f"{figure} is {by}. {near}"
    direction = "above" if difference > 0 else "below"
    return f"{figure} is {number(abs(difference), places)}{points} {direction} {by}. {near}"


def _aim(held: Expected, said: str) -> str:
    """What a figure is rated by, named: 'the milestone of 2.14'."""
    return f"{said}, {BASIS[held.basis]}" if held.basis is Basis.STRAIGHT_LINE else f"{BASIS[held.basis]} of {said}"


def aim_in_short(held: Expected | None) -> str:
    """Where what a figure is rated by comes from, under it in a table; nothing for a milestone, which is what one
    expects there."""
    return _IN_SHORT[held.basis] if held is not None else ""


def aim(standing: MeasureStanding) -> str:
    """What a measure's figure is rated by, named: 'the milestone of 9%'; '' for nothing."""
    if standing.expected is None:
        return ""
    return _aim(standing.expected, expected(standing.expected, standing.decimals, standing.unit))


def beside_its_aim(standing: MeasureStanding) -> str:
    """A figure with its unit and what it is rated by: '11.5%, against the milestone of 9%'."""
    if standing.value is None:
        return ""
    said = amount(standing.value, standing.decimals, standing.unit)
    if standing.expected is not None:
        said += f", against {aim(standing)}"
    return f"{standing.part}: {said}" if standing.part else said


_IN_SHORT = {
    Basis.MILESTONE: "",
    Basis.PROFILE: "share of the year's target",
    Basis.STRAIGHT_LINE: "share of the year's target",
    Basis.YEAR_TARGET: "the year's target",
}


def rated_of(counts: Counts) -> str:
    """The denominator in words: '4 of 12 indicators are rated'."""
    verb = "is" if 1 in (counts.rated, counts.total) else "are"
    return f"{counts.rated} of {plural(counts.total, 'indicator')} {verb} rated"


def theme_in_short(counts: Counts) -> str:
    """How a theme is doing, in one plain clause: '2 of the 4 rated indicators are worse than anticipated'."""
    if not counts.total:
        return "no indicator in the agreement"
    if not counts.rated:
        return (
            f"none of {counts.total} indicators is rated yet" if counts.total > 1 else "its one indicator is not rated"
        )
    if counts.rated == 1:
        rating = next(one for one in Rating if getattr(counts, one))
        return f"the one rated indicator is {RATING[rating].lower()}"
    verb = "are" if counts.worse > 1 else "is"
    return f"{counts.worse or 'none'} of the {counts.rated} rated indicators {verb} worse than anticipated"


def counts_in_words(name: str, counts: Counts) -> str:
    """One group's counts, for who does not see its bar."""
    said = f"{counts.worse} worse, {counts.within} within range, {counts.better} better, {counts.no_rating} without"
    return f"{name}: {said}"


def no_longer_rated(found: NoLongerRated) -> str:
    """What an edition leaves without a rating: '2 indicators that were rated in quarter 2 of 2008/09 have no rating in
    quarter 3 of 2008/09: 1 is late, 1 has no milestone this quarter.'"""
    were, have = ("were", "have") if found.why.total > 1 else ("was", "has")
    whole = f"{plural(found.why.total, 'indicator')} that {were} rated in {period(found.before)} {have} no rating"
    return f"{whole} in {period(found.now)}: {reasons_for_none(found.why)}"


def reasons_for_none(counts: Counts) -> str:
    """Why the others are not, as one sentence: '11 are placeholders without a target, 1 was withdrawn.'"""
    said = [f"{n} {COUNTED[reason][n > 1]}" for reason, n in counts.none.items()]
    return ", ".join(said) + "." if said else ""
