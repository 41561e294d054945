"""The queue of background work: claiming a job, giving signs of life, giving it back, and saying why it failed.

No person acts here, but the worker; what a job does, it does as the person who asked for it. Any number of workers on
any machines share the queue: a claim is one conditional change of a row, and so is every later word on it."""

import secrets

from sqlalchemy import case, or_, select, update

from models.agreement import Agreement
from models.jobs import Job
from models.people import Person
from models.rules.jobs import LEASE, MOST_TRIES, JobState
from models.rules.packs import read_asked
from portal.actor import Actor
from portal.database import Database
from portal.errors import Forbidden
from portal.records.jobs import change_mine, changed
from portal.records.people import actor_of
from portal.viewmodels.packs import Claimed

WORKER = Actor(name="worker", system=True)
GAVE_UP = f"It was begun {MOST_TRIES} times and never came to its end. Ask for it again."


def claim(database: Database) -> Claimed | None:
    """The oldest job that waits, or whose worker has not been heard of for too long; None when there is none. Of several
    workers that ask at once one gets it. A job that was begun too often fails instead."""
    now, mine = database.clock.now(), secrets.token_hex(16)
    # Nor is a lease so long that begins now: it was given by a clock that was ahead, and would not end for as long.
    over = or_(Job.claimed_until < now, Job.claimed_until > now + 2 * LEASE)
    lapsed = (Job.state == JobState.RUNNING) & over
    free = or_(Job.state == JobState.WAITING, lapsed)
    with database.read(WORKER) as session:  # most of the time there is nothing to do, and nothing need be locked
        numbers = session.scalars(select(Job.id).where(free).order_by(Job.id)).all()
    for number in numbers:
        with database.write(WORKER) as session:
            taken = update(Job).where(Job.id == number, free, Job.tries < MOST_TRIES)
            held = {"state": JobState.RUNNING, "claim": mine, "claimed_until": now + LEASE, "tries": Job.tries + 1}
            if changed(session, taken.values(**held)):
                kind, asked = session.execute(select(Job.kind, Job.asked).where(Job.id == number)).one()
                return Claimed(number, kind, mine, read_asked(asked))
            said = session.scalars(select(Job.error).where(Job.id == number)).one()
            gone = update(Job).where(Job.id == number, free, Job.tries >= MOST_TRIES)
            error = " ".join(filter(None, (GAVE_UP, said)))
            changed(session, gone.values(state=JobState.FAILED, error=error, ended_at=now, claim=None))
    return None


def who_asked(database: Database, job: Claimed) -> Actor:
    """The person for whom a job is done, as they are now, in the agreement that they asked in. Forbidden where the
    account has been disabled since."""
    with database.read(WORKER) as session:
        person, agreement = session.execute(
            select(Person, Agreement.key)
            .join(Job, Job.person_id == Person.id)
            .join(Agreement, Agreement.id == Job.agreement_id)
            .where(Job.id == job.id)
        ).one()
        if person.disabled:
            raise Forbidden("The account that asked for it has been disabled.")
        return actor_of(person, "", agreement)


def go_on(database: Database, job: Claimed, done: int, steps: int) -> None:
    """A sign of life: so many of so many steps are done, and the job stays this worker's for a while. Never fewer than
    were done before, by another worker. Lost when it is another's by now."""
    most = case((Job.done < done, done), else_=Job.done)
    with database.write(WORKER) as session:
        change_mine(session, job, done=most, steps=steps, claimed_until=database.clock.now() + LEASE)


def give_back(database: Database, job: Claimed, error: str = "") -> None:
    """Let it be taken again at once: as one more try that ended so, or without an `error` as if it had not been begun.
    Lost when it has been."""
    tries = Job.tries if error else Job.tries - 1
    with database.write(WORKER) as session:
        change_mine(session, job, state=JobState.WAITING, claim=None, claimed_until=None, tries=tries, error=error)


def fail(database: Database, job: Claimed, sentence: str) -> None:
    """Say why it cannot be done. Lost when it is another's by now."""
    with database.write(WORKER) as session:
        ended = database.clock.now()
        change_mine(session, job, state=JobState.FAILED, error=sentence, ended_at=ended, claim=None)
