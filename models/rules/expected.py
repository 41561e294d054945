"""What a figure is held against at a period's end: the agreed milestone, else what follows from the year's target."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Basis(StrEnum):
    """Where an expected value comes from; said beside it wherever it is shown."""

    MILESTONE = "milestone"
    PROFILE = "profile"
    STRAIGHT_LINE = "straight line"
    YEAR_TARGET = "year target"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a figure should be, in the reported figure's unit: a point, or a range from low to high."""

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    basis: Basis = Basis.MILESTONE


@dataclass(frozen=True, slots=True)
class YearTarget:
    """The target at a year's end, in the target's unit. A point target has low and high equal."""

    low: Decimal
    high: Decimal
    unit: str

    @property
    def point(self) -> Decimal | None:
        return self.low if self.low == self.high else None


CUMULATIVE = ", cumulative in the year"


def base_unit(unit: str) -> str:
    """A unit without its counting: 'homes, cumulative in the year' counts homes."""
    return unit.removesuffix(CUMULATIVE)


def expected_value(
    milestone: Expected | None,
    target: YearTarget | None,
    reported_unit: str,
    share_of_year: Decimal,
    profile: Decimal | None = None,
) -> Expected | None:
    """The agreed milestone; else, when figure and target are in one unit, the share of the target that a stored
    profile, or a straight line from nothing at the year's start, reaches by now (cumulative measures), or the year's
    target as it stands.

    `share_of_year` is the part of the year that has gone at the period's end: 0.25 for the first quarter; `profile` the
    share of the year's target that is usually reached by then. A figure in another unit than the target, with no
    agreed milestone, is held against nothing: None.
    """
    if milestone is not None:
        return milestone
    if target is None or base_unit(reported_unit) != base_unit(target.unit):
        return None
    if not reported_unit.endswith(CUMULATIVE):
        return Expected(target.point, target.low, target.high, Basis.YEAR_TARGET)
    if target.point is None:
        return None
    share, basis = (share_of_year, Basis.STRAIGHT_LINE) if profile is None else (profile, Basis.PROFILE)
    reached = target.point * share
    return Expected(reached, reached, reached, basis)
