"""The past, kept as it goes: every change of where a return stands is a step, and reads can be as at a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Subquery, case, func, inspect, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.agreement import Period
from models.returns import Return, ReturnRevision, ReturnStep
from models.rules.terms import State
from models.scorecard import Edition
from portal.clock import Clock
from portal.viewmodels.past import AsAt

ONLY_PUBLISHED = "portal_only_published"
BUILT = 32
"""To build a statement takes longer than to ask it, so those that every page asks are built once: for the present and for
so many pasts, the ones that were looked at last."""

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])


def _known(past: AsAt, day: Any, instant: Any) -> ColumnElement[bool]:
    """Whether what was noted on this day, at this instant, was known then."""
    found: ColumnElement[bool] = instant <= past.instant if past.instant is not None else day <= past.day
    return found


def looked_at(session: Session) -> AsAt | None:
    """The past that a session looks at; None for now."""
    found: AsAt | None = session.info.get("as_at")
    return found


def only_known(past: AsAt | None, query: Selected, day: Any, instant: Any) -> Selected:
    """A query without what was not known yet in a past; None for now."""
    return query if past is None else query.where(_known(past, day, instant))


def is_known(past: AsAt | None, day: Any, instant: Any) -> ColumnElement[bool]:
    """The same as a condition of a join, where rows without a day were always known."""
    return true() if past is None else or_(day.is_(None), _known(past, day, instant))


def standing_returns(session: Session) -> Subquery:
    """Where every return stands, now or in the past that the session looks at: return_id, state, verified_revision,
    came_in; the last published revision instead, where the session shows only what is published."""
    past = looked_at(session)
    return _published(past) if session.info.get(ONLY_PUBLISHED) else _standing(past)


@lru_cache(maxsize=BUILT)
def _standing(past: AsAt | None) -> Subquery:
    if past is None:
        return select(
            Return.id.label("return_id"),
            Return.state,
            Return.verified_revision,
            came_in(None, Return.id, Return.state).label("came_in"),
        ).subquery()
    # Asked return by return: the last steps of all returns would be looked for in every area's.
    step = aliased(ReturnStep)
    last = (
        select(func.max(step.id))
        .where(step.return_id == ReturnStep.return_id, _known(past, step.day, step.at))
        .scalar_subquery()
    )
    return (
        select(
            ReturnStep.return_id,
            ReturnStep.state,
            ReturnStep.verified_revision,
            came_in(past, ReturnStep.return_id, ReturnStep.state).label("came_in"),
        )
        .where(ReturnStep.id == last)
        .subquery()
    )


def has_returns(session: Session) -> ColumnElement[bool]:
    """Whether a period had returns, now or in the past that the session looks at: a condition on Period."""
    asked, past = select(Return.id).where(Return.period_id == Period.id), looked_at(session)
    if past is not None:
        asked = asked.join(ReturnStep, ReturnStep.return_id == Return.id)
        asked = asked.where(_known(past, ReturnStep.day, ReturnStep.at))
    # The first by the index, period by period: PostgreSQL would answer EXISTS from every area's returns and steps, and
    # look for any one return of a period that has none through all of them.
    first = asked.order_by(Return.measure_id).limit(1)
    return first.correlate(Period).scalar_subquery().is_not(None)


def show_only_published(session: Session) -> None:
    """From now on what was verified counts in this session only from when an edition shows it."""
    session.info[ONLY_PUBLISHED] = True


@lru_cache(maxsize=BUILT)
def _published(past: AsAt | None) -> Subquery:
    standing = _standing(past)
    out = only_known(past, select(Edition.published_at), Edition.published_on, Edition.published_at)
    number = (
        select(func.max(ReturnRevision.number))
        .where(ReturnRevision.return_id == standing.c.return_id, ReturnRevision.published_at.in_(out))
        .scalar_subquery()
    )
    state = case((number.is_not(None), literal(State.PUBLISHED, Return.state.type)), else_=standing.c.state)
    return select(
        standing.c.return_id, state.label("state"), number.label("verified_revision"), standing.c.came_in
    ).subquery()


def came_in(past: AsAt | None, return_id: Any, state: Any) -> ColumnElement[date | None]:
    """The day on which a return first came in, by its id and where it stands: None for one that never did, and for a
    draft that its partner took back. What the team has queried or reopened has come in."""
    step = aliased(ReturnStep)
    there = (step.return_id == return_id) & step.state.not_in((State.NOT_STARTED, State.DRAFT))
    first = only_known(past, select(func.min(step.day)).where(there), step.day, step.at)
    last = only_known(past, select(step.state).where(there), step.day, step.at).order_by(step.id.desc()).limit(1)
    taken_back = (state == State.DRAFT) & (last.scalar_subquery() == State.SUBMITTED)
    return case((taken_back, None), else_=first.scalar_subquery())


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
