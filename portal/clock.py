"""What day it is for due dates (Europe/London, or a day that is pretended), and what moment it really is (UTC)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Clock:
    """`pretended` moves today for due dates and lateness only; instants in the audit trail stay real."""

    pretended: date | None = None

    def today(self) -> date:
        return self.pretended or datetime.now(LONDON).date()

    def now(self) -> datetime:
        return datetime.now(UTC)
