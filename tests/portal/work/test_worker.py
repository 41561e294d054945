"""The worker and its queue on both databases: one worker a job, whatever dies; progress; and failures in words."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from models.jobs import Job
from models.packs import Pack
from models.rules.jobs import LEASE, MOST_TRIES, JobKind
from models.rules.packs import Asked, PackForm, PackKind
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from portal.errors import Lost
from portal.services import jobs, packs, people
from portal.viewmodels.packs import Claimed, WentOn
from portal.viewmodels.past import AsAt
from portal.work import worker as work
from portal.work.worker import Worker
from tests.conftest import TODAY, person, settings

ASKED = Asked(PackKind.PARTNER, "police", "2008-09-q2", (PackForm.PDF,))
STEPS = 4
Making = Callable[[Database, Claimed, WentOn], None]
DIES = """
import sys, time
from datetime import date
from portal.clock import Clock
from portal.database import Database
from portal.work import worker
def hang(database, job, went_on):
    went_on(1, 4)
    print("begun", flush=True)
    time.sleep(600)
worker.MAKE = dict.fromkeys(worker.MAKE, hang)
worker.Worker(Database(sys.argv[1], Clock(date(2009, 1, 20)))).once()
"""
"""A worker that is killed between its claim and its end."""


def quickly(database: Database, job: Claimed, went_on: WentOn) -> None:
    """Make a pack of nothing, in steps."""
    actor = jobs.who_asked(database, job)
    for done in range(1, STEPS):
        went_on(done, STEPS)
    packs.keep(database, actor, job, "2008/09 Q2", AsAt(TODAY), f"{job.id:064}", {PackForm.PDF: b"%PDF"})


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> Callable[[Making], None]:
    """Lets the worker make something else."""

    def use(made: Making) -> None:
        monkeypatch.setattr(work, "MAKE", {JobKind.PACK: made})

    use(quickly)
    return use


def asked(database: Database, key: str = "police") -> int:
    return packs.ask(database, person(database, key), ASKED)


def state(database: Database, number: int) -> Any:
    with database.read(OPERATOR) as session:
        row = session.get_one(Job, number)
        return row.state, row.done, row.steps, row.tries, row.error


def made(database: Database) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count(Pack.id))) or 0


@pytest.mark.usefixtures("making")
def test_a_job_is_done_once_and_the_queue_is_empty_after_it(database: Database) -> None:
    number = asked(database)
    other = asked(database, "team")
    worker = Worker(database)
    assert worker.empty() == 2
    assert (state(database, number), state(database, other)) == (("done", 4, 4, 1, ""),) * 2
    assert made(database) == 2
    assert not worker.once()


@pytest.mark.usefixtures("making")
def test_two_workers_at_once_make_one(database: Database) -> None:
    number = asked(database)
    barrier = threading.Barrier(4)

    def take(_: int) -> bool:
        barrier.wait()
        return Worker(database).once()

    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(take, range(4)))
    assert (sum(took), made(database)) == (1, 1)
    assert state(database, number) == ("done", 4, 4, 1, "")


@pytest.mark.usefixtures("making")
def test_when_a_worker_is_killed_another_takes_over_and_there_is_one_result(database: Database) -> None:
    number = asked(database)
    address = database.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", DIES, address], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == "begun\n"
        assert state(database, number) == ("running", 1, 4, 1, "")
        assert not Worker(database).once(), "while it lives nobody else takes its job"
        dying.kill()
    assert not Worker(database).once(), "nor as long as it may only be slow"
    with time_machine.travel(database.clock.now() + LEASE + timedelta(seconds=1)):
        assert Worker(database).once()
    assert state(database, number) == ("done", 4, 4, 2, "")
    assert made(database) == 1


def test_a_worker_that_was_too_slow_keeps_nothing(database: Database, making: Callable[[Making], None]) -> None:
    """Another took the job over meanwhile, and made it."""
    number = asked(database)
    worker = Worker(database)

    def slowly(base: Database, job: Claimed, went_on: WentOn) -> None:
        went_on(1, STEPS)
        making(quickly)
        with time_machine.travel(base.clock.now() + LEASE + timedelta(seconds=1)):
            assert Worker(base).once()
        with pytest.raises(Lost):
            went_on(2, STEPS)
        quickly(base, job, lambda _done, _steps: None)

    making(slowly)
    assert worker.once()
    assert state(database, number) == ("done", 4, 4, 2, "")
    assert made(database) == 1


def test_progress_never_goes_back_and_renews_the_claim(database: Database, making: Callable[[Making], None]) -> None:
    number, seen = asked(database), []

    def told(base: Database, job: Claimed, went_on: WentOn) -> None:
        for done in (1, 3, 2, 3):
            went_on(done, STEPS)
            with base.read(OPERATOR) as session:
                row = session.get_one(Job, job.id)
                assert row.claimed_until is not None
                seen.append((row.done, row.claimed_until > base.clock.now()))
        quickly(base, job, went_on)

    making(told)
    Worker(database).once()
    assert seen == [(1, True), (3, True), (3, True), (3, True)]
    assert state(database, number)[:3] == ("done", 4, 4)


@pytest.mark.usefixtures("making")
def test_a_disabled_account_s_job_fails_and_says_so(database: Database) -> None:
    number = asked(database)
    people.set_disabled(database, OPERATOR, "police@portal.example", disabled=True)
    assert Worker(database).once()
    assert state(database, number) == ("failed", 0, 0, 1, "The account that asked for it has been disabled.")
    assert made(database) == 0


def test_a_mistake_of_ours_is_tried_again_and_in_the_end_told_with_its_reference(
    database: Database, making: Callable[[Making], None], caplog: pytest.LogCaptureFixture
) -> None:
    number = asked(database)

    def wrongly(*_: object) -> None:
        raise ZeroDivisionError

    making(wrongly)
    worker = Worker(database)
    assert worker.empty() == MOST_TRIES
    said, *_, error = state(database, number)
    assert said == "failed"
    assert error.startswith(
        f"It was begun {MOST_TRIES} times and never came to its end. Ask for it again. The last time"
    )
    reference = error.rpartition(": ")[2].rstrip(".")
    assert f"mistake {reference} at job {number}" in caplog.text
    assert packs.packs_page(database, person(database, "police")).jobs[0].error == error
    making(quickly)
    assert not worker.once()


def test_a_worker_that_is_stopped_gives_its_job_back_untried(
    database: Database, making: Callable[[Making], None]
) -> None:
    number = asked(database)
    worker = Worker(database)

    def stopped(_base: Database, _job: Claimed, went_on: WentOn) -> None:
        went_on(1, STEPS)
        worker.hurry()
        went_on(2, STEPS)

    making(stopped)
    worker.run()
    assert state(database, number) == ("waiting", 1, 4, 0, "")
    making(quickly)
    assert Worker(database).once()
    assert state(database, number) == ("done", 4, 4, 1, "")


@pytest.mark.usefixtures("making")
def test_the_serving_process_begins_its_worker_when_something_is_asked_for(sqlite_database: Database) -> None:
    """Not before: an app alone has no thread."""
    server = create_app(settings(), sqlite_database)
    assert "worker" not in {thread.name for thread in threading.enumerate()}
    number = asked(sqlite_database)
    worker = server.extensions["portal"]["worker"]
    worker.wake()
    for _ in range(200):
        if state(sqlite_database, number)[0] == "done":
            break
        threading.Event().wait(0.05)
    worker.stop()
    assert state(sqlite_database, number)[0] == "done"
    assert "worker" not in {thread.name for thread in threading.enumerate()}
