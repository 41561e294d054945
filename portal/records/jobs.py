"""The row of a job, as the worker that has claimed it may change it."""

from typing import Any

from sqlalchemy import Update, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from models.jobs import Job
from models.rules.jobs import JobState
from portal.errors import Lost
from portal.viewmodels.packs import Claimed


def mine(job: Claimed) -> Update:
    """A change of a job that happens only while it is this worker's."""
    return update(Job).where(Job.id == job.id, Job.claim == job.claim, Job.state == JobState.RUNNING)


def changed(session: Session, change: Update) -> bool:
    """Make a change; whether there was a row to change."""
    result: Any = session.execute(change)
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def change_mine(session: Session, job: Claimed, **values: object) -> None:
    """Change a job. Lost when it is another's by now: then nothing of this transaction stays."""
    if not changed(session, mine(job).values(**values)):
        raise Lost
