"""What a measure aims at: which of two figures is the better one, or that neither is."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.expected import Expected
from models.rules.terms import Polarity


@dataclass(frozen=True, slots=True)
class Aim:
    """Which way is good and, for a range, from where to where, in the unit of the figures. A range that ends below
    its beginning is a ValueError; it may be open at one end, and without both edges it says no more than no polarity."""

    polarity: Polarity
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"This range begins at {self.low} and ends below that, at {self.high}.")

    def merit(self, figure: Decimal) -> Decimal | None:
        """A number that is the higher the better the figure is; None where no figure is better than another.

        Inside a range all figures are equally good, and outside the nearer one is the better.

        >>> Aim(Polarity.RANGE, Decimal(10), Decimal(15)).merit(Decimal(18))
        Decimal('-3')
        """
        if self.polarity is Polarity.HIGHER:
            return figure
        if self.polarity is Polarity.LOWER:
            return -figure
        if self.polarity is Polarity.NONE or self.low is self.high is None:
            return None
        below = Decimal(0) if self.low is None else figure - self.low
        above = Decimal(0) if self.high is None else self.high - figure
        return min(below, above, Decimal(0))


def aim_of(polarity: Polarity, expected: Expected | None) -> Aim:
    """What a measure aims at: its polarity, and the edges of what its figure is held against."""
    return Aim(polarity) if expected is None else Aim(polarity, expected.low, expected.high)
