"""A partner's desk, one return as its reader may see it, and what a person typed into it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from models.rules.entry import Oddity
from models.rules.expected import Expected, YearTarget
from models.rules.judging import Grounds
from models.rules.terms import Message, NoRating, Rating, State
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.elsewhere import Elsewhere
from portal.viewmodels.forecasts import YearEnd
from portal.viewmodels.indicators import MeasureStanding, Point
from portal.viewmodels.judgements import Proposal
from portal.viewmodels.risks import RiskLine


@dataclass(frozen=True, slots=True)
class Typed:
    """A return's answers exactly as they were typed or sent: text, nothing decided yet."""

    value: str = ""
    no_value_reason: str = ""
    forecast_value: str = ""
    forecast_rating: str = ""
    commentary: str = ""
    numerator: str = ""
    denominator: str = ""
    interval_low: str = ""
    interval_high: str = ""
    year_value: str = ""
    proposed_rating: str = ""
    proposed_reason: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Which state of which open form was sent: the form's own name, made when it was opened, and the state's number."""

    form: str
    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """The last change to a return: who made it (`yours`: its reader did), when."""

    who: str
    at: datetime
    yours: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """A return's answers, checked. A share or rate may come with the counts that it was made from, a survey's figure
    with its 95% interval, a rolling average with the year's own figure. Another rating than the rule's may be proposed,
    with the reason."""

    value: Decimal | None = None
    no_value_reason: NoRating | None = None
    forecast_value: Decimal | None = None
    forecast_rating: Rating | None = None
    commentary: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    interval_low: Decimal | None = None
    interval_high: Decimal | None = None
    year_value: Decimal | None = None
    proposed_rating: Rating | None = None
    proposed_reason: str = ""

    @property
    def grounds(self) -> Grounds:
        """What lies under the figure."""
        return Grounds(self.numerator, self.denominator, self.interval_low, self.interval_high)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left: the version that it made, and the answers that it kept."""

    version: int
    answers: Answers


@dataclass(frozen=True, slots=True)
class Said:
    """One message on a return, with the answers to it. `organisation` is whom the person spoke for, '' for the
    partnership's own people; `own` says that the reader's organisation said it."""

    id: int
    kind: Message
    text: str
    who: str
    organisation: str
    at: datetime
    revision: int
    open: bool
    own: bool = False
    answers: tuple["Said", ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """What was submitted once, and what became of it; `held` is what its figure was held against. One with a day
    `anew_on` is the one before it, rated anew because `anew_by` set its milestone."""

    number: int
    answers: Answers
    rating: Rating | None
    no_rating_reason: NoRating | None
    submitted_by: str
    submitted_at: datetime
    verified_by: str
    verified_at: datetime | None
    published: bool
    proposal: Proposal | None = None
    held: Expected | None = None
    anew_by: str = ""
    anew_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a desk lists it, with the answers that there are; `state` is where its return stands."""

    return_id: int
    measure: str
    title: str
    period: str
    organisation: str
    state: State
    said: Said


@dataclass(frozen=True, slots=True)
class ReturnView:
    """One return, at the revision that its reader may see, with what the reader may do to it. `elsewhere` is known
    where the return is only read; `other_agreement` is the title of the return's, where the pages show another;
    `changed` is known to its own side, `following` (number and name of its next return that is due) after submitting. The
    team is told of a publication that shows it: the hour that it waits for, or why it is `held`."""

    id: int
    indicator: str
    title: str
    period: str
    period_open: bool
    due_on: date
    released_on: date | None
    source: str
    late: bool
    organisation: str
    organisation_key: str | None
    state: State
    version: int
    revision: int
    placeholder: bool
    grounds: frozenset[str]
    answers: Answers
    saved: Typed
    typed: Typed
    kept_at: datetime | None
    kept_version: int
    standing: MeasureStanding
    target: YearTarget | None
    baseline: str
    last: tuple[Point, ...]
    submitted_by: str
    submitted_at: datetime | None
    messages: tuple[Said, ...]
    revisions: tuple[Revision, ...]
    oddities: tuple[Oddity, ...]
    explanation: str
    may_edit: bool
    may_submit: bool
    may_verify: bool
    may_query: bool
    may_withdraw: bool
    may_reopen: bool
    may_challenge: bool
    may_answer: bool
    may_countersign: bool
    dissents_openly: bool
    needs_another: bool
    proposal: Proposal | None = None
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    outlook: YearEnd | None = None
    other_agreement: str = ""
    public_at: datetime | None = None
    held: str = ""
    changed: Change | None = None
    following: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a desk or of the team's queue. `current`: its period is open for it; `takes`: it may be worked on;
    `judged`: its rating was accepted instead of the rule's. A desk has its side's own `figure` and when it was sent."""

    id: int
    measure: str
    title: str
    period: str
    organisation: str
    state: State
    placeholder: bool
    late: bool
    due_on: date
    takes: bool
    current: bool
    rating: Rating | None
    no_rating_reason: NoRating | None
    judged: bool = False
    figure: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeskPeriod:
    """What one side has to return in one period; `due_on` is the period's own date."""

    key: str
    due_on: date
    tasks: tuple[Task, ...]

    @property
    def asked(self) -> tuple[Task, ...]:
        """What is due: everything but the placeholders."""
        return tuple(task for task in self.tasks if not task.placeholder)

    @property
    def placeholders(self) -> tuple[Task, ...]:
        """What may be returned for information."""
        return tuple(task for task in self.tasks if task.placeholder)

    @property
    def counts(self) -> dict[State, int]:
        """How many of those that are due stand where."""
        states = [task.state for task in self.asked]
        return {state: states.count(state) for state in State if state in states}

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(task.late for task in self.asked)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one side has to return: in every period that takes returns now, the newest first, or in the one that was
    chosen. `signed_up` are the returns of others that wait for its word, `not_due` its measures that no open period
    asks for, each with its next period; `earlier` the slugs and keys of other periods to look at; `actions` and
    `risks` the open ones of the indicators that it leads, and those that it owns elsewhere; `may_pack`: its reader may ask
    for briefing packs."""

    organisation: str
    chosen: str | None
    today: date
    periods: tuple[DeskPeriod, ...]
    signed_up: tuple[Task, ...]
    not_due: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    actions: tuple[ActionLine, ...] = ()
    risks: tuple[RiskLine, ...] = ()
    may_pack: bool = False

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for period in self.periods for task in period.tasks)
