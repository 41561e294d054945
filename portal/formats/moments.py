"""A past day, or an instant, as it stands in an address."""

from datetime import date, datetime

from portal.clock import LONDON, Clock
from portal.errors import Invalid
from portal.viewmodels.past import AsAt


def past(text: str | None, clock: Clock) -> AsAt | None:
    """A past day, or instant, from an address: '2009-01-26', '2009-01-26T09:00:00Z'; None for none. Invalid for what
    is neither, and for what has not come yet."""
    if not text:
        return None
    try:
        if len(text) == len("2009-01-26"):
            day, instant = date.fromisoformat(text), None
        else:
            instant = datetime.fromisoformat(text)
            day = instant.astimezone(LONDON).date()
    except (ValueError, OverflowError):
        raise Invalid({"at": f"{text[:40]!r} is not a day: write it like {clock.today()}."}) from None
    if instant is not None and instant.tzinfo is None:
        raise Invalid({"at": "Say the instant with its time zone, like 2009-01-26T09:00:00Z."})
    if day > clock.today() if instant is None else instant > clock.now():
        raise Invalid({"at": "That day has not come yet: choose today or a day before."})
    return AsAt(day, instant)
