"""The self-assessment as it is read: the document, drawn or frozen, and what its page has around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.rules.circulation import Decision, Stage
from models.rules.consistency import Found
from models.rules.terms import Rating, ReviewCategory
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; a live figure names in `why` the place on the page that says where it comes from."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a text, or an item of a list."""

    pieces: tuple[Piece, ...]
    item: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One text of the document under its key; no blocks where nothing is written yet."""

    key: str
    blocks: tuple[Block, ...] = ()
    contributors: str = ""


@dataclass(frozen=True, slots=True)
class RiskAction:
    """One action on an indicator at risk, as it stood."""

    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One designated indicator under its category; of one at risk also the analysis and the actions."""

    code: str
    title: str
    lead: str
    category: ReviewCategory
    rating: Rating | None
    reason: str
    forecast: Rating | None
    analysis: tuple[Block, ...] = ()
    actions: tuple[RiskAction, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """One measure of a designated indicator in the annex: figures as words, ratings, and `why` in sentences."""

    code: str
    title: str
    unit: str
    figure: str
    milestone: str
    target: str
    rating: Rating | None
    reason: str
    forecast: Rating | None
    judged: bool
    placeholder: bool
    slug: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme with its counts of all its indicators."""

    key: str
    title: str
    better: int
    within: int
    worse: int
    no_rating: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment, with what became of it, '' before anybody has said."""

    text: str
    indicator: str
    owner: str
    outcome: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """The self-assessment of a year. `version` is 0 for what is still being written; `signed_on` and `signed_by` are
    empty then, and so is `hash`, which is of the frozen content."""

    area: str
    agreement: str
    year: str
    period: str
    indicators: int
    measures: int
    answers: tuple[Answer, ...]
    listed: tuple[Listed, ...]
    annex: tuple[AnnexLine, ...]
    themes: tuple[ThemeLine, ...]
    commitments: tuple[Promise, ...]
    last_year: tuple[Promise, ...]
    version: int = 0
    signed_on: str = ""
    signed_by: str = ""
    hash: str = ""

    def of(self, category: ReviewCategory) -> tuple[Listed, ...]:
        """The designated indicators of a category."""
        return tuple(one for one in self.listed if one.category is category)

    def answer(self, key: str) -> Answer:
        """The text under a key."""
        return next(one for one in self.answers if one.key == key)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of the circulation and what it decided, if it has; `may_decide`: it is its turn, and the reader is one
    who writes its decision down."""

    stage: Stage
    decision: Decision | None = None
    decided_on: date | None = None
    word: str = ""
    who: str = ""
    may_decide: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """One signed-off version: who signed it when, what was said of what the check had found, and why it was opened
    again, '' while it stands."""

    id: int
    number: int
    who: str
    day: date
    weighed: str
    reopened: str = ""
    reopened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The newest version of one text as it was typed, for its form; `number` is 0 where there is none."""

    number: int = 0
    text: str = ""
    contributors: str = ""
    who: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The page of a year's self-assessment: the document that the reader may read, if there is one, and its versions.
    The rest is for who may write: the texts as typed, what the check found, the digest of what a signature would
    freeze, and the choices of the forms."""

    year: str
    slug: str
    document: Document | None = None
    shown: Signed | None = None
    versions: tuple[Signed, ...] = ()
    stages: tuple[StageLine, ...] = ()
    written: Mapping[str, Written] = field(default_factory=dict)
    findings: tuple[Found, ...] = ()
    digest: str = ""
    may_write: bool = False
    may_reopen: bool = False
    may_say: bool = False
    owners: tuple[tuple[str, str], ...] = ()
    as_at: AsAt | None = None

    @property
    def answered(self) -> int:
        """How many of the nineteen questions have an answer."""
        answers = self.document.answers if self.document else ()
        return sum(bool(one.blocks) for one in answers if one.key[:1].isdigit())
