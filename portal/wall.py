"""The second wall, on PostgreSQL: each transaction says for whom it asks, and the tables' own policies let no other row
through. The policies are those of models/migrations/versions/0028_row_level_security.py; docs/postgresql.md tells all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum, auto
from typing import Any

import psycopg
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from portal.actor import Actor
from portal.errors import Unavailable

ALL = "system"
"""Whom no policy holds back: the command line, the parts of the portal that are no person (`system` of an Actor), and
what a use case does within `beyond`."""
LIMITS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}
"""How long one statement of a person's, its wait for a lock, and its silence between two may take. They are said in each
transaction, not once in each connection, so that they hold behind a pooler too; the command line has none."""
_SAY = "SELECT " + ", ".join(
    f"set_config('{name}', %s, true)"
    for name in ("portal.role", "portal.organisation", "portal.person", "portal.agreement", *LIMITS)
)
BEYOND = "portal_beyond"
_ROLE = "SELECT set_config('portal.role', %s, true)"


class Beyond(StrEnum):
    """Everything that a use case needs of rows that are not its actor's to read or to change. Each is a decision."""

    ASKING = auto()  # the team asks partners for returns: makes them when a period opens, notes that it chased them
    EXISTENCE = auto()  # whether there is a row with the number that was asked for in vain: trying numbers is noted
    FORGETTING = auto()  # deleting what is over, whosoever's it was: answers of requests, files of packs
    REMINDING = auto()  # everybody is reminded of what waits for them, whoever starts it: titles, days and states
    SCHEDULE = auto()  # when the next edition is to be public: its hour, for whoever reads the public pages
    STANDING = auto()  # where every return stands and when it came in, for lateness: never what it says
    TRAIL = auto()  # the feed of changes: of events on what its reader may read, that they happened


def role_of(actor: Actor) -> str:
    """What the policies know the actor as."""
    if actor.operator or actor.system:
        return ALL
    return actor.role or "public"


def announce(connection: Connection, actor: Actor) -> None:
    """Say for whom a transaction asks: one statement, and forgotten with the transaction. Nothing on SQLite. Unavailable
    when the database is gone by now."""
    if connection.dialect.name != "postgresql":
        return
    who = (role_of(actor), actor.organisation_id, actor.person_id, actor.bound_to)
    limits = dict.fromkeys(LIMITS, "0") if actor.operator else LIMITS
    _say(connection, _SAY, *("" if one is None else str(one) for one in who), *limits.values())


@contextmanager
def beyond(session: Session, _why: Beyond) -> Iterator[None]:
    """Within this the session's statements reach every row, for the one thing that is named. Not within another one,
    which the end of this would end: RuntimeError."""
    if session.info.get(BEYOND):
        raise RuntimeError("a need beyond the wall within another one")
    session.info[BEYOND] = True
    try:
        with _everything(session):
            yield
    finally:
        session.info[BEYOND] = False


@contextmanager
def _everything(session: Session) -> Iterator[None]:
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    if session.info["writing"]:
        session.flush()  # what the actor changed so far is held against the policies as the actor's
    _say(connection, _ROLE, ALL)
    try:
        yield
    finally:
        with suppress(Unavailable):  # the transaction has failed: nothing more is done in it
            _say(connection, _ROLE, role_of(session.info["actor"]))


def _say(connection: Connection, statement: str, *values: str) -> None:
    """By the driver itself, as it says BEGIN: this belongs to the transaction and to no use case."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement, values)
    except psycopg.Error as error:
        raise Unavailable() from error
