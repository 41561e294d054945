"""Reconciliation: how a national source usually departs from the partner's own figure, and which ratings that could
change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import mean

from models.rules.expected import Expected
from models.rules.rating import Tolerance, rate
from models.rules.terms import Polarity, ToleranceKind

FEWEST_PAIRS = 3
"""With two, the next revision is more often outside of what has been seen than inside."""


@dataclass(frozen=True, slots=True)
class UsualRevision:
    """What a source's figure less the partner's own has been in so many periods, in the measure's unit: on average
    (its bias), and from the lowest to the highest (its spread)."""

    pairs: int
    mean: Decimal
    low: Decimal
    high: Decimal


def usual_revision(pairs: Sequence[tuple[Decimal, Decimal]]) -> UsualRevision | None:
    """The usual revision, from pairs of the partner's own figure and the source's for one period; None for fewer than
    three.

    The spread is the range of what was seen: no distribution is assumed, which so few figures could not bear out. If
    nothing changes, the next revision is inside it with a chance of (n - 1) / (n + 1): a half for 3 pairs, two thirds
    for 5, eight tenths for 9. Source: S. S. Wilks, 1941, on tolerance limits from the extremes of a sample.

    >>> usual_revision([(Decimal("2.4"), Decimal("2.5")), (Decimal("2.1"), Decimal("2.0")), (Decimal(2), Decimal("2.3"))])
    UsualRevision(pairs=3, mean=Decimal('0.1'), low=Decimal('-0.1'), high=Decimal('0.3'))
    """
    if len(pairs) < FEWEST_PAIRS:
        return None
    revisions = [source - own for own, source in pairs]
    return UsualRevision(len(revisions), mean(revisions), min(revisions), max(revisions))


def before_the_source(own: Sequence[tuple[date, Decimal]], published_on: date) -> Decimal:
    """The partner's own figure as it stood when the source first came out: the last that was verified before that day,
    else the first of all. A figure corrected after the source's would show no revision. `own` has a figure with the
    day of its verifying, oldest first, and is not empty."""
    known = [figure for day, figure in own if day < published_on]
    return known[-1] if known else own[0][1]


def could_overturn(
    figure: Decimal, usual: UsualRevision, expected: Expected | None, polarity: Polarity, margin: Decimal
) -> bool:
    """Whether some revision in the usual range would give the figure another rating by the one rule; `margin` is the
    tolerance in the measure's own unit. A figure that has no rating has none to lose.

    >>> usual = UsualRevision(5, Decimal("0.1"), Decimal("-0.1"), Decimal("0.3"))
    >>> could_overturn(Decimal("2.2"), usual, Expected(Decimal("2.14")), Polarity.LOWER, Decimal("0.214"))
    True
    """
    tolerance = Tolerance(ToleranceKind.UNIT, margin)
    low, high = figure + usual.low, figure + usual.high
    # Between two figures with one rating lie only figures with the same, unless a whole range fits between them.
    looked_at = [low, high]
    if polarity is Polarity.RANGE and expected is not None and expected.low is not None and low < expected.low < high:
        looked_at.append(expected.low)
    now = rate(figure, expected, polarity, tolerance).rating
    return now is not None and any(rate(at, expected, polarity, tolerance).rating is not now for at in looked_at)
