"""What a backup says of itself: the file in which it lies beside the database's own copy, and how that is read."""

import hashlib
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, inspect, select, table, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from portal import audit, migrate
from portal.errors import Conflict
from portal.formats.zips import UNREADABLE

MANIFEST, COPY = "manifest.json", "database"
LARGEST_MANIFEST = 1024**2
A_BIT = 1024**2


class Facts(NamedTuple):
    """What a database held at one moment, to be compared with what is in another one."""

    migration: str
    number: int
    hash: str
    rows: Mapping[str, int]


class Manifest(BaseModel):
    """When a backup was made, by which portal, of what; `number` and `hash` are the head of the audit trail, `granted`
    the roles that the portal ran as on PostgreSQL, `sha256` and `size` those of the copy beside it."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    made_at: datetime
    portal: str
    engine: Literal["sqlite", "postgresql"]
    server: str
    migration: str
    number: int
    hash: str
    rows: dict[str, int]
    granted: list[str]
    size: int
    sha256: str

    @property
    def facts(self) -> Facts:
        return Facts(self.migration, self.number, self.hash, self.rows)


def facts(connection: Connection) -> Facts:
    """What is in a database now, whatever its migration. Conflict for one that is not the portal's."""
    names = set(inspect(connection).get_table_names())
    if not {"alembic_version", "audit_head"} <= names:
        raise Conflict("This database has no tables of the portal: there is nothing to back up.")
    migration = connection.scalar(text("SELECT version_num FROM alembic_version"))
    number, hash_ = connection.execute(text("SELECT number, hash FROM audit_head")).one()
    rows = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}
    return Facts(str(migration), number, hash_, rows)


def require_whole(connection: Connection) -> bool:
    """Conflict, with the place, when the audit trail or an edition is not as it was written. False where nobody can
    tell: a database that is to be migrated first."""
    if not migrate.is_current(connection):
        return False
    session = Session(connection)
    wrong = audit.first_break(session) or " ".join(audit.checked_editions(session)[1])
    if wrong:
        raise Conflict(f"What is in it does not hold together: {wrong}")
    return True


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(target: Path, copy: Path, manifest: Manifest) -> None:
    """Write both into one file, readable by its owner alone, that is on the disk when this returns."""
    # What pg_dump writes is compressed already.
    how = zipfile.ZIP_DEFLATED if manifest.engine == "sqlite" else zipfile.ZIP_STORED
    target.touch(0o600, exist_ok=False)
    with target.open("r+b") as file:
        with zipfile.ZipFile(file, "w", how) as both:
            both.writestr(MANIFEST, manifest.model_dump_json(indent=1))
            both.write(copy, COPY)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """What a backup says of itself, and the file to take its copy from. Conflict for what is no backup."""
    with path.open("rb") as file:
        with _legible(path):
            both = zipfile.ZipFile(file)
            if both.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise KeyError(MANIFEST)
            manifest = Manifest.model_validate_json(both.read(MANIFEST))
        yield manifest, both


def take_out(both: zipfile.ZipFile, manifest: Manifest, target: Path) -> None:
    """Write the copy to where it can be used. Conflict when it is not what was put in."""
    left = manifest.size + 1  # what says to be small and is not would fill the disk
    path = Path(str(both.filename))
    with _legible(path):
        packed = both.open(COPY)
    with packed, target.open("wb") as file:
        while left > 0 and (bit := _next(packed, min(A_BIT, left), path)):
            file.write(bit)
            left -= len(bit)
    if left != 1 or digest(target) != manifest.sha256:
        raise Conflict("The backup is damaged: its copy of the database is not the one that was put in.")


def _next(packed: IO[bytes], most: int, path: Path) -> bytes:
    with _legible(path):
        return packed.read(most)


@contextmanager
def _legible(path: Path) -> Iterator[None]:
    """Around what only reads the backup: a bit that turned over shows in the many ways in which zipfile fails. What is
    written meanwhile is outside, so that a full disk keeps its own name."""
    try:
        yield
    except UNREADABLE as error:
        raise Conflict(f"{path} is no backup of the portal, or was cut short or damaged.") from error
