"""What returns are shown with, read for all of them at once: so many statements, however many returns there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, MeasureTerms, SeriesBreak
from models.audit import AuditEvent
from models.people import Person
from models.returns import Return, ReturnMessage, ReturnRevision, RevisionRating, TypedDraft
from models.rules.calendar import calendar_period
from portal.actor import Actor
from portal.policy import RETURN_ACTIONS, Action, may
from portal.records import typed_drafts
from portal.records.agreed import AgreedMeasure, agreed_measures
from portal.records.agreement import in_force, known_versions
from portal.records.indicators import series
from portal.records.ratings import Set, milestones_by_return
from portal.records.return_names import subject
from portal.records.windows import Window, windows
from portal.scopes import scope
from portal.viewmodels.indicators import Point
from portal.viewmodels.returns import Change, Typed

WORKED_ON = (Action.RETURN_EDIT, Action.RETURN_SUBMIT, Action.RETURN_WITHDRAW)


@dataclass(frozen=True, slots=True)
class Parts:
    """By the return's id: its dates, what is agreed of its measure, the verified figures before it, what the session's
    actor may do to it, what they typed and did not save, its revisions with their ratings in their order, the milestones
    that were set for it, what was said about it, and who worked on it last. `terms` are by version and measure, `breaks`
    the measures and periods with which a series starts anew."""

    windows: Mapping[int, Window]
    agreed: Mapping[int, AgreedMeasure]
    before: Mapping[int, tuple[Point, ...]]
    held: Mapping[int, frozenset[Action]]
    typed: Mapping[int, tuple[TypedDraft, Typed]]
    revisions: Mapping[int, Sequence[tuple[ReturnRevision, RevisionRating]]]
    milestones: Mapping[int, Sequence[Set]]
    messages: Mapping[int, Sequence[ReturnMessage]]
    changed: Mapping[int, Change]
    terms: Mapping[tuple[int, int], MeasureTerms]
    breaks: frozenset[tuple[int, int]]


def parts_of(session: Session, rows: Sequence[Return]) -> Parts:
    """The parts of returns, of one period or of several: a statement for each part, and one more for each period and
    agreement that they have."""
    numbers = [row.id for row in rows]
    revisions = _revisions(session, numbers)
    return Parts(
        windows=windows(session, rows),
        agreed=_agreed(session, rows),
        before=_before(session, rows),
        held=allowed(session, numbers),
        typed=typed_drafts.waiting_in(session, numbers),
        revisions=revisions,
        milestones=milestones_by_return(session, Return.id.in_(numbers)),
        messages=_messages(session, numbers),
        changed=_changed(session, rows),
        terms=_terms(session, rows, revisions),
        breaks=_breaks(session, rows),
    )


def allowed(session: Session, numbers: Sequence[int]) -> Mapping[int, frozenset[Action]]:
    """What the session's actor may do to returns, by their ids, as far as the policy says; whether their states take it,
    the moves do. The scope of a token is left aside: it narrows what is done, and nothing of what is shown."""
    actor: Actor = replace(session.info["actor"], token_scope=None)
    held = [action for action in RETURN_ACTIONS if may(actor, action)]
    verdicts = session.execute(_verdicts(*(scope(actor, action) for action in held)), {"numbers": list(numbers)})
    return {
        number: frozenset(action for action, verdict in zip(held, said, strict=True) if verdict)
        for number, *said in verdicts
    }


@lru_cache(maxsize=64)
def _verdicts(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Which of these hold of returns, with a place for their numbers: built once for the same conditions."""
    return select(Return.id, *conditions).where(Return.id.in_(bindparam("numbers", expanding=True)))


def _agreed(session: Session, rows: Sequence[Return]) -> Mapping[int, AgreedMeasure]:
    found: dict[int, AgreedMeasure] = {}
    for period in {row.period for row in rows}:
        asked = {row.measure_id: row.id for row in rows if row.period_id == period.id}
        version = in_force(known_versions(session, period.agreement_id), period.ends_on)
        items = agreed_measures(session, version, period, measure_ids=asked)
        found |= {asked[item.measure.id]: item for item in items}
    return found


