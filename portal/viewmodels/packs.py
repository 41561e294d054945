"""Briefing packs: what one holds, those that are kept, and the jobs that make them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.actions import Urgency
from models.rules.change import Moved
from models.rules.jobs import TO_DO, JobKind, JobState
from models.rules.packs import Asked, PackForm, PackKind
from models.rules.rollup import Counts
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.exceptions import ExceptionReport
from portal.viewmodels.indicator_page import IndicatorPage
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.money import Money
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Task
from portal.viewmodels.risks import RiskLine
from portal.viewmodels.themes import PeriodLink


@dataclass(frozen=True, slots=True)
class Subject:
    """What a pack is on: the theme's or organisation's name, '' for all of the agreement. `tasks` are the returns that
    a partner still has to make or waits to have verified, by now."""

    kind: PackKind
    key: str
    name: str
    agreement: str
    area: str
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that one pack says, of one period, as at one instant or day. `concerns` are the indicators that are worse than
    anticipated, or forecast to be, the most pressing first; `themes` all that it is about, by theme. `actions`, `risks`
    and `money` are the open ones of these, and those that the partner owns on others; `exceptions` the board's report
    as far as it is about these, None for a partner. `planned` are the codes of those with a delivery plan."""

    subject: Subject
    period: str
    as_at: AsAt
    counts: Counts
    moved: Moved
    concerns: tuple[IndicatorPage, ...]
    themes: tuple[ThemeStanding, ...]
    actions: tuple[ActionLine, ...]
    risks: tuple[RiskLine, ...]
    money: Money
    planned: frozenset[str]
    exceptions: ExceptionReport | None = None

    @property
    def indicators(self) -> tuple[IndicatorStanding, ...]:
        """All that it is about, in the agreement's order of themes."""
        return tuple(one for theme in self.themes for one in theme.indicators)

    @property
    def overdue(self) -> tuple[ActionLine, ...]:
        """The actions that are overdue, the longest first."""
        return tuple(line for line in self.actions if line.urgency is Urgency.OVERDUE)


@dataclass(frozen=True, slots=True)
class JobLine:
    """A pack that is being made, or was, as whoever asked for it sees it. `pack` is what came of it, None for nothing
    yet; `before` whether that was there already, because nothing has changed since."""

    id: int
    asked: Asked
    name: str
    state: JobState
    done: int
    steps: int
    asked_at: datetime
    error: str
    pack: int | None
    before: bool = False

    @property
    def to_do(self) -> bool:
        """Whether it is still to come."""
        return self.state in TO_DO


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a pack: `size` in bytes, `until` the day on which it is dropped."""

    form: PackForm
    size: int
    sha256: str
    until: date


@dataclass(frozen=True, slots=True)
class PackLine:
    """One pack that is kept."""

    id: int
    kind: PackKind
    name: str
    period: str
    as_at: AsAt
    made_at: datetime
    who: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class PacksPage:
    """What the reader may ask for (`about` are its keys and names; `periods` those to choose from; `chosen` what an
    address asked for), what is being made for them, and what is kept that they may read, the newest first."""

    agreement: str
    about: tuple[tuple[PackKind, str, str], ...]
    periods: tuple[PeriodLink, ...]
    today: date
    chosen: str
    jobs: tuple[JobLine, ...]
    packs: tuple[PackLine, ...]

    @property
    def making(self) -> tuple[JobLine, ...]:
        """The jobs that are still to come."""
        return tuple(job for job in self.jobs if job.to_do)


@dataclass(frozen=True, slots=True)
class PackDownload:
    """A file with the name that it is saved under."""

    name: str
    form: PackForm
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that a worker has claimed, under a name that nobody else has."""

    id: int
    kind: JobKind
    claim: str
    asked: Asked


WentOn = Callable[[int, int], None]
"""Told that so many of so many steps are done."""
