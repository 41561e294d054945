"""What must hold of a database whenever the portal comes back: every acknowledged write is there, and nothing is torn."""

import json
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.returns import Return, ReturnMessage, ReturnRevision, ReturnStep, RevisionRating
from models.rules.terms import Message, State
from portal import audit
from portal.actor import OPERATOR
from portal.database import Database
from tests.support.ledger import Crowd, Write

AFTER = {
    "return:edit": State.DRAFT,
    "return:submit": State.SUBMITTED,
    "return:withdraw": State.DRAFT,
    "return:query": State.QUERIED,
}
"""Where a return stands after each action."""


def lost_and_torn(database: Database, crowd: Crowd) -> tuple[set[Write], list[str]]:
    """The acknowledged writes that are not there, and a sentence for everything else that cannot be."""
    acknowledged = crowd.ledger.acked()  # before the database is read: what comes later need not be seen
    with database.read(OPERATOR) as session:
        events = _events(session, crowd.subjects)
        there = Counter(map(_write, events))
        torn = [f"{write} is {times} times in the trail" for write, times in there.items() if times > 1]
        torn += _torn_returns(session, crowd.subjects, events)
        if broken := audit.first_break(session):
            torn.append(broken)
        torn += audit.checked_editions(session)[1]
        if database.engine.dialect.name == "sqlite":
            torn += [one for one in session.scalars(text("PRAGMA integrity_check")) if one != "ok"]
            torn += [f"a row refers to nothing: {row}" for row in session.execute(text("PRAGMA foreign_key_check"))]
    torn += [f"{write} was never asked for" for write in there.keys() - crowd.ledger.attempted]
    return acknowledged - there.keys(), torn


def _events(session: Session, subjects: Iterable[str]) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.subject.in_(subjects), AuditEvent.action.in_(AFTER))
    return list(session.scalars(query.order_by(AuditEvent.number)))


def _write(event: AuditEvent) -> Write:
    if event.action == "return:query":
        return Write(event.subject, event.action, event.reason)
    after = json.loads(event.after)
    return Write(event.subject, event.action, str(after.get("commentary", after.get("revision"))))


def _torn_returns(session: Session, subjects: dict[str, int], events: list[AuditEvent]) -> list[str]:
    """Each return must stand where its events lead, with one revision and one rating for each submit, one question for
    each query, and one step for each change of where it stands."""
    told: dict[str, list[AuditEvent]] = {name: [] for name in subjects}
    for event in events:
        told[event.subject].append(event)
    torn = []
    for name, number in subjects.items():
        row = session.get_one(Return, number)
        state, steps, commentary = State.NOT_STARTED, 1, ""  # the first step is that it was opened
        for event in told[name]:
            steps += AFTER[event.action] is not state
            state = AFTER[event.action]
            if event.action == "return:edit":
                commentary = json.loads(event.after)["commentary"]
        done = Counter(event.action for event in told[name])
        revisions = select(ReturnRevision.id).where(ReturnRevision.return_id == number)
        count = select(func.count())
        asked = (ReturnMessage.return_id == number) & (ReturnMessage.kind == Message.QUERY)
        wanted = {
            "state": (row.state, state),
            "commentary": (row.commentary, commentary),
            "revision": (row.revision, done["return:submit"]),
            "revisions": (session.scalar(count.select_from(revisions.subquery())), done["return:submit"]),
            "ratings": (
                session.scalar(count.select_from(RevisionRating).where(RevisionRating.revision_id.in_(revisions))),
                done["return:submit"],
            ),
            "questions": (session.scalar(count.select_from(ReturnMessage).where(asked)), done["return:query"]),
            "steps": (
                session.scalar(count.select_from(ReturnStep).where(ReturnStep.return_id == number)),
                steps,
            ),
        }
        torn += [
            f"{name}: {what} is {is_!r}, its events say {should!r}"
            for what, (is_, should) in wanted.items()
            if is_ != should
        ]
    return torn
