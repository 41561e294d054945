"""What partners have said to a return: their dissents, and who has spoken."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.agreement import Indicator, Measure, Period
from models.people import Organisation, Person
from models.returns import Return, ReturnMessage
from models.rules.broken import Unweighed
from models.rules.terms import CONCURRENCE, Message
from portal.actor import Actor
from portal.records.messages import checked, say
from portal.records.return_names import name_of
from portal.records.together import Answered, Asked, ask
from portal.scopes import of_side
from portal.viewmodels.returns import Said

_SAID = ("id", "kind", "text", "at", "revision")


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
            of_side(actor, ReturnMessage.organisation_id),
        )
        .exists()
    )


def dissents(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's organisation has an open dissent on a return: a condition on Return."""
    said = select(ReturnMessage.id).where(ReturnMessage.return_id == Return.id, is_open_dissent())
    return said.where(of_side(actor, ReturnMessage.organisation_id)).exists()


def open_dissents(session: Session, *on: ColumnElement[bool]) -> list[tuple[int, str, Said]]:
    """The open dissents for which the conditions (on Return, Period, Indicator) hold, oldest first: each with its
    return's id and its indicator's code."""
    return dissents_of(session, ask(session, asked_dissents(*on)))


def asked_dissents(*on: ColumnElement[bool]) -> Asked:
    """The question behind `open_dissents`, to be asked together with others."""
    return (
        select(
            *(getattr(ReturnMessage, name) for name in _SAID),
            ReturnMessage.return_id,
            ReturnMessage.organisation_id,
            Person.name.label("who"),
            func.coalesce(Organisation.name, "").label("organisation"),
            Indicator.code,
        )
        .join(Return, ReturnMessage.return_id == Return.id)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .join(Indicator, Measure.indicator_id == Indicator.id)
        .join(Person, Person.id == ReturnMessage.person_id)
        .outerjoin(Organisation, Organisation.id == ReturnMessage.organisation_id)
        .where(is_open_dissent(), *on)
    )


def dissents_of(session: Session, rows: Answered) -> list[tuple[int, str, Said]]:
    """The dissents that `asked_dissents` found, oldest first."""
    side = session.info["actor"].organisation_id
    return [
        (
            row.return_id,
            row.code,
            Said(
                **{name: getattr(row, name) for name in _SAID},
                who=row.who,
                organisation=row.organisation,
                open=True,
                own=side is not None and row.organisation_id == side,
            ),
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def weigh(session: Session, row: Return, weighed: str) -> dict[str, object]:
    """Write down, below each open dissent on a return, how the session's actor weighed it while verifying; answers what
    the audit trail says of it. Unweighed when there is a dissent and no word; without a dissent there is nothing to
    weigh."""
    query = select(ReturnMessage).where(ReturnMessage.return_id == row.id, is_open_dissent()).order_by(ReturnMessage.id)
    found = session.scalars(query).all()
    if not found:
        return {}
    named = ", ".join(
        dict.fromkeys(said.organisation.name if said.organisation else said.person.name for said in found)
    )
    if not weighed.strip():
        raise Unweighed(
            f"{named} dissents from {name_of(row)}. Open the return and say how that was weighed: nothing was verified."
        )
    text = checked(weighed, "weighed", "")
    for said in found:
        say(session, row, Message.ANSWER, text, said)
    return {"dissents": named, "weighed": text}
