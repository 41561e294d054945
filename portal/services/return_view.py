"""One return as its reader may see it, with what the reader may do to it; and one line of a desk."""

import json
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Period
from models.returns import Return, ReturnRevision, RevisionRating, TypedDraft
from models.rules.entry import unusual
from models.rules.judging import judge, judge_forecast
from models.rules.moves import Move, allows
from models.rules.terms import Message, Role
from portal.actor import Actor
from portal.policy import Action, may
from portal.services.indicators import AgreedMeasure, reason_for_silence, standing_of
from portal.services.messages import messages_on
from portal.services.return_rows import TEAM, WITH_THE_PARTNER, agreed_for, answers_of, is_own, latest_revision
from portal.viewmodels.indicators import MeasureStanding, Point
from portal.viewmodels.returns import Answers, ReturnView, Revision, Task, Typed

LAST_FIGURES = 8


def view(session: Session, row: Return, typed: Answers | None = None) -> ReturnView:
    """A return as the session's actor may see it. Its own side sees the working copy (or, in a preview, the answers
    being typed), the team the revision that was submitted last, everybody else the one that was verified."""
    actor: Actor = session.info["actor"]
    today = session.info["clock"].today()
    item = agreed_for(session, row)
    last = _last_figures(session, row)
    own = is_own(actor, row)
    draft = session.get(TypedDraft, (row.id, actor.person_id)) if own and row.state in WITH_THE_PARTNER else None
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
    messages = messages_on(session, row)
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
        saved=as_typed(answers),
        typed=as_typed(answers) if draft is None else Typed(**json.loads(draft.typed)),
        kept_at=draft.at if draft else None,
        kept_version=draft.base_version if draft else row.version,
        standing=standing,
        target=item.agreed.target,
        baseline=row.measure.indicator.baseline_printed,
        last=last,
        submitted_by=revision.submitted_by.name if revision and revision.submitted_by else "",
        submitted_at=revision.submitted_at if revision else None,
        messages=messages,
        revisions=_revisions(session, row) if own or actor.role is Role.TEAM else (),
        oddities=unusual(answers.value, [point.value for point in last]) if answers.value is not None else (),
        explanation=next((m.text for m in reversed(messages) if m.kind is Message.EXPLANATION), ""),
        may_edit=own and takes and allows(Move.SAVE, row.state),
        may_submit=own and takes and actor.role in (Role.LEAD, Role.TEAM) and row.state in WITH_THE_PARTNER,
        may_verify=_may_judge(actor, row, revision, Move.VERIFY),
        may_query=_may_judge(actor, row, revision, Move.QUERY),
        may_withdraw=own and takes and may(actor, Action.RETURN_WITHDRAW) and allows(Move.WITHDRAW, row.state),
        may_reopen=_may_judge(actor, row, revision, Move.REOPEN),
        may_challenge=may(actor, Action.RETURN_CHALLENGE) and row.revision > 0 and not own,
        may_answer=own and may(actor, Action.RETURN_ANSWER),
    )


def as_typed(answers: Answers) -> Typed:
    """Checked answers as the text that a form shows."""
    return Typed(*("" if said is None else str(said) for said in (getattr(answers, n) for n in Typed.__slots__)))


def _revisions(session: Session, row: Return) -> tuple[Revision, ...]:
    """Everything that was ever submitted, oldest first."""
    rows = session.execute(
        select(ReturnRevision, RevisionRating)
        .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .where(ReturnRevision.return_id == row.id)
        .order_by(ReturnRevision.number)
    )
    return tuple(
        Revision(
            number=revision.number,
            answers=Answers(*(getattr(revision, name) for name in Answers.__slots__)),
            rating=rated.override or rated.by_rule,
            no_rating_reason=rated.no_rating_reason,
            submitted_by=revision.submitted_by.name if revision.submitted_by else "",
            submitted_at=revision.submitted_at,
            verified_by=revision.verified_by.name if revision.verified_by else "",
            verified_at=revision.verified_at,
            published=revision.published_at is not None,
        )
        for revision, rated in rows
    )


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
