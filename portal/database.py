"""The database: `read(actor)` refuses to write, `write(actor)` is one transaction for one use case."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from errno import ENOENT
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.actor import Actor
from portal.clock import Clock
from portal.errors import Conflict, Unavailable
from portal.history import note_steps
from portal.postgres import Pool, connect, for_reading
from portal.replica import Replica
from portal.settings import Settings
from portal.viewmodels.past import AsAt
from portal.wall import announce

BUSY_SECONDS = 10
OWN_FOLDER = Path("var")
"""Where the databases lie that nobody named: the only folder that the portal makes."""
WRITING = "portal_writing"


class Database:
    """One database and the clock that goes with it: every use case needs both."""

    def __init__(self, url: str, clock: Clock | None = None, pool: Pool | None = None, replica: str = "") -> None:
        self.clock = clock or Clock()
        self.commits = 0  # by this process: whoever keeps what was read knows at once when it may be old
        self.engine = _engine(url, pool or Pool())
        self.replica = Replica(self.engine, replica, pool or Pool()) if replica else None
        # Options of the engine, not of one connection: they hold for every transaction that a session begins.
        self._writing = self.engine.execution_options(**{WRITING: True})
        self._reading = for_reading(self.engine, WRITING)

    @contextmanager
    def read(self, actor: Actor, as_at: AsAt | None = None, *, replica: bool = False) -> Iterator[Session]:
        """A session that sees one state of the data and cannot change it; always rolled back. `as_at` is the past that
        is looked at, None for now: its day is the session's today. `replica` says that the use case never needs what
        was written this moment: then whoever writes nothing may be given a replica's state, some seconds old."""
        with self._session(actor, writing=False, as_at=as_at, replica=replica and actor.only_reads) as session:
            yield session

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Session]:
        """A session whose work is committed as one when the block ends, and undone when anything is raised in it.
        Conflict when somebody else changed the same row first; Unavailable when the database is busy or gone."""
        try:
            with self._session(actor, writing=True) as session:
                yield session
                session.commit()
                self.commits += 1
        except (StaleDataError, IntegrityError) as error:
            raise Conflict("Somebody else changed this at the same moment. Nothing was saved: look again.") from error

    @contextmanager
    def _session(
        self, actor: Actor, *, writing: bool, as_at: AsAt | None = None, replica: bool = False
    ) -> Iterator[Session]:
        try:
            elsewhere = self.replica.connection() if replica and self.replica else None
            bind = self._writing if writing else elsewhere or self._reading
            with elsewhere or nullcontext(), Session(bind, expire_on_commit=False, autoflush=writing) as session:
                session.info.update(actor=actor, clock=self.clock, present=self.clock, writing=writing, as_at=as_at)
                if as_at is not None:
                    session.info["clock"] = Clock(as_at.day)
                event.listen(session, "before_flush", note_steps)
                event.listen(session, "after_begin", lambda _session, _begun, found: announce(found, actor))
                session.connection()
                yield session
        except NoConnection as error:
            raise Unavailable() from error
        except DatabaseError as error:
            # A database that is gone, busy or damaged; every other kind of error is a mistake of ours.
            gone = error.connection_invalidated or type(error) is DatabaseError
            if isinstance(error, OperationalError) or gone:
                raise Unavailable() from error
            raise

    def catch_up(self) -> None:
        """Something became public: a replica is read from again once it has that."""
        if self.replica:
            self.replica.catch_up()

    def dispose(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        if self.replica:
            self.replica.dispose()


def configured(settings: Settings) -> Database:
    """The database of the settings."""
    pool = Pool(settings.pool_size, settings.pool_overflow, settings.pooler)
    return Database(settings.database_url, Clock(settings.today), pool, settings.replica_url)


def _engine(url: str, pool: Pool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return connect(parsed, pool, "portal")
    folder = Path(parsed.database or "").parent
    if OWN_FOLDER in (folder, *folder.parents):
        folder.mkdir(parents=True, exist_ok=True)
    elif not folder.is_dir():  # a folder made for a misspelt address would hide a new, empty database in it
        raise FileNotFoundError(
            ENOENT, "there is no such folder; make it first, or correct PORTAL_DATABASE_URL", str(folder)
        )
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: _begin_sqlite does
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turned writer halfway would fail instead of waiting.
    writing = connection.get_execution_options().get(WRITING, True)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
