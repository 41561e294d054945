"""Actions as they are read: what each says now, how urgent it is, and what became of it step by step."""

from dataclasses import dataclass, field
from datetime import date, datetime

from models.rules.actions import ActionState, Urgency


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form on an action holds, each text as typed. `owner` is an organisation's key, '' the partnership team."""

    text: str = ""
    owner: str = ""
    named: str = ""
    due_on: date | None = None
    state: str = ActionState.OPEN.value
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What an action said from a day on, and the word on the change. `who` is whom the person spoke for, '' where it
    came in with the agreement's files."""

    text: str
    owner: str
    owner_key: str
    named: str
    due_on: date | None
    state: ActionState
    evidence: str
    reason: str
    who: str
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action on one indicator. `steps` are those that were asked for, the oldest first: all of them, or the last
    one alone, which is what it says now; `today` is the day by which it is urgent."""

    id: int
    version: int
    indicator: str
    steps: tuple[Step, ...]
    urgency: Urgency | None
    today: date

    @property
    def now(self) -> Step:
        """What it says now."""
        return self.steps[-1]

    @property
    def days_over(self) -> int:
        """For how many days it has been overdue; 0 for one that is not."""
        due_on = self.now.due_on
        return (self.today - due_on).days if self.urgency is Urgency.OVERDUE and due_on else 0


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of one indicator as its page has them. `owners` are the keys and names of those to choose from;
    `may_change`: the reader may add and change them."""

    lines: tuple[ActionLine, ...] = ()
    may_change: bool = False
    lead_key: str = ""
    owners: tuple[tuple[str, str], ...] = field(default=())
