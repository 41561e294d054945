"""What a job in the background can be, and how long a worker may be silent on it."""

from datetime import timedelta
from enum import StrEnum


class JobKind(StrEnum):
    """What is made in the background."""

    PACK = "pack"


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


TO_DO = (JobState.WAITING, JobState.RUNNING)
MOST_TRIES = 3
"""So often a job is begun whose worker dies or meets a mistake of ours."""
LEASE = timedelta(minutes=2)
"""So long a job is a worker's after its last sign of life."""
MOST_WAITING = 5
"""So many jobs of one person wait or run at a time."""
