"""One return's row: loading it for an actor, freezing a revision of it, and showing it as its reader may see it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Period
from models.returns import Return, ReturnQuery, ReturnRevision, RevisionRating
from models.rules.judging import judge, judge_forecast
from models.rules.moves import Move, allows
from models.rules.terms import Role, State
from portal.actor import Actor
from portal.clock import Clock
from portal.errors import Forbidden, NotFound
from portal.policy import Action, scope
from portal.services.agreement import version_in_force
from portal.services.indicators import AgreedMeasure, agreed_measures, reason_for_silence, standing_of
from portal.viewmodels.indicators import MeasureStanding, Point
from portal.viewmodels.returns import Answers, Query, ReturnView, Task

TEAM = "Partnership team"
"""Who returns the indicators that nobody leads."""

LAST_FIGURES = 8
WITH_THE_PARTNER = (State.NOT_STARTED, State.DRAFT, State.QUERIED)


def load(session: Session, actor: Actor, return_id: int, action: Action) -> Return:
    """A return, for an action: NotFound when the actor may not even read it, Forbidden when only the action is not
    theirs. In a session that writes, the row is locked until its end."""
    query = select(Return, scope(actor, action).label("allowed")).where(
        Return.id == return_id, scope(actor, Action.RETURN_READ)
    )
    if session.info["writing"]:
        query = query.with_for_update(of=Return)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such return, or it is not yours to see.")
    row, allowed = found
    if not allowed:
        raise Forbidden("This return belongs to another organisation: you may read it, but not change it.")
    return row


def agreed_for(session: Session, row: Return) -> AgreedMeasure:
    """What the agreement in force at the period's end says of the return's measure."""
    version = version_in_force(session, row.period.agreement_id, row.period.ends_on)
    return agreed_measures(session, version, row.period, row.measure_id)[0]


def answers_of(row: Return) -> Answers:
    """The return's working copy."""
    return Answers(row.value, row.no_value_reason, row.forecast_value, row.forecast_rating, row.commentary or "")


def said(answers: Answers) -> dict[str, object]:
    """Answers as the audit trail keeps them."""
    return {name: getattr(answers, name) for name in answers.__slots__}


def subject(row: Return) -> str:
    """How the audit trail names a return."""
    return f"return {row.measure.code} {row.period.key}"


def freeze(session: Session, row: Return, person_id: int | None) -> tuple[ReturnRevision, RevisionRating]:
    """Write the working copy down as the return's next revision, which is never changed, with the rule's rating."""
    clock: Clock = session.info["clock"]
    answers = answers_of(row)
    row.revision += 1
    revision = ReturnRevision(
        return_id=row.id, number=row.revision, submitted_by_id=person_id, submitted_at=clock.now(), **said(answers)
    )
    session.add(revision)
    session.flush()
    version = version_in_force(session, row.period.agreement_id, row.period.ends_on)
    item = agreed_measures(session, version, row.period, row.measure_id)[0]
    judgement = judge(answers.value, answers.no_value_reason, item.agreed)
    rated = RevisionRating(
        revision_id=revision.id, version_id=version.id, by_rule=judgement.rating, no_rating_reason=judgement.reason
    )
    session.add(rated)
    return revision, rated


def latest_revision(session: Session, row: Return, number: int | None = None) -> tuple[ReturnRevision, RevisionRating]:
    """A return's newest revision, or the one with a number, and its rating."""
    found = session.execute(
        select(ReturnRevision, RevisionRating)
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(ReturnRevision.return_id == row.id, ReturnRevision.number == (number or row.revision))
    ).one()
    return found[0], found[1]


