"""What is wrong with the database engine itself: its version, its encoding, what it promises, and the role's rights."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.damage import require_sound
from portal.database import Database
from portal.errors import Damaged
from portal.viewmodels.checkup import Finding

LEAST_POSTGRESQL, LEAST_SQLITE = 130000, (3, 35)
"""The oldest with all that the portal's statements use."""
APART = 5.0
"""So many seconds the clocks of two machines may differ."""
SQLITE_RIGHT = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
POSTGRESQL_RIGHT = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_UNREADABLE = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
    "AND NOT has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
)
_OWNED = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
    "AND pg_has_role(relowner, 'USAGE')"
)


def engine_findings(database: Database) -> Iterator[Finding]:
    """Look at the engine, as the role and with the settings that the portal itself connects with."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            yield from _sqlite(connection)
        else:
            yield from _postgresql(connection)


def _sqlite(connection: Connection) -> Iterator[Finding]:
    def pragma(name: str) -> str:
        return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()).lower()

    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        least = ".".join(map(str, LEAST_SQLITE))
        yield Finding("version-old", {"name": "SQLite", "version": sqlite3.sqlite_version, "least": least})
    if (encoding := pragma("encoding")) != "utf-8":
        yield Finding("encoding", {"encoding": encoding})
    for name, right in SQLITE_RIGHT.items():
        if (value := pragma(name)) != right:
            yield Finding("unsafe-writes", {"name": name, "value": value, "right": right})
    try:
        require_sound(connection, quick=True)
    except Damaged as error:
        yield Finding("file-damaged", {"said": error.sentence})


def _postgresql(connection: Connection) -> Iterator[Finding]:
    def show(name: str) -> str:
        return str(connection.scalar(text("SELECT current_setting(:name)"), {"name": name}))

    if int(show("server_version_num")) < LEAST_POSTGRESQL:
        least = LEAST_POSTGRESQL // 10000
        yield Finding("version-old", {"name": "PostgreSQL", "version": show("server_version"), "least": least})
    if (encoding := show("server_encoding")) != "UTF8":
        yield Finding("encoding", {"encoding": encoding})
    for name, right in POSTGRESQL_RIGHT.items():
        if show(name) == "off":
            yield Finding("unsafe-writes", {"name": name, "value": "off", "right": right})
    role, above = connection.execute(
        text("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    if above:
        yield Finding("role-super", {"role": role})
    elif connection.scalar(text(_OWNED)):
        yield Finding("role-owner", {"role": role})
    if tables := connection.scalars(text(_UNREADABLE)).all():
        yield Finding("role-short", {"role": role, "tables": ", ".join(tables)})
    there = connection.scalars(text("SELECT clock_timestamp()")).one()
    if (apart := abs((datetime.now(UTC) - there).total_seconds())) > APART:
        yield Finding("clock-skew", {"seconds": int(apart)})
