"""Synthetic data of any size: areas with their agreements, returns, editions and audit trail. docs/generated-data.md says
what it makes, and what it does not."""

from dataclasses import dataclass
from datetime import date

from portal.database import Database
from portal.formats.passwords import hashed
from tests.campaigns.generated.editions import put_editions
from tests.campaigns.generated.pattern import Area, today_of
from tests.campaigns.generated.rows import Pattern
from tests.campaigns.generated.writing import Writer

PASSWORD = "a password of nobody's"


@dataclass(frozen=True, slots=True)
class Size:
    """So many areas, indicators in each, and quarters of returns; `patterns` of the areas differ, the others are like
    one of these."""

    areas: int
    indicators: int
    quarters: int
    patterns: int = 5

    @property
    def today(self) -> date:
        """The day on which such data is looked at."""
        return today_of(self.quarters)


def patterns_of(size: Size, seed: int = 1) -> list[Pattern]:
    """The areas that differ from each other."""
    kept = hashed(PASSWORD)
    found = []
    for number in range(min(size.patterns, size.areas)):
        area = Area(f"{seed} {number}", size.indicators, size.quarters, kept)
        put_editions(area)
        found.append(area.pattern)
    return found


def generate(database: Database, size: Size, seed: int = 1) -> dict[str, int]:
    """Fill a migrated, empty database as whoever owns its tables; answers the rows by table."""
    return Writer(database, patterns_of(size, seed), size.areas).write()
