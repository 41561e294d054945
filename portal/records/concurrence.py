"""What partners have said to a return: their dissents, and who has spoken."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Indicator, Measure, Period
from models.returns import Return, ReturnMessage
from models.rules.terms import CONCURRENCE, Message
from portal.actor import Actor
from portal.records.messages import said_of
from portal.viewmodels.returns import Said


def is_open_dissent() -> ColumnElement[bool]:
    """Whether a message is a dissent that nobody took back: a condition on ReturnMessage."""
    return (ReturnMessage.kind == Message.DISSENT) & ReturnMessage.closed_at.is_(None)


def has_spoken(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's organisation has said something to a return's present revision: a condition on Return."""
    return (
        select(ReturnMessage.id)
        .where(
            ReturnMessage.return_id == Return.id,
            ReturnMessage.revision == Return.revision,
            ReturnMessage.kind.in_(CONCURRENCE),
            ReturnMessage.organisation_id == actor.organisation_id,
        )
        .exists()
    )


def dissents(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's organisation has an open dissent on a return: a condition on Return."""
    said = select(ReturnMessage.id).where(ReturnMessage.return_id == Return.id, is_open_dissent())
    return said.where(ReturnMessage.organisation_id == actor.organisation_id).exists()


def open_dissents(session: Session, *on: ColumnElement[bool]) -> list[tuple[int, str, Said]]:
    """The open dissents for which the conditions (on Return, Period, Indicator) hold, oldest first: each with its
    return's id and its indicator's code."""
    rows = session.execute(
        select(ReturnMessage, Indicator.code)
        .join(Return, ReturnMessage.return_id == Return.id)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .where(is_open_dissent(), *on)
        .order_by(ReturnMessage.id)
    )
    actor: Actor = session.info["actor"]
    return [(row.return_id, code, said_of(row, actor)) for row, code in rows]
