"""Charts as data, drawn twice: by plotly in layouts/charts.py and as SVG in layouts/svg.py."""

from dataclasses import dataclass
from decimal import Decimal

from models.rules.rollup import Counts


@dataclass(frozen=True, slots=True)
class CountsChart:
    """How many indicators of each group have each rating; `title` says what it shows, `source` whence."""

    title: str
    source: str
    groups: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure's figures, oldest first, with what the last was expected to be. `alternative` says it in words."""

    values: tuple[Decimal, ...]
    expected: Decimal | None
    tone: str
    alternative: str
