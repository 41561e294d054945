"""The partnership team's side of a return: the queue, verifying, querying and reopening with a reason."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import IndicatorTerms, Measure
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.broken import SamePerson
from models.rules.codes import period_slug
from models.rules.moves import Move, after
from models.rules.terms import Message, State
from models.scorecard import Edition
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Stale
from portal.policy import Action, require
from portal.services.agreement import current_agreement, open_period, version_in_force
from portal.services.messages import checked, say
from portal.services.return_rows import WITH_THE_PARTNER, latest_revision, load, subject
from portal.services.return_view import task, view
from portal.viewmodels.returns import ReturnView, Task
from portal.viewmodels.review import Outstanding, Queue


def queue(database: Database, actor: Actor) -> Queue:
    """What waits for the team in the open period, what is verified, and who is outstanding."""
    require(actor, Action.RETURN_VERIFY)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        newest = session.scalar(select(func.max(Edition.number)).where(Edition.agreement_id == agreement.id)) or 0
        period = open_period(session, agreement.id)
        if period is None:
            return Queue(None, "", None, (), (), (), may_publish=False, next_edition=newest + 1)
        rows = session.execute(
            select(Return, IndicatorTerms.placeholder, RevisionRating)
            .join(Measure, Return.measure_id == Measure.id)
            .join(IndicatorTerms, IndicatorTerms.indicator_id == Measure.indicator_id)
            .outerjoin(
                ReturnRevision, (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.revision)
            )
            .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
            .where(Return.period_id == period.id)
            .where(IndicatorTerms.version_id == version_in_force(session, agreement.id, period.ends_on).id)
            .order_by(Measure.position)
        ).all()
        today = database.clock.today()
        tasks = [(task(row, placeholder, today, rated), row) for row, placeholder, rated in rows]
        return Queue(
            period=period.key,
            period_slug=period_slug(period.key),
            due_on=period.due_on,
            waiting=tuple(line for line, _ in tasks if line.state is State.SUBMITTED),
            verified=tuple(line for line, _ in tasks if line.state in (State.VERIFIED, State.PUBLISHED)),
            outstanding=_outstanding([line for line, _ in tasks]),
            may_publish=any(line.state is State.VERIFIED for line, _ in tasks),
            next_edition=newest + 1,
        )


def _outstanding(tasks: Sequence[Task]) -> tuple[Outstanding, ...]:
    """By organisation, those with most to come first. Placeholders are asked for, but nobody waits for them."""
    due = [line for line in tasks if not line.placeholder]
    lines = []
    for organisation in dict.fromkeys(line.organisation for line in due):
        own = [line for line in due if line.organisation == organisation]
        received = sum(line.state not in WITH_THE_PARTNER for line in own)
        lines.append(Outstanding(organisation, len(own), received, sum(line.late for line in own)))
    return tuple(sorted(lines, key=lambda line: (line.received - line.expected, line.organisation)))


def verify(database: Database, actor: Actor, return_id: int, version: int | None) -> ReturnView:
    """Accept a submitted revision: from then on it counts, and everybody with an account may read it."""
    require(actor, Action.RETURN_VERIFY)
    with database.write(actor) as session:
        row = _to_judge(session, actor, return_id, version, Action.RETURN_VERIFY, Move.VERIFY)
        revision, rated = latest_revision(session, row)
        revision.verified_by_id, revision.verified_at = actor.person_id, database.clock.now()
        row.verified_revision = row.revision
        audit.record(
            session,
            Action.RETURN_VERIFY,
            subject(row),
            after={"revision": row.revision, "value": revision.value, "rating": rated.override or rated.by_rule},
            organisation_id=row.organisation_id,
        )
        session.flush()
        return view(session, row)


def query(database: Database, actor: Actor, return_id: int, version: int | None, reason: str) -> ReturnView:
    """Send a submitted return back with a question; Invalid when there is none."""
    require(actor, Action.RETURN_QUERY)
    reason = checked(reason, "reason", "Say what you want to know: the partner reads it beside the return.")
    with database.write(actor) as session:
        row = _to_judge(session, actor, return_id, version, Action.RETURN_QUERY, Move.QUERY)
        say(session, row, Message.QUERY, reason)
        _record(session, Action.RETURN_QUERY, row, reason)
        session.flush()
        return view(session, row)


def reopen(database: Database, actor: Actor, return_id: int, version: int | None, reason: str) -> ReturnView:
    """Give a verified or published return back to its partner, to be corrected by a new revision. What was published
    stays public until the correction is published too; what was only verified counts no more."""
    require(actor, Action.RETURN_REOPEN)
    reason = checked(reason, "reason", "Say why it is reopened: the partner reads it beside the return.")
    with database.write(actor) as session:
        row = _to_judge(session, actor, return_id, version, Action.RETURN_REOPEN, Move.REOPEN)
        row.verified_revision = session.scalar(
            select(func.max(ReturnRevision.number)).where(
                ReturnRevision.return_id == row.id, ReturnRevision.published_at.is_not(None)
            )
        )
        say(session, row, Message.REOPENING, reason)
        _record(session, Action.RETURN_REOPEN, row, reason)
        session.flush()
        return view(session, row)


def _record(session: Session, action: Action, row: Return, reason: str) -> None:
    after = {"revision": row.revision, "state": row.state}
    audit.record(session, action, subject(row), after=after, reason=reason, organisation_id=row.organisation_id)


def _to_judge(
    session: Session, actor: Actor, return_id: int, version: int | None, action: Action, move: Move
) -> Return:
    row = load(session, actor, return_id, action)
    if version is not None and version != row.version:
        raise Stale("This return changed after you opened it. Nothing was saved: open it again and look.")
    row.state = after(move, row.state)
    if latest_revision(session, row)[0].submitted_by_id == actor.person_id is not None:
        raise SamePerson("You submitted this return yourself: somebody else of the team has to judge it.")
    return row
