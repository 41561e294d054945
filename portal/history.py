"""The past, kept as it goes: every change of where a return stands is a step, and reads can be as at a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Subquery, func, inspect, or_, select, true
from sqlalchemy.orm import Session

from models.returns import Return, ReturnStep
from portal.clock import Clock
from portal.viewmodels.past import AsAt

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])


def _known(past: AsAt, day: Any, instant: Any) -> ColumnElement[bool]:
    """Whether what was noted on this day, at this instant, was known then."""
    found: ColumnElement[bool] = instant <= past.instant if past.instant is not None else day <= past.day
    return found


def looked_at(session: Session) -> AsAt | None:
    """The past that a session looks at; None for now."""
    found: AsAt | None = session.info.get("as_at")
    return found


def only_known(session: Session, query: Selected, day: Any, instant: Any) -> Selected:
    """A query without what was not known yet in the past that the session looks at."""
    past = looked_at(session)
    return query if past is None else query.where(_known(past, day, instant))


def is_known(session: Session, day: Any, instant: Any) -> ColumnElement[bool]:
    """The same as a condition of a join, where rows without a day were always known."""
    past = looked_at(session)
    return true() if past is None else or_(day.is_(None), _known(past, day, instant))


def standing_returns(session: Session) -> Subquery:
    """Where every return stands, now or in the past that the session looks at: return_id, state, verified_revision."""
    past = looked_at(session)
    if past is None:
        return select(Return.id.label("return_id"), Return.state, Return.verified_revision).subquery()
    last = (
        select(func.max(ReturnStep.id))
        .where(_known(past, ReturnStep.day, ReturnStep.at))
        .group_by(ReturnStep.return_id)
    )
    return (
        select(ReturnStep.return_id, ReturnStep.state, ReturnStep.verified_revision)
        .where(ReturnStep.id.in_(last))
        .subquery()
    )


@contextmanager
def as_of(session: Session, day: date) -> Iterator[None]:
    """What is written meanwhile is noted on this day of the portal's calendar, as when the past is loaded."""
    session.info["noted_on"] = day
    try:
        yield
        session.flush()
    finally:
        del session.info["noted_on"]


def noted(session: Session) -> tuple[date, datetime]:
    """The portal's day and the instant at which what is written now is noted."""
    clock: Clock = session.info["clock"]
    return session.info.get("noted_on") or clock.today(), clock.now()


def note_steps(session: Session, *_: object) -> None:
    """Add the step of every return that is about to be written with another state, or another revision that counts.

    Database calls it before each flush: no use case can forget it."""
    moved = [row for row in (*session.new, *session.dirty) if isinstance(row, Return) and _has_moved(row)]
    for row in moved:
        step = ReturnStep(of=row, state=row.state, verified_revision=row.verified_revision)
        step.day, step.at = noted(session)
        session.add(step)


def _has_moved(row: Return) -> bool:
    attributes = inspect(row).attrs
    return attributes.state.history.has_changes() or attributes.verified_revision.history.has_changes()
