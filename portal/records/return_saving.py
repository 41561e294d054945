"""Saving and submitting one return inside a transaction: the same for its form, the API and a workbook."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.returns import Return, TypedDraft
from models.rules.broken import PeriodClosed
from models.rules.moves import Move, after
from models.rules.terms import Message
from portal import audit
from portal.errors import Invalid
from portal.formats.answers import check_answers, missing
from portal.policy import Action
from portal.records import typed_drafts
from portal.records.agreed import asked_for
from portal.records.indicators import answers_of
from portal.records.messages import checked, close_queries, say
from portal.records.return_names import subject
from portal.records.return_rows import freeze, said
from portal.records.windows import window
from portal.viewmodels.returns import Answers, Turn, Typed


def accepted(session: Session, row: Return, typed: Typed) -> Answers:
    """The answers that a return would have. PeriodClosed and IllegalMove where it cannot be changed now, Invalid for
    what cannot be an answer; nothing is written."""
    require_open(session, row)
    after(Move.SAVE, row.state)
    return check_answers(typed, asked_for(session, row))


def save_answers(session: Session, row: Return, typed: Typed, turn: Turn | None = None) -> Answers:
    """Keep answers as the return's draft, and answer them; raises what `accepted` raises. Where they are what it says
    already, nothing is written. What was typed into its form and not saved is done with."""
    answers = accepted(session, row, typed)
    state = after(Move.SAVE, row.state)
    before = answers_of(row)
    changes = answers != before or state is not row.state
    if changes:
        row.state = state
        for name, said_now in said(answers).items():
            setattr(row, name, said_now)
        session.flush()
    typed_drafts.saved(session, row, turn)
    if changes:  # last: whatever is recorded next, on any return, waits for this one's commit
        audit.record(session, Action.RETURN_EDIT, subject(row), before=said(before), after=said(answers))
    session.flush()
    return answers


def submit_answers(session: Session, row: Return, person_id: int | None, explanation: str) -> None:
    """Freeze the draft as the return's next revision and hand it to the team. PeriodClosed, IllegalMove, or Invalid for
    what it lacks."""
    require_open(session, row)
    row.state = after(Move.SUBMIT, row.state)
    if lacking := missing(answers_of(row)):
        raise Invalid(lacking)
    freeze(session, row, person_id)
    close_queries(session, row)
    if explanation.strip():
        say(session, row, Message.EXPLANATION, checked(explanation, "explanation", ""))
    session.execute(delete(TypedDraft).where(TypedDraft.return_id == row.id))
    audit.record(session, Action.RETURN_SUBMIT, subject(row), after={**said(answers_of(row)), "revision": row.revision})
    session.flush()


def require_open(session: Session, row: Return) -> None:
    """PeriodClosed when nothing new is taken for the return."""
    if not window(session, row).takes:
        raise PeriodClosed(
            f"{row.period.key} is closed for returns. Ask the partnership team to open it again for you."
        )
