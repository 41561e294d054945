"""The words of signing in: links to choose a password, sessions, and the second step."""

from datetime import datetime

from portal.viewmodels.people import FactorState, OwnSession
from portal.words.dates import moment, plural

LETTER = "Choose your password for the partnership portal"
REQUIRED = "Your account needs a second step: after your password you type a code that an app on your telephone shows."
OFFERED = "A second step keeps out anybody who has only learned your password."


def letter(name: str, address: str, until: datetime) -> str:
    """What the letter with a link says, as plain text."""
    said = (
        f"Dear {' '.join(name.split())},",
        "you have an account in the partnership portal. Open this link and choose your password:",
        address,
        f"The link works once, until {moment(until)}. It is for you alone: do not hand it on. If you did not expect it, "
        "leave it: nothing happens unless it is opened.",
    )
    return "\n\n".join(said) + "\n"


def session_began(one: OwnSession) -> str:
    """How a session began: 'with a password, from 192.0.2.7'."""
    how = "with password and second step" if one.factor else "with a password"
    return f"{how}, from {one.address}" if one.address else how


def factor(state: FactorState) -> str:
    """Whether somebody has a second step."""
    if state.since is None:
        return "Not set up."
    return f"Set up since {moment(state.since)}; {plural(state.codes_left, 'recovery code')} left."


DONE = {
    "sessions": "Every session of this account has ended.",
    "factor": "The second step is taken away, and every session of this account has ended.",
}
"""What was done to how somebody signs in."""
