"""An edition as the public reads it, rebuilt from its frozen content alone."""

from dataclasses import dataclass
from datetime import datetime

from models.rules.rollup import Counts
from portal.viewmodels.indicators import ThemeStanding


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One edition: numbered, dated, with its themes and the hash of its content. `corrects` is the
    edition that it puts right, and `note` says what was wrong there; `corrected_by` the newest that puts this one right."""

    edition: int
    agreement: str
    area: str
    period: str
    ends_on: str
    published_at: datetime
    hash: str
    counts: Counts
    themes: tuple[ThemeStanding, ...]
    note: str = ""
    corrects: int | None = None
    corrected_by: int | None = None


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list of all."""

    number: int
    period: str
    published_at: datetime
    hash: str
    note: str
    corrects: int | None
    corrected_by: int | None