def view(session: Session, row: Return, typed: Answers | None = None) -> ReturnView:
    """A return as the session's actor may see it. Its own side sees the working copy (or, in a preview, the answers
    being typed), the team the revision that was submitted last, everybody else the one that was verified."""
    actor: Actor = session.info["actor"]
    today = session.info["clock"].today()
    item = agreed_for(session, row)
    last = _last_figures(session, row)
    own = _is_own(actor, row)
    revision, rated = None, None
    if row.revision and (not own or row.state not in WITH_THE_PARTNER):
        number = row.revision if own or actor.role is Role.TEAM or actor.operator else row.verified_revision
        revision, rated = latest_revision(session, row, number)
    if revision is not None and rated is not None:
        answers = Answers(*(getattr(revision, name) for name in Answers.__slots__))
        standing = standing_of(item, row.state, revision, rated, last)
    else:
        answers = typed or answers_of(row)
        standing = _as_typed(item, answers, row, last, today)
    takes = row.period.is_open
    return ReturnView(
        id=row.id,
        indicator=row.measure.indicator.code,
        title=row.measure.indicator.title,
        period=row.period.key,
        period_open=takes,
        due_on=row.period.due_on,
        late=_is_late(row, item.agreed.placeholder, today),
        organisation=row.organisation.name if row.organisation else TEAM,
        organisation_key=row.organisation.key if row.organisation else None,
        state=row.state,
        version=row.version,
        revision=row.revision,
        placeholder=item.agreed.placeholder,
        answers=answers,
        standing=standing,
        target=item.agreed.target,
        baseline=row.measure.indicator.baseline_printed,
        last=last,
        submitted_by=revision.submitted_by.name if revision and revision.submitted_by else "",
        submitted_at=revision.submitted_at if revision else None,
        queries=_queries(session, row) if own or actor.role is Role.TEAM else (),
        may_edit=own and takes and allows(Move.SAVE, row.state),
        may_submit=own and takes and actor.role in (Role.LEAD, Role.TEAM) and row.state in WITH_THE_PARTNER,
        may_verify=_may_judge(actor, row, revision, Move.VERIFY),
        may_query=_may_judge(actor, row, revision, Move.QUERY),
    )


def _is_own(actor: Actor, row: Return) -> bool:
    if actor.role is Role.TEAM:
        return row.organisation_id is None
    return actor.role in (Role.CONTRIBUTOR, Role.LEAD) and row.organisation_id == actor.organisation_id


def _may_judge(actor: Actor, row: Return, revision: ReturnRevision | None, move: Move) -> bool:
    submitter = revision.submitted_by_id if revision else None
    return actor.role is Role.TEAM and allows(move, row.state) and submitter != actor.person_id


def _is_late(row: Return, placeholder: bool, today: date) -> bool:
    return today > row.period.due_on and row.state in WITH_THE_PARTNER and not placeholder


def _as_typed(
    item: AgreedMeasure, answers: Answers, row: Return, last: tuple[Point, ...], today: date
) -> MeasureStanding:
    reason = answers.no_value_reason or reason_for_silence(item, row.period, row.state, today)
    judgement = judge(answers.value, reason, item.agreed)
    return MeasureStanding(
        code=item.measure.code,
        part=item.measure.part,
        unit=item.terms.reported_unit,
        polarity=item.terms.reported_polarity,
        decimals=item.measure.decimals,
        value=answers.value,
        expected=item.agreed.expected,
        lead=judgement.lead,
        margin=judgement.margin,
        rating=judgement.rating,
        rating_by_rule=judgement.rating,
        override_reason=None,
        no_rating_reason=judgement.reason,
        forecast_value=answers.forecast_value,
        forecast=judge_forecast(answers.forecast_value, answers.forecast_rating, item.agreed),
        commentary=answers.commentary,
        state=row.state,
        history=last,
    )


def _last_figures(session: Session, row: Return) -> tuple[Point, ...]:
    """The measure's verified figures of the periods before, oldest first."""
    rows = session.execute(
        select(Period.key, ReturnRevision.value)
        .join(Return, Return.period_id == Period.id)
        .join(
            ReturnRevision,
            (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
        )
        .where(Return.measure_id == row.measure_id, Period.ends_on < row.period.ends_on)
        .where(ReturnRevision.value.is_not(None))
        .order_by(Period.ends_on.desc())
        .limit(LAST_FIGURES)
    )
    return tuple(Point(key, value) for key, value in reversed(rows.all()) if value is not None)


def _queries(session: Session, row: Return) -> tuple[Query, ...]:
    rows = session.scalars(select(ReturnQuery).where(ReturnQuery.return_id == row.id).order_by(ReturnQuery.id))
    return tuple(Query(query.text, query.person.name, query.at) for query in rows)


def task(row: Return, placeholder: bool, today: date, rated: RevisionRating | None = None) -> Task:
    """One line of a desk or a queue."""
    return Task(
        id=row.id,
        measure=row.measure.code,
        title=f"{row.measure.indicator.title}{f' ({row.measure.part})' if row.measure.part else ''}",
        organisation=row.organisation.name if row.organisation else TEAM,
        state=row.state,
        placeholder=placeholder,
        late=_is_late(row, placeholder, today),
        due_on=row.period.due_on,
        rating=(rated.override or rated.by_rule) if rated else None,
        no_rating_reason=rated.no_rating_reason if rated else None,
    )
