"""The calendar of returns as the team keeps it."""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.expected import Basis, Expected
from models.rules.terms import Frequency, Polarity, Role, State
from portal.viewmodels.indicators import Point
from portal.viewmodels.returns import Said, Task
from portal.viewmodels.themes import Filters

LATE, TO_COME, RECEIVED = STAGES = ("late", "to-come", "received")
"""How far a return has come, as an address says it."""


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
class Contact:
    """Somebody who may be rung about a return. `reminded`: they are written to when it is overdue."""

    name: str
    email: str
    role: Role
    reminded: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One return that a period asks for, and when its source comes out. `stage` is one of STAGES; `people` are those
    of its organisation who work on it, `chased` what the team noted when it did."""

    task: Task
    source: str
    released_on: date | None
    stage: str
    people: tuple[Contact, ...] = ()
    chased: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """What one measure is held against in a period, if anything. `agreed`: its milestone came with the agreement;
    `set_by`, `set_on` and `reason` are of one that the team set, `last` is the last figure before the period, `state`
    where its return stands, None without one."""

    measure: str
    title: str
    unit: str
    decimals: int
    polarity: Polarity
    held: Expected | None
    agreed: bool
    set_by: str
    set_on: date | None
    reason: str
    last: Point | None
    state: State | None

    @property
    def has_one(self) -> bool:
        """Whether there is a milestone, rather than what follows from the year's target."""
        return self.held is not None and self.held.basis is Basis.MILESTONE

    @property
    def lost(self) -> bool:
        """Whether it was rated the last time, and there is nothing to hold it against now."""
        return self.held is None and self.last is not None and self.last.rating is not None


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
    """One period: its line, what it asks for as far as that is wanted, for whom it was opened again, and for whom it
    may be; what each measure is held against. `asked` and `outstanding` are the codes and titles of all measures that
    it asks for, and of those that have not come in. `late` counts the late returns of partners."""

    line: PeriodLine
    today: date
    returns: tuple[Asked, ...]
    filters: Filters
    asked: tuple[tuple[str, str], ...]
    outstanding: tuple[tuple[str, str], ...]
    reopened: tuple[Reopened, ...]
    partners: tuple[tuple[str, str], ...]
    milestones: tuple[MilestoneLine, ...]
    late: int = 0
