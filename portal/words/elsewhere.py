"""Figures from elsewhere in sentences: revisions of the source, provisional ratings, places among other areas."""

from decimal import Decimal

from models.rules.comparison import Order
from models.rules.reconciliation import FEWEST_PAIRS
from models.rules.terms import AreaKind
from portal.viewmodels.elsewhere import Elsewhere, Published
from portal.viewmodels.indicators import MeasureStanding
from portal.words.dates import plural
from portal.words.figures import digits, number, sign, typed_amount
from portal.words.vocabulary import GOOD, RATING

PROVISIONAL = "provisional: the usual revision could change it"

AREA_KIND = {
    AreaKind.NEIGHBOUR: "Statistical neighbour",
    AreaKind.REGION: "Region",
    AreaKind.COUNTRY: "Country",
    None: "This area",
}

_ORDER = {Order.BEST_FIRST: "the best first", Order.HIGHEST_FIRST: "the highest first"}
_QUARTER = {1: "first", 2: "second", 3: "third", 4: "last"}


def difference(published: Published, standing: MeasureStanding) -> str:
    """How far the source's figure is from the own one."""
    if published.difference is None:
        return "There is no figure of our own to compare it with."
    if published.difference == 0:
        return "The same as our own figure."
    return f"{_apart(published.difference, standing)} our own figure."


def usual_revision(known: Elsewhere, standing: MeasureStanding) -> str:
    """What the source usually makes of the own figure, and from what that is known."""
    usual = known.usual
    if usual is None:
        return (
            f"Not known yet: it takes {FEWEST_PAIRS} earlier periods with a figure of ours and of the source, "
            f"and there {'is' if known.pairs == 1 else 'are'} {known.pairs or 'none'}."
        )
    of = f"In {plural(usual.pairs, 'earlier period')} the source's latest figure"
    if usual.low == usual.high:
        return f"{of} was always {_apart(usual.low, standing)} the one that we had verified before it."
    return (
        f"{of}, less the one that we had verified before it, was between {_signed(usual.low, standing)} and "
        f"{_signed(usual.high, standing)}, on average {_signed(usual.mean, standing)}."
    )


def provisional(known: Elsewhere, standing: MeasureStanding) -> str:
    """Why a rating is marked as provisional, with the figures that it could become."""
    assert known.usual is not None
    assert standing.value is not None
    low, high = (
        typed_amount(standing.value + by, standing.decimals, standing.unit)
        for by in (known.usual.low, known.usual.high)
    )
    became = f"make of our figure {low}" if low == high else f"make of our figure anything from {low} to {high}"
    return f"This rating is provisional: the usual revision could change it. It could {became}."


def rated_otherwise(published: Published, standing: MeasureStanding) -> str:
    """What the rule says of the source's figure, where that is not how the own figure is rated; '' where it is."""
    if published.rating is None or published.rating is standing.rating_by_rule:
        return ""
    return f"With this figure the rule says: {RATING[published.rating].lower()}."


def area_place(known: Elsewhere, standing: MeasureStanding) -> str:
    """Where the own area stands among its statistical neighbours; '' without any."""
    found = known.place
    if found is None:
        return ""
    own = next(area.name for area in known.areas if area.kind is None)
    order = f"{_ORDER[found.order]} ({GOOD[standing.polarity].lower()})"
    counted = "neighbour" if found.of == 2 else "neighbours"
    quarter = f", in the {_QUARTER[found.quartile]} quartile" if found.quartile else ""
    middle = typed_amount(found.median, standing.decimals, standing.unit)
    apart = f"{_apart(found.from_median, standing)} their" if found.from_median else "at their"
    return (
        f"{own} is number {found.rank} of {found.of}, {order}{quarter}: {apart} median of {middle}. "
        f"Counted are {own} and its statistical {counted}, by the figures below."
    )


def _apart(by: Decimal, standing: MeasureStanding) -> str:
    if by == 0:
        return "the same as"
    return f"{number(abs(by), max(standing.decimals, digits(by)))}{_points(standing)} {'above' if by > 0 else 'below'}"


def _signed(by: Decimal, standing: MeasureStanding) -> str:
    # An average may go on for ever: two more places than the measure has are enough.
    said = number(by, max(standing.decimals, min(digits(by), standing.decimals + 2)))
    return f"{'+' if by > 0 else ''}{said}{_points(standing)}"


def _points(standing: MeasureStanding) -> str:
    """A difference of two percentages is in points: 'per cent' would be taken for a part of the figure."""
    return " points" if sign(standing.unit) else ""
