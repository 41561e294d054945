"""Return workbooks: one side's returns of a period as a spreadsheet, sent back, looked through, and written as a whole."""

import hashlib
from collections.abc import Mapping
from itertools import groupby

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Measure, Period
from models.people import Organisation
from models.returns import Return
from models.rules.codes import period_slug
from models.rules.moves import WITH_THE_PARTNER
from models.workbooks import ReturnWorkbook, ReturnWorkbookUse
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, NotFound
from portal.formats.return_workbook_reading import read_return_workbook
from portal.formats.return_workbook_xlsx import return_workbook
from portal.formats.safe_xlsx import KIND, refuse
from portal.formats.texts import storable
from portal.history import noted
from portal.policy import Action, require
from portal.records.agreement import current_agreement, find_period, visible
from portal.records.return_names import TEAM
from portal.records.return_rows import is_row_number, load
from portal.records.return_saving import save_answers, submit_answers
from portal.records.return_view import tasks, views
from portal.records.workbooks import drawn, hold, line, own_returns, would_be_sent
from portal.scopes import makes, of_side, scope
from portal.viewmodels.workbooks import STOPS, Book, BookPeriod, Given, Outcome, Results, Upload, Workbooks
from portal.wall import Beyond, beyond
from portal.words import workbooks as words_of

MISSING = "There is no such workbook, or it is not yours to see."
LATEST = 10
"""So many of the workbooks that were sent in are listed."""
LONGEST_NAME = 120
OTHER_KINDS = (".xlsm", ".xltm", ".xlam", ".xlsb", ".xls", ".ods", ".csv", ".zip")
"""How names of files end that are not taken, whatever is in them."""


def workbooks(database: Database, actor: Actor) -> Workbooks:
    """What the actor's side can download now, and the workbooks that it sent in last, the newest first."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        periods = _open(session, actor, agreement)
        rows = session.execute(
            select(ReturnWorkbook, ReturnWorkbookUse)
            .outerjoin(ReturnWorkbookUse, ReturnWorkbookUse.workbook_id == ReturnWorkbook.id)
            .where(_own(actor), ReturnWorkbook.agreement_id == agreement.id)
            .order_by(ReturnWorkbook.id.desc())
            .limit(LATEST)
        )
        uploads = tuple(_upload(workbook, use) for workbook, use in rows)
        return Workbooks(agreement.key, agreement.title, _side_name(actor), periods, uploads)


def download(database: Database, actor: Actor, period: str = "") -> tuple[str, bytes]:
    """A workbook with the returns of a period, '' for the newest, that the actor's side can still change: the file's
    name, and its bytes. NotFound where there is none."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        if not period and (open_ := _open(session, actor, agreement)):
            period = open_[0].key
        found = find_period(session, agreement.id, period)
        rows = own_returns(session, found)
        shown = views(session, [row for row in rows if row.state in WITH_THE_PARTNER])
        lines = tuple(line(one) for one in shown if one.may_edit)
        if not lines:
            raise NotFound(f"There is no return for {found.key} that you can change now, so there is no workbook.")
        book = Book(
            agreement=agreement.key,
            agreement_title=agreement.title,
            side=_side(session, actor),
            organisation=_side_name(actor),
            period=found.key,
            due_on=found.due_on,
            made_at=database.clock.now(),
            lines=lines,
        )
    return f"returns-{book.side}-{period_slug(book.period)}.xlsx", return_workbook(book)


