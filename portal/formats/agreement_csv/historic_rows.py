"""Figures from before an agreement as its files say them, in plain frozen data."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HistoricFigure:
    """A measure's figure for a period that ended before the agreement began; `source` is '' where it is not known."""

    measure: str
    period: str
    value: Decimal
    source: str
    line: int = field(default=0, compare=False)
