"""A return workbook: what is written into one, what was read from one, and what that would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from models.rules.entry import Oddity
from models.rules.terms import State
from portal.viewmodels.indicators import MeasureStanding, Point
from portal.viewmodels.returns import Answers, Typed


@dataclass(frozen=True, slots=True)
class BookLine:
    """One return on its way into a workbook: `standing` and `last` are what helps to fill it in, `asked` the answers
    about what lies under the figure that its measure takes; `version` is the return's."""

    measure: str
    title: str
    standing: MeasureStanding
    target: str
    last: tuple[Point, ...]
    asked: frozenset[str]
    typed: Typed
    version: int
    due_on: date
    placeholder: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook with one side's returns of a period. `side` is the organisation's key, or what stands for the team's."""

    agreement: str
    agreement_title: str
    side: str
    organisation: str
    period: str
    due_on: date
    made_at: datetime
    lines: tuple[BookLine, ...]


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One row as it was read: `faults` has a sentence for each answer that is no text and no number."""

    number: int
    measure: str
    unit: str
    typed: Typed
    explanation: str
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """A workbook as it was read. `versions` has, for each measure, the version of its return when the workbook was made
    and the print of its answers then; `columns` the letters of the answers' columns."""

    agreement: str
    side: str
    period: str
    versions: Mapping[str, tuple[int, str]]
    columns: Mapping[str, str]
    rows: tuple[GivenRow, ...]


class Outcome(StrEnum):
    """What becomes of one row, the worst first."""

    FOREIGN = "foreign"
    WRONG = "wrong"
    CONFLICT = "conflict"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


STOPS = (Outcome.FOREIGN, Outcome.WRONG, Outcome.CONFLICT)
"""The outcomes of which one is enough that nothing is written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the answer's name and its cell, '' for the row as a whole."""

    answer: str
    cell: str
    said: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row held against its return. Of another side's return, or of none, nothing is known but what the row says:
    then there is no `return_id`. `lacking` says why a changed return could not be submitted yet, `drops` that what its
    reader typed into the form and did not save goes."""

    number: int
    measure: str
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    title: str = ""
    return_id: int | None = None
    state: State | None = None
    before: Answers | None = None
    after: Answers | None = None
    explanation: str = ""
    standing: MeasureStanding | None = None
    oddities: tuple[Oddity, ...] = ()
    last: Decimal | None = None
    lacking: str = ""
    drops: bool = False
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A workbook that was sent in, and what became of it: `saved` is None while nothing was written from it."""

    id: int
    name: str
    sha256: str
    size: int
    period: str
    who: str
    at: datetime
    saved: int | None = None
    submit: bool = False
    submitted: int = 0
    used_by: str = ""
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What a workbook that was sent in would change, row by row, or what stands now where it was written; `agreement` is
    the title of its agreement, `absent` are the measures whose rows were taken out of it."""

    upload: Upload
    organisation: str
    agreement: str
    rows: tuple[RowResult, ...]
    absent: tuple[str, ...] = ()

    def of(self, *outcomes: Outcome) -> tuple[RowResult, ...]:
        """The rows with one of these outcomes."""
        return tuple(row for row in self.rows if row.outcome in outcomes)

    @property
    def stopped(self) -> bool:
        """Whether nothing can be written, because of one row or several."""
        return bool(self.of(*STOPS))


@dataclass(frozen=True, slots=True)
class BookPeriod:
    """A period for which a workbook can be had: how many returns are in it, and which are not, because they were sent."""

    key: str
    slug: str
    due_on: date
    returns: int
    sent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workbooks:
    """The page of return workbooks: what can be downloaded, and what was sent in last; `agreement` is the key of the one
    that is shown, `title` its title."""

    agreement: str
    title: str
    organisation: str
    periods: tuple[BookPeriod, ...]
    uploads: tuple[Upload, ...]
