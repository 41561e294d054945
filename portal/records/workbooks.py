"""Return workbooks: the lines that go into one, and the rows of one that was sent in, each held against its return."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Measure, Period
from models.returns import Return
from models.rules.broken import RuleBroken
from models.rules.codes import measure_code
from models.rules.terms import State
from portal import words
from portal.actor import Actor
from portal.errors import Invalid
from portal.formats.answers import missing
from portal.formats.return_workbook_xlsx import print_of
from portal.policy import Action
from portal.records import typed_drafts
from portal.records.agreed import asked_for
from portal.records.indicators import answers_of
from portal.records.messages import checked
from portal.records.return_names import title_of
from portal.records.return_parts import allowed
from portal.records.return_saving import accepted
from portal.records.return_view import view
from portal.scopes import scope
from portal.viewmodels.returns import Answers, ReturnView
from portal.viewmodels.workbooks import STOPS, BookLine, Fault, Given, GivenRow, Outcome, RowResult
from portal.words import workbooks as words_of


def own_returns(session: Session, period: Period) -> list[Return]:
    """The returns of a period that the session's actor's side makes, in the agreement's order."""
    actor: Actor = session.info["actor"]
    rows = session.scalars(
        select(Return)
        .join(Measure, Return.measure_id == Measure.id)
        .where(Return.period_id == period.id, scope(actor, Action.RETURN_EDIT))
        .order_by(Measure.position)
    )
    return list(rows)


def line(shown: ReturnView) -> BookLine:
    """A return that may be worked on as a line of a workbook: with its draft as it was saved last."""
    return BookLine(
        measure=shown.standing.code,
        title=f"{shown.title} ({shown.standing.part})" if shown.standing.part else shown.title,
        standing=shown.standing,
        target=words.year_target(shown.target),
        last=shown.last,
        asked=shown.grounds,
        typed=shown.saved,
        version=shown.version,
        due_on=shown.due_on,
        placeholder=shown.placeholder,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A row with its return, as far as it is known."""

    given: GivenRow
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    row: Return | None = None
    answers: Answers | None = None


def hold(session: Session, given: Given, rows: Mapping[str, Return]) -> list[Held]:
    """What becomes of every row of a workbook; `rows` are the returns that the session's actor's side makes in its
    period, by their measures. Of any other nothing is looked up, and so nothing is told."""
    codes = [_code(row.measure) for row in given.rows]
    twice = {code for code, number in Counter(codes).items() if number > 1}
    return [_held(session, given, one, code, rows, twice) for one, code in zip(given.rows, codes, strict=True)]


def _code(text: str) -> str:
    try:
        return measure_code(text)
    except ValueError:
        return text


def _held(
    session: Session, given: Given, one: GivenRow, code: str, rows: Mapping[str, Return], twice: set[str]
) -> Held:
    def stopped(outcome: Outcome, *said: str, row: Return | None = None) -> Held:
        return Held(one, outcome, tuple(Fault("", "", sentence) for sentence in said), row)

    if not code:
        return stopped(
            Outcome.WRONG, f"The row says something but names no measure in its column {words_of.MEASURE!r}."
        )
    row = rows.get(code)
    if row is None:
        return stopped(Outcome.FOREIGN, words_of.NOT_IN_SCOPE)
    if code in twice:
        return stopped(Outcome.WRONG, "There are two rows for this measure: delete the one that is not meant.", row=row)
    if code not in given.versions:
        said = f"The sheet {words_of.ABOUT!r} says nothing of this measure. Download the workbook again."
        return stopped(Outcome.WRONG, said, row=row)
    version, made = given.versions[code]
    if one.faults:
        return Held(one, Outcome.WRONG, _faults(given, one, one.faults), row)
    if print_of(one.typed) == made and not one.explanation.strip():
        return Held(one, Outcome.UNCHANGED, (), row, answers_of(row))
    try:
        answers = accepted(session, row, one.typed)
        if one.explanation.strip():
            checked(one.explanation, "explanation", "")
    except Invalid as error:
        return Held(one, Outcome.WRONG, _faults(given, one, error.fields), row)
    except RuleBroken as error:
        return stopped(Outcome.CONFLICT, str(error), row=row)
    if answers == answers_of(row):
        return Held(one, Outcome.UNCHANGED, (), row, answers)
    if version != row.version:
        changed = view(session, row).changed
        said = words_of.changed_since(changed.who if changed else "", words.moment(changed.at) if changed else "")
        return stopped(Outcome.CONFLICT, said, row=row)
    unit = words.unit_label(asked_for(session, row).unit)
    if one.unit != unit:
        said = (
            f"The row is in {one.unit or 'no unit'!r}, and this is returned in {unit!r}. Download the workbook again."
        )
        return stopped(Outcome.CONFLICT, said, row=row)
    return Held(one, Outcome.CHANGED, (), row, answers)


def _faults(given: Given, one: GivenRow, wrong: Mapping[str, str]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            words_of.ANSWERS.get(name, name),
            f"{given.columns[name]}{one.number}" if name in given.columns else "",
            sentence,
        )
        for name, sentence in wrong.items()
    )


def would_be_sent(held: Held, given: Given) -> bool:
    """Whether a row's return is complete once the workbook is written, and so may be submitted with it. One that the
    workbook leaves as it is only where nobody has touched it since: else nobody would have read what is sent."""
    if held.row is None or held.answers is None or held.outcome in STOPS or missing(held.answers):
        return False
    if held.outcome is Outcome.CHANGED:
        return True
    code = held.row.measure.code
    return held.row.state is State.DRAFT and given.versions[code][0] == held.row.version


def drawn(session: Session, held: Held, given: Given, *, written: bool) -> RowResult:
    """A row as its reader sees it; of one that changes, how it would be rated and what is unusual about it."""
    one, row = held.given, held.row
    result = RowResult(one.number, one.measure[:60] or "–", held.outcome, held.faults)
    if row is None:
        return result
    may_submit = Action.RETURN_SUBMIT in allowed(session, [row.id])[row.id]
    result = replace(result, measure=row.measure.code, title=title_of(row.measure), return_id=row.id, state=row.state)
    if written:
        complete = row.state is State.DRAFT and not missing(answers_of(row))
        return replace(result, outcome=Outcome.UNCHANGED, faults=(), sent=may_submit and complete)
    result = replace(result, sent=may_submit and would_be_sent(held, given), explanation=one.explanation.strip())
    if held.outcome is not Outcome.CHANGED or held.answers is None:
        return result
    shown = view(session, row, held.answers)
    return replace(
        result,
        before=answers_of(row),
        after=held.answers,
        standing=shown.standing,
        oddities=shown.oddities,
        last=shown.last[-1].value if shown.last else None,
        lacking=" ".join(missing(held.answers).values()),
        drops=typed_drafts.waiting(session, row) is not None,
    )
