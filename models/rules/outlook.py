"""What a forecast knows of the coming figure: an average of Student's t distributions, within the measure's bounds."""

from dataclasses import dataclass
from decimal import Decimal
from math import atan, cos, pi, sin, sqrt


@dataclass(frozen=True, slots=True)
class Part:
    """One story's answer: how much it is believed (all together 1), its centre, and the spread around it. Floats:
    they are estimates, and nobody typed them."""

    weight: float
    centre: float
    spread: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The coming figure is origin + scale x a draw from the parts, each a Student's t with `freedom` degrees, and
    never below `floor` or above `ceiling`, where there are such. Decimals are in the measure's own unit."""

    parts: tuple[Part, ...]
    freedom: int
    origin: Decimal
    scale: Decimal
    floor: Decimal | None = None
    ceiling: Decimal | None = None

    def at_most(self, value: Decimal) -> float:
        """The probability that the figure is this or less, 0 to 1."""
        if self.ceiling is not None and value >= self.ceiling:
            return 1.0
        if self.floor is not None and value < self.floor:
            return 0.0
        return self._below(self._inside(value))

    def at_least(self, value: Decimal) -> float:
        """The probability that the figure is this or more, 0 to 1."""
        if self.floor is not None and value <= self.floor:
            return 1.0
        if self.ceiling is not None and value > self.ceiling:
            return 0.0
        return 1.0 - self._below(self._inside(value))

    def quantile(self, share: float) -> Decimal:
        """The value that the figure stays below with this probability, to five digits of the figures' own spread:
        more would only be the noise of floats."""
        near = sum(part.weight * part.centre for part in self.parts)
        off_near = self._below(near) - share
        step = sum(part.weight * part.spread for part in self.parts) * (1 if off_near < 0 else -1)
        far, off_far = near + step, self._below(near + step) - share
        while off_near * off_far > 0:
            step *= 2
            near, off_near, far = far, off_far, far + step
            off_far = self._below(far) - share
        # False position, with the end that stays put counted half (the Illinois rule): a third of halving's steps.
        middle = near
        for _ in range(100):
            if off_far == off_near:
                break
            middle = (near * off_far - far * off_near) / (off_far - off_near)
            off = self._below(middle) - share
            if abs(off) < 1e-7:
                break
            if off * off_far < 0:
                near, off_near = far, off_far
            else:
                off_near /= 2
            far, off_far = middle, off
        value = self.origin + self.scale * Decimal(middle)
        return self._bounded(value.quantize(Decimal(1).scaleb(self.scale.adjusted() - 4)))

    def _bounded(self, value: Decimal) -> Decimal:
        if self.floor is not None:
            value = max(value, self.floor)
        return value if self.ceiling is None else min(value, self.ceiling)

    def _inside(self, value: Decimal) -> float:
        return float((value - self.origin) / self.scale)

    def _below(self, value: float) -> float:
        return sum(part.weight * student((value - part.centre) / part.spread, self.freedom) for part in self.parts)


def student(t: float, freedom: int) -> float:
    """Student's t: the probability of a draw below t. Exact for whole degrees of freedom, 1 and more. Source:
    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.

    >>> round(student(1.8856, 2), 4), round(student(-1.3722, 10), 4)
    (0.9, 0.1)
    """
    angle = atan(t / sqrt(freedom))
    sine, cosine = sin(angle), cos(angle)
    odd = freedom % 2
    term = total = (cosine if odd else 1.0) if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    inside = 2 / pi * (angle + sine * total) if odd else sine * total
    return 0.5 + inside / 2
