"""What changed in an agreement, as other programs hear of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that changed. `kind` is return, edition, period or agreement, `state` what it came to; of the others
    those are given that belong to the kind. `number` is its place in the order of all that was done."""

    number: int
    at: datetime
    kind: str
    state: str
    period: str | None = None
    measure: str | None = None
    revision: int | None = None
    edition: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What changed, in order; `more`: there is more by now. `agreement` is its key."""

    agreement: str
    changes: tuple[ChangeLine, ...]
    more: bool
