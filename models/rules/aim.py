"""What a measure aims at: which of two figures is the better one, or that neither is."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.terms import Polarity


@dataclass(frozen=True, slots=True)
class Aim:
    """Which way is good and, for a range, from where to where, in the unit of the figures. A range that ends below
    its beginning is a ValueError; a range without both edges says no more than no polarity."""

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
        if self.polarity is Polarity.NONE or self.low is None or self.high is None:
            return None
        return min(figure - self.low, self.high - figure, Decimal(0))
