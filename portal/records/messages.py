"""The messages on a return: writing one, and reading those that one may."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session, aliased

from models.agreement import Period
from models.returns import Return, ReturnMessage
from models.rules.terms import CONCURRENCE, STAYS_OPEN, TEAM_ONLY, Message, State
from portal.actor import Actor
from portal.errors import Invalid
from portal.formats.texts import storable
from portal.policy import Action
from portal.records.return_names import TEAM
from portal.viewmodels.returns import Question, Said

LONGEST = 2000


def checked(text: str, field: str, hint: str, longest: int = LONGEST) -> str:
    """The text of a message, or of what may be longer or shorter; Invalid for none or too much."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid({field: hint})
    if len(text) > longest:
        raise Invalid({field: f"The text has {len(text)} characters; at most {longest} fit."})
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
            organisation_id=actor.organisation_id,
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


def messages_on(
    session: Session, row: Return, allowed: frozenset[Action], every: Sequence[ReturnMessage]
) -> tuple[Said, ...]:
    """What the session's actor, who is `allowed` this on the return, may read of `every` message on it: whoever oversees it
    all of it, its own side all but what the team notes for itself, everybody else what the partners that signed up said
    to the figure that they see, whoever may challenge the challenges too. Who is asked for such a word now reads what
    the others said."""
    actor: Actor = session.info["actor"]
    oversees = Action.RETURN_OVERSEE in allowed
    everything = oversees or Action.RETURN_ANSWER in allowed
    asked = row.state is State.SUBMITTED and Action.RETURN_COUNTERSIGN in allowed
    seen = row.revision if asked else row.verified_revision or 0
    found = [one for one in every if oversees or one.kind not in TEAM_ONLY]

    def may_read(said: Said) -> bool:
        if said.kind in CONCURRENCE:
            return said.revision <= seen
        return said.kind is Message.CHALLENGE and Action.RETURN_CHALLENGE in allowed

    return tuple(said for said in _threads(found, actor) if everything or may_read(said))


def _threads(found: Iterable[ReturnMessage], actor: Actor) -> list[Said]:
    answers: dict[int | None, list[Said]] = defaultdict(list)
    for row in found:
        answers[row.answers_id].append(said_of(row, actor))
    return [said_of(row, actor, tuple(answers[row.id])) for row in found if row.answers_id is None]


def question_of(message: ReturnMessage, row: Return, actor: Actor, answers: tuple[Said, ...] = ()) -> Question:
    """One question as the actor's desk lists it."""
    return Question(
        return_id=row.id,
        measure=row.measure.code,
        title=row.measure.indicator.title,
        period=row.period.key,
        organisation=row.organisation.name if row.organisation else TEAM,
        state=row.state,
        said=said_of(message, actor, answers),
    )


def answered_queries(session: Session, agreement_id: int) -> tuple[Question, ...]:
    """The queries that were answered in words on returns which wait for the team again or are still with their
    partners, those that wait for the team first."""
    actor: Actor = session.info["actor"]
    asked = aliased(ReturnMessage)
    submitted = Return.state == State.SUBMITTED
    about = case((submitted, Return.revision - 1), else_=Return.revision)  # submitting again made another revision
    rows = session.execute(
        select(Return, asked, ReturnMessage)
        .join(asked, (asked.return_id == Return.id) & (asked.revision == about))
        .join(ReturnMessage, ReturnMessage.answers_id == asked.id)
        .join(Period, Period.id == Return.period_id)
        .where(Period.agreement_id == agreement_id, asked.kind == Message.QUERY)
        .where(Return.state.in_((State.SUBMITTED, State.DRAFT, State.QUERIED)))
        .order_by(submitted.desc(), ReturnMessage.id)
    )
    return tuple(question_of(question, row, actor, (said_of(reply, actor),)) for row, question, reply in rows)


def said_of(row: ReturnMessage, actor: Actor, answers: tuple[Said, ...] = ()) -> Said:
    """One message as the actor is shown it."""
    return Said(
        id=row.id,
        kind=row.kind,
        text=row.text,
        who=row.person.name,
        organisation=row.organisation.name if row.organisation else "",
        at=row.at,
        revision=row.revision,
        open=row.kind in STAYS_OPEN and row.closed_at is None,
        own=row.organisation_id is not None and row.organisation_id == actor.organisation_id,
        answers=answers,
    )
