"""What people who are signed in were refused, in the server's log: whoever tries doors that are not theirs is seen."""

import logging
import time
from collections.abc import Callable
from threading import Lock

from flask import g, request

from portal.actor import Actor
from portal.errors import Forbidden, NotFound, PortalError

log = logging.getLogger("portal.refused")
EVERY = 60.0
"""So many seconds pass before the same is written again of the same person: nobody fills the log by trying."""
MOST = 1000
"""So many doors and people are remembered."""

_lock = Lock()
_told: dict[tuple[int, str], tuple[float, int]] = {}
"""When the last line of a person at a door was written, and how many refusals there were since."""


def note(who: Callable[[], Actor], error: PortalError) -> None:
    """Write down that somebody was refused what is not theirs, by the account's number: who it is the accounts say.
    `since` counts those that were not written since the line before. `who` is asked only then: other errors may say
    that nobody can be asked."""
    if not (isinstance(error, Forbidden) or (isinstance(error, NotFound) and error.foreign)):
        return
    actor = who()
    if actor.person_id is None:
        return
    door = str(g.get("door") or request.endpoint)
    with _lock:
        now = time.monotonic()
        last, since = _told.get((actor.person_id, door), (-EVERY, 0))
        if now - last < EVERY:
            _told[actor.person_id, door] = last, since + 1
            return
        if len(_told) >= MOST:
            _told.clear()
        _told[actor.person_id, door] = now, 0
    log.warning("account=%d role=%s door=%s status=%d since=%d", actor.person_id, actor.role, door, error.status, since)
