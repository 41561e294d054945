"""The reward: which share of the agreed improvement a figure has achieved, and what that would pay. Indicative: the
national rule for agreements of 2008-11 is not known to us."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.rules.aim import Aim
from models.rules.change import Baseline
from models.rules.expected import CUMULATIVE, YearTarget, base_unit
from models.rules.terms import Polarity

THRESHOLD = Decimal(60)
"""In per cent of the improvement: below it the agreements before 2008 paid nothing for a target."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what is paid: the threshold in per cent of the improvement, and the pot in pounds; None: only shares are shown."""

    threshold: Decimal = THRESHOLD
    pot: Decimal | None = None


class NoShare(StrEnum):
    """Why there is no share."""

    NO_FIGURE = "no figure"
    NO_BASELINE = "no baseline"
    NO_TARGET = "no target"
    RANGE = "target is a range"
    SAME = "baseline is the target"
    NO_GOOD_WAY = "no good way"
    NO_IMPROVEMENT = "target is no improvement"
    OTHER_UNIT = "figure in another unit"
    PART_OF_YEAR = "only part of the year counted"


def share(
    figure: Decimal | None,
    reported_unit: str,
    baseline: Baseline,
    target: YearTarget | None,
    polarity: Polarity,
    share_of_year: Decimal,
) -> Decimal | NoShare:
    """(figure - baseline) / (target - baseline): 1 where the target is reached, more beyond it, less than nought where the
    figure is worse than the baseline. Or why there is none: baseline and target are of a whole year in the target's unit,
    so that a figure in another one, or one that adds up within the year before the year is over (`share_of_year` under 1),
    cannot be held against them; and a target that is no better than the baseline is no improvement, however far it is.
    Source: the performance reward of the agreements before 2008.

    >>> b, t = Baseline(Decimal("55.9"), "%"), YearTarget(Decimal("61.9"), Decimal("61.9"), "%")
    >>> share(Decimal("57.04"), "%", b, t, Polarity.HIGHER, Decimal("0.5"))
    Decimal('0.19')
    """
    if figure is None:
        return NoShare.NO_FIGURE
    if baseline.value is None:
        return NoShare.NO_BASELINE
    if target is None:
        return NoShare.NO_TARGET
    if target.point is None:
        return NoShare.RANGE
    units = {base_unit(unit) for unit in (reported_unit, baseline.unit, target.unit)}
    if len(units) > 1:
        return NoShare.OTHER_UNIT
    if target.point == baseline.value:
        return NoShare.SAME
    before, after = (Aim(polarity).merit(value) for value in (baseline.value, target.point))
    if before is None or after is None:
        return NoShare.NO_GOOD_WAY
    if after < before:
        return NoShare.NO_IMPROVEMENT
    if reported_unit.endswith(CUMULATIVE) and share_of_year < 1:
        return NoShare.PART_OF_YEAR
    return (figure - baseline.value) / (target.point - baseline.value)


def paid_share(found: Decimal | NoShare, threshold: Decimal) -> Decimal:
    """The share that is paid for, 0 to 1: nothing below the threshold (in per cent) and without a share, no more than all.

    >>> paid_share(Decimal("0.59"), THRESHOLD), paid_share(Decimal("0.6"), THRESHOLD), paid_share(Decimal("1.2"), THRESHOLD)
    (Decimal('0'), Decimal('0.6'), Decimal('1'))
    """
    if isinstance(found, NoShare) or found * 100 < threshold:
        return Decimal(0)
    return max(Decimal(0), min(Decimal(1), found))


def parts(pot: Decimal, measures: Sequence[int]) -> tuple[Decimal, ...]:
    """What one measure of each indicator can earn at most, in the pot's unit: the pot is split equally among the
    indicators, and each part equally among its measures, whose numbers these are.

    >>> parts(Decimal(3000), (1, 2, 1))
    (Decimal('1000'), Decimal('500'), Decimal('1000'))
    """
    return tuple(pot / len(measures) / many for many in measures)
