"""The audit trail as it is read."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done; `before` and `after` are JSON or empty."""

    number: int
    at: datetime
    who: str
    address: str
    action: str
    subject: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of events, newest first; `older` is the number to go on from, or None at the end. `since`
    and `until` are the first and the last day that are looked at."""

    text: str
    events: tuple[Event, ...]
    older: int | None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole trail found: the first break of its chain, if any; how many editions there are, and a
    sentence for each that is not what was published."""

    broken: str | None
    editions: int
    wrong: tuple[str, ...]
