"""The database: `read(actor)` refuses to write, `write(actor)` is one transaction for one use case."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from errno import ENOENT
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.actor import Actor
from portal.clock import Clock
from portal.errors import Conflict, Damaged, Unavailable
from portal.history import note_steps
from portal.postgres import WRITING, Pool, connect, for_reading
from portal.replica import Replica
from portal.settings import Settings
from portal.turns import Turns
from portal.viewmodels.past import AsAt
from portal.wall import announce

BUSY_SECONDS = 10
LITTLE = 0.01
"""So many seconds change nothing: whoever stood in the queue no longer has its whole patience left, and whoever has to
ask again does so after them."""
PREPARED = 64
"""So many statements a connection to SQLite keeps prepared: those of two or three pages. Ours are long, and each
connection with the usual 128 took 5 MB of every worker."""
UNSURE = (
    "The database went away while this was being saved. It may or may not have been saved: look before you try again."
)
READ_ONLY = "25006"
DAMAGED = ("XX001", "XX002")
"""PostgreSQL's words for a server that only reads, such as a standby, and for pages and indexes that are broken."""
OWN_FOLDER = Path("var")
"""Where the databases lie that nobody named: the only folder that the portal makes."""
UNREADABLE = "Could not decode to UTF-8"
"""SQLite's driver's own words for a text that is none any more; they have no code."""
MAY_WRITE = "portal_may_write"
"""What was said last to a connection, of SQLite."""
LEFT = "portal_left"
"""How many of BUSY_SECONDS a writer has left that stood in the queue before."""


class Database:
    """One database and the clock that goes with it: every use case needs both."""

    def __init__(self, url: str, clock: Clock | None = None, pool: Pool | None = None, replica: str = "") -> None:
        self.clock = clock or Clock()
        self.commits = 0  # by this process: whoever keeps what was read knows at once when it may be old
        self.engine = _engine(url, pool or Pool())
        self.replica = Replica(self.engine, replica, pool or Pool()) if replica else None
        # Options of the engine, not of one connection: they hold for every transaction that a session begins.
        self._writing = self.engine.execution_options(**{WRITING: True})
        self._reading = for_reading(self.engine)
        self._turns = _turns(self.engine)

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
            with self._turn() as left, self._session(actor, writing=True, left=left) as session:
                yield session
                self._commit(session)
                self.commits += 1
        except (StaleDataError, IntegrityError) as error:
            raise Conflict("Somebody else changed this at the same moment. Nothing was saved: look again.") from error

    def _turn(self) -> AbstractContextManager[float | None]:
        return self._turns.turn(BUSY_SECONDS) if self._turns else nullcontext()

    @staticmethod
    def _commit(session: Session) -> None:
        try:
            session.commit()
        except DBAPIError as error:
            if error.connection_invalidated:  # it ended while the answer was on its way: it may be committed or not
                raise Unavailable(UNSURE) from error
            raise

    @contextmanager
    def _session(
        self,
        actor: Actor,
        *,
        writing: bool,
        as_at: AsAt | None = None,
        left: float | None = None,
        replica: bool = False,
    ) -> Iterator[Session]:
        try:
            elsewhere = self.replica.connection() if replica and self.replica else None
            bind = self._writing if writing else elsewhere or self._reading
            if left is not None and left < BUSY_SECONDS - LITTLE:
                bind = bind.execution_options(**{LEFT: left})
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
            if is_damage(error):
                raise Damaged() from error
            if error.connection_invalidated or _is_its_own(error, writing):
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


def _is_its_own(error: DatabaseError, writing: bool) -> bool:
    """Whether a database is gone, busy or full; every other kind of error is a mistake of ours."""
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return True
    return writing and getattr(error.orig, "sqlstate", None) == READ_ONLY


def is_damage(error: DatabaseError) -> bool:
    """Whether what a database could not do tells of broken pages, in SQLite's or PostgreSQL's words."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if str(error.orig).startswith(UNREADABLE):
        return True
    return getattr(error.orig, "sqlstate", None) in DAMAGED


def _turns(engine: Engine) -> Turns | None:
    """The queue of writers: SQLite has one at a time. None on PostgreSQL, where each locks no more than its rows."""
    if engine.dialect.name != "sqlite":
        return None
    named = engine.url.database or ":memory:"
    return Turns(None if named == ":memory:" or named.startswith("file:") else Path(named))


def _engine(url: str, pool: Pool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _leaving_nothing_open(connect(parsed, pool, "portal"))
    folder = Path(parsed.database or "").parent
    if OWN_FOLDER in (folder, *folder.parents):
        folder.mkdir(parents=True, exist_ok=True)
    elif not folder.is_dir():  # a folder made for a misspelt address would hide a new, empty database in it
        raise FileNotFoundError(
            ENOENT, "there is no such folder; make it first, or correct PORTAL_DATABASE_URL", str(folder)
        )
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "cached_statements": PREPARED})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return _leaving_nothing_open(engine)


def _leaving_nothing_open(engine: Engine) -> Engine:
    """SQLAlchemy takes a commit that failed for the end of its transaction, which it need not be: on SQLite the lock
    would then be held for as long as the connection lies in the pool."""

    def end(connection: Any, record: Any) -> None:
        try:
            if connection is not None:
                connection.rollback()  # nothing at all where no transaction is open
        except engine.dialect.loaded_dbapi.Error:
            record.invalidate()

    event.listen(engine, "checkin", end)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: _begin_sqlite does
    try:
        _keep_a_log(connection)
    except UnicodeDecodeError as error:  # what SQLite says of a broken schema may have its broken names in it
        raise sqlite3.DatabaseError(f"{UNREADABLE} what is in the file") from error
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _keep_a_log(connection: Any) -> None:
    """SQLite does not wait for others who give a new file its write-ahead log at the same moment: it is asked again."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(LITTLE)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turned writer halfway would fail instead of waiting.
    options = connection.get_execution_options()
    writing = options.get(WRITING, True)
    if connection.info.get(MAY_WRITE) is not writing:  # after it SQLite prepares every statement of the connection anew
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        connection.info[MAY_WRITE] = writing
    with _waiting_no_longer_than(connection, options.get(LEFT)):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _waiting_no_longer_than(connection: Connection, seconds: float | None) -> Iterator[None]:
    """Who stood in the queue has that much less patience with a writer that does not know of it."""
    held = connection.connection.dbapi_connection
    if seconds is None or held is None:
        yield
        return
    held.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
    try:
        yield
    finally:
        held.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