def _before(session: Session, rows: Sequence[Return]) -> Mapping[int, tuple[Point, ...]]:
    """The verified figures of each return's measure in the periods before, oldest first."""
    found: dict[int, tuple[Point, ...]] = {}
    for number in {row.period.agreement_id for row in rows}:
        own = [row for row in rows if row.period.agreement_id == number]
        last = max(row.period.ends_on for row in own)
        points = series(session, number, last, {row.measure_id for row in own})
        for row in own:
            there = points[row.measure_id]
            found[row.id] = tuple(one for one in there if calendar_period(one.period).ends_on < row.period.ends_on)
    return found


def _revisions(
    session: Session, numbers: Sequence[int]
) -> Mapping[int, Sequence[tuple[ReturnRevision, RevisionRating]]]:
    found: dict[int, list[tuple[ReturnRevision, RevisionRating]]] = defaultdict(list)
    rows = session.execute(
        select(ReturnRevision, RevisionRating)
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(ReturnRevision.return_id.in_(numbers))
        .order_by(ReturnRevision.number)
    )
    for revision, rated in rows:
        found[revision.return_id].append((revision, rated))
    return found


def _terms(
    session: Session,
    rows: Sequence[Return],
    revisions: Mapping[int, Sequence[tuple[ReturnRevision, RevisionRating]]],
) -> Mapping[tuple[int, int], MeasureTerms]:
    """The terms by which any of the revisions was rated."""
    versions = {rated.version_id for row in rows for _, rated in revisions.get(row.id, ())}
    of_these = MeasureTerms.version_id.in_(versions), MeasureTerms.measure_id.in_({row.measure_id for row in rows})
    found = session.scalars(select(MeasureTerms).where(*of_these))
    return {(one.version_id, one.measure_id): one for one in found}


def _breaks(session: Session, rows: Sequence[Return]) -> frozenset[tuple[int, int]]:
    found = session.execute(
        select(SeriesBreak.measure_id, SeriesBreak.period_id).where(
            SeriesBreak.measure_id.in_({row.measure_id for row in rows}),
            SeriesBreak.period_id.in_({row.period_id for row in rows}),
        )
    )
    return frozenset((measure, period) for measure, period in found)


def _messages(session: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[ReturnMessage]]:
    found: dict[int, list[ReturnMessage]] = defaultdict(list)
    query = select(ReturnMessage).where(ReturnMessage.return_id.in_(numbers)).order_by(ReturnMessage.id)
    for row in session.scalars(query):
        found[row.return_id].append(row)
    return found


def _changed(session: Session, rows: Sequence[Return]) -> Mapping[int, Change]:
    """Who worked on each return last, by the audit trail; nobody on some."""
    keys = select(Agreement.key).where(Agreement.id.in_({row.period.agreement_id for row in rows}))
    last = (
        select(func.max(AuditEvent.number))
        .where(AuditEvent.agreement.in_(keys), AuditEvent.subject.in_({subject(row) for row in rows}))
        .where(AuditEvent.action.in_(WORKED_ON), AuditEvent.person_id.is_not(None))
        .group_by(AuditEvent.agreement, AuditEvent.subject)
    )
    found = session.execute(
        select(Agreement.id, AuditEvent.subject, Person.id, Person.name, AuditEvent.at)
        .join(Person, AuditEvent.person_id == Person.id)
        .join(Agreement, AuditEvent.agreement == Agreement.key)
        .where(AuditEvent.number.in_(last))
    )
    own = session.info["actor"].person_id
    said = {(agreement, of): Change(name, at, person == own) for agreement, of, person, name, at in found}
    named = {row.id: (row.period.agreement_id, subject(row)) for row in rows}
    return {number: said[name] for number, name in named.items() if name in said}
