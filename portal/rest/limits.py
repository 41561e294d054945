"""How often the API may be asked: each token, and each address without one, over all processes of the portal; and the
headers that say how much is left (draft-ietf-httpapi-ratelimit-headers)."""

import ipaddress
from threading import Lock
from typing import NamedTuple

from flask import Response, g

from portal.clock import Clock
from portal.database import Database
from portal.errors import TooMany, Unavailable
from portal.services import kept

WINDOW = 60
"""Seconds: a window is a minute of the clock. Where two meet, twice as much may come in a short while."""
MOST = 10_000
"""So many addresses are told apart within a minute; those after them are counted together."""
FEWEST = 5
"""So many requests of an address at least a process counts before it tells the database."""


class Limits(NamedTuple):
    """How many requests a minute each token may make, and each address without one."""

    token: int
    public: int


class LimitReached(TooMany):
    """More requests came than the limit allows; nothing of this one was done."""

    title = "Too many requests"


class Addresses:
    """How often each address asked within this minute. A process counts by itself, and tells the database every so many
    requests, a twentieth of the limit: reading figures costs no write each, and for each process at most that much more
    gets through. What the others told is known from then on."""

    def __init__(self, database: Database, limit: int) -> None:
        self._database = database
        self._limit = limit
        self._step = max(FEWEST, limit // 20)
        self._lock = Lock()
        self._minute = 0
        self._asked: dict[str, tuple[int, int]] = {}

    def count(self, address: str, minute: int) -> int:
        """Counts one request of an address; answers how many there were within this minute, as far as is known."""
        name = network(address)
        with self._lock:
            if minute != self._minute:
                self._minute, self._asked = minute, {}
            if name not in self._asked and len(self._asked) >= MOST:
                name = ""
            known, untold = self._asked.get(name, (0, 0))
            untold += 1
            tells = untold >= self._step and known <= self._limit  # whom the limit holds already need not be told of
            self._asked[name] = (known, 0 if tells else untold)
        if not tells:
            return known + untold
        try:
            told = kept.count_address(self._database, name, minute, untold)
        except Unavailable:  # while the database takes no writes each process counts alone
            told = known + untold
        with self._lock:
            if minute == self._minute:
                before, more = self._asked.get(name, (0, 0))
                self._asked[name] = (max(before, told), more)
        return told


def network(address: str) -> str:
    """Whom an address stands for: itself, or in version 6 the network that one customer has.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False).network_address)


def minute_of(clock: Clock) -> int:
    """The minute of the clock that it is, counted since 1970."""
    return int(clock.now().timestamp()) // WINDOW


def require(policy: str, limit: int, used: int | None, clock: Clock) -> None:
    """Notes what is left of a limit, for the headers of the answer; LimitReached when nothing is. `used` counts this
    request too; None where it could not be counted: then nothing is said of what is left."""
    left = WINDOW - int(clock.now().timestamp()) % WINDOW
    g.api_limit = {"RateLimit-Policy": f'"{policy}";q={limit};w={WINDOW}'}
    if used is None:
        return
    g.api_limit["RateLimit"] = f'"{policy}";r={max(limit - used, 0)};t={left}'
    if used > limit:
        raise LimitReached(
            f"More than {limit} requests came within a minute. Nothing was done. Try again in {left} seconds.", left
        )


def tell(response: Response) -> Response:
    """Adds the headers that say how much is left."""
    response.headers.update(g.get("api_limit", {}))
    return response
