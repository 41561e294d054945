"""Garwood's exact limits of a Poisson count: the means at which so many cases would be just this surprising.

They are quantiles of the gamma distribution. One quantile does not earn the 100 MB of scipy, so they are found here by
Newton's method on the logarithms of the two tails. These are concave in the mean, so that its steps cannot miss, and a
tail's slope is known from the same sum as the tail. In decimals: what is compared is the small difference of numbers
near a million, of which binary floats would keep too few places.
"""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from itertools import count as count_from
from math import factorial

TAIL = Decimal("0.025")
"""The chance that an interval of 95% leaves beyond each end."""

_ABOUT_TWO = Decimal("1.96")
_CLOSE_ENOUGH = Decimal("1e-15")
_HALF_LOG_TWO_PI = Decimal("0.9189385332046727417803297364056176398614")
_LONGEST_PRODUCT = 100


def exact_limits(cases: int) -> tuple[Decimal, Decimal]:
    """The means at which `cases` or more, and `cases` or fewer, have the chance TAIL; `cases` is 0 or more. The
    lower is 0 for no cases. Source: F. Garwood, Fiducial limits for the Poisson distribution, 1936.

    >>> [round(limit, 4) for limit in exact_limits(10)]
    [Decimal('4.7954'), Decimal('18.3904')]
    """
    with localcontext(prec=40):
        lower, upper = _lower(cases), _upper(cases)
    return +lower, +upper


def _lower(cases: int) -> Decimal:
    if cases == 0:
        return Decimal(0)
    mean, step = _byar(cases, -_ABOUT_TWO), Decimal(1)
    while abs(step) > mean * _CLOSE_ENOUGH:
        tail = _sum_of_products(mean / more for more in count_from(cases + 1))
        step = -_log_excess(cases, mean, tail) * tail * mean / cases
        mean += step
    return mean


def _upper(cases: int) -> Decimal:
    mean, step = _byar(cases + 1, _ABOUT_TWO), Decimal(1)
    while abs(step) > mean * _CLOSE_ENOUGH:
        tail = _sum_of_products(fewer / mean for fewer in range(cases, 0, -1))
        step = _log_excess(cases, mean, tail) * tail
        mean += step
    return mean


def _byar(cases: int, z: Decimal) -> Decimal:
    """Byar's approximation, good enough to begin with."""
    return cases * (1 - 1 / Decimal(9 * cases) + z / (3 * Decimal(cases).sqrt())) ** 3


def _sum_of_products(factors: Iterable[Decimal]) -> Decimal:
    """1 + a + ab + abc + ... until it grows no more: a tail in units of the chance of just so many cases."""
    total = term = Decimal(1)
    for factor in factors:
        term *= factor
        if total + term == total:
            break
        total += term
    return total


def _log_excess(cases: int, mean: Decimal, tail: Decimal) -> Decimal:
    """By how much the logarithm of a tail is over that of TAIL."""
    return cases * mean.ln() - mean - _log_factorial(cases) + tail.ln() - TAIL.ln()


def _log_factorial(number: int) -> Decimal:
    """Stirling's series where the product is long: over 100 it is right to 17 places."""
    if number <= _LONGEST_PRODUCT:
        return Decimal(factorial(number)).ln()
    n = Decimal(number)
    series = 1 / (12 * n) - 1 / (360 * n**3) + 1 / (1260 * n**5)
    return (n + Decimal("0.5")) * n.ln() - n + _HALF_LOG_TWO_PI + series
