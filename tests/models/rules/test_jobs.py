"""What a job is promised: tried three times, taken over after two silent minutes, and five at a time for one person."""

from datetime import timedelta

from models.rules.jobs import LEASE, MOST_TRIES, MOST_WAITING, TO_DO, JobState


def test_what_has_ended_is_not_to_do() -> None:
    assert set(JobState) - set(TO_DO) == {JobState.DONE, JobState.FAILED}


def test_a_dead_worker_is_noticed_in_minutes_and_a_job_that_kills_workers_ends() -> None:
    assert (timedelta(minutes=2), 3, 5) == (LEASE, MOST_TRIES, MOST_WAITING)
