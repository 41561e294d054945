"""The outbox: where a message stands on its way, how long is waited after a refusal, and when it is given up."""

from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(minutes=10)
"""So long a message is one sender's alone: far longer than the slowest mail server is waited for."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 20, 80, 320, 1280))
"""How long is waited after each refusal that may pass; after the last one it is given up."""
TOO_OLD = timedelta(days=5)
"""A message that waited for so long is given up: what it says of days and states is not so any more."""
KEEP_BODIES = timedelta(days=90)
"""So long what a message said is kept; that it was sent, to whom, when and about what is kept for good."""


class Delivery(StrEnum):
    """Where a message is. One that is `sending` for longer than its lease was left by a sender that died."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"  # nobody is to get it any more: the account is disabled, or declined all that it says


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries before the next one, each time four times as long; None to give up.

    >>> pause_after(1), pause_after(2), pause_after(6)
    (datetime.timedelta(seconds=300), datetime.timedelta(seconds=1200), None)
    """
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None
