"""The rows of sessions: beginning one, ending some of them, and clearing away what is long over."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from models.invitations import Invitation
from models.people import SignIn, SignInAttempt
from models.rules.sessions import AT_MOST, IDLE, KEPT
from portal import audit
from portal.actor import Actor
from portal.formats.passwords import digest


def begin_session(session: Session, actor: Actor, *, factor: bool, way: str = "") -> str:
    """A new session of a person; answers its token, of which only a digest is kept. `factor`: their second factor was
    given for it. `way` says in the trail how they showed who they are, where it was not by a password."""
    token, now = secrets.token_urlsafe(32), session.info["clock"].now()
    session.add(
        SignIn(
            token_hash=digest(token),
            person_id=actor.person_id,
            started_at=now,
            last_seen_at=now,
            address=actor.address,
            factor_at=now if factor else None,
        )
    )
    after: dict[str, object] = {"second_factor": factor, **({"way": way} if way else {})}
    audit.record(session, "session:start", f"account {actor.email}", after=after)
    return token


def end_session(session: Session, token: str) -> None:
    """End one session for good, without a word in the trail."""
    _end(session, SignIn.token_hash == digest(token))


def end_sign_ins(session: Session, person_id: int) -> int:
    """End every session of an account for good; answers how many lived."""
    alive = living(session.info["clock"].now())
    count = len(session.scalars(select(SignIn.id).where(SignIn.person_id == person_id, alive)).all())
    _end(session, SignIn.person_id == person_id)
    return count


def _end(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(update(SignIn).where(which, SignIn.ended_at.is_(None)).values(ended_at=session.info["clock"].now()))


def living(now: datetime) -> ColumnElement[bool]:
    """The sessions that have not ended, were not idle for half an hour, and are not twelve hours old."""
    return SignIn.ended_at.is_(None) & (SignIn.last_seen_at >= now - IDLE) & (SignIn.started_at >= now - AT_MOST)


def forget_old(session: Session) -> None:
    """Clear away what is over for longer than KEPT: sessions, failed attempts, and links."""
    before = session.info["clock"].now() - KEPT
    session.execute(delete(SignIn).where(SignIn.started_at < before))
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < before))
    session.execute(delete(Invitation).where(Invitation.expires_at < before))
