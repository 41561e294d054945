"""Financial years and quarters, and when a return is due: dates in Europe/London."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DAYS_UNTIL_DUE = 30
DAYS_UNTIL_CLOSED = 60


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a financial year ('2008/09'), 1 April to 31 March; `number` is 1 to 4."""

    year: str
    number: int

    @property
    def key(self) -> str:
        return f"{self.year} Q{self.number}"

    @property
    def starts_on(self) -> date:
        first = int(self.year[:4])
        return date(first, 1 + 3 * self.number, 1) if self.number < 4 else date(first + 1, 1, 1)

    @property
    def ends_on(self) -> date:
        return _month_start(self.starts_on, 3) - timedelta(days=1)

    @property
    def opens_on(self) -> date:
        return self.ends_on + timedelta(days=1)

    @property
    def due_on(self) -> date:
        return self.ends_on + timedelta(days=DAYS_UNTIL_DUE)

    @property
    def closes_on(self) -> date:
        return self.ends_on + timedelta(days=DAYS_UNTIL_CLOSED)


def _month_start(start: date, months: int) -> date:
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)


def quarters(year: str) -> tuple[Quarter, ...]:
    """The four quarters of a financial year."""
    return tuple(Quarter(year, number) for number in (1, 2, 3, 4))


def share_of_year(number: int) -> Decimal:
    """The part of the year gone by the end of a quarter."""
    return Decimal(number) / 4
