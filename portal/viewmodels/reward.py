"""The reward-weighted indicators: which share of the agreed improvement each has achieved, and what that would pay."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.change import Baseline
from models.rules.expected import YearTarget
from models.rules.reward import NoShare, Terms
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Improvement:
    """One measure of a reward-weighted indicator: its latest verified figure with its period ('' for none) and unit, the
    baseline, the target of the agreement's last year, and the share, 1 for all of it. `part` is which of an indicator's
    measures it is, where there are several."""

    code: str
    title: str
    part: str
    decimals: int
    value: Decimal | None
    unit: str
    period: str
    baseline: Baseline
    target: YearTarget | None
    year: str
    share: Decimal | NoShare


@dataclass(frozen=True, slots=True)
class Earning:
    """What a measure would earn: the share that is paid for, 0 to 1, the most that it can earn in pounds and what that
    comes to; None without a pot."""

    of: Improvement
    paid_share: Decimal
    most: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Reward:
    """The page, in the agreement's order."""

    agreement: str
    terms: Terms
    earnings: tuple[Earning, ...]
    as_at: AsAt | None = None

    @property
    def indicators(self) -> int:
        """How many indicators are reward weighted."""
        return len({one.of.code for one in self.earnings})
