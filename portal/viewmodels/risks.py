"""Risks as they are read: what each says now, how much it weighs, and what became of it step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.rules.actions import Urgency
from models.rules.risks import Band, RiskState, band, score
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class RiskTyped:
    """What a form on a risk holds, each text as typed. `owner` is an organisation's key, '' the partnership team;
    likelihood and impact are numbers as text."""

    text: str = ""
    likelihood: str = ""
    impact: str = ""
    mitigation: str = ""
    owner: str = ""
    named: str = ""
    review_on: date | None = None
    state: str = RiskState.OPEN.value


@dataclass(frozen=True, slots=True)
class RiskStepped:
    """What a risk said from a day on, and the word on the change. `who` is whom the person spoke for."""

    text: str
    likelihood: int
    impact: int
    mitigation: str
    owner: str
    owner_key: str
    named: str
    review_on: date
    state: RiskState
    reason: str
    who: str
    day: date
    at: datetime

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return score(self.likelihood, self.impact)

    @property
    def band(self) -> Band:
        """How much that is."""
        return band(self.likelihood, self.impact)


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One risk, on an indicator (`indicator` is its code) or on a theme. `steps` are those that were asked for, the
    oldest first: all, or the last one alone, which is what it says now; `today` is the day by which it is urgent."""

    id: int
    version: int
    indicator: str
    indicator_title: str
    theme_key: str
    theme_title: str
    steps: tuple[RiskStepped, ...]
    urgency: Urgency | None
    today: date
    may_change: bool = False

    @property
    def now(self) -> RiskStepped:
        """What it says now."""
        return self.steps[-1]

    @property
    def overdue(self) -> bool:
        """Whether it should have been looked at again by now."""
        return self.urgency is Urgency.OVERDUE

    @property
    def days_over(self) -> int:
        """For how many days its review has been overdue; 0 for one that is not."""
        return (self.today - self.now.review_on).days if self.overdue else 0


@dataclass(frozen=True, slots=True)
class Risks:
    """The risks of one indicator or of the whole agreement, the open ones first. `about` are the keys and names of what
    the reader may write a risk on, `owners` of who can own one; both empty for who may not."""

    lines: tuple[RiskLine, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    owners: tuple[tuple[str, str], ...] = field(default=())
    lead_key: str = ""

    @property
    def open(self) -> tuple[RiskLine, ...]:
        """Those that are not closed."""
        return tuple(line for line in self.lines if line.now.state is RiskState.OPEN)

    @property
    def closed(self) -> tuple[RiskLine, ...]:
        """The others."""
        return tuple(line for line in self.lines if line.now.state is not RiskState.OPEN)

    @property
    def matrix(self) -> Mapping[tuple[int, int], tuple[RiskLine, ...]]:
        """The open ones by likelihood and impact."""
        found: dict[tuple[int, int], tuple[RiskLine, ...]] = {}
        for line in self.open:
            place = line.now.likelihood, line.now.impact
            found[place] = (*found.get(place, ()), line)
        return found


@dataclass(frozen=True, slots=True)
class RisksPage:
    """All risks of the agreement."""

    agreement: str
    risks: Risks
    as_at: AsAt | None = None
