"""The gate before the public: what a publication would change, and who prepared it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.rules.gate import Missing, Place, PublicationState, Publishing, Shown
from models.rules.rollup import Counts
from models.rules.suppression import Hidden
from models.rules.terms import NoRating, Rating, State
from portal.viewmodels.indicators import MeasureStanding


@dataclass(frozen=True, slots=True)
class GateLine:
    """What becomes of one measure's figure for one period; `reason` is why it was revised or withdrawn, as it was said
    when the return was reopened, `missing` why there is none, `state` where its return stands and `waits` on whom it
    waits then, `hidden` why it is not shown. Where both editions print more than the figure, `was` and `now` are all that
    they print; of a new figure `now` alone."""

    kind: Publishing
    measure: str
    title: str
    period: str
    unit: str
    decimals: int
    old: Decimal | None
    new: Decimal | None
    old_rating: Rating | None
    new_rating: Rating | None
    reason: str = ""
    missing: NoRating | None = None
    hidden: Hidden | None = None
    state: State | None = None
    waits: Missing | None = None
    was: Shown | None = None
    now: Shown | None = None


@dataclass(frozen=True, slots=True)
class Unrated:
    """An indicator that the edition before rates and this one would not: `measures` as they were then, with their
    figures; why there is no rating now, and where its return stands."""

    code: str
    title: str
    rating: Rating
    measures: tuple[MeasureStanding, ...]
    reason: NoRating | None
    state: State | None


@dataclass(frozen=True, slots=True)
class Front:
    """What the public's front page shows now. `replaced`: this publication would take its place; otherwise it is of an
    earlier period, and the front page stays."""

    edition: int
    period: str
    counts: Counts
    replaced: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """The publication that is worked on. `changed`: by now it would say something else, of the figures in
    `differs`, so it must be prepared anew; `may_release` is for everybody of the team but who prepared it."""

    id: int
    version: int
    state: PublicationState
    period: str
    note: str
    prepared_by: str
    prepared_at: datetime
    released_by: str
    publish_at: datetime | None
    reason: str
    changed: bool
    may_release: bool
    differs: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """The rule of one measure; `unknown`: nothing says how many lie under its figure."""

    measure: str
    title: str
    below: int
    total: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What publishing a day would change. `periods` are those that can be published, by key; `digest` stands for what
    is looked at; `corrects` is the edition that this would put right, if any. `refused` is a sentence where it cannot
    be published yet, '' where it can; `counts` is how its indicators would be rated, `unrated` those that were rated
    before; `front` is what is in front now, None before the first edition."""

    agreement: str
    period: str
    periods: tuple[str, ...]
    edition: int
    corrects: int | None
    digest: str
    says_something: bool
    refused: str
    counts: Counts
    front: Front | None
    unrated: tuple[Unrated, ...]
    lines: tuple[GateLine, ...]
    prepared: Prepared | None
    small: tuple[SmallNumbers, ...]
    measures: tuple[tuple[str, str], ...]
