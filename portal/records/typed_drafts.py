"""What a person has typed into a return's form and not saved yet: keeping it in the order in which it was typed."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.returns import Return, TypedDraft
from portal.formats.canonical import canonical
from portal.viewmodels.returns import Turn, Typed

LONGEST_TYPED = 20_000
FORM, NUMBER = "form", "number"
"""What is kept beside the answers: which open form they came from, and their place in its order."""


def keep(session: Session, row: Return, version: int, typed: Typed, turn: Turn | None) -> datetime:
    """Keep what is typed. What comes late over a slow line, after a later state of the same form or after its save, is
    old and left; answers when the newest came."""
    kept, said = _kept(session, row)
    if turn is not None and said.get(FORM) == turn.form:
        if said[NUMBER] >= turn.number:
            return kept.at
        version = max(version, kept.base_version)  # sent while that form's own save was still under way
    answers = {name: getattr(typed, name)[:LONGEST_TYPED] for name in Typed.__slots__}
    return _write(session, kept, version, answers, turn)


def saved(session: Session, row: Return, turn: Turn | None) -> None:
    """What was typed has been saved: nothing is kept any more but its place in the order, for what comes late."""
    kept, said = _kept(session, row)
    if turn is not None:
        _write(session, kept, row.version, {}, turn)
    elif said:
        mine = (TypedDraft.return_id == kept.return_id, TypedDraft.person_id == kept.person_id)
        session.execute(delete(TypedDraft).where(*mine))


def waiting(session: Session, row: Return) -> tuple[TypedDraft, Typed] | None:
    """What the session's actor typed into this return's form last and did not save; None for nothing."""
    return waiting_in(session, [row.id]).get(row.id)


def waiting_in(session: Session, numbers: Collection[int]) -> Mapping[int, tuple[TypedDraft, Typed]]:
    """The same of several returns, by their ids. One statement."""
    mine = (TypedDraft.return_id.in_(numbers), TypedDraft.person_id == session.info["actor"].person_id)
    found = {}
    for kept in session.scalars(select(TypedDraft).where(*mine)):
        said = json.loads(kept.typed)
        answers = {name: said[name] for name in Typed.__slots__ if name in said}
        if answers:
            found[kept.return_id] = kept, Typed(**answers)
    return found


def _kept(session: Session, row: Return) -> tuple[TypedDraft, dict[str, Any]]:
    person_id = session.info["actor"].person_id
    kept = session.get(TypedDraft, (row.id, person_id))
    if kept is None:
        return TypedDraft(return_id=row.id, person_id=person_id), {}
    return kept, json.loads(kept.typed)


def _write(session: Session, kept: TypedDraft, version: int, answers: dict[str, str], turn: Turn | None) -> datetime:
    order = {FORM: turn.form, NUMBER: turn.number} if turn else {}
    kept.base_version, kept.typed, kept.at = version, canonical(answers | order), session.info["clock"].now()
    session.add(kept)
    return kept.at
