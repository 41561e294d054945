"""The past that a page looks at."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AsAt:
    """A past day, all of it, by the portal's calendar; or, when it is given, an instant."""

    day: date
    instant: datetime | None = None

    @property
    def address(self) -> str:
        """As it stands in an address: '2009-01-26', or the instant."""
        return self.day.isoformat() if self.instant is None else self.instant.isoformat().replace("+00:00", "Z")
