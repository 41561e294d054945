"""The agreement with its versions, and a refresh as a piece of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.rules.refresh import Moves, Stretch, Term, Value
from models.rules.terms import Group


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: when it came into force, who agreed it and why."""

    number: int
    title: str
    in_force_from: date
    agreed_on: date
    reason: str
    agreed_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a term, with the old value beside the new one. `id` is the proposal's, None in what was agreed;
    `stretch` what it does to a target; `moves` what past figures would be rated under it, None where it is no
    target's."""

    indicator: str
    measure: str
    title: str
    term: Term
    year: str
    old: Value
    new: Value
    unit: str
    reason: str = ""
    id: int | None = None
    stretch: Stretch | None = None
    moves: Moves | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """One whose consent is needed to all that is proposed for an indicator; `given` is None before a word."""

    key: str
    name: str
    given: bool | None
    said_by: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """All that is proposed for one indicator, and who must consent."""

    code: str
    title: str
    group: Group
    changes: tuple[Change, ...]
    consents: tuple[Consent, ...]

    @property
    def missing(self) -> tuple[Consent, ...]:
        return tuple(consent for consent in self.consents if not consent.given)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a set of changes comes to."""

    resolved: tuple[str, ...]
    stretches: Mapping[Stretch, int]
    others: int


@dataclass(frozen=True, slots=True)
class RefreshPage:
    """The open refresh; `version` is the one of its row that was looked at."""

    id: int
    version: int
    title: str
    reason: str
    in_force_from: date
    base: VersionLine
    proposed: tuple[Proposed, ...]
    summary: Summary

    @property
    def missing(self) -> int:
        return sum(len(one.missing) for one in self.proposed)


@dataclass(frozen=True, slots=True)
class Choice:
    """A measure that something can be proposed for."""

    code: str
    indicator: str
    title: str


@dataclass(frozen=True, slots=True)
class RefreshDesk:
    """What the team needs for a refresh: the open one, or none; what can be proposed; the versions so far."""

    agreement: str
    today: date
    years: tuple[str, ...]
    refresh: RefreshPage | None
    measures: tuple[Choice, ...]
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The agreement's versions, and what the chosen one changed against the one before."""

    agreement: str
    area: str
    years: tuple[str, str]
    versions: tuple[VersionLine, ...]
    shown: VersionLine
    before: VersionLine | None
    changes: tuple[Change, ...]
    summary: Summary
