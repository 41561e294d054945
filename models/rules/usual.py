"""Which of several agreements is shown to somebody who chose none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.calendar import calendar_period


@dataclass(frozen=True, slots=True)
class Span:
    """One agreement and the financial years that it covers."""

    agreement: int
    first_year: str
    last_year: str

    def contains(self, day: date) -> bool:
        return calendar_period(self.first_year).starts_on <= day <= calendar_period(self.last_year).ends_on


def usual(spans: Sequence[Span], today: date) -> int:
    """The agreement whose years contain today, else the newest; of several, the first in the order given.

    >>> usual([Span(1, "2005/06", "2007/08"), Span(2, "2008/09", "2010/11")], date(2009, 1, 20))
    2
    """
    running = [span for span in spans if span.contains(today)]
    return (running[0] if running else max(spans, key=lambda span: (span.first_year, span.last_year))).agreement
