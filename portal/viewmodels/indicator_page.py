"""The page of one indicator: its figures over time, what is agreed, what was said, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from models.rules.rating import Tolerance
from models.rules.terms import Evidence, Frequency, NoRating, Polarity, Rating, TargetState
from portal.viewmodels.actions import Actions
from portal.viewmodels.charts import MeasureChart
from portal.viewmodels.elsewhere import Elsewhere
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.money import IndicatorMoney
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said
from portal.viewmodels.reward import Improvement
from portal.viewmodels.risks import Risks
from portal.viewmodels.themes import PeriodLink


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `withdrawn` is the reason why it was taken off the chart, None while it stands."""

    id: int
    day: date
    text: str
    who: str
    at: datetime
    withdrawn: str | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the agreement, with its lead and whether the indicator is a placeholder in it."""

    number: int
    title: str
    in_force_from: date
    lead: str
    placeholder: bool


@dataclass(frozen=True, slots=True)
class AgreedTarget:
    """What one version says of a measure for one year."""

    state: TargetState
    low: Decimal | None
    high: Decimal | None
    unit: str
    printed: str
    note: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What the agreement in force says of a measure. The target may be in another unit and point the other way than
    what is reported."""

    unit: str
    polarity: Polarity
    reported_unit: str
    reported_polarity: Polarity
    baseline: Decimal | None
    baseline_period: str
    tolerance: Tolerance
    frequency: Frequency
    source: str
    release_days: int | None
    evidence: Evidence
    seasonal: bool
    rolling: bool


@dataclass(frozen=True, slots=True)
class VerifiedRevision:
    """One revision of a return as it was verified; `current` when no later one took its place. `by_rule` differs from
    `rating` where people judged otherwise; `return_id` is None where the return is not the reader's to open."""

    return_id: int | None
    measure: str
    part: str
    unit: str
    decimals: int
    period: str
    number: int
    current: bool
    verified_at: datetime
    value: Decimal | None
    no_value_reason: NoRating | None
    rating: Rating | None
    by_rule: Rating | None
    override_reason: str | None
    no_rating_reason: NoRating | None
    forecast_value: Decimal | None
    forecast_rating: Rating | None
    commentary: str


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One measure of the indicator. `targets` are by year, then by the number of the agreement's version."""

    standing: MeasureStanding
    chart: MeasureChart
    definition: Definition
    targets: Mapping[str, Mapping[int, AgreedTarget]]
    elsewhere: Elsewhere


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator in one period. `said` is what partners said to the verified figures of that period, `revisions`
    those up to its end, the newest first; `improvements` what counts for the reward. `may_record`: the reader may record
    events; `may_audit`: and read the audit trail."""

    agreement: str
    period: str
    periods: tuple[PeriodLink, ...]
    slug: str
    theme_key: str
    theme_title: str
    indicator: IndicatorStanding
    reward_weighted: bool
    baseline_printed: str
    note: str
    in_force: Version
    versions: tuple[Version, ...]
    signed_up: tuple[str, ...]
    said: tuple[Said, ...]
    measures: tuple[MeasurePage, ...]
    revisions: tuple[VerifiedRevision, ...]
    events: tuple[Event, ...]
    may_record: bool
    may_audit: bool
    actions: Actions = field(default_factory=Actions)
    money: IndicatorMoney = field(default_factory=IndicatorMoney)
    risks: Risks = field(default_factory=Risks)
    improvements: tuple[Improvement, ...] = ()
    as_at: AsAt | None = None
