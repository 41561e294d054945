"""The memorandum of an agreement: what one version promises, and to whom each target relates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.rules.terms import Frequency, Group, TargetState


@dataclass(frozen=True, slots=True)
class Promise:
    """What a version says of a measure for one year; `printed` is how the agreement itself words it, if it is known."""

    year: str
    state: TargetState
    low: Decimal | None
    high: Decimal | None
    printed: str


@dataclass(frozen=True, slots=True)
class PromisedMeasure:
    """One measure with where it started, how often it is returned, and a promise for each year."""

    code: str
    part: str
    unit: str
    baseline: Decimal | None
    baseline_period: str
    frequency: Frequency
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Promised:
    """One indicator: whether it is designated, who leads it ('' for nobody), and the partners to whom it relates too."""

    code: str
    title: str
    group: Group
    lead: str
    partners: tuple[str, ...]
    placeholder: bool
    placeholder_reason: str
    expected: str
    measures: tuple[PromisedMeasure, ...]

    @property
    def designated(self) -> bool:
        return self.group is Group.DESIGNATED


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version among the others; `in_force` is said of the one that counts today."""

    number: int
    title: str
    agreed_on: date
    in_force_from: date
    in_force: bool


@dataclass(frozen=True, slots=True)
class Memorandum:
    """One version of an agreement for everybody, with the versions that have been agreed by today."""

    key: str
    agreement: str
    area: str
    starts_on: date
    ends_on: date
    years: tuple[str, ...]
    version: VersionLine
    agreed_by: str
    reason: str
    versions: tuple[VersionLine, ...]
    indicators: tuple[Promised, ...]
