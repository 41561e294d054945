"""The queue of those who want to write into one SQLite file, over all threads and processes: first come, first served.

SQLite's own waiting is a sleep that grows, so that of many writers a few starve for seconds. Here the threads of a
process stand in line, and the first of each line waits for the others' processes at a lock file beside the database.
The lock file orders the writers and nothing else: that two never write at once is SQLite's own to see to, so that a
writer that knows nothing of the queue, or a file system without locks, costs speed and never a row."""

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from portal.errors import Unavailable

ENDING = "-queue"
"""What the lock file's name has behind the database's, as SQLite's own -wal and -shm."""
LOOK_EVERY = 0.0005
"""Seconds between two looks at a lock that another process holds: far less than a save takes."""
_GATE, _TURN = 0, 1
"""The two bytes of the lock file. Who holds the gate is next: whoever has just written stands behind them."""


class Turns:
    """The turns at one SQLite file, `path`; without one, at a database that this process alone has in memory."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.with_name(path.name + ENDING) if path else None
        self._line = Line()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[float]:
        """Wait for this thread's turn, and have it until the block ends; answers how many of the seconds are left.
        Unavailable when they are over first."""
        until = time.monotonic() + seconds
        if not self._line.wait(seconds):
            raise Unavailable()
        try:
            with self._of_this_process(until):
                yield max(0.0, until - time.monotonic())
        finally:
            self._line.leave()

    @contextmanager
    def _of_this_process(self, until: float) -> Iterator[None]:
        held = self._opened()
        try:
            if held is not None:
                _lock(held, _GATE, until)
                _lock(held, _TURN, until)
                fcntl.lockf(held, fcntl.LOCK_UN, 1, _GATE)
            yield
        finally:
            if held is not None:
                os.close(held)  # which gives back every lock; so does the death of the process

    def _opened(self) -> int | None:
        """The lock file, opened anew for each turn: then a forked process shares none, and one that somebody removed
        is made again. None where there can be none: then SQLite says what is wrong with the folder, if it is."""
        if self._file is None:
            return None
        try:
            return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None


class Line:
    """The threads that wait, in the order in which they came."""

    def __init__(self) -> None:
        self._changing = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def wait(self, seconds: float) -> bool:
        """Wait to be the first; whether it came to that in time."""
        with self._changing:
            if not self._taken:
                self._taken = True
                return True
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=seconds):
            return True
        with self._changing:
            if called not in self._waiting:  # it was called just as its time was over
                return True
            self._waiting.remove(called)
        return False

    def leave(self) -> None:
        """Let the next one come."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def _lock(held: int, byte: int, until: float) -> None:
    while True:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Unavailable() from None
            time.sleep(LOOK_EVERY)
        except OSError:  # a file system without locks: SQLite's own waiting is all there is
            return
        else:
            return
