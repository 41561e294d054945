"""The messages on a return: writing one, and reading those that one may."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.returns import Return, ReturnMessage
from models.rules.terms import QUESTIONS, Message, Role
from portal.actor import Actor
from portal.errors import Invalid
from portal.formats.texts import storable
from portal.services.return_rows import is_own
from portal.viewmodels.returns import Said

LONGEST = 2000


def checked(text: str, field: str, hint: str) -> str:
    """The text of a message; Invalid for none or too much."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid({field: hint})
    if len(text) > LONGEST:
        raise Invalid({field: f"The text has {len(text)} characters; at most {LONGEST} fit."})
    if not storable(text):
        raise Invalid({field: "The text holds a character that cannot be stored: paste it as plain text."})
    return text


def say(session: Session, row: Return, kind: Message, text: str, answers: ReturnMessage | None = None) -> None:
    """Add a message of the session's actor to a return."""
    actor: Actor = session.info["actor"]
    session.add(
        ReturnMessage(
            return_id=row.id,
            revision=row.revision,
            kind=kind,
            text=text,
            person_id=actor.person_id,
            at=session.info["clock"].now(),
            answers_id=answers.id if answers else None,
        )
    )
    session.flush()


def close_queries(session: Session, row: Return) -> None:
    """Submitting again answers every query."""
    session.execute(
        update(ReturnMessage)
        .where(ReturnMessage.return_id == row.id, ReturnMessage.kind == Message.QUERY)
        .where(ReturnMessage.closed_at.is_(None))
        .values(closed_at=session.info["clock"].now())
    )


def messages_on(session: Session, row: Return) -> tuple[Said, ...]:
    """What the session's actor may read of a return's conversation: its own side and the team all of it, the executive
    the challenges and their answers, nobody else anything."""
    actor: Actor = session.info["actor"]
    everything = is_own(actor, row) or actor.role is Role.TEAM or actor.operator
    if not everything and actor.role is not Role.EXECUTIVE:
        return ()
    found = session.scalars(
        select(ReturnMessage).where(ReturnMessage.return_id == row.id).order_by(ReturnMessage.id)
    ).all()
    said = _threads(found)
    return tuple(one for one in said if everything or one.kind is Message.CHALLENGE)


def _threads(found: Iterable[ReturnMessage]) -> list[Said]:
    answers: dict[int | None, list[Said]] = defaultdict(list)
    for row in found:
        answers[row.answers_id].append(said_of(row))
    return [said_of(row, tuple(answers[row.id])) for row in found if row.answers_id is None]


def said_of(row: ReturnMessage, answers: tuple[Said, ...] = ()) -> Said:
    """One message as it is shown."""
    waits = row.kind in QUESTIONS and row.closed_at is None
    return Said(row.id, row.kind, row.text, row.person.name, row.at, waits, answers)
