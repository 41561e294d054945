"""The partnership team's queue, and what publishing would do."""

from dataclasses import dataclass
from datetime import date

from portal.viewmodels.returns import Task


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What one organisation has still to return."""

    organisation: str
    expected: int
    received: int
    late: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The returns of the open period that wait for the team, those that were looked at, and who is outstanding."""

    period: str | None
    period_slug: str
    due_on: date | None
    waiting: tuple[Task, ...]
    verified: tuple[Task, ...]
    outstanding: tuple[Outstanding, ...]
    may_publish: bool
    next_edition: int
