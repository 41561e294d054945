"""How a figure is rated: the one rule behind every rating on every page, file, API answer and edition."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.expected import Expected
from models.rules.interval import Interval
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
    """A rating with its reasons: what was expected, by how much the figure beats it (negative: misses it), the
    margin within which that does not count, and the interval in which the true figure lies, where one is known.
    `rating` is None exactly when `reason` is given."""

    rating: Rating | None
    reason: NoRating | None = None
    expected: Expected | None = None
    lead: Decimal | None = None
    margin: Decimal | None = None
    interval: Interval | None = None


def unrated(reason: NoRating, expected: Expected | None = None) -> Judgement:
    """No rating, and why."""
    return Judgement(None, reason, expected)


def rate(
    figure: Decimal,
    expected: Expected | None,
    polarity: Polarity,
    tolerance: Tolerance,
    interval: Interval | None = None,
) -> Judgement:
    """Rate an unrounded figure. Source: the portal's design, section 3; Leicester's annual review 2008/09.

    With s = polarity x (figure - expected): better if s > margin, worse if s < -margin, else within; on the edge
    is within. A range has no 'better': inside it is within, outside it is worse; it may be open at one end ('keep it
    at least at 80%'). With an interval the rating leaves 'within' only when all of the interval is past the edge, and
    an interval that reaches past both edges says nothing: too early to say.

    >>> rate(Decimal("2.42"), Expected(Decimal("2.14")), Polarity.LOWER, Tolerance(amount=Decimal(10))).rating
    <Rating.WORSE: 'worse'>
    """
    if expected is None or polarity is Polarity.NONE:
        return unrated(NoRating.MILESTONE_NOT_SET, expected)
    if polarity is Polarity.RANGE:
        if expected.low is None and expected.high is None:
            return unrated(NoRating.MILESTONE_NOT_SET, expected)
        lead, margin = _inside(figure, expected), Decimal(0)
        ends = [_inside(end, expected) for end in _ends(figure, interval)]
        spans = _spans(expected, interval)
    else:
        if expected.value is None:
            return unrated(NoRating.MILESTONE_NOT_SET, expected)
        sign = 1 if polarity is Polarity.HIGHER else -1
        lead, margin = sign * (figure - expected.value), tolerance.margin(expected.value)
        ends = [sign * (end - expected.value) for end in _ends(figure, interval)]
        spans = min(ends) < -margin and max(ends) > margin
    if spans:
        return Judgement(None, NoRating.TOO_EARLY, expected, lead, margin, interval)
    if min(ends) > margin:
        rating = Rating.BETTER
    elif max(ends) < -margin:
        rating = Rating.WORSE
    else:
        rating = Rating.WITHIN
    return Judgement(rating, None, expected, lead, margin, interval)


def _ends(figure: Decimal, interval: Interval | None) -> tuple[Decimal, ...]:
    """Where the true figure may lie: the figure as it stands, or the ends of its interval."""
    return (figure,) if interval is None else (interval.low, interval.high)


def _inside(figure: Decimal, expected: Expected) -> Decimal:
    """How far a figure is outside a range, as a negative number; 0 inside."""
    if expected.low is not None and figure < expected.low:
        return figure - expected.low
    if expected.high is not None and figure > expected.high:
        return expected.high - figure
    return Decimal(0)


def _spans(expected: Expected, interval: Interval | None) -> bool:
    """Whether an interval reaches past both edges of a range."""
    if interval is None or expected.low is None or expected.high is None:
        return False
    return interval.low < expected.low and interval.high > expected.high
