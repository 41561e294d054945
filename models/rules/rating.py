"""How a figure is rated: the one rule behind every rating on every page, file, API answer and edition."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.expected import Expected
from models.rules.terms import NoRating, Polarity, Rating, ToleranceKind

DEFAULT_TOLERANCE = Decimal(10)
"""Per cent of the milestone, either way. It gives every symbol that Leicester's review of 2008/09 prints, but two."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a figure may be from what is expected and still be within range: in per cent of it, or in its unit."""

    kind: ToleranceKind = ToleranceKind.PERCENT
    amount: Decimal = DEFAULT_TOLERANCE

    def margin(self, expected: Decimal) -> Decimal:
        """The tolerance in the measure's own unit. Ten per cent of nothing is nothing: a zero milestone
        needs a tolerance in its own unit, else every difference counts."""
        if self.kind is ToleranceKind.UNIT:
            return self.amount
        return abs(expected) * self.amount / 100


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rating with its reasons: what was expected, by how much the figure beats it (negative: misses it), and
    the margin within which that does not count. `rating` is None exactly when `reason` is given."""

    rating: Rating | None
    reason: NoRating | None = None
    expected: Expected | None = None
    lead: Decimal | None = None
    margin: Decimal | None = None


def unrated(reason: NoRating, expected: Expected | None = None) -> Judgement:
    """No rating, and why."""
    return Judgement(None, reason, expected)


def rate(figure: Decimal, expected: Expected | None, polarity: Polarity, tolerance: Tolerance) -> Judgement:
    """Rate an unrounded figure. Source: the portal's design, section 3; Leicester's annual review 2008/09.

    With s = polarity x (figure - expected): better if s > margin, worse if s < -margin, else within; on the edge
    is within. A range has no 'better': inside it is within, outside it is worse.

    >>> rate(Decimal("2.42"), Expected(Decimal("2.14")), Polarity.LOWER, Tolerance()).rating
    <Rating.WORSE: 'worse'>
    """
    if expected is None or polarity is Polarity.NONE:
        return unrated(NoRating.MILESTONE_NOT_SET, expected)
    if polarity is Polarity.RANGE:
        return _rate_in_range(figure, expected)
    if expected.value is None:
        return unrated(NoRating.MILESTONE_NOT_SET, expected)
    lead = figure - expected.value if polarity is Polarity.HIGHER else expected.value - figure
    margin = tolerance.margin(expected.value)
    if lead > margin:
        rating = Rating.BETTER
    elif lead < -margin:
        rating = Rating.WORSE
    else:
        rating = Rating.WITHIN
    return Judgement(rating, None, expected, lead, margin)


def _rate_in_range(figure: Decimal, expected: Expected) -> Judgement:
    if expected.low is None or expected.high is None:
        return unrated(NoRating.MILESTONE_NOT_SET, expected)
    if figure < expected.low:
        lead = figure - expected.low
    elif figure > expected.high:
        lead = expected.high - figure
    else:
        lead = Decimal(0)
    return Judgement(Rating.WORSE if lead < 0 else Rating.WITHIN, None, expected, lead, Decimal(0))
