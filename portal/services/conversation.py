"""What is said about a return: queries and challenges, answers, reasons, the word on an unusual figure."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from models.agreement import Measure, Period
from models.returns import Return, ReturnMessage
from models.rules.terms import QUESTIONS, STAYS_OPEN, Message
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, NotFound
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.messages import checked, question_of, say
from portal.records.return_names import subject
from portal.records.return_rows import is_row_number, load
from portal.scopes import scope
from portal.viewmodels.returns import Question


def challenge(database: Database, actor: Actor, return_id: int, text: str) -> None:
    """Ask the lead a question about a return, on the record; the return itself stays where it is."""
    require(actor, Action.RETURN_CHALLENGE)
    text = checked(text, "challenge", "Write the question that the lead is to answer.")
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_CHALLENGE)
        say(session, row, Message.CHALLENGE, text)
        audit.record(session, Action.RETURN_CHALLENGE, subject(row), reason=text, organisation_id=row.organisation_id)


def answer(database: Database, actor: Actor, return_id: int, message_id: int, text: str) -> bool:
    """Answer a query, a challenge or a dissent on one's own return. That closes a question, but not a dissent: only the
    partner that dissents can. Answers whether it did. NotFound for a message that is none of the return's; Conflict for
    one that is closed."""
    require(actor, Action.RETURN_ANSWER)
    text = checked(text, "answer", "Write the answer.")
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_ANSWER)
        number = message_id if is_row_number(message_id) else 0
        question = session.get(ReturnMessage, number)  # the return, which is locked, guards its messages
        if question is None or question.return_id != row.id or question.kind not in STAYS_OPEN:
            raise NotFound("There is no such question on this return.")
        if question.closed_at is not None:
            raise Conflict("This has been closed already: open the return again and look.")
        if question.kind in QUESTIONS:
            question.closed_at = database.clock.now()
        say(session, row, Message.ANSWER, text, question)
        audit.record(session, Action.RETURN_ANSWER, subject(row), after={"answers": message_id}, reason=text)
        return question.closed_at is not None


def open_questions(database: Database, actor: Actor, *, own: bool = False) -> Sequence[Question]:
    """The questions that wait for an answer, on the desk of either side: a partner sees those put to it, whoever
    oversees returns all, who may challenge the challenges; `own`: only those that the actor's side is to answer. Of the
    agreement that is shown; oldest first."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        query = (
            select(ReturnMessage, Return)
            .join(Return, ReturnMessage.return_id == Return.id)
            .join(Measure, Return.measure_id == Measure.id)
            .join(Period, Return.period_id == Period.id)
            .where(Period.agreement_id == current_agreement(session).id)
            .where(ReturnMessage.kind.in_(QUESTIONS), ReturnMessage.closed_at.is_(None))
            .order_by(ReturnMessage.id)
        )
        answers = scope(actor, Action.RETURN_ANSWER)
        challenges = scope(actor, Action.RETURN_CHALLENGE) & (ReturnMessage.kind == Message.CHALLENGE)
        query = query.where(answers if own else or_(answers, scope(actor, Action.RETURN_OVERSEE), challenges))
        return tuple(question_of(message, row, actor) for message, row in session.execute(query))
