"""Writing the audit trail, in the transaction of the thing that is audited, and checking its chain, and the editions
against it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.audit import AuditEvent, AuditHead
from models.scorecard import Edition
from portal.actor import Actor
from portal.clock import Clock
from portal.formats.canonical import canonical
from portal.formats.edition import content_hash

BEGINNING = "0" * 64
_HEAD = select(AuditHead).where(AuditHead.id == 1).with_for_update()
"""The end of the chain, locked; built once: that takes longer than to ask it."""


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    organisation_id: int | None = None,
) -> None:
    """Add one event to the end of the chain, in the session's own transaction: done and audited, or neither.

    `organisation_id` is the organisation whose affair it is, when that is not the actor's own.
    """
    actor: Actor = session.info["actor"]
    clock: Clock = session.info["clock"]
    head = session.scalars(_HEAD).one()
    event = AuditEvent(
        number=head.number + 1,
        at=clock.now(),
        person_id=actor.person_id,
        who=actor.who,
        organisation_id=organisation_id if organisation_id is not None else actor.organisation_id,
        address=actor.address,
        action=str(action),
        subject=subject,
        before=canonical(before) if before is not None else "",
        after=canonical(after) if after is not None else "",
        reason=reason,
        agreement=session.info.get("agreement"),  # noted by whatever found the rows that this session works on
    )
    event.hash = chained(head.hash, event)
    head.number, head.hash = event.number, event.hash
    session.add(event)
    session.flush()


def chained(previous: str, event: AuditEvent) -> str:
    """The hash of an event: SHA-256 over the hash before it and everything that the row says."""
    said = [
        event.number,
        event.at.astimezone(UTC).isoformat(),
        event.person_id,
        event.who,
        event.organisation_id,
        event.address,
        event.action,
        event.subject,
        event.before,
        event.after,
        event.reason,
    ]
    if event.agreement is not None:  # events from before it was kept were hashed without it
        said.append(event.agreement)
    return hashlib.sha256(f"{previous}\n{canonical(said)}".encode()).hexdigest()


def first_break(session: Session) -> str | None:
    """None when the whole chain holds; else a sentence on the first place where it does not."""
    previous, expected = BEGINNING, 1
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number)).yield_per(1000):
        if event.number != expected:
            return f"Event {expected} is missing."
        if event.hash != chained(previous, event):
            return f"Event {event.number} ({event.action} of {event.subject}) was changed after it was written."
        previous, expected = event.hash, expected + 1
    head = session.scalars(select(AuditHead)).one_or_none()
    if head is None:
        return "The head of the trail, which says how many events were written, is missing."
    if (head.number, head.hash) != (expected - 1, previous):
        return f"The trail ends at event {expected - 1}, but {head.number} were written."
    return None


def checked_editions(session: Session) -> tuple[int, list[str]]:
    """How many editions were published, and a sentence for each that is not what its publication says: its content
    must give its hash, and its hash must be the one that the trail recorded. Only as good as the trail's own chain."""
    query = (
        select(Agreement.key, Agreement.title, Edition.number, Edition.content, Edition.content_hash)
        .join(Agreement, Agreement.id == Edition.agreement_id)
        .order_by(Edition.id)
    )
    there: dict[tuple[str, int], str] = {}
    wrong = []
    recorded = _recorded(session)
    for key, title, number, content, hash_ in session.execute(query):
        name = f"Edition {number} of {title}"
        there[key, number] = hash_
        # Who published for an hour that had come named no agreement, in events from before it was kept.
        hashes = recorded.get((key, number), set()) | recorded.get((None, number), set())
        if content_hash(content) != hash_:
            wrong.append(f"{name} was changed: its content does not give its hash.")
        elif not hashes:
            wrong.append(f"{name} has no event of its publication in the trail.")
        elif hash_ not in hashes:
            wrong.append(f"{name} is not what was published: the trail recorded another hash.")
    for (named, number), hashes in recorded.items():
        if named is not None and (named, number) not in there:
            wrong.append(f"Edition {number} of {named} was published, and is missing.")
        elif named is None and not hashes & set(there.values()):
            wrong.append(f"Edition {number} was published, and is missing.")
    return len(there), wrong


def _recorded(session: Session) -> dict[tuple[str | None, int], set[str]]:
    """The hashes that the trail recorded when editions were published, by the agreement's key and the number."""
    found: dict[tuple[str | None, int], set[str]] = {}
    rows = select(AuditEvent.agreement, AuditEvent.subject, AuditEvent.after).where(
        AuditEvent.subject.like("edition %"), AuditEvent.action == "edition:publish"
    )
    for agreement, subject, after in session.execute(rows):
        found.setdefault((agreement, int(subject.removeprefix("edition "))), set()).add(json.loads(after)["hash"])
    return found
