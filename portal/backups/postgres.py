"""Taking a PostgreSQL database out with pg_dump and putting it back with pg_restore, PostgreSQL's own tools."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL

from portal.database import Database
from portal.errors import Conflict


def tool(name: str, server: int, folder: Path | None) -> str:
    """The path of one of PostgreSQL's tools, in `folder` or else on PATH; Conflict when it is not there, or is older
    than the server, whose number (16 for 16.4) is given."""
    found = shutil.which(name, path=str(folder) if folder else None)
    where = f"in {folder}, which PORTAL_PG_BIN names" if folder else "on PATH"
    if found is None:
        raise Conflict(
            f"{name} is not {where}. It comes with PostgreSQL's client programs: install those of version {server} or "
            "newer, or name their folder in PORTAL_PG_BIN."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    if number is None or int(number[1]) < server:
        raise Conflict(
            f"{found} is version {number[1] if number else 'unknown'}, older than the server, which is {server}: install "
            "newer client programs, or name their folder in PORTAL_PG_BIN."
        )
    return found


def server_of(database: Database) -> int:
    """The number of the server's version: 16 for 16.4."""
    with database.engine.connect() as connection:
        found: int = connection.connection.dbapi_connection.info.server_version  # type: ignore[union-attr]
    return found // 10000


def dump(url: URL, pg_dump: str, snapshot: str, target: Path) -> None:
    """Everything that the snapshot shows, in pg_dump's custom format. Conflict with what it says when it fails."""
    # pg_dump itself stops where row security would hide rows from this role.
    _run(url, pg_dump, "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", "--file", target)


def put_back(url: URL, pg_restore: str, source: Path) -> None:
    """All of a dump or nothing of it. Conflict with what pg_restore says when it fails."""
    _run(url, pg_restore, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", source)


def _run(url: URL, program: str, *options: str | Path) -> None:
    given = {
        name: value for name, value in url.translate_connect_args(username="user", database="dbname").items() if value
    }
    password = given.pop("password", None)  # not among the arguments, which every user of the machine may read
    given |= {name: value for name, value in url.query.items() if isinstance(value, str)}
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [program, "--dbname", make_conninfo("", **given), "--no-password", *map(str, options)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Conflict(f"{Path(program).name} failed: {done.stderr.strip() or done.returncode}")
