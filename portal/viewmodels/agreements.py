"""The agreements that the portal holds, and the one that is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement by name."""

    key: str
    title: str
    area: str


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreement that is shown, and all that can be: those with a version, in the order in which they were loaded."""

    shown: AgreementLine
    all: tuple[AgreementLine, ...]

    @property
    def others(self) -> tuple[AgreementLine, ...]:
        return tuple(line for line in self.all if line != self.shown)
