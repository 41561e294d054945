"""What is wrong with the database of an installation and with what is in it, for `portal check`."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.jobs import Job
from models.people import Person
from models.reminders import OutboxMessage
from models.rules.jobs import LEASE, JobState
from models.rules.outbox import Delivery
from portal import migrate
from portal.actor import Actor
from portal.database import Database
from portal.errors import Unavailable
from portal.policy import Action, holders, require
from portal.services.audit import verify
from portal.services.engines import APART, engine_findings
from portal.viewmodels.checkup import Finding

DEMO_DOMAIN = "portal.example"
"""Where the accounts of the demonstration are: no real address can be."""
A_WEEK = timedelta(days=7)
SLOW = 10 * 60
"""So many seconds a job may wait while others are done."""
UNSENT = timedelta(days=1)
"""So long a message may wait: `portal remind` is run daily."""
NEEDED = {
    Action.ACCOUNT_MANAGE: "Nobody can make accounts or disable one on the pages.",
    Action.RETURN_VERIFY: "Nobody can verify or publish.",
}


def checkup(database: Database, actor: Actor, *, demonstration: bool = False) -> list[Finding]:
    """Everything that is not as it should be, in the order in which it is looked at; nothing of what stands in any
    return. A database that cannot be reached, or whose tables are not the present ones, is looked at no further.
    In a `demonstration` its own accounts are as they should be."""
    require(actor, Action.AUDIT_READ)
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        migrate.require_current(database)
    except SQLAlchemyError as error:
        return [Finding("database-gone", {"said": _said(error)})]
    except migrate.NotMigrated as error:
        return [Finding("database-old", {"said": error})]
    found: list[Finding] = []
    try:
        found += engine_findings(database)
        _look_inside(database, actor, found, demonstration=demonstration)
    except (SQLAlchemyError, Unavailable) as error:
        found.append(Finding("database-fails", {"said": _said(error)}))
    return found


def _look_inside(database: Database, actor: Actor, found: list[Finding], *, demonstration: bool) -> None:
    if differences := migrate.differences(database):
        found.append(Finding("database-other", {"count": len(differences)}))
    verdict = verify(database, actor)
    if verdict.broken:
        found.append(Finding("trail-broken", {"said": verdict.broken}))
    found += [Finding("edition-wrong", {"said": sentence}) for sentence in verdict.wrong]
    with database.read(actor) as session:
        for look in LOOKS:
            found += look(session)
        if not demonstration:
            found += _demonstration(session)


def _said(error: Exception) -> str:
    """A driver's first line, which names no password: that is in no message of theirs."""
    cause = error.__cause__ if isinstance(error, Unavailable) else error
    return f"{str(getattr(cause, 'orig', None) or cause).strip().splitlines()[0].rstrip('.')}."


def _jobs(session: Session) -> Iterator[Finding]:
    now = session.info["clock"].now()
    oldest, count = session.execute(
        select(func.min(Job.asked_at), func.count()).where(Job.state == JobState.WAITING)
    ).one()
    left = select(func.min(Job.asked_at), func.count()).where(Job.state == JobState.RUNNING)
    left_since, left_count = session.execute(left.where(Job.claimed_until < now - LEASE)).one()
    since = min(filter(None, (oldest, left_since)), default=now)
    if (waited := (now - since).total_seconds()) > SLOW:
        yield Finding("jobs-waiting", {"count": count + left_count, "minutes": int(waited // 60)})
    lost = select(func.count()).select_from(Job).where(Job.state == JobState.FAILED)
    if failed := session.scalar(lost.where(Job.ended_at > now - A_WEEK)):
        yield Finding("jobs-failed", {"count": failed})


def _messages(session: Session) -> Iterator[Finding]:
    now = session.info["clock"].now()
    waits = select(func.min(OutboxMessage.made_at), func.count()).where(OutboxMessage.state == Delivery.WAITING)
    oldest, count = session.execute(waits).one()
    if oldest is not None and now - oldest > UNSENT:
        yield Finding("mail-waiting", {"count": count, "hours": int((now - oldest).total_seconds() // 3600)})
    lost = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == Delivery.FAILED)
    if failed := session.scalar(lost.where(OutboxMessage.made_at > now - A_WEEK)):
        yield Finding("mail-failed", {"count": failed})


def _clock(session: Session) -> Iterator[Finding]:
    newest = session.scalar(select(AuditEvent.at).order_by(AuditEvent.number.desc()).limit(1))
    ahead = (newest - session.info["clock"].now()).total_seconds() if newest else 0
    if ahead > APART:
        yield Finding("clock-back", {"seconds": int(ahead)})


def _people(session: Session) -> Iterator[Finding]:
    roles = set(session.scalars(select(Person.role).where(Person.disabled.is_(False)).distinct()))
    for action, why in NEEDED.items():
        if not roles & set(needed := holders(action)):
            yield Finding("nobody", {"role": needed[0], "why": why})


def _demonstration(session: Session) -> Iterator[Finding]:
    theirs = Person.email.endswith(f"@{DEMO_DOMAIN}", autoescape=True)
    if count := session.scalar(select(func.count()).select_from(Person).where(theirs, Person.disabled.is_(False))):
        yield Finding("demo-accounts", {"count": count, "domain": DEMO_DOMAIN})


LOOKS: tuple[Callable[[Session], Iterator[Finding]], ...] = (_clock, _people, _jobs, _messages)
"""What is looked at within the data. Whoever keeps something that can go wrong adds a function here, and its words to
portal/words/checkup.py."""
