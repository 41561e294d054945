"""The life of a return on the partner's side: the desk, reading, saving, previewing and submitting."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, IndicatorTerms, Measure
from models.returns import Return
from models.rules.broken import PeriodClosed
from models.rules.codes import measure_code
from models.rules.moves import Move, after
from models.rules.terms import Frequency, Role
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound
from portal.formats.answers import check_answers
from portal.policy import Action, require, scope
from portal.services.agreement import current_agreement, find_period, open_period, version_in_force
from portal.services.return_rows import TEAM, agreed_for, answers_of, freeze, load, said, subject, task, view
from portal.viewmodels.returns import Answers, Desk, ReturnView, Typed


def desk(database: Database, actor: Actor) -> Desk:
    """What the actor's side has to return in the open period, in the agreement's order."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        period = open_period(session, agreement.id)
        side = TEAM if actor.role is Role.TEAM else actor.organisation_name
        today = database.clock.today()
        if period is None:
            return Desk(side, None, None, today, (), ())
        version = version_in_force(session, agreement.id, period.ends_on)
        rows = session.execute(
            select(Return, IndicatorTerms.placeholder)
            .join(Measure, Return.measure_id == Measure.id)
            .join(IndicatorTerms, IndicatorTerms.indicator_id == Measure.indicator_id)
            .where(Return.period_id == period.id, scope(actor, Action.RETURN_EDIT))
            .where(IndicatorTerms.version_id == version.id)
            .order_by(Measure.position)
        ).all()
        tasks = tuple(task(row, placeholder, today) for row, placeholder in rows)
        return Desk(side, period.key, period.due_on, today, tasks, _not_due(session, actor, version))


def _not_due(session: Session, actor: Actor, version: AgreementVersion) -> tuple[str, ...]:
    """The actor's measures that no quarter asks for: those returned once a year."""
    rows = session.execute(
        select(Measure.code)
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Measure.indicator_id)
        .where(IndicatorTerms.version_id == version.id, IndicatorTerms.lead_id == actor.organisation_id)
        .where(Measure.frequency == Frequency.YEARLY)
        .order_by(Measure.position)
    )
    return tuple(code for (code,) in rows)


def read_return(database: Database, actor: Actor, return_id: int) -> ReturnView:
    """One return, at the revision that the actor may see. NotFound for what the actor may not read."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        return view(session, load(session, actor, return_id, Action.RETURN_READ))


def read_for_editing(database: Database, actor: Actor, return_id: int) -> ReturnView:
    """One's own return. Forbidden for one that may be read but not changed."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        return view(session, load(session, actor, return_id, Action.RETURN_EDIT))


def find_return(database: Database, actor: Actor, period: str, measure: str) -> int:
    """The id of the return on a measure for a period, both in any spelling; NotFound as for read_return."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        found = find_period(session, current_agreement(session).id, period)
        try:
            code = measure_code(measure)
        except ValueError as error:
            raise NotFound(str(error)) from None
        return_id = session.scalar(
            select(Return.id)
            .join(Measure, Return.measure_id == Measure.id)
            .where(Return.period_id == found.id, Measure.code == code, scope(actor, Action.RETURN_READ))
        )
        if return_id is None:
            raise NotFound(f"There is no return on {code} for {found.key} that you may read.")
        return return_id


def list_returns(database: Database, actor: Actor, period: str) -> tuple[ReturnView, ...]:
    """Every return of a period that the actor may read, in the agreement's order."""
    require(actor, Action.RETURN_READ)
    with database.read(actor) as session:
        found = find_period(session, current_agreement(session).id, period)
        rows = session.scalars(
            select(Return)
            .join(Measure, Return.measure_id == Measure.id)
            .where(Return.period_id == found.id, scope(actor, Action.RETURN_READ))
            .order_by(Measure.position)
        )
        return tuple(view(session, row) for row in rows.all())


def save(database: Database, actor: Actor, return_id: int, version: int | None, typed: Typed) -> ReturnView:
    """Keep answers as a draft. Invalid for what cannot be a figure; Conflict when the draft is not at `version`
    any more (None: whatever it is at); nothing is written then."""
    require(actor, Action.RETURN_EDIT)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        _require_version(row, version)
        _require_open(row)
        state = after(Move.SAVE, row.state)
        answers = check_answers(typed, agreed_for(session, row).terms.reported_unit)
        before = answers_of(row)
        if answers != before or state is not row.state:
            row.state = state
            row.value, row.no_value_reason = answers.value, answers.no_value_reason
            row.forecast_value, row.forecast_rating = answers.forecast_value, answers.forecast_rating
            row.commentary = answers.commentary
            audit.record(session, Action.RETURN_EDIT, subject(row), before=said(before), after=said(answers))
        session.flush()
        return view(session, row)


def preview(database: Database, actor: Actor, return_id: int, typed: Typed) -> ReturnView:
    """The return as it would be rated with these answers; nothing is kept."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_EDIT)
        return view(session, row, check_answers(typed, agreed_for(session, row).terms.reported_unit))


def missing(answers: Answers) -> dict[str, str]:
    """What a return lacks before it can be submitted, as a sentence for each field."""
    if answers.value is None and answers.no_value_reason is None:
        return {"value": "Enter a figure, or say why there is none."}
    return {}


def submit(database: Database, actor: Actor, return_id: int, version: int | None) -> ReturnView:
    """Freeze the draft as a revision, with its rating, and hand it to the partnership team."""
    require(actor, Action.RETURN_SUBMIT)
    with database.write(actor) as session:
        row = load(session, actor, return_id, Action.RETURN_SUBMIT)
        _require_version(row, version)
        _require_open(row)
        row.state = after(Move.SUBMIT, row.state)
        if lacking := missing(answers_of(row)):
            raise Invalid(lacking)
        freeze(session, row, actor.person_id)
        audit.record(
            session, Action.RETURN_SUBMIT, subject(row), after={**said(answers_of(row)), "revision": row.revision}
        )
        session.flush()
        return view(session, row)


def _require_version(row: Return, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(
            "Somebody changed this return after you opened it. Nothing was saved, and what you typed is still here: "
            "open the return in another tab to compare."
        )


def _require_open(row: Return) -> None:
    if not row.period.is_open:
        raise PeriodClosed(f"{row.period.key} is closed for returns. Ask the partnership team to open it again.")
