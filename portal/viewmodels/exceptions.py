"""The monthly exception report: which indicators are in it, why, what is done, who leads, money and risks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from models.rules.exceptions import Ground, Stood
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.money import Money
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import RiskLine


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the report: how it stands in the newest period for which it is rated (`period`), on which
    `grounds` it is here, how it stood a month before, and which returns are late, each as measure and period."""

    standing: IndicatorStanding
    period: str
    grounds: tuple[Ground, ...]
    before: Stood | None
    late: tuple[tuple[str, str], ...]
    actions: tuple[ActionLine, ...]
    risks: tuple[RiskLine, ...]
    money: Money


@dataclass(frozen=True, slots=True)
class ExceptionReport:
    """The report of the month that begins on `month`, as known at the end of `day`: the month's last, or today.
    `compared` says whether anything was known a month before; `left` are those that were in its report and are not in
    this one. `earlier` and `later` are the months beside it, None where there is none to show."""

    agreement: str
    month: date
    day: date
    known: bool
    compared: bool
    entries: tuple[Entry, ...]
    left: tuple[IndicatorStanding, ...]
    over: bool
    earlier: date | None
    later: date | None

    @property
    def counts(self) -> Counter[Ground]:
        """How many indicators are here on each ground."""
        return Counter(ground for entry in self.entries for ground in entry.grounds)

    @property
    def as_at(self) -> AsAt | None:
        """The past that its links lead to; None where it is of today."""
        return AsAt(self.day) if self.over else None
