"""The corporate assessment as it is read: five scored themes, the overall score and what would raise it."""

from dataclasses import dataclass
from datetime import date

from models.rules.assessment import Level
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Scored:
    """What a form on a theme holds, each text as typed; `word` is the word on a changed score."""

    score: int
    evidence: str = ""
    key_risk: str = ""
    actions: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """What was said of a theme from a day on. `who` is who said it, '' where it came in with the agreement's files."""

    score: int
    evidence: str
    key_risk: str
    actions: str
    reason: str
    who: str
    day: date


@dataclass(frozen=True, slots=True)
class ScoredTheme:
    """One theme with everything that was said of it, the oldest first."""

    id: int
    version: int
    title: str
    steps: tuple[Scoring, ...]

    @property
    def now(self) -> Scoring:
        """What is said of it now."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one score means and by which rule it is the overall one, in the document's words."""

    score: int
    description: str
    judgement: str
    rule: str


@dataclass(frozen=True, slots=True)
class Overall:
    """The overall score: the level that is reached, the next one (None at the highest), and every way of getting there
    with the fewest points, as five scores."""

    reached: Level
    following: Level | None
    ways: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The page. Without themes there is no assessment; `overall` is None for a past that knows only some of them."""

    agreement: str
    themes: tuple[ScoredTheme, ...]
    overall: Overall | None
    meanings: tuple[Meaning, ...]
    may_change: bool
    as_at: AsAt | None = None
