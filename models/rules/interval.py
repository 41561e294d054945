"""Confidence intervals of figures that come from counting: Wilson's for proportions, the exact one for rates."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from models.rules.garwood import exact_limits

Z = Decimal("1.959963984540054")
"""The normal distribution is further from its mean than this, in standard deviations, in 5% of cases."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true figure lies with 95% confidence, in the figure's unit. An end below the beginning is a
    ValueError."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.high < self.low:
            raise ValueError(f"This interval begins at {self.low} and ends below that, at {self.high}.")


def wilson(numerator: Decimal | int, denominator: Decimal | int, scale: Decimal | int = 1) -> Interval:
    """The 95% interval of a proportion, as a share from 0 to 1, times the scale: 100 gives per cent.

    Source: E. B. Wilson, 1927; the method of the Public Health Observatories' technical briefing 3 of 2008. It stays
    between 0 and 1 and holds for few cases too, where the plain normal interval does not. ValueError for counts that
    cannot be, as in `counted_of`, and for a scale that is not over 0.

    >>> interval = wilson(209, 1017, 100)
    >>> round(interval.low, 4), round(interval.high, 4)
    (Decimal('18.1803'), Decimal('23.1427'))
    """
    cases, all_of_them = counted_of(numerator, denominator)
    _over_nothing(scale, "A scale")
    with localcontext(prec=40):
        square = Z * Z
        middle = 2 * cases + square
        reach = (square * (square + 4 * cases * (all_of_them - cases) / all_of_them)).sqrt()
        per = scale / (2 * (all_of_them + square))
        low, high = (middle - reach) * per, (middle + reach) * per
    return Interval(+low or Decimal(0), +high)  # without the 80 places of a nothing that was reckoned


def poisson(count: Decimal | int, denominator: Decimal | int = 1, per: Decimal | int = 1) -> Interval:
    """The exact 95% interval of a count, or of the rate count / denominator x per: 12 deaths in a population of
    30,000, per 100,000.

    At the lower end so many cases or more have a chance of 2.5%, at the upper end so many or fewer. Source:
    F. Garwood, 1936. ValueError for a count that is negative or not whole, and for a denominator or a `per` that is
    not over 0. A count of 100,000 takes some hundredths of a second.

    >>> interval = poisson(10)
    >>> round(interval.low, 4), round(interval.high, 4)
    (Decimal('4.7954'), Decimal('18.3904'))
    """
    cases = _whole(count, "A count")
    _over_nothing(denominator, "A denominator")
    _over_nothing(per, "The number that a rate is per")
    low, high = (limit * per / denominator for limit in exact_limits(int(cases)))
    return Interval(low, high)


def counted_of(numerator: Decimal | int, denominator: Decimal | int) -> tuple[Decimal, Decimal]:
    """The two counts of a proportion. ValueError for what cannot be counted: a negative or broken number, more
    cases than there are in all, or nothing to take them from."""
    cases, all_of_them = _whole(numerator, "A numerator"), _whole(denominator, "A denominator")
    _over_nothing(all_of_them, "A denominator")
    if cases > all_of_them:
        raise ValueError(f"A numerator cannot be more than its denominator: {cases} of {all_of_them}.")
    return cases, all_of_them


def _whole(number: Decimal | int, name: str) -> Decimal:
    whole = Decimal(number)
    if not whole.is_finite() or whole != whole.to_integral_value() or whole < 0:
        raise ValueError(f"{name} must be a whole number, 0 or more: not {number}.")
    return whole


def _over_nothing(number: Decimal | int, name: str) -> None:
    if not (Decimal(number).is_finite() and number > 0):
        raise ValueError(f"{name} must be more than 0: not {number}.")
