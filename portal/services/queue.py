"""The partnership team's queue, how timely each organisation is, and what is overdue."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, load_only

from models.actions import ActionStep
from models.agreement import Agreement, Indicator, Measure, Period
from models.returns import Return, ReturnMessage, ReturnRevision, RevisionRating
from models.risks import RiskStep
from models.rules.calendar import calendar_period
from models.rules.codes import period_slug
from models.rules.entry import unusual
from models.rules.gate import OPEN
from models.rules.terms import Message, State
from models.rules.timely import Wanted, timeliness
from models.scorecard import Edition, Publication
from portal.actor import Actor
from portal.database import Database
from portal.policy import Action, require
from portal.records import queue_order
from portal.records.actions import open_actions
from portal.records.agreed import AgreedMeasure, agreed_measures
from portal.records.agreement import current_agreement, version_in_force
from portal.records.concurrence import open_dissents
from portal.records.indicators import series
from portal.records.judgements import proposal_of
from portal.records.messages import answered_queries
from portal.records.periods import one_a_day, open_periods, quarters_first
from portal.records.return_view import tasks
from portal.records.risks import of_agreement, open_risks
from portal.viewmodels.indicators import Point
from portal.viewmodels.judgements import Proposal
from portal.viewmodels.returns import Said, Task
from portal.viewmodels.review import Outstanding, Publishable, Queue, Waiting
from portal.wall import Beyond, beyond

FILTERS = queue_order.NAMES
"""What an address may say of the returns that are wanted."""
_PREPARED = select(Period.key).join(Publication, Publication.period_id == Period.id).where(Publication.state.in_(OPEN))


def queue(database: Database, actor: Actor, wanted: Mapping[str, str] | None = None) -> Queue:
    """What waits for the team whatever its period, as far as it is wanted (`FILTERS`), what is verified and
    not published, and who is outstanding."""
    require(actor, Action.RETURN_VERIFY)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        today = session.info["clock"].today()
        newest = session.scalar(select(func.max(Edition.number)).where(Edition.agreement_id == agreement.id)) or 0
        rows = session.execute(
            select(Return, ReturnRevision, RevisionRating)
            .join(Period, Return.period_id == Period.id)
            .join(Measure, Return.measure_id == Measure.id)
            .join(ReturnRevision, (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.revision))
            .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
            .where(Period.agreement_id == agreement.id, Return.state.in_((State.SUBMITTED, State.VERIFIED)))
            .order_by(Period.ends_on.desc(), Period.starts_on.desc(), Measure.position)
        ).all()
        lines = tasks(session, [row for row, _, _ in rows], {row.id: rated for row, _, rated in rows})
        waiting = [
            (line, row, revision, proposal_of(row, revision, rated))
            for line, (row, revision, rated) in zip(lines, rows, strict=True)
            if row.state is State.SUBMITTED
        ]
        everything = _waiting(session, actor, agreement, waiting)
        verified = tuple(line for line in lines if line.state is State.VERIFIED)
        return Queue(
            periods=tuple(period.key for period in open_periods(session, agreement.id)),
            waiting=queue_order.sifted(everything, wanted or {}),
            answered=answered_queries(session, agreement.id),
            verified=verified,
            outstanding=_outstanding(session, agreement),
            publishable=_publishable(session, agreement, [row for row, _, _ in rows if row.state is State.VERIFIED]),
            next_edition=newest + 1,
            in_all=len(everything),
            filters=queue_order.filters(everything, wanted or {}),
            prepared=session.scalar(_PREPARED.where(Publication.agreement_id == agreement.id)) or "",
            overdue=open_actions(session, Indicator.agreement_id == agreement.id, ActionStep.due_on < today),
            reviews=open_risks(session, of_agreement(agreement.id), RiskStep.review_on < today),
        )


def _publishable(session: Session, agreement: Agreement, verified: Sequence[Return]) -> tuple[Publishable, ...]:
    """The days on which periods with verified, unpublished returns end, each by the name of its quarter where one ends
    there: an edition shows all that ends on one day."""
    on = Counter(row.period.ends_on for row in verified)
    found = session.scalars(
        select(Period)
        .where(Period.agreement_id == agreement.id, Period.ends_on.in_(on))
        .order_by(Period.ends_on.desc(), *quarters_first())
    ).all()
    return tuple(Publishable(p.key, period_slug(p.key), on[p.ends_on]) for p in one_a_day(found))


def _waiting(
    session: Session,
    actor: Actor,
    agreement: Agreement,
    found: Sequence[tuple[Task, Return, ReturnRevision, Proposal | None]],
) -> tuple[Waiting, ...]:
    if not found:
        return ()
    newest, waiting = max(row.period.ends_on for _, row, *_ in found), Return.id.in_([row.id for _, row, *_ in found])
    before = series(session, agreement.id, newest, {row.measure_id for _, row, *_ in found})
    dissents: dict[int, tuple[Said, ...]] = defaultdict(tuple)
    for return_id, _, said in open_dissents(session, waiting):
        dissents[return_id] += (said,)
    signed, explained = _countersigned(session, waiting), _explained(session, waiting)
    agreed = {(item.measure.id, period_id): item for period_id, item in _agreed(session, [row for _, row, *_ in found])}
    return tuple(
        _line(
            line,
            row,
            revision,
            actor,
            agreed[row.measure_id, row.period_id],
            [p for p in before[row.measure_id] if calendar_period(p.period).ends_on < row.period.ends_on],
            dissents[row.id],
            signed[row.id],
            proposal,
            row.id in explained,
        )
        for line, row, revision, proposal in found
    )


def _line(
    line: Task,
    row: Return,
    revision: ReturnRevision,
    actor: Actor,
    item: AgreedMeasure,
    before: Sequence[Point],
    dissents: tuple[Said, ...],
    countersigned: tuple[str, ...],
    proposal: Proposal | None,
    explained: bool,
) -> Waiting:
    return Waiting(
        task=line,
        version=row.version,
        value=revision.value,
        previous=before[-1] if before else None,
        unit=item.terms.reported_unit,
        decimals=item.measure.decimals,
        oddities=unusual(revision.value, [point.value for point in before]) if revision.value is not None else (),
        dissents=dissents,
        countersigned=countersigned,
        may_verify=revision.submitted_by_id is None or revision.submitted_by_id != actor.person_id,
        submitted_at=revision.submitted_at,
        proposal=proposal if proposal and proposal.waits else None,
        explained=explained,
    )


def _agreed(session: Session, rows: Sequence[Return]) -> list[tuple[int, AgreedMeasure]]:
    """What is agreed on every measure in the periods of these returns."""
    periods = {row.period_id: row.period for row in rows}
    return [
        (period.id, item)
        for period in periods.values()
        for item in agreed_measures(session, version_in_force(session, period.agreement_id, period.ends_on), period)
    ]


def _countersigned(session: Session, waiting: ColumnElement[bool]) -> Mapping[int, tuple[str, ...]]:
    """Who countersigned the present revision of each return that waits."""
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = session.scalars(
        select(ReturnMessage)
        .join(Return, (ReturnMessage.return_id == Return.id) & (ReturnMessage.revision == Return.revision))
        .where(waiting, ReturnMessage.kind == Message.COUNTERSIGNATURE)
        .order_by(ReturnMessage.id)
    )
    for row in rows:
        found[row.return_id] += (row.organisation.name,) if row.organisation else ()
    return found


def _explained(session: Session, waiting: ColumnElement[bool]) -> set[int]:
    """The returns that wait with a partner's word on their figure: said when it was submitted, however often it was
    rated anew since."""
    rows = session.scalars(
        select(Return.id)
        .join(ReturnMessage, ReturnMessage.return_id == Return.id)
        .join(ReturnRevision, (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.revision))
        .where(waiting, ReturnMessage.kind == Message.EXPLANATION)
        .where(ReturnMessage.at >= ReturnRevision.submitted_at)
    )
    return set(rows)


def _outstanding(session: Session, agreement: Agreement) -> tuple[Outstanding, ...]:
    """By organisation, those with most to come first. Placeholders are asked for, but nobody waits for them; what came
    in with the agreement's files says nothing of anybody's timeliness."""
    query = (
        select(Return, ReturnRevision.submitted_on)
        .join(Period, Return.period_id == Period.id)
        .outerjoin(ReturnRevision, (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == 1))
        .where(Period.agreement_id == agreement.id, Period.opened_at.is_not(None))
        # Of every return that there ever was: no commentary, nine tenths of what they weigh, and none of the figures.
        .options(load_only(Return.state, Return.revision, Return.period_id, Return.measure_id, Return.organisation_id))
    )
    with beyond(session, Beyond.STANDING):
        rows = session.execute(query).all()
    found = [row for row, submitted_on in rows if submitted_on is not None or row.revision == 0]
    first = {row.id: submitted_on for row, submitted_on in rows}
    today = session.info["clock"].today()
    lines = sorted((line for line in tasks(session, found) if not line.placeholder), key=lambda line: line.organisation)

    result = []
    for organisation, group in groupby(lines, lambda line: line.organisation):
        own = list(group)
        counted = timeliness((Wanted(line.state, line.current, line.due_on, first[line.id]) for line in own), today)
        late = sum(line.late for line in own)
        result.append(Outstanding(**asdict(counted), organisation=organisation, late=late))
    return tuple(sorted(result, key=lambda line: (line.received - line.expected, line.organisation)))
