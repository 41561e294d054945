"""The calendar of returns as the team keeps it."""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.terms import Frequency
from portal.viewmodels.returns import Task


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period with its dates, and how many returns were asked for and have come in. `ended`: its last day is over
    though nobody closed it; `asks`: how many measures are returned so often."""

    key: str
    slug: str
    frequency: Frequency
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    closes_on: date
    opened: bool
    closed: bool
    ended: bool
    asks: int
    asked: int
    received: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of one financial year that any measure is returned for, and the years that there are."""

    agreement: str
    year: str
    years: tuple[str, ...]
    today: date
    periods: tuple[PeriodLine, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One return that a period asks for, and when its source comes out."""

    task: Task
    source: str
    released_on: date | None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A period opened again for one partner."""

    organisation: str
    until: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """One period: its line, what it asks for, for whom it was opened again, and for whom it may be."""

    line: PeriodLine
    today: date
    returns: tuple[Asked, ...]
    reopened: tuple[Reopened, ...]
    partners: tuple[tuple[str, str], ...]
