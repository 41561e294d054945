"""An edition as the public reads it, rebuilt from its frozen content alone."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.rollup import Counts
from portal.viewmodels.indicators import ThemeStanding


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One edition: numbered, dated, with its themes and the hash of its content."""

    edition: int
    agreement: str
    area: str
    period: str
    ends_on: str
    published_at: datetime
    hash: str
    counts: Counts
    themes: tuple[ThemeStanding, ...]
