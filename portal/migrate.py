"""Bringing a database to the present tables, whether it is empty or older."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

import models.tables
from models.base import Base
from portal import grants
from portal.database import LEFT, Database
from portal.errors import PortalError

PATIENCE = 600
"""So many seconds a migration waits for another one that is under way; far more than any takes."""
ONE_AT_A_TIME = 0x706F7274616C
"""PostgreSQL's advisory lock that a migration holds: the word 'portal' in ASCII."""
SCRIPTS = Path(models.tables.__file__).parent / "migrations"


class NotMigrated(PortalError):
    """The database's tables are not those that this version of the portal works on."""

    status = 503
    title = "The database is not ready"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _tables_open(database: Database) -> Iterator[Connection]:
    """One transaction in which tables may be made anew, and the only such one: whoever comes meanwhile waits, and then
    finds the work done. SQLite changes a column by copying its table, which the foreign keys to it would forbid: they
    are checked once, at the end."""
    with database.engine.execution_options(**{LEFT: PATIENCE}).connect() as connection:
        held = connection.connection.dbapi_connection
        sqlite = database.engine.dialect.name == "sqlite" and held is not None
        if sqlite:
            held.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise NotMigrated("The migration would leave rows that refer to nothing; it was undone.")
        finally:
            if sqlite:
                held.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that are still missing; nothing when there are none. Who was granted what the portal needs
    gets it on the new tables too, in the same transaction: never is there a table that the portal may not use."""
    with _tables_open(database) as connection:
        holders = grants.holders(connection)
        command.upgrade(_config(connection), to)
        for role in holders if to == "head" else ():  # the rights are those on the present tables
            grants.give(connection, role)


def downgrade(database: Database, to: str = "base") -> None:
    """Undo migrations down to a revision; loses what only the undone ones could hold."""
    with _tables_open(database) as connection:
        command.downgrade(_config(connection), to)


def revision(database: Database, message: str, number: str) -> None:
    """For developers: write a migration from the difference between the tables and this database."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def differences(database: Database) -> list[object]:
    """What the tables in the code have that the database has not, and the other way round; empty when they agree."""
    with database.engine.connect() as connection:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )


@cache
def _revisions(folder: Path) -> tuple[str, frozenset[str]]:
    """The newest, and all; they do not change while a process runs."""
    scripts = ScriptDirectory(str(folder))
    return str(scripts.get_current_head()), frozenset(script.revision for script in scripts.walk_revisions())


def newest() -> str:
    """The migration that this portal works on."""
    return _revisions(SCRIPTS)[0]


def known() -> frozenset[str]:
    """The migrations that this portal knows."""
    return _revisions(SCRIPTS)[1]


def older() -> frozenset[str]:
    """The migrations that this portal knows, but the newest: a database at one of them has not all that it needs. One
    that it does not know is newer, and was only added to (docs/upgrading.md)."""
    return known() - {newest()}


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest migration."""
    return MigrationContext.configure(connection).get_current_revision() == newest()


def require_current(database: Database) -> None:
    """NotMigrated, with what to do, unless the database is at the newest migration."""
    with database.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    if here is None:
        raise NotMigrated("This database is empty. Run: portal migrate")
    if here not in known():
        raise NotMigrated(
            f"This database is at migration {here}, which this portal does not know: use the newer portal."
        )
    if here != newest():
        raise NotMigrated(f"This database is at migration {here}; this portal needs {newest()}. Run: portal migrate")
