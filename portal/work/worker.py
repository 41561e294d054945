"""The worker: takes jobs from the queue one after the other, in a thread of the serving process or in a process of its
own. Neither knows a request or who is signed in: a job acts as the person who asked for it."""

import atexit
import logging
import secrets
import threading

from models.rules.broken import RuleBroken
from models.rules.jobs import JobKind
from portal.database import Database
from portal.errors import Conflict, Lost, PortalError, Unavailable
from portal.services import jobs
from portal.viewmodels.packs import Claimed
from portal.work import briefing

log = logging.getLogger("portal")
MAKE = {JobKind.PACK: briefing.make}
EVERY = 15.0
"""Seconds between two looks at the queue, for what another process was asked for or left behind."""
PATIENCE = 5.0
"""So many seconds a process that ends waits for its worker to give back what it has not finished."""
MISTAKE = "The last time it met a mistake of the portal’s, not yours: tell the team this reference: {}."


class Stopping(Exception):
    """The worker is told to stop: what it has not finished is given back."""


class Worker:
    """One worker over one database; `every` is how many seconds it waits when there is nothing to do."""

    def __init__(self, database: Database, every: float = EVERY) -> None:
        self._database, self._every = database, every
        self._awake, self._stopping = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Something was asked for: look now. Begins the thread when there is none yet."""
        self.start()
        self._awake.set()

    def start(self) -> None:
        """Work in a thread of this process, until it ends."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def stop(self) -> None:
        """Take no more jobs, and give back the one that is being done."""
        self.hurry()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)

    def hurry(self) -> None:
        """The same without waiting for it: for the handler of a signal."""
        self._stopping.set()
        self._awake.set()

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stopping.is_set():
            if not self._tried():
                self._awake.wait(self._every)
                self._awake.clear()

    def empty(self) -> int:
        """Work until there is nothing left to do; answers how many jobs were begun."""
        begun = 0
        while not self._stopping.is_set() and self.once():
            begun += 1
        return begun

    def _tried(self) -> bool:
        try:
            return self.once()
        except Unavailable as error:
            log.warning("the worker waits: %s", error)
        except Exception:
            log.exception("a mistake of the worker's")
        return False

    def once(self) -> bool:
        """Do the oldest job there is, and say what became of it; whether there was one."""
        job = jobs.claim(self._database)
        if job is None:
            return False
        try:
            self._do(job)
        except Lost:
            log.warning("job %s was taken over by another worker", job.id)
        return True

    def _do(self, job: Claimed) -> None:
        try:
            MAKE[job.kind](self._database, job, lambda done, steps: self._went_on(job, done, steps))
        except Lost:
            raise
        except Stopping:
            jobs.give_back(self._database, job)
        except (Conflict, Unavailable) as error:  # the database is busy, or another worker kept the same pack just now
            jobs.give_back(self._database, job, str(error))
        except (PortalError, RuleBroken) as error:
            jobs.fail(self._database, job, str(error))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("mistake %s at job %s", reference, job.id)
            jobs.give_back(self._database, job, MISTAKE.format(reference))

    def _went_on(self, job: Claimed, done: int, steps: int) -> None:
        if self._stopping.is_set():
            raise Stopping
        jobs.go_on(self._database, job, done, steps)
