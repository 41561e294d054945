"""What partners that signed up to an indicator say to its lead's return, between submission and verification."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.returns import Return, ReturnMessage
from models.rules.broken import IllegalMove
from models.rules.terms import Message, State
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict
from portal.policy import Action, require
from portal.records.concurrence import is_open_dissent
from portal.records.messages import checked, say
from portal.records.return_names import subject
from portal.records.return_rows import load, require_version
from portal.scopes import of_side


def countersign(database: Database, actor: Actor, return_id: int, version: int | None) -> None:
    """Agree with a submitted return on one's organisation's behalf; an open dissent of it is taken back by that.
    Conflict when it has been countersigned already."""
    _speak(database, actor, return_id, version, Message.COUNTERSIGNATURE, "")


def contribute(database: Database, actor: Actor, return_id: int, version: int | None, text: str) -> None:
    """Add a line on what one's organisation contributed."""
    text = checked(text, "concurrence", "Write what your organisation contributed.")
    _speak(database, actor, return_id, version, Message.CONTRIBUTION, text)


def dissent(database: Database, actor: Actor, return_id: int, version: int | None, text: str) -> None:
    """Disagree with a submitted return, with a reason. It stays open, for the team and on the theme's page, until
    one's organisation takes it back."""
    text = checked(text, "concurrence", "Write what you disagree with, and why.")
    _speak(database, actor, return_id, version, Message.DISSENT, text)


def _speak(database: Database, actor: Actor, return_id: int, version: int | None, kind: Message, text: str) -> None:
    require(actor, Action.RETURN_COUNTERSIGN)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_COUNTERSIGN)
        require_version(row, version)
        if row.state is not State.SUBMITTED:
            raise IllegalMove("Partners are asked between submission and verification: this return is not there.")
        if kind is Message.COUNTERSIGNATURE:
            if _own(session, actor, row, Message.COUNTERSIGNATURE):
                raise Conflict("Your organisation has countersigned this revision already.")
            _close_dissents(session, actor, row)
        say(session, row, kind, text)
        after = {"said": kind, "revision": row.revision}
        audit.record(session, Action.RETURN_COUNTERSIGN, subject(row), after=after, reason=text)


def take_back(database: Database, actor: Actor, return_id: int) -> None:
    """Take one's organisation's dissent back, whatever became of the return. Conflict when there is none."""
    require(actor, Action.RETURN_COUNTERSIGN)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_COUNTERSIGN)
        if not _close_dissents(session, actor, row):
            raise Conflict("Your organisation has no open dissent on this return.")
        audit.record(session, Action.RETURN_COUNTERSIGN, subject(row), after={"said": "dissent taken back"})


def _own(session: Session, actor: Actor, row: Return, kind: Message) -> bool:
    query = select(ReturnMessage.id).where(
        ReturnMessage.return_id == row.id,
        ReturnMessage.revision == row.revision,
        ReturnMessage.kind == kind,
        of_side(actor, ReturnMessage.organisation_id),
    )
    return session.scalar(query.limit(1)) is not None


def _close_dissents(session: Session, actor: Actor, row: Return) -> int:
    dissents = session.scalars(
        select(ReturnMessage).where(
            ReturnMessage.return_id == row.id,
            of_side(actor, ReturnMessage.organisation_id),
            is_open_dissent(),
        )
    ).all()
    for said in dissents:
        said.closed_at = session.info["clock"].now()
    return len(dissents)
