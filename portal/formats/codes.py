"""The codes of a second factor: those that an app shows for half a minute (TOTP, RFC 6238), and recovery codes."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP = 30
"""So many seconds a code is shown for, as every app has it that knows no other."""
SKEW = 1
"""So many steps the clock of somebody's telephone may be wrong, either way."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read for each other."""
_GROUPS, _LONG = 6, 4
ISSUER = "Partnership portal"


def new_secret() -> str:
    """What an app and the portal share: 160 random bits, in base 32."""
    return pyotp.random_base32()


def enrolling(secret: str, email: str) -> str:
    """The address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def is_app_code(typed: str) -> bool:
    """Whether this is written as an app's code is: six digits, with spaces wherever somebody likes them."""
    return re.fullmatch(r"[0-9]{6}", "".join(typed.split()), re.ASCII) is not None


def step_of(secret: str, typed: str, at: datetime, after: int) -> int | None:
    """The step whose code was typed, counted in STEP seconds since 1970: this one, or one that is SKEW away. None for a
    wrong code, and for a right one of a step that is not `after` the last one that was taken: each works once."""
    code, now = "".join(typed.split()), int(at.timestamp()) // STEP
    app = pyotp.HOTP(secret)
    found = None
    for step in range(now - SKEW, now + SKEW + 1):  # all of them, whichever it is: the time tells nothing
        if hmac.compare_digest(app.at(step).encode(), code.encode()) and step > after:
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 24 letters and digits: of 118 random bits, so that a plain digest of each is enough to keep."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )


def plain_recovery_code(typed: str) -> str:
    """A recovery code as it is digested: however it was typed, in capitals, with or without its hyphens."""
    return "".join(letter for letter in typed.lower() if letter in _LETTERS)
