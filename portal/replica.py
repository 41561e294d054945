"""A replica to read from: used while it is there and not far behind, and else the primary."""

import time
from threading import Lock

from sqlalchemy import Engine, TextClause, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from portal.postgres import Pool, connect, for_reading

BEHIND = 5.0
"""So many seconds a replica may be behind."""
LOOK_AFTER = 1.0
"""So many seconds one look at it counts."""
RETRY_AFTER = 10.0
"""So many seconds one that is gone is left alone."""
_WRITTEN = text("SELECT pg_current_wal_lsn()::text")
_DONE = text("SELECT pg_current_wal_insert_lsn()::text")
"""Beyond what is written: with synchronous_commit off a change is done before. What readers tidy up may stay unwritten for
long, so how far a replica is behind is no matter of this."""
_THERE = text("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:mark AS pg_lsn)")


class Replica:
    """One replica, as one process knows it. How far it is behind is measured against marks: where the primary's log ended
    at some moment. A mark that the replica has not come to is as old as the replica is behind."""

    def __init__(self, primary: Engine, url: str, pool: Pool) -> None:
        self._primary = primary
        self._engine = connect(make_url(url), pool, "portal replica")
        self._reading = for_reading(self._engine)
        self._looking = Lock()
        self._usable = False
        self._look_at = 0.0
        self._mark: tuple[str, float] | None = None

    def connection(self) -> Connection | None:
        """What to read from, to be closed; None for the primary."""
        if time.monotonic() >= self._look_at and self._looking.acquire(blocking=False):  # one looks, the others go on
            try:
                self._look()
            finally:
                self._looking.release()
        if not self._usable:
            return None
        try:
            return self._reading.connect()
        except SQLAlchemyError:
            self._leave()
            return None

    def catch_up(self) -> None:
        """Something was just published: nothing is read here before the replica has it."""
        with self._looking:
            self._usable, self._look_at, self._mark = False, 0.0, None
            try:
                self._mark = (self._end(_DONE), float("-inf"))
            except SQLAlchemyError:
                self._leave()

    def dispose(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def _look(self) -> None:
        try:
            mark, at = self._mark or (self._end(), float("-inf"))  # one that was not seen yet has to catch up first
            there = self._has(mark)
            self._mark = (self._end(), time.monotonic()) if there else (mark, at)
            self._usable = there or time.monotonic() - at <= BEHIND
            self._look_at = time.monotonic() + LOOK_AFTER
        except SQLAlchemyError:  # it, or the primary, does not answer
            self._leave()

    def _leave(self) -> None:
        self._usable, self._look_at, self._mark = False, time.monotonic() + RETRY_AFTER, None

    def _end(self, end: TextClause = _WRITTEN) -> str:
        """Where the primary's log ends now."""
        with self._primary.connect() as connection:
            return str(connection.scalar(end))

    def _has(self, mark: str) -> bool:
        with self._reading.connect() as connection:  # nothing else begins on a server that takes no writes
            return bool(connection.scalar(_THERE, {"mark": mark}))
