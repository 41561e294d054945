"""Days, moments and periods as people write them, and how many of a thing there are."""

from datetime import date, datetime

from models.rules.calendar import calendar_period
from models.rules.terms import Frequency
from portal.clock import LONDON
from portal.viewmodels.past import AsAt


def day(value: date) -> str:
    """A date as people write it: '30 January 2009'."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """An instant in Europe/London: '20 January 2009, 14:05'."""
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def period(key: str) -> str:
    """A period in words: 'quarter 3 of 2008/09', 'the first half of 2008/09', 'October 2008', 'the year 2008/09'."""
    one = calendar_period(key)
    if one.frequency is Frequency.QUARTERLY:
        return f"quarter {one.number} of {one.year}"
    if one.frequency is Frequency.HALF_YEARLY:
        return f"the {('first', 'second')[one.number - 1]} half of {one.year}"
    return f"{one.starts_on:%B %Y}" if one.frequency is Frequency.MONTHLY else f"the year {one.year}"


def short_period(key: str) -> str:
    """A period as a table's heading has room for: 'Q2 08/09', 'Oct 08/09'."""
    one = calendar_period(key)
    year = one.year[2:]
    return f"{key.partition(' ')[2]} {year}".strip()


def short_title(key: str) -> str:
    """A period as a window's title has room for: '2008/09 Q2', 'October 2008'."""
    one = calendar_period(key)
    return f"{one.starts_on:%B %Y}" if one.frequency is Frequency.MONTHLY else key


def capital(sentence: str) -> str:
    """A sentence with a capital; the rest stays as it is: 'October', not 'october'."""
    return sentence[:1].upper() + sentence[1:]


def months(key: str) -> str:
    """A period's months: 'October to December 2008', 'October 2008', 'April 2008 to March 2009'."""
    one = calendar_period(key)
    if one.frequency is Frequency.MONTHLY:
        return f"{one.starts_on:%B %Y}"
    first = f"{one.starts_on:%B}" if one.starts_on.year == one.ends_on.year else f"{one.starts_on:%B %Y}"
    return f"{first} to {one.ends_on:%B %Y}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 indicator', '2 indicators'."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def past(as_at: AsAt) -> str:
    """A past day, or an instant of it: '26 January 2009'."""
    return day(as_at.day) if as_at.instant is None else moment(as_at.instant)


def due(due_on: date, today: date) -> str:
    """How long until a due date, or since: 'Due 30 January 2009, in 10 days'."""
    left = (due_on - today).days
    if left > 1:
        when = f"in {left} days"
    elif left >= 0:
        when = ("today", "tomorrow")[left]
    else:
        when = f"{plural(-left, 'day')} ago"
    return f"Due {day(due_on)}, {when}"
