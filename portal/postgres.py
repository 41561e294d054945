"""The connections to PostgreSQL: a pool that is bounded and soon says when it is empty, to a server or to a pooler."""

from dataclasses import dataclass

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

WRITING = "portal_writing"
"""The option of a connection that says whether its transactions may write."""
WAIT_SECONDS = 5
"""So long a request waits for a connection, whether the pool is empty or the server does not answer."""


@dataclass(frozen=True, slots=True)
class Pool:
    """How many connections a process keeps, how many more it opens when all are in use, and whether a pooler that gives
    each transaction another server connection (pgbouncer) stands between: then nothing may be prepared on one."""

    size: int = 5
    overflow: int = 5
    pooler: bool = False


def connect(url: URL, pool: Pool, name: str) -> Engine:
    """An engine; `name` is what the server's own lists call its connections, unless the address says it."""
    usual = {"application_name": name, "connect_timeout": WAIT_SECONDS}
    arguments: dict[str, object] = {key: value for key, value in usual.items() if key not in url.query}
    if pool.pooler:
        arguments["prepare_threshold"] = None
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=pool.size,
        max_overflow=pool.overflow,
        pool_timeout=WAIT_SECONDS,
        connect_args=arguments,
    )


def for_reading(engine: Engine) -> Engine:
    """The same connections for transactions that only read."""
    one_state = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(**{WRITING: False, "postgresql_readonly": True}, **one_state)
