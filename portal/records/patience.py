"""Guessing passwords is slowed down: failures are counted, for an account, for an address, and for both together."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.people import Person, SignInAttempt
from portal import audit
from portal.actor import Actor
from portal.errors import TooMany

WINDOW = timedelta(minutes=5)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 50
# Over all addresses: who guesses from many has so few guesses that no password of fifteen characters falls, and nobody
# forgets theirs as often. It is no less because whoever reaches it keeps the owner out too: that takes ten addresses
# that go on at twenty failures a minute, and is in the trail.
PER_ACCOUNT = 100
THROTTLE = "session:throttle"


def require_patience(session: Session, email: str) -> None:
    """TooMany after ten failures in five minutes for an account from the actor's address, fifty from the address, or a
    hundred for the account."""
    if _reached(session, email) is not None:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(f"Too many attempts to sign in or to change the password. Wait {seconds // 60} minutes.", seconds)


def note_failure(
    session: Session, email: str, action: str, person: Person | None = None, *, subject: str = "", reason: str = ""
) -> None:
    """Count a wrong password, and put it into the trail as this action; the first one that is too many as well. `subject`
    is what the trail names where it is no account, `reason` what was wrong where it was no password."""
    actor: Actor = session.info["actor"]
    organisation_id = person.organisation_id if person else None
    session.add(SignInAttempt(email=email, address=actor.address, at=session.info["clock"].now()))
    audit.record(session, action, subject or f"account {email}", reason=reason, organisation_id=organisation_id)
    if (reached := _reached(session, email)) is not None and not _noted(session, *reached):
        subject, why = reached
        audit.record(session, THROTTLE, subject, reason=why, organisation_id=organisation_id)


def _noted(session: Session, subject: str, why: str) -> bool:
    """Whether the trail says it already: not each refusal gets a row, they would fill it."""
    since = session.info["clock"].now() - WINDOW
    rows = select(AuditEvent.number).where(AuditEvent.at > since, AuditEvent.action == THROTTLE)
    return session.scalar(rows.where(AuditEvent.subject == subject, AuditEvent.reason == why).limit(1)) is not None


def _reached(session: Session, email: str) -> tuple[str, str] | None:
    """What is kept waiting, as the trail names it, and which limit it reached; None for nothing."""
    address: str = session.info["actor"].address
    here, account = SignInAttempt.address == address, SignInAttempt.email == email
    limits: tuple[tuple[ColumnElement[bool], int, str, str], ...] = (
        (here & account, PER_ACCOUNT_AND_ADDRESS, f"account {email}", "failures for one account from one address"),
        (here, PER_ADDRESS, f"address {address}", "failures from one address"),
        (account, PER_ACCOUNT, f"account {email}", "failures for one account"),
    )
    now = session.info["clock"].now()
    since, until = now - WINDOW, now + WINDOW  # a clock that was ahead must not keep anybody out for as long
    for which, limit, subject, words in limits:
        failed = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at.between(since, until), which)
        if (session.scalar(failed) or 0) >= limit:
            return subject, f"{limit} {words} in {int(WINDOW.total_seconds()) // 60} minutes"
    return None
