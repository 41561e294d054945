"""One return as its reader may see it, with what the reader may do to it; and the lines of a desk."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.entry import unusual
from models.rules.judging import judge, judge_forecast
from models.rules.moves import WITH_THE_PARTNER, Move, allows
from models.rules.terms import Message, State
from portal.actor import Actor
from portal.policy import Action, may
from portal.records.agreement import in_force, known_versions, placeholders
from portal.records.indicators import answers_of, revised, standing_of
from portal.records.judgements import proposal_of, proposed_in
from portal.records.messages import messages_on
from portal.records.ratings import Set, held_since, is_of, judgement_of
from portal.records.return_names import TEAM, title_of
from portal.records.return_parts import Parts, parts_of
from portal.records.return_rows import submitted_it, with_figure
from portal.records.windows import Window, windows
from portal.viewmodels.returns import Answers, ReturnView, Revision, Said, Task, Typed

LAST_FIGURES = 8


def view(session: Session, row: Return, typed: Answers | None = None) -> ReturnView:
    """A return as the session's actor may see it. Its own side sees the working copy (or, in a preview, the answers
    being typed), the team the revision that was submitted last, a partner that signed up to it the one that waits for
    its word, everybody else the one that was verified, as it then stood: that it was reopened is no affair of theirs."""
    return _view(session, row, parts_of(session, [row]), typed)


def views(session: Session, rows: Sequence[Return]) -> tuple[ReturnView, ...]:
    """Several returns, each as `view` shows it: as many statements as for one, where they are of one period."""
    parts = parts_of(session, rows)
    return tuple(_view(session, row, parts) for row in rows)


def _view(session: Session, row: Return, parts: Parts, typed: Answers | None = None) -> ReturnView:
    actor: Actor = session.info["actor"]
    today = session.info["clock"].today()
    dates, item = parts.windows[row.id], parts.agreed[row.id]
    last, held = parts.before[row.id], parts.held[row.id]
    submitted, set_since = parts.revisions.get(row.id, ()), parts.milestones.get(row.id, ())
    anew = (row.measure_id, row.period_id) in parts.breaks
    allowed = frozenset(action for action in held if may(actor, action))
    own = Action.RETURN_EDIT in held
    draft = parts.typed.get(row.id) if own and row.state in WITH_THE_PARTNER else None
    countersigns = row.state is State.SUBMITTED and Action.RETURN_COUNTERSIGN in held
    revision, rated, state, number = None, None, row.state, row.revision
    newest = Action.RETURN_OVERSEE in held or own or countersigns
    if row.revision and (not own or row.state not in WITH_THE_PARTNER):
        wanted = row.revision if newest else row.verified_revision or row.revision
        revision, rated = next(both for both in submitted if both[0].number == wanted)
    if revision is not None and not newest:
        state, number = State.PUBLISHED if revision.published_at else State.VERIFIED, revision.number
    if revision is not None and rated is not None:
        answers = answers_of(revision)
        history = with_figure(row, last, answers.value, anew=anew)
        terms = parts.terms[rated.version_id, row.measure_id]
        standing = revised(row.measure, terms, state, revision, rated, history)
        late = held_since(rated, set_since)
        standing = replace(standing, held_since=late)
        proposal = proposal_of(row, revision, rated)
    else:
        answers = typed or answers_of(row)
        reason = answers.no_value_reason or item.reason_for_silence(row.state, today, dates.came_in)
        judgement = judge(answers.value, reason, item.agreed, answers.grounds)
        history = with_figure(row, last, answers.value, anew=anew)
        forecast = judge_forecast(answers.forecast_value, answers.forecast_rating, item.agreed)
        standing = standing_of(row.measure, item.terms, row.state, answers, judgement, forecast, history)
        proposal = proposed_in(answers, judgement.rating)
    takes = dates.takes
    messages = messages_on(session, row, held, parts.messages.get(row.id, ()))
    by_another = revision is not None and not submitted_it(actor, revision)
    return ReturnView(
        id=row.id,
        indicator=row.measure.indicator.code,
        title=row.measure.indicator.title,
        period=row.period.key,
        period_open=takes,
        due_on=dates.answer_by,
        released_on=dates.released_on,
        source=row.measure.source,
        late=newest and dates.is_late(row, item.agreed.placeholder, today),
        organisation=row.organisation.name if row.organisation else TEAM,
        organisation_key=row.organisation.key if row.organisation else None,
        state=state,
        version=row.version,
        revision=number,
        placeholder=item.agreed.placeholder,
        grounds=item.asked.fields,
        answers=answers,
        saved=as_typed(answers),
        typed=as_typed(answers) if draft is None else draft[1],
        kept_at=draft[0].at if draft else None,
        kept_version=draft[0].base_version if draft else row.version,
        standing=standing,
        target=item.agreed.target,
        baseline=row.measure.indicator.baseline_printed,
        last=last[-LAST_FIGURES:],
        submitted_by=revision.submitted_by.name if revision and revision.submitted_by else "",
        submitted_at=revision.submitted_at if revision else None,
        messages=messages,
        revisions=_revisions(row, submitted, set_since) if own or Action.RETURN_OVERSEE in held else (),
        oddities=unusual(answers.value, [point.value for point in last]) if answers.value is not None else (),
        explanation=_explanation(messages, revision),
        may_edit=Action.RETURN_EDIT in allowed and takes and allows(Move.SAVE, row.state),
        may_submit=Action.RETURN_SUBMIT in allowed and takes and row.state in WITH_THE_PARTNER,
        may_verify=by_another and Action.RETURN_VERIFY in allowed and allows(Move.VERIFY, row.state),
        may_query=by_another and Action.RETURN_QUERY in allowed and allows(Move.QUERY, row.state),
        may_withdraw=Action.RETURN_WITHDRAW in allowed and takes and allows(Move.WITHDRAW, row.state),
        may_reopen=by_another and Action.RETURN_REOPEN in allowed and allows(Move.REOPEN, row.state),
        may_challenge=Action.RETURN_CHALLENGE in allowed,
        may_answer=Action.RETURN_ANSWER in allowed,
        may_countersign=countersigns and Action.RETURN_COUNTERSIGN in allowed,
        dissents_openly=any(m.kind is Message.DISSENT and m.open and m.own for m in messages),
        needs_another=not by_another and Action.RETURN_VERIFY in allowed and allows(Move.VERIFY, row.state),
        proposal=proposal,
        changed=parts.changed.get(row.id) if own else None,
    )


def _explanation(messages: Sequence[Said], revision: ReturnRevision | None) -> str:
    """The partner's word on a revision's figure: said when it was submitted, however often it was rated anew since."""
    if revision is None:
        return ""
    words = [one.text for one in messages if one.kind is Message.EXPLANATION and one.at >= revision.submitted_at]
    return words[-1] if words else ""


def as_typed(answers: Answers) -> Typed:
    """Checked answers as the text that a form shows."""
    return Typed(*("" if said is None else str(said) for said in (getattr(answers, n) for n in Typed.__slots__)))


def _revisions(
    row: Return, submitted: Sequence[tuple[ReturnRevision, RevisionRating]], set_since: Sequence[Set]
) -> tuple[Revision, ...]:
    """Everything that was ever submitted, oldest first."""
    milestones = iter(set_since)
    found: list[Revision] = []
    for revision, rated in submitted:
        anew = None
        if found and found[-1].submitted_at == revision.submitted_at:  # each by a milestone of its own, in their order
            anew = next((one for one in milestones if one.late and is_of(one, rated)), None)
        found.append(_revision(row, revision, rated, anew))
    return tuple(found)


def _revision(row: Return, revision: ReturnRevision, rated: RevisionRating, anew: Set | None) -> Revision:
    return Revision(
        number=revision.number,
        answers=answers_of(revision),
        rating=rated.override or rated.by_rule,
        no_rating_reason=rated.no_rating_reason,
        submitted_by=revision.submitted_by.name if revision.submitted_by else "",
        submitted_at=revision.submitted_at,
        verified_by=revision.verified_by.name if revision.verified_by else "",
        verified_at=revision.verified_at,
        published=revision.published_at is not None,
        proposal=proposal_of(row, revision, rated),
        held=judgement_of(rated).expected,
        anew_by=anew.by if anew else "",
        anew_on=anew.on if anew else None,
    )


def tasks(
    session: Session, rows: Sequence[Return], rated: Mapping[int, RevisionRating | None] | None = None
) -> list[Task]:
    """The lines of a desk or a queue; `rated` has the ratings to show, by the return's id."""
    today = session.info["clock"].today()
    dates, rated = windows(session, rows), rated or {}
    known = {number: known_versions(session, number) for number in {row.period.agreement_id for row in rows}}
    version = {
        period.id: in_force(known[period.agreement_id], period.ends_on) for period in {row.period for row in rows}
    }
    empty = placeholders(session, set(version.values()))
    return [
        _task(
            row,
            (version[row.period_id].id, row.measure.indicator_id) in empty,
            dates[row.id],
            today,
            rated.get(row.id),
        )
        for row in rows
    ]


def _task(row: Return, placeholder: bool, dates: Window, today: date, rated: RevisionRating | None) -> Task:
    return Task(
        id=row.id,
        measure=row.measure.code,
        title=title_of(row.measure),
        period=row.period.key,
        organisation=row.organisation.name if row.organisation else TEAM,
        state=row.state,
        placeholder=placeholder,
        late=dates.is_late(row, placeholder, today),
        due_on=dates.answer_by,
        takes=dates.takes,
        current=dates.current,
        rating=(rated.override or rated.by_rule) if rated else None,
        no_rating_reason=rated.no_rating_reason if rated else None,
        judged=rated is not None and rated.override is not None,
    )
