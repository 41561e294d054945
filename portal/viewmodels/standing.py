"""How much waits in the portal, in numbers that name nobody."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits now: jobs and messages by their state, how long the oldest of each has waited (seconds, 0 for none),
    the returns of open periods that were not sent yet (`late`: after the period's due day), the failed attempts to sign
    in of the last five minutes, and the events in the audit trail."""

    jobs: Mapping[str, int]
    oldest_job: float
    messages: Mapping[str, int]
    oldest_message: float
    due: int
    late: int
    failures: int
    events: int
