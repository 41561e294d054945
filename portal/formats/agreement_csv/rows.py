"""An agreement read from files, as plain frozen data. Each row knows the line that it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from models.rules.judging import Grounds
from models.rules.terms import (
    AreaKind,
    Evidence,
    Frequency,
    Group,
    NoRating,
    Polarity,
    Rating,
    TargetState,
    ToleranceKind,
)
from portal.formats.agreement_csv.corporate_rows import Corporate
from portal.formats.agreement_csv.findings import Note, Problem
from portal.formats.agreement_csv.funding_rows import Funding, FundingTotal
from portal.formats.agreement_csv.historic_rows import HistoricFigure
from portal.formats.agreement_csv.review_rows import ReviewText, ReviewWill
from portal.formats.agreement_csv.shares_rows import EarlierAgreement

_JUDGED = re.compile(r"\bjudge?ments?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Theme:
    """A priority; `title` is the strategy's where it has one, else the agreement's."""

    key: str
    title: str
    title_in_strategy: str
    title_in_agreement: str
    position: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member of the partnership, with the other names that documents use for it."""

    key: str
    name: str
    sector: str
    also_known_as: tuple[str, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the agreement promises to move; `position` is its place in the file, from 1."""

    code: str
    title: str
    theme: str
    group: Group
    reward_weighted: bool
    placeholder: bool
    placeholder_reason: str
    expected: str
    baseline_printed: str
    note: str
    position: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation's part in an indicator: 'lead' or 'signed up'."""

    indicator: str
    organisation: str
    role: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. Unit and polarity are the targets'; what is reported may have others, and a range if
    it is held to one. `position` is its place in the file, from 1; `decimals` those of what is reported. `source` brings its
    figures, usually `release_days` days after a period's end; None where they are the partner's own. `evidence` is what
    the figures rest on, `per` how a share or rate is written (100: per cent)."""

    code: str
    indicator: str
    part: str
    position: int
    unit: str
    polarity: Polarity
    reported_unit: str
    reported_polarity: Polarity
    range_low: Decimal | None
    range_high: Decimal | None
    cumulative: bool
    decimals: int
    baseline_value: Decimal | None
    baseline_period: str
    frequency: Frequency
    source: str
    release_days: int | None
    tolerance_kind: ToleranceKind
    tolerance: Decimal
    evidence: Evidence
    per: Decimal | None
    seasonal: bool
    rolling: bool
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a measure must be at a year's end, in the target's unit; a point has low and high equal."""

    measure: str
    year: str
    state: TargetState
    low: Decimal | None
    high: Decimal | None
    printed: str
    note: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the agreement, the oldest being 1: what it says of placeholders, of targets, and of the baselines
    that it has otherwise than measures.csv. `explicit` are the measures and years (or 'baseline') that the files give it
    alone; all else is said of the newest version."""

    number: int
    title: str
    in_force_from: date
    agreed_on: date
    reason: str
    agreed_by: str
    placeholders: frozenset[str]
    targets: tuple[Target, ...]
    baselines: Mapping[str, Decimal | None]
    explicit: frozenset[tuple[str, str]] = frozenset()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Milestone:
    """What the reported figure is held against; for a range, low and high are its edges (else None) and value
    the point that the source prints, if any."""

    measure: str
    period: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Return:
    """One figure for one period, with the ratings as resolved and, in words, as the source prints them."""

    measure: str
    period: str
    value: Decimal | None
    performance: Rating | None
    forecast: Rating | None
    performance_printed: str
    forecast_printed: str
    note: str
    commentary: str
    grounds: Grounds = field(default_factory=Grounds)
    year_value: Decimal | None = None
    no_value_reason: NoRating | None = None
    forecast_value: Decimal | None = None
    judged_because: str = ""
    line: int = field(default=0, compare=False)

    @property
    def judgement(self) -> str:
        """Why people rate this otherwise than the rule: what its own column says, else the note, where it calls that a
        judgement; '' where it only remarks on something."""
        return self.judged_because or (self.note if _JUDGED.search(self.note) else "")

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was returned: a figure or what it rests on, why there is none, a rating, a forecast, a word."""
        figures = (self.value, self.no_value_reason, self.performance, self.forecast, self.forecast_value)
        words = (self.commentary, self.note, self.judged_because)
        return self.grounds == Grounds() and all(one is None for one in (*figures, self.year_value)) and not any(words)


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """An action that the exceptions of one period speak of; `owner` is an organisation's key, '' for the indicator's
    lead."""

    indicator: str
    period: str
    text: str
    owner: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """What the national source published for one period on one day."""

    measure: str
    period: str
    published_on: date
    value: Decimal
    source: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """What another area has for one period."""

    measure: str
    period: str
    area: str
    kind: AreaKind
    value: Decimal
    source: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ProfileShare:
    """The share of the year's target that a cumulative measure usually reaches by the end of a period, 0 to 1;
    `number` counts the periods of its frequency in the year."""

    measure: str
    number: int
    share: Decimal
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """A period from which a measure's figures can no longer be held against those before, and why."""

    measure: str
    period: str
    reason: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """A whole agreement, each list in the order of its file; the newest version last. `key` is '' where the files do
    not say it."""

    title: str
    area: str
    years: tuple[str, ...]
    themes: tuple[Theme, ...]
    organisations: tuple[Organisation, ...]
    indicators: tuple[Indicator, ...]
    partners: tuple[Partner, ...]
    measures: tuple[Measure, ...]
    versions: tuple[Version, ...]
    milestones: tuple[Milestone, ...]
    returns: tuple[Return, ...]
    actions: tuple[ActionSaid, ...] = ()
    historic_figures: tuple[HistoricFigure, ...] = ()
    source_figures: tuple[SourceFigure, ...] = ()
    area_figures: tuple[AreaFigure, ...] = ()
    profiles: tuple[ProfileShare, ...] = ()
    series_breaks: tuple[SeriesBreak, ...] = ()
    review_texts: tuple[ReviewText, ...] = ()
    review_commitments: tuple[ReviewWill, ...] = ()
    key: str = ""
    earlier: tuple[EarlierAgreement, ...] = ()
    funding: tuple[Funding, ...] = ()
    funding_totals: tuple[FundingTotal, ...] = ()
    corporate: Corporate = field(default_factory=Corporate)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the newest version."""
        return self.versions[-1].targets if self.versions else ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a folder: the agreement, or None and the problems that stand in its way."""

    agreement: AgreementFile | None
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
