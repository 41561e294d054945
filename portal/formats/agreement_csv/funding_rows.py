"""Money committed to indicators as files say it, in plain frozen data."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Funding:
    """Money in pounds that is committed to an indicator, from a source for a proposal."""

    indicator: str
    source: str
    proposal: str
    amount: Decimal
    note: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FundingTotal:
    """The total in pounds that a document prints under an indicator's lines from one source."""

    indicator: str
    source: str
    total: Decimal
    printed_in: str
    line: int = field(default=0, compare=False)
