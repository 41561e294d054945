"""The agreements that the portal holds, and the one that is shown."""

from dataclasses import dataclass

FEW = 6
"""So many other agreements are named on a page itself; where there are more, they have a page of their own."""


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement by name."""

    key: str
    title: str
    area: str


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreement that is shown, and the others that can be, in the order in which they were loaded: those with a
    version. None of them is named where there are `many`."""

    shown: AgreementLine
    others: tuple[AgreementLine, ...]
    many: bool
