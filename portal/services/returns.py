"""The life of a return on the partner's side: reading, saving, previewing, submitting, withdrawing."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, Period
from models.returns import Return
from models.rules.codes import measure_code
from models.rules.gate import PublicationState
from models.rules.moves import WITH_THE_PARTNER, Move, after
from models.rules.terms import State
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound, Stale
from portal.formats.answers import check_answers
from portal.policy import Action, may, require
from portal.records import typed_drafts
from portal.records.agreed import agreed_for, asked_for
from portal.records.agreement import current_agreement, find_period, shown_agreement
from portal.records.elsewhere import elsewhere
from portal.records.forecasts import year_end
from portal.records.publication import open_publication, shows
from portal.records.return_names import subject
from portal.records.return_rows import is_row_number, latest_revision, load, require_version
from portal.records.return_saving import save_answers, submit_answers
from portal.records.return_view import tasks, view, views
from portal.scopes import scope
from portal.viewmodels.returns import ReturnView, Saved, Turn, Typed


def read_return(database: Database, actor: Actor, return_id: int) -> ReturnView:
    """One return, at the revision that the actor may see. NotFound for what the actor may not read."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_READ)
        found = _with_outlook(session, row, _in_agreement(session, row, view(session, row)))
        found = _with_publication(session, row, found)
        if found.may_edit:
            return found
        if found.may_withdraw:
            found = replace(found, following=_following(session, row))
        return replace(found, elsewhere=elsewhere(session, row.period, row.measure_id, found.standing))


def _following(session: Session, row: Return) -> tuple[int, str] | None:
    """What the actor's side has to return next in the same agreement: what is due first."""
    rows = session.scalars(
        select(Return)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Period.agreement_id == row.period.agreement_id, Period.opened_at.is_not(None))
        .where(scope(session.info["actor"], Action.RETURN_EDIT), Return.state.in_(WITH_THE_PARTNER))
        .order_by(Measure.position)
    )
    open_ = [task for task in tasks(session, rows.all()) if task.takes and not task.placeholder]
    first = min(open_, key=lambda task: task.due_on, default=None)
    return (first.id, f"{first.measure} {first.title}, {first.period}") if first else None


def _in_agreement(session: Session, row: Return, found: ReturnView) -> ReturnView:
    """Says so where a return is of another agreement than the one that its reader is shown: a link may lead to it."""
    shown = shown_agreement(session)
    if shown is None or shown.id == row.period.agreement_id:
        return found
    return replace(found, other_agreement=session.get_one(Agreement, row.period.agreement_id).title)


def _with_publication(session: Session, row: Return, found: ReturnView) -> ReturnView:
    """Tells the team of the publication that shows the return: reopening holds it back."""
    if not may(session.info["actor"], Action.EDITION_PUBLISH):
        return found
    one = open_publication(session, row.period.agreement_id)
    if one is None or not shows(one, row):
        return found
    return replace(found, public_at=one.publish_at, held=one.reason if one.state is PublicationState.HELD else "")


def _with_outlook(session: Session, row: Return, found: ReturnView) -> ReturnView:
    """The portal's own forecast of the year's end beside the partner's: for those who may see the ledger."""
    actor: Actor = session.info["actor"]
    allowed = select(Return.id).where(Return.id == row.id, scope(actor, Action.FORECAST_READ))
    if found.placeholder or session.scalar(allowed) is None:
        return found
    item = agreed_for(session, row)
    partner = found.answers.forecast_value
    return replace(found, outlook=year_end(item, row.period.year, found.standing.history, partner))


def read_for_editing(database: Database, actor: Actor, return_id: int) -> ReturnView:
    """One's own return. Forbidden for one that may be read but not changed."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        return _in_agreement(session, row, view(session, row))


def find_return(database: Database, actor: Actor, period: str, measure: str) -> int:
    """The id of the return on a measure for a period, both in any spelling; NotFound as for read_return."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        found = find_period(session, current_agreement(session).id, period)
        try:
            code = measure_code(measure)
        except ValueError as error:
            raise NotFound(str(error)) from None
        there = select(Return.id).join(Measure).where(Return.period_id == found.id, Measure.code == code)
        return_id = session.scalar(there.where(scope(actor, Action.RETURN_READ)))
        if return_id is None:
            foreign = session.scalar(there) is not None
            raise NotFound(f"There is no return on {code} for {found.key} that you may read.", foreign=foreign)
        return return_id


