"""Reminders as they are planned, sent, chosen and looked at."""

from dataclasses import dataclass
from datetime import date, datetime

from models.rules.outbox import Delivery
from models.rules.reminders import Occasion
from models.rules.terms import Message, Role, State


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that somebody is reminded of, by nothing but codes, titles, days, states and names: no figure, rating or
    text of anybody ever comes into it. `subject` names it among those of its occasion; `path` is its page. Of a return
    `due_on` is the last day in time, of an action its due date. `number` is an edition's, `kind` a question's."""

    occasion: Occasion
    subject: str
    path: str
    code: str = ""
    title: str = ""
    period: str = ""
    due_on: date | None = None
    state: State | None = None
    placeholder: bool = False
    organisation: str = ""
    kind: Message | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be written: to whom, the how-manieth of the day it is for them, and what it says."""

    person_id: int
    email: str
    number: int
    title: str
    body: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that its sender has claimed, for the try with this number. `link`: it holds a link to choose a password,
    and no link that stops it."""

    id: int
    tries: int
    person_id: int
    name: str
    email: str
    title: str
    body: str
    message_id: str
    made_at: datetime
    link: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run wrote into the outbox, or would: the agreement and its messages."""

    agreement: str
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the messages that waited. `unreachable` is why nothing more could be sent at all, '' if it could;
    `wrong` says of each message that was refused to whom it was and why, `later` whether it is tried again."""

    sent: int
    dropped: int
    wrong: tuple[tuple[str, str, bool], ...]
    unreachable: str
    left: int

    @property
    def whole(self) -> bool:
        """Whether nothing failed."""
        return not self.wrong and not self.unreachable


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One message as the team and its receiver see it. `facts` counts what it says of each occasion."""

    id: int
    day: date
    made_at: datetime
    name: str
    email: str
    organisation: str
    occasions: tuple[tuple[Occasion, int], ...]
    state: Delivery
    tries: int
    next_at: datetime
    sent_at: datetime | None
    way: str
    error: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody with an account that is reminded of less than others, by own choice."""

    name: str
    email: str
    organisation: str
    declined: tuple[Occasion, ...]


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox as the team sees it: the newest messages of one state or all, how many there are of each state, and who
    chose not to be reminded. `more` says that there are older ones."""

    lines: tuple[OutboxLine, ...]
    counts: tuple[tuple[Delivery, int], ...]
    shown: Delivery | None
    more: bool
    silent: tuple[Silent, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person is reminded of: each occasion of the role with whether it is wanted; and what was sent to them."""

    email: str
    role: Role
    wanted: tuple[tuple[Occasion, bool], ...]
    received: tuple[OutboxLine, ...]
    sees_outbox: bool
