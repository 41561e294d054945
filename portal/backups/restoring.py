"""Putting a backup into an empty database, and holding what is there then against what the backup says of itself."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import inspect, text

from portal import grants, migrate
from portal.backups import manifest as written
from portal.backups import postgres
from portal.backups.manifest import Facts, Manifest
from portal.damage import require_sound
from portal.database import Database
from portal.errors import Conflict


class Restored(NamedTuple):
    """What came of it: whether the audit trail could be checked (not before an older database is migrated), and the
    roles that have their rights again, and those that are not there to be given any."""

    manifest: Manifest
    checked: bool
    granted: list[str]
    missing: list[str]


def restore(database: Database, path: Path, pg_bin: Path | None) -> Restored:
    """Put a backup into a database that is empty. Conflict for one that is not, for a backup of the other engine or of
    a newer portal, for one that is damaged, and when what is there afterwards is not what the backup says."""
    with written.unpacked(path) as (told, both):
        _require_possible(database, told)
        with tempfile.TemporaryDirectory(prefix=".portal-restore-", dir=_beside(database)) as folder:
            copy = Path(folder) / "copy"
            written.take_out(both, told, copy)
            put = _into_sqlite if told.engine == "sqlite" else _into_postgresql
            put(database, copy, pg_bin)
    with database.engine.connect() as connection:
        if told.engine == "sqlite":
            require_sound(connection)
        _require_same(written.facts(connection), told.facts)
        checked = written.require_whole(connection)
    there, missing = _grant(database, told.granted)
    return Restored(told, checked, there, missing)


def _require_possible(database: Database, told: Manifest) -> None:
    engine = database.engine.dialect.name
    if told.engine != engine:
        raise Conflict(
            f"This backup was taken on {told.engine}, and the database is {engine}: a backup goes back to the engine that "
            "it came from. An agreement alone can be moved with portal export and portal load."
        )
    if told.migration not in migrate.known():
        raise Conflict(
            f"This backup is at migration {told.migration}, which this portal does not know: use the newer portal."
        )
    if inspect(database.engine).get_table_names():
        raise Conflict("The database is not empty: a backup is put into an empty one. Nothing was changed.")


def _beside(database: Database) -> Path | None:
    """Where there is room for the copy: beside the SQLite file; wherever temporary files are, for PostgreSQL."""
    named = database.engine.url.database
    return Path(named).parent if database.engine.dialect.name == "sqlite" and named else None


def _into_sqlite(database: Database, copy: Path, _bin: Path | None) -> None:
    # By SQLite itself, in one transaction: whoever dies in the middle of it leaves an empty database.
    with closing(sqlite3.connect(copy)) as source, closing(database.engine.raw_connection()) as held:
        source.backup(held.driver_connection)  # type: ignore[arg-type]
    database.dispose()
    with database.engine.connect():  # the copy has no write-ahead log; ours has
        pass


def _into_postgresql(database: Database, copy: Path, pg_bin: Path | None) -> None:
    pg_restore = postgres.tool("pg_restore", postgres.server_of(database), pg_bin)
    postgres.put_back(database.engine.url, pg_restore, copy)


def _require_same(found: Facts, wanted: Facts) -> None:
    if found == wanted:
        return
    counts = [
        f"{name}: {found.rows.get(name, 0)} rows instead of {wanted.rows.get(name, 0)}"
        for name in sorted({*found.rows, *wanted.rows})
        if found.rows.get(name) != wanted.rows.get(name)
    ]
    raise Conflict(f"What was restored is not what the backup says. {'; '.join(counts) or 'The audit trail differs.'}")


def _grant(database: Database, roles: list[str]) -> tuple[list[str], list[str]]:
    there = []
    with database.engine.begin() as connection:
        for role in roles:
            if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
                grants.give(connection, role)
                there.append(role)
    return there, [role for role in roles if role not in there]