def list_returns(
    database: Database, actor: Actor, period: str, after: str = "", limit: int | None = None
) -> tuple[ReturnView, ...]:
    """Every return of a period that the actor may read, in the agreement's order; or at most `limit` of them, those
    after the measure with the code `after`. Invalid for a code that the agreement does not have."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        found = find_period(session, agreement.id, period)
        query = (
            select(Return)
            .join(Measure, Return.measure_id == Measure.id)
            .where(Return.period_id == found.id, scope(actor, Action.RETURN_READ))
            .order_by(Measure.position, Measure.id)
            .limit(limit)
        )
        if after:
            last = session.scalars(
                select(Measure)
                .join(Indicator, Measure.indicator_id == Indicator.id)
                .where(Indicator.agreement_id == agreement.id, Measure.code == after)
            ).one_or_none()
            if last is None:
                raise Invalid({"after": "There is no such place in this list: leave it out to begin."})
            behind = (Measure.position == last.position) & (Measure.id > last.id)
            query = query.where(or_(Measure.position > last.position, behind))
        return views(session, session.scalars(query).all())


def save(
    database: Database, actor: Actor, return_id: int, version: int | None, typed: Typed, turn: Turn | None = None
) -> Saved:
    """Keep answers as a draft. Invalid for what cannot be a figure; Conflict when the draft is not at `version`
    any more (None: whatever it is at); nothing is written then. `turn` is the last state of its form that a browser
    sent to be kept. Others wait for their turn meanwhile: what is shown of it, `read_saved` reads afterwards."""
    require(actor, Action.RETURN_EDIT)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        require_version(row, version)
        answers = save_answers(session, row, typed, turn)
        return Saved(row.version, answers)


def read_saved(database: Database, actor: Actor, return_id: int, saved: Saved) -> ReturnView:
    """One's own return as a save left it. Whatever others did to it since, the version and the draft's answers are those
    of the save: whoever goes on from them does not overwrite unseen what came in between."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        return replace(view(session, row, saved.answers), version=saved.version)


def preview(database: Database, actor: Actor, return_id: int, typed: Typed) -> ReturnView:
    """The return as it would be rated with these answers; nothing is kept."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        return view(session, row, check_answers(typed, asked_for(session, row)))


def submit(database: Database, actor: Actor, return_id: int, version: int | None, explanation: str = "") -> ReturnView:
    """Freeze the draft as a revision, with its rating, and hand it to the partnership team; `explanation` is the
    partner's word on an unusual figure. The same submit sent twice is one submit."""
    require(actor, Action.RETURN_SUBMIT)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_SUBMIT)
        if _was_just_submitted(session, row, actor, version):
            return view(session, row)
        require_version(row, version)
        submit_answers(session, row, actor.person_id, explanation)
        return view(session, row)


def _was_just_submitted(session: Session, row: Return, actor: Actor, version: int | None) -> bool:
    """Whether this very submit has been done: by this person, and nothing has happened since."""
    if row.state is not State.SUBMITTED or version is None or row.version != version + 1:
        return False
    return latest_revision(session, row)[0].submitted_by_id == actor.person_id


def withdraw(database: Database, actor: Actor, return_id: int, version: int | None) -> ReturnView:
    """Take a submitted return back before it is verified. The revision stays readable; the draft goes on from it."""
    require(actor, Action.RETURN_WITHDRAW)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_WITHDRAW)
        require_version(row, version)
        row.state = after(Move.WITHDRAW, row.state)
        audit.record(session, Action.RETURN_WITHDRAW, subject(row), after={"revision": row.revision})
        session.flush()
        return view(session, row)


def keep_typed(
    database: Database, actor: Actor, return_id: int, version: int, typed: Typed, turn: Turn | None = None
) -> datetime:
    """Keep what is being typed, exactly and unchecked, for this person alone, until it is saved; an older `turn` of
    the form never replaces a newer one. Answers when."""
    require(actor, Action.RETURN_EDIT)
    if not is_row_number(version):
        raise Stale("This form is too old. Open the return again.")
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        after(Move.SAVE, row.state)
        return typed_drafts.keep(session, row, version, typed, turn)
