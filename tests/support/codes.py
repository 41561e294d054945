"""Second factors in tests: setting one up, and the codes that its app would show."""

from datetime import datetime, timedelta

import pyotp

from portal.actor import Actor
from portal.clock import Clock
from portal.database import Database
from portal.services import factors, sessions

KEY = "k" * 40
"""The secret key of `settings()` in tests/conftest.py."""


def code(secret: str, steps: int = 0, at: datetime | None = None) -> str:
    """The code that an app shows now, or so many steps of half a minute later."""
    return pyotp.TOTP(secret).at((at or Clock().now()) + timedelta(seconds=30 * steps))


def enrol(database: Database, actor: Actor) -> tuple[str, tuple[str, ...]]:
    """Set up somebody's second factor; answers its secret and the recovery codes. The code of the step before is used
    up, that of this one is not."""
    token = sessions.begin(database, actor)
    made = factors.begin_enrolment(database, actor, KEY, "", half=True)
    token, codes = factors.confirm_enrolment(database, actor, KEY, token, made.sealed, code(made.secret, -1), half=True)
    sessions.sign_out(database, actor, token)
    return made.secret, codes