def take(database: Database, actor: Actor, name: str, content: bytes) -> int:
    """Keep a workbook that was sent in, with its hash, to be looked through; answers its number. Nothing of it is
    written into a return. Invalid for a file that is no return workbook of the actor's side and of the agreement that
    is shown, or could do harm: of that nothing is kept. The same file sent again is the same workbook."""
    require(actor, Action.RETURN_EDIT)
    if name.lower().endswith(OTHER_KINDS):
        raise refuse(f"The file's name says that it is of another kind. {KIND}")
    given = read_return_workbook(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with database.write(actor) as session:
        agreement = current_agreement(session)
        period = _period(session, actor, agreement, given)
        query = select(ReturnWorkbook).where(_own(actor), ReturnWorkbook.agreement_id == agreement.id)
        there = session.scalars(query.where(ReturnWorkbook.sha256 == sha256).order_by(ReturnWorkbook.id)).all()
        again = next((one for one in there if session.get(ReturnWorkbookUse, one.id) is None), None)
        if again is not None:
            return again.id
        workbook = ReturnWorkbook(
            agreement_id=agreement.id,
            organisation_id=None if makes(actor, None) else actor.organisation_id,
            period_id=period.id,
            person_id=actor.person_id,
            name=_name(name),
            sha256=sha256,
            size=len(content),
            content=content,
        )
        workbook.day, workbook.at = noted(session)
        session.add(workbook)
        session.flush()
        after = {"name": workbook.name, "sha256": sha256, "size": len(content), "period": period.key}
        audit.record(session, Action.RETURN_EDIT, _subject(workbook), after=after)
        return workbook.id


def results(database: Database, actor: Actor, number: int) -> Results:
    """What a workbook would change as the returns are now, row by row; once it was written, where they stand. NotFound
    for what is not of the actor's side."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        workbook, use = _load(session, actor, number)
        given = read_return_workbook(workbook.content)
        held = hold(session, given, _by_measure(session, workbook.period))
        rows = tuple(drawn(session, one, given, written=use is not None) for one in held)
        order = list(Outcome)
        return Results(
            upload=_upload(workbook, use),
            organisation=_side_name(actor),
            agreement=session.get_one(Agreement, workbook.agreement_id).title,
            rows=tuple(sorted(rows, key=lambda row: (order.index(row.outcome), row.number))),
            absent=tuple(measure for measure in given.versions if measure not in {row.measure for row in rows}),
        )


def write(database: Database, actor: Actor, number: int, *, submit: bool = False) -> None:
    """Write a workbook into the returns: every row that changes is saved as a draft by the same rules as its form's, and
    with `submit` what is complete is submitted; all in one transaction. Conflict, naming each row, when one of them
    cannot be: then nothing is. Done once: the same asked again does nothing."""
    require(actor, Action.RETURN_SUBMIT if submit else Action.RETURN_EDIT)
    with database.write(actor) as session:
        workbook, _ = _load(session, actor, number)
        given = read_return_workbook(workbook.content)
        rows = _by_measure(session, workbook.period)
        for row in rows.values():  # each is locked, in one order, before anything is decided
            load(session, actor, row.id, Action.RETURN_SUBMIT if submit else Action.RETURN_EDIT)
            session.refresh(row)
        if session.get(ReturnWorkbookUse, workbook.id, populate_existing=True) is not None:
            return
        held = hold(session, given, rows)
        if stops := [drawn(session, one, given, written=False) for one in held if one.outcome in STOPS]:
            raise Conflict(f"Nothing was written: {'; '.join(words_of.stopped(row) for row in stops)}")
        sent = [one for one in held if submit and would_be_sent(one, given)]
        changed = [one for one in held if one.outcome is Outcome.CHANGED]
        for one in changed:
            assert one.row is not None
            save_answers(session, one.row, one.given.typed)
        for one in sent:
            assert one.row is not None
            submit_answers(session, one.row, actor.person_id, one.given.explanation)
        kept = ReturnWorkbookUse(
            workbook_id=workbook.id, person_id=actor.person_id, saved=len(changed), submit=submit, submitted=len(sent)
        )
        kept.day, kept.at = noted(session)
        session.add(kept)
        after = {"sha256": workbook.sha256, "saved": len(changed), "submitted": len(sent)}
        audit.record(session, Action.RETURN_EDIT, _subject(workbook), after=after)


def kept_file(database: Database, actor: Actor, number: int) -> tuple[str, bytes]:
    """A workbook as it was sent in, for its own side: a name that is safe anywhere, and its bytes."""
    require(actor, Action.RETURN_EDIT)
    with database.read(actor) as session:
        workbook, _ = _load(session, actor, number)
        return f"return-workbook-{workbook.id}.xlsx", workbook.content


def _open(session: Session, actor: Actor, agreement: Agreement) -> tuple[BookPeriod, ...]:
    """The periods in which the actor's side can still change a return, the newest first."""
    rows = session.scalars(
        select(Return)
        .join(Period, Return.period_id == Period.id)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Period.agreement_id == agreement.id, scope(actor, Action.RETURN_EDIT))
        .order_by(Period.ends_on.desc(), Period.starts_on.desc(), Measure.position)
    ).all()
    due = {row.period.key: row.period.due_on for row in rows}
    found = []
    for key, lines in groupby(tasks(session, rows), lambda task: task.period):
        here = tuple(lines)
        open_ = [task for task in here if task.takes and task.state in WITH_THE_PARTNER]
        sent = tuple(task.measure for task in here if task not in open_)
        if open_:
            found.append(BookPeriod(key, period_slug(key), due[key], len(open_), sent))
    return tuple(found)


