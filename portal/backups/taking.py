"""Taking a backup while the portal is in use, checking it, and putting it under its name only when it is whole."""

import os
import re
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from portal import grants
from portal.backups import manifest as written
from portal.backups import postgres
from portal.backups.manifest import Facts, Manifest
from portal.damage import require_sound
from portal.database import Database
from portal.errors import Conflict

STAMP = "%Y-%m-%dT%H%M%SZ"
_STAMPED = r"-\d{4}-\d\d-\d\dT\d{6}Z"


def take(database: Database, path: Path, pg_bin: Path | None) -> Manifest:
    """Back the database up into a new file, as it stands at one moment; answers what the backup says of itself.

    Conflict when the file is there already, when what is in the database does not hold together, and when PostgreSQL's
    tools are missing or too old; nothing is then left under that name. Damaged for a database file that is broken."""
    if path.exists():
        raise Conflict(f"{path} is there already: name a new file. Nothing was written.")
    if not path.parent.is_dir():
        raise Conflict(f"{path.parent} is no folder: make it first. Nothing was written.")
    # In the same folder, so that the finished file gets its name in one step.
    with tempfile.TemporaryDirectory(prefix=".portal-backup-", dir=path.parent) as name:
        folder = Path(name)
        copy, packed = folder / "copy", folder / "packed"
        take_copy = _from_sqlite if database.engine.dialect.name == "sqlite" else _from_postgresql
        made_at = database.clock.now()
        held, granted, server = take_copy(database, copy, pg_bin)
        told = Manifest(
            made_at=made_at,
            portal=version("portal"),
            engine=database.engine.dialect.name,
            server=server,
            **held._asdict(),
            granted=granted,
            size=copy.stat().st_size,
            sha256=written.digest(copy),
        )
        written.pack(packed, copy, told)
        with written.unpacked(packed) as (again, both):  # what the disk has kept, not what was meant to be written
            written.take_out(both, again, copy)
        _name(packed, path)
    return told


def _name(packed: Path, path: Path) -> None:
    try:
        os.link(packed, path)  # a rename would put it in the place of one that came there meanwhile
    except FileExistsError:
        raise Conflict(f"{path} is there already: name a new file. Nothing was written.") from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _from_sqlite(database: Database, copy: Path, _bin: Path | None) -> tuple[Facts, list[str], str]:
    """A copy by SQLite's online backup: one state of the data, while others read and write."""
    with closing(database.engine.raw_connection()) as held, closing(sqlite3.connect(copy)) as target:
        held.driver_connection.backup(target)  # type: ignore[union-attr]
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    engine = create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        require_sound(connection)
        found = written.facts(connection)
        _require_whole(connection)
    engine.dispose()
    return found, [], sqlite3.sqlite_version


def _from_postgresql(database: Database, copy: Path, pg_bin: Path | None) -> tuple[Facts, list[str], str]:
    """A dump of one snapshot, which is counted and checked as pg_dump reads it."""
    server = postgres.server_of(database)
    pg_dump = postgres.tool("pg_dump", server, pg_bin)
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.engine.connect().execution_options(**options) as connection:
        connection.execute(text("SET LOCAL row_security = off"))
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        found, granted = written.facts(connection), grants.holders(connection)
        _require_whole(connection)
        postgres.dump(database.engine.url, pg_dump, str(snapshot), copy)
        return found, granted, str(server)


def _require_whole(connection: Connection) -> None:
    try:
        written.require_whole(connection)
    except Conflict as error:
        raise Conflict(f"{error} Nothing was written: such a backup would push out a good one.") from None


def dated(path: Path, now: datetime) -> Path:
    """The name of a backup among others of the same name: with the moment before its ending.

    >>> dated(Path("portal.zip"), datetime(2009, 1, 20, 2, 30, tzinfo=UTC)).name
    'portal-2009-01-20T023000Z.zip'
    """
    return path.with_name(f"{path.stem}-{now.astimezone(UTC).strftime(STAMP)}{path.suffix}")


def forget(path: Path, keep: int) -> list[Path]:
    """Remove all of those dated backups but the newest so many; answers which."""
    named = re.compile(re.escape(path.stem) + _STAMPED + re.escape(path.suffix))
    old = sorted(one for one in path.parent.iterdir() if named.fullmatch(one.name))[:-keep]
    for one in old:
        one.unlink()
    return old
