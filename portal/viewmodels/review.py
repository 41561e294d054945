"""The partnership team's queue: what waits for it, who is outstanding, and what could be published."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from models.rules.entry import Oddity
from models.rules.timely import Timeliness
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.indicators import Point
from portal.viewmodels.judgements import Proposal
from portal.viewmodels.returns import Question, Said, Task
from portal.viewmodels.risks import RiskLine
from portal.viewmodels.themes import Filters


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submitted return with what one looks at before verifying it. `previous` is the measure's last verified
    figure; `may_verify` is false for the person who submitted it; `proposal` is another rating than the rule's, which
    whoever verifies decides on; `explained`: its partner gave a word on an unusual figure."""

    task: Task
    version: int
    value: Decimal | None
    previous: Point | None
    unit: str
    decimals: int
    oddities: tuple[Oddity, ...]
    dissents: tuple[Said, ...]
    countersigned: tuple[str, ...]
    may_verify: bool
    submitted_at: datetime
    proposal: Proposal | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Outstanding(Timeliness):
    """How timely one organisation returns, and how many are late now."""

    organisation: str
    late: int


@dataclass(frozen=True, slots=True)
class Publishable:
    """A period with verified returns that no edition shows yet."""

    period: str
    slug: str
    verified: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The returns that wait for the team, those verified but not published, who is outstanding, the actions of all
    indicators that are overdue, and the risks whose review is (`reviews`). `answered` are the queries that partners
    answered in words, `prepared` is the period of a publication that waits to be released, '' for none. `waiting` has
    those of the `in_all` that the filters let through."""

    periods: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    answered: tuple[Question, ...]
    verified: tuple[Task, ...]
    outstanding: tuple[Outstanding, ...]
    publishable: tuple[Publishable, ...]
    next_edition: int
    prepared: str = ""
    overdue: tuple[ActionLine, ...] = ()
    reviews: tuple[RiskLine, ...] = ()
    in_all: int = 0
    filters: Filters = field(default_factory=lambda: Filters({}, {}))
