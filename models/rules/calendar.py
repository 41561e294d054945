"""The calendar: the months, quarters, halves and years that are returned for, and when; dates in Europe/London."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from models.rules.broken import PeriodClosed
from models.rules.codes import MONTHS
from models.rules.terms import Frequency

IN_A_YEAR = {Frequency.MONTHLY: 12, Frequency.QUARTERLY: 4, Frequency.HALF_YEARLY: 2, Frequency.YEARLY: 1}
"""How many periods of each kind a year has."""

# An exception report of every month is wanted while it still is one: half the time of the others.
DAYS_UNTIL_DUE = dict.fromkeys(Frequency, 30) | {Frequency.MONTHLY: 15}
DAYS_UNTIL_CLOSED = dict.fromkeys(Frequency, 60) | {Frequency.MONTHLY: 30}


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """One period of a financial year ('2008/09', 1 April to 31 March); `number` counts those of its kind from 1."""

    year: str
    frequency: Frequency
    number: int

    @property
    def key(self) -> str:
        """'2008/09 Q3', '2008/09 H1', '2008/09 Oct', '2008/09'."""
        if self.frequency is Frequency.YEARLY:
            return self.year
        if self.frequency is Frequency.MONTHLY:
            return f"{self.year} {MONTHS[self.number - 1][:3]}"
        return f"{self.year} {'Q' if self.frequency is Frequency.QUARTERLY else 'H'}{self.number}"

    @property
    def _months(self) -> int:
        return 12 // IN_A_YEAR[self.frequency]

    @property
    def starts_on(self) -> date:
        return _month_start(self.year, (self.number - 1) * self._months)

    @property
    def ends_on(self) -> date:
        return _month_start(self.year, self.number * self._months) - timedelta(days=1)

    @property
    def opens_on(self) -> date:
        return self.ends_on + timedelta(days=1)

    @property
    def due_on(self) -> date:
        return self.ends_on + timedelta(days=DAYS_UNTIL_DUE[self.frequency])

    @property
    def closes_on(self) -> date:
        return self.ends_on + timedelta(days=DAYS_UNTIL_CLOSED[self.frequency])

    @property
    def share_of_year(self) -> Decimal:
        """The part of the year that has gone by its end."""
        return Decimal(self.number) / IN_A_YEAR[self.frequency]


def _month_start(year: str, months: int) -> date:
    """The first day of a month, counted from the April in which the year begins."""
    month = 3 + months
    return date(int(year[:4]) + month // 12, month % 12 + 1, 1)


def periods(year: str, *frequencies: Frequency) -> tuple[CalendarPeriod, ...]:
    """The periods of a financial year: of the kinds named, or of every kind."""
    kinds = frequencies or tuple(Frequency)
    return tuple(CalendarPeriod(year, kind, number + 1) for kind in kinds for number in range(IN_A_YEAR[kind]))


def financial_year(day: date) -> str:
    """The financial year that a day is in.

    >>> financial_year(date(2009, 3, 31)), financial_year(date(2009, 4, 1))
    ('2008/09', '2009/10')
    """
    first = day.year if day.month > 3 else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def calendar_period(key: str) -> CalendarPeriod:
    """The period that a key names; the key is as `codes.period_key` writes it.

    >>> calendar_period("2008/09 Oct").ends_on
    datetime.date(2008, 10, 31)
    """
    year, _, part = key.partition(" ")
    if not part:
        return CalendarPeriod(year, Frequency.YEARLY, 1)
    if part[1:].isdigit():
        return CalendarPeriod(year, Frequency.QUARTERLY if part[0] == "Q" else Frequency.HALF_YEARLY, int(part[1:]))
    return CalendarPeriod(year, Frequency.MONTHLY, [month[:3] for month in MONTHS].index(part) + 1)


def answer_by(due_on: date, released_on: date | None) -> date:
    """The last day on which a return is in time: its due date, or the day on which its source comes out, if later.
    Nobody is late for what the source has not published."""
    return max(due_on, released_on or due_on)


def last_day(closes_on: date, due_on: date, released_on: date | None) -> date:
    """The last day on which a period takes a return: as many days after the answer is wanted as for every other."""
    return closes_on + (answer_by(due_on, released_on) - due_on)


def check_begun(period: str, starts_on: date, today: date) -> None:
    """PeriodClosed, with the day, where a period has not begun: nobody can be asked for its figures yet."""
    if today < starts_on:
        raise PeriodClosed(
            f"{period} has not begun: it can be opened from {starts_on.day} {starts_on:%B %Y}, its first day."
        )
