"""One return's row: loading it for an actor, whose it is, what it says, and freezing a revision of it."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager

from models.agreement import Agreement, Period, SeriesBreak
from models.returns import Return, ReturnRevision, RevisionRating
from portal.actor import Actor
from portal.clock import Clock
from portal.errors import Forbidden, NotFound, Stale
from portal.policy import Action
from portal.records.agreed import agreed_for
from portal.records.forecasts import freeze_forecasts
from portal.records.indicators import answers_of, before
from portal.records.ratings import rating_of
from portal.records.return_names import name_of
from portal.scopes import scope
from portal.viewmodels.indicators import Point
from portal.viewmodels.returns import Answers
from portal.wall import Beyond, beyond

MISSING = "There is no such return, or it is not yours to see."


def is_row_number(number: object) -> bool:
    """Whether this can be a row's number at all: it may come from a browser, and be anything."""
    return type(number) is int and 0 < number < 2**31


def load(session: Session, actor: Actor, return_id: int, action: Action) -> Return:
    """A return, for an action: NotFound when the actor may not even read it, Forbidden when only the action is not
    theirs. In a session that writes, the row is locked until its end."""
    if not is_row_number(return_id):
        raise NotFound(MISSING)
    query = _asked(scope(actor, action), scope(actor, Action.RETURN_READ), writing=session.info["writing"])
    found = session.execute(query, {"return": return_id}).one_or_none()
    if found is None:
        with beyond(session, Beyond.EXISTENCE):
            there = session.scalar(select(Return.id).where(Return.id == return_id))
        raise NotFound(MISSING, foreign=there is not None)
    row, allowed, agreement = found
    if session.info["writing"]:  # whatever is done to it is done in its agreement, whichever the actor is shown
        session.info["agreement"] = agreement
    if not allowed:
        raise Forbidden("This return belongs to another organisation: you may read it, but not change it.")
    return row


@lru_cache(maxsize=64)
def _asked(allowed: ColumnElement[bool], readable: ColumnElement[bool], *, writing: bool) -> Select[*tuple[Any, ...]]:
    """The question of `load`, with a place for the return's number: built once for the same two conditions."""
    query = (
        select(Return, allowed.label("allowed"), Agreement.key)
        .join(Return.period)
        .join(Agreement, Agreement.id == Period.agreement_id)
        .where(Return.id == bindparam("return", type_=Integer), readable)
        .options(contains_eager(Return.period))
    )
    return query.with_for_update(of=Return) if writing else query


def require_version(row: Return, version: int | None) -> None:
    """Stale when the return is not at the version that was looked at; None asks for no version."""
    if version is not None and version != row.version:
        raise Stale(f"{name_of(row)} changed after you opened it. Nothing was saved: open it again and look.")


def said(answers: Answers) -> dict[str, object]:
    """Answers as the audit trail keeps them."""
    return {name: getattr(answers, name) for name in answers.__slots__}


def freeze(
    session: Session, row: Return, person_id: int | None, like: ReturnRevision | None = None
) -> tuple[ReturnRevision, RevisionRating]:
    """Write the working copy down as the return's next revision, which is never changed, with the rule's rating,
    its grounds and the forecasts of that day. `like` is a revision that says the same: then that is when it was submitted."""
    clock: Clock = session.info["clock"]
    answers = answers_of(row)
    row.revision += 1
    revision = ReturnRevision(
        return_id=row.id,
        number=row.revision,
        submitted_by_id=person_id,
        submitted_at=like.submitted_at if like else clock.now(),
        submitted_on=like.submitted_on if like else clock.today() if person_id else None,
        **said(answers),
    )
    session.add(revision)
    session.flush()
    item = agreed_for(session, row)
    rated = rating_of(revision, answers, item)
    anew = session.get(SeriesBreak, (row.measure_id, row.period_id)) is not None
    figures = with_figure(row, before(session, row), answers.value, anew=anew)
    freeze_forecasts(session, row, revision, item, figures if answers.value is not None else ())
    session.add(rated)  # last: what is said of an override on the way in is said before it is written
    return revision, rated


def with_figure(row: Return, before: tuple[Point, ...], value: Decimal | None, *, anew: bool) -> tuple[Point, ...]:
    """A return's series with its own figure, if there is one: where a break is declared, the series starts with it."""
    return before if value is None else (*before, Point(row.period.key, value, anew))


def latest_revision(session: Session, row: Return, number: int | None = None) -> tuple[ReturnRevision, RevisionRating]:
    """A return's newest revision, or the one with a number, and its rating."""
    found = session.execute(
        select(ReturnRevision, RevisionRating)
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(ReturnRevision.return_id == row.id, ReturnRevision.number == (number or row.revision))
    ).one()
    return found[0], found[1]


def submitted_it(actor: Actor, revision: ReturnRevision) -> bool:
    """Whether a revision was submitted by the actor in person: somebody else has to judge it then."""
    return actor.person_id is not None and revision.submitted_by_id == actor.person_id