def _own(actor: Actor) -> ColumnElement[bool]:
    """The workbooks of the actor's side."""
    return of_side(actor, ReturnWorkbook.organisation_id)


def _load(session: Session, actor: Actor, number: int) -> tuple[ReturnWorkbook, ReturnWorkbookUse | None]:
    """A workbook of the actor's side in an agreement that is theirs to see, and what became of it. What is done to it is
    done in its agreement, whichever the actor is shown."""
    if not is_row_number(number):
        raise NotFound(MISSING)
    query = select(ReturnWorkbook).where(ReturnWorkbook.id == number, _own(actor))
    workbook = session.scalars(query.where(ReturnWorkbook.agreement_id.in_(visible(session)))).one_or_none()
    if workbook is None:
        with beyond(session, Beyond.EXISTENCE):
            there = session.scalar(select(ReturnWorkbook.id).where(ReturnWorkbook.id == number))
        raise NotFound(MISSING, foreign=there is not None)
    session.info["agreement"] = session.get_one(Agreement, workbook.agreement_id).key
    return workbook, session.get(ReturnWorkbookUse, workbook.id)


def _by_measure(session: Session, period: Period) -> Mapping[str, Return]:
    return {row.measure.code: row for row in own_returns(session, period)}


def _period(session: Session, actor: Actor, agreement: Agreement, given: Given) -> Period:
    """The period that a workbook is for, when it is of the agreement that is shown and of the actor's side."""
    if given.agreement != agreement.key:
        raise refuse(
            f"The workbook is of another agreement than the {agreement.title}, which you are shown. Choose its agreement "
            "first, on any of your pages, and send it again."
        )
    if given.side != _side(session, actor):
        raise refuse(f"The workbook was made for another side than yours, {_side_name(actor)}. Download your own.")
    try:
        return find_period(session, agreement.id, given.period)
    except NotFound as error:
        raise refuse(f"The workbook is for no period of this agreement. {error.sentence[:200]}") from None


def _side(session: Session, actor: Actor) -> str:
    if makes(actor, None):
        return words_of.TEAM_KEY
    return session.get_one(Organisation, actor.organisation_id).key


def _side_name(actor: Actor) -> str:
    return TEAM if makes(actor, None) else actor.organisation_name


def _subject(workbook: ReturnWorkbook) -> str:
    return f"return workbook {workbook.id}"


def _name(name: str) -> str:
    """A file's name as its sender's machine has it, without a path: to be shown, and used for nothing else."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(one for one in last if one.isprintable()) if storable(last) else ""
    return plain[:LONGEST_NAME] or "workbook.xlsx"


def _upload(workbook: ReturnWorkbook, use: ReturnWorkbookUse | None) -> Upload:
    return Upload(
        id=workbook.id,
        name=workbook.name,
        sha256=workbook.sha256,
        size=workbook.size,
        period=workbook.period.key,
        who=workbook.person.name,
        at=workbook.at,
        saved=use.saved if use else None,
        submit=use.submit if use else False,
        submitted=use.submitted if use else 0,
        used_by=use.person.name if use else "",
        used_at=use.at if use else None,
    )
