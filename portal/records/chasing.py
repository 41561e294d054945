"""Whom the team asks for what is outstanding in a period: filters and order, people, and what it noted when it did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.people import Person
from models.returns import Return, ReturnMessage
from models.rules.moves import WITH_THE_PARTNER
from models.rules.reminders import Occasion
from models.rules.terms import Message
from portal.actor import Actor
from portal.policy import PARTNERS
from portal.records.messages import said_of
from portal.records.outbox import declined
from portal.viewmodels.periods import LATE, RECEIVED, STAGES, TO_COME, Asked, Contact
from portal.viewmodels.returns import Said, Task
from portal.viewmodels.themes import Filters

NAMES = ("show", "partner")
"""The filters' names in an address."""


def stage_of(task: Task) -> str:
    """How far a return has come: one of STAGES."""
    if task.late:
        return LATE
    return TO_COME if task.state in WITH_THE_PARTNER else RECEIVED


def sifted(asked: Iterable[Asked], wanted: Mapping[str, str]) -> tuple[Asked, ...]:
    """The returns that are wanted, the longest overdue first, what has come in last."""
    found = [
        one
        for one in asked
        if wanted.get("show", "") in ("", one.stage) and wanted.get("partner", "") in ("", one.task.organisation)
    ]
    return tuple(sorted(found, key=lambda one: (STAGES.index(one.stage), one.task.due_on)))


def filters(asked: Iterable[Asked], wanted: Mapping[str, str]) -> Filters:
    """What can be chosen among a period's returns."""
    partners = sorted({one.task.organisation for one in asked})
    return Filters(
        {name: wanted.get(name, "") for name in NAMES},
        {"show": tuple((stage, "") for stage in STAGES), "partner": tuple((name, name) for name in partners)},
    )


def contacts(session: Session, rows: Sequence[Return]) -> Mapping[int | None, tuple[Contact, ...]]:
    """Who works on the returns of each organisation, by its id: the active leads, then the contributors."""
    found: dict[int | None, tuple[Contact, ...]] = defaultdict(tuple)
    people = session.scalars(
        select(Person)
        .where(Person.organisation_id.in_({row.organisation_id for row in rows} - {None}))
        .where(Person.disabled.is_(False), Person.role.in_(PARTNERS))
        .order_by(Person.role.desc(), Person.name)
    ).all()
    refused = declined(session, [person.id for person in people])
    for person in people:
        reminded = Occasion.OVERDUE not in refused.get(person.id, frozenset())
        found[person.organisation_id] += (Contact(person.name, person.email, person.role, reminded),)
    return found


def chases(session: Session, rows: Sequence[Return]) -> Mapping[int, tuple[Said, ...]]:
    """What the team noted when it chased each return, by its id, the oldest first."""
    actor: Actor = session.info["actor"]
    found: dict[int, tuple[Said, ...]] = defaultdict(tuple)
    notes = session.scalars(
        select(ReturnMessage)
        .where(ReturnMessage.return_id.in_([row.id for row in rows]), ReturnMessage.kind == Message.CHASED)
        .order_by(ReturnMessage.id)
    )
    for note in notes:
        found[note.return_id] += (said_of(note, actor),)
    return found
