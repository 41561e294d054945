"""What the files say of earlier agreements: the half-yearly shares of their measures."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """How the measures of an earlier agreement stood at the end of a half-year, in per cent; None for what is not given."""

    period_end: date
    above: Decimal | None
    near: Decimal | None
    below: Decimal | None
    missing: Decimal | None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class EarlierAgreement:
    """An agreement of which nothing but its half-yearly shares is known."""

    title: str
    first_year: str
    last_year: str
    shares: tuple[Shares, ...]
