"""Whether a database file is broken: pages that a disk, a copy in use or a torn write has spoilt."""

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from portal.database import is_damage
from portal.errors import Damaged

MOST = 5
"""So many of the things that are wrong are told."""


def require_sound(connection: Connection, *, quick: bool = False) -> None:
    """Damaged, with what SQLite says, for a file that is broken. `quick` leaves out whether the indexes agree with their
    tables, which takes most of the time. PostgreSQL checks its own pages when it reads them."""
    if connection.dialect.name != "sqlite":
        return
    try:
        found = connection.scalars(text(f"PRAGMA {'quick' if quick else 'integrity'}_check({MOST})")).all()
    except DatabaseError as error:
        if not is_damage(error):
            raise
        found = [str(error.orig)]
    except UnicodeDecodeError:
        found = ["its own description of its tables cannot be read"]
    if found != ["ok"]:
        raise Damaged(
            f"The database file is damaged: {'; '.join(str(one) for one in found)}. Stop the portal, put a copy of the file "
            "aside, and restore the newest backup (portal restore)."
        )
