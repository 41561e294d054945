"""Return workbooks through the use cases, on both databases: all or nothing, nobody's change overwritten, one's own alone."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.rules.terms import Message, Rating, State
from models.workbooks import ReturnWorkbook
from portal import audit
from portal.actor import OPERATOR, Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.services import periods, returns, workbooks
from portal.viewmodels.returns import ReturnView, Typed
from portal.viewmodels.workbooks import Outcome, Results
from portal.words import workbooks as words_of
from tests.conftest import person
from tests.support.workbooks import HEAD, edited, filled

Q3 = "2008-09-q3"
THREE = {
    "NI 16": {"value": "2.310", "commentary": "=Fewer burglaries.", "forecast_rating": "▲ Worse than anticipated"},
    "NI 20": {"value": "0.95", "commentary": "Fewer."},
    "NI 32": {"no_value_reason": "Its source has not been published yet"},
}


@pytest.fixture
def police(database: Database) -> Actor:
    return person(database, "police")


def send(database: Database, actor: Actor, answers: Mapping[str, Mapping[str, Any]]) -> int:
    """Download, fill in, and send."""
    content = workbooks.download(database, actor, Q3)[1]
    return workbooks.take(database, actor, "C:\\forms\\Q3 final.xlsx", filled(content, answers))


def one(database: Database, actor: Actor, measure: str) -> ReturnView:
    return returns.read_return(database, actor, returns.find_return(database, actor, Q3, measure))


def outcomes(results: Results) -> dict[str, Outcome]:
    return {row.measure: row.outcome for row in results.rows}


def events(database: Database) -> int:
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_a_filled_in_workbook_shows_what_would_change_and_then_writes_it_as_drafts(
    database: Database, police: Actor
) -> None:
    number = send(database, police, THREE)
    shown = workbooks.results(database, police, number)
    assert outcomes(shown) == dict.fromkeys(THREE, Outcome.CHANGED)
    row = next(row for row in shown.rows if row.measure == "NI 16")
    assert words_of.changes(row) == [
        ("Figure", "nothing", "2.310"),
        ("Year-end forecast", "nothing", "▲ Worse than anticipated"),
        ("Commentary", "nothing", "=Fewer burglaries."),
    ]
    assert (shown.upload.name, shown.upload.period, len(shown.upload.sha256)) == ("Q3 final.xlsx", "2008/09 Q3", 64)
    assert one(database, police, "NI 16").state is State.NOT_STARTED, "nothing is written by looking"
    before = events(database)
    workbooks.write(database, police, number)
    view = one(database, police, "NI 16")
    assert (view.state, str(view.answers.value), view.answers.forecast_rating) == (State.DRAFT, "2.310", Rating.WORSE)
    assert view.answers.commentary == "=Fewer burglaries."
    assert one(database, police, "NI 32").answers.no_value_reason == "source not yet published"
    assert events(database) == before + 4, "one for each return, and one for the workbook"
    after = workbooks.results(database, police, number)
    assert (after.upload.saved, after.upload.submitted, after.upload.used_by) == (3, 0, after.upload.who)
    assert all(row.sent for row in after.rows)
    workbooks.write(database, police, number)
    assert events(database) == before + 4, "written once"


def test_what_is_sent_back_as_it_was_changes_nothing(database: Database, police: Actor) -> None:
    returns.save(database, police, one(database, police, "NI 16").id, None, Typed("2.310", commentary="Words.\nMore."))
    number = send(database, police, {})
    before = events(database)
    assert set(outcomes(workbooks.results(database, police, number)).values()) == {Outcome.UNCHANGED}
    workbooks.write(database, police, number)
    assert events(database) == before + 1, "that it was looked at as a whole, and nothing of any return"
    assert one(database, police, "NI 20").state is State.NOT_STARTED


def test_a_row_that_was_taken_out_is_named_and_its_return_stays(database: Database, police: Actor) -> None:
    content = workbooks.download(database, police, Q3)[1]
    number = workbooks.take(database, police, "Q3.xlsx", edited(content, lambda sheet: sheet.delete_rows(HEAD + 2)))
    shown = workbooks.results(database, police, number)
    assert (shown.absent, set(outcomes(shown))) == (("NI 20",), {"NI 16", "NI 32"})


@pytest.mark.parametrize("name", ["Q3.xlsm", "Q3.XLS", "Q3.csv"])
def test_a_name_of_another_kind_is_refused_whatever_is_in_it(sqlite_database: Database, name: str) -> None:
    police = person(sqlite_database, "police")
    content = workbooks.download(sqlite_database, police, Q3)[1]
    with pytest.raises(Invalid, match="of another kind"):
        workbooks.take(sqlite_database, police, name, content)


def test_one_row_that_is_wrong_keeps_all_from_being_written_and_says_where(database: Database, police: Actor) -> None:
    number = send(database, police, {**THREE, "NI 20": {"value": "many"}})
    shown = workbooks.results(database, police, number)
    assert outcomes(shown)["NI 20"] is Outcome.WRONG
    (fault,) = next(row for row in shown.rows if row.measure == "NI 20").faults
    assert (fault.answer, fault.cell) == ("Figure", f"J{HEAD + 2}")
    assert fault.said.startswith("'many' is not a figure")
    before = events(database)
    with pytest.raises(Conflict, match=r"row 5, NI 20: 'many' is not a figure"):
        workbooks.write(database, police, number)
    assert events(database) == before
    assert one(database, police, "NI 16").state is State.NOT_STARTED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value": "-1"}, "cannot be less than 0"),
        ({"value": "2.3", "no_value_reason": "There is no survey this year"}, "take one of them away"),
        ({"value": "2.3", "proposed_rating": "better"}, "Say why"),
        ({"value": "£5"}, "£ was typed, but this is returned in offences"),
        ({"value": "1,23"}, "comma that does not mark thousands"),
        ({"commentary": "x" * 8001}, "at most 8000 fit"),
        ({"value": True}, "TRUE or FALSE"),
        ({"explanation": "x" * 2001}, "at most 2000 fit"),
    ],
)
def test_every_row_is_checked_like_the_form(sqlite_database: Database, typed: Mapping[str, Any], said: str) -> None:
    police = person(sqlite_database, "police")
    number = send(sqlite_database, police, {"NI 16": typed})
    row = workbooks.results(sqlite_database, police, number).rows[0]
    assert row.outcome is Outcome.WRONG
    assert said in " ".join(fault.said for fault in row.faults)


def test_somebody_elses_later_change_is_a_conflict_and_is_not_overwritten(database: Database, police: Actor) -> None:
    content = workbooks.download(database, police, Q3)[1]
    contributor = person(database, "police.contributor")
    returns.save(database, contributor, one(database, police, "NI 20").id, None, Typed(value="0.91"))
    touched = workbooks.take(database, police, "a.xlsx", filled(content, THREE))
    shown = workbooks.results(database, police, touched)
    assert outcomes(shown) == {"NI 20": Outcome.CONFLICT, "NI 16": Outcome.CHANGED, "NI 32": Outcome.CHANGED}
    with pytest.raises(Conflict, match=r"row 5, NI 20: .* changed this return after the workbook was downloaded"):
        workbooks.write(database, police, touched)
    assert str(one(database, police, "NI 20").answers.value) == "0.91"
    # A line that nobody touched in the workbook is no wish to undo what somebody did since.
    other = workbooks.take(database, police, "b.xlsx", filled(content, {"NI 16": THREE["NI 16"]}))
    assert outcomes(workbooks.results(database, police, other))["NI 20"] is Outcome.UNCHANGED
    workbooks.write(database, police, other, submit=True)
    assert str(one(database, police, "NI 20").answers.value) == "0.91"
    assert one(database, police, "NI 20").state is State.DRAFT, "nobody of those who sent the workbook has read it"
    assert one(database, police, "NI 16").state is State.SUBMITTED


def test_the_same_change_made_meanwhile_is_none(database: Database, police: Actor) -> None:
    content = workbooks.download(database, police, Q3)[1]
    returns.save(database, police, one(database, police, "NI 20").id, None, Typed(value="0.95", commentary="Fewer."))
    number = workbooks.take(database, police, "a.xlsx", filled(content, {"NI 20": THREE["NI 20"]}))
    assert outcomes(workbooks.results(database, police, number))["NI 20"] is Outcome.UNCHANGED


def test_a_return_that_was_submitted_meanwhile_is_a_conflict(database: Database, police: Actor) -> None:
    content = workbooks.download(database, police, Q3)[1]
    number = one(database, police, "NI 20").id
    returns.save(database, police, number, None, Typed(value="0.91"))
    returns.submit(database, police, number, None)
    sent = workbooks.take(database, police, "a.xlsx", filled(content, THREE))
    row = workbooks.results(database, police, sent).of(Outcome.CONFLICT)[0]
    assert (row.measure, row.faults[0].said) == (
        "NI 20",
        "This return has been submitted, so it cannot be changed now.",
    )
    assert "NI 20" in workbooks.workbooks(database, police).periods[0].sent


def test_a_period_that_was_closed_meanwhile_takes_nothing(sqlite_database: Database) -> None:
    police = person(sqlite_database, "police")
    number = send(sqlite_database, police, THREE)
    periods.close_for_returns(sqlite_database, person(sqlite_database, "team"), Q3)
    shown = workbooks.results(sqlite_database, police, number)
    assert {row.faults[0].said for row in shown.of(Outcome.CONFLICT)} == {
        "2008/09 Q3 is closed for returns. Ask the partnership team to open it again for you."
    }
    with pytest.raises(Conflict, match="closed for returns"):
        workbooks.write(sqlite_database, police, number)
    assert workbooks.workbooks(sqlite_database, police).periods == ()


def test_what_was_typed_into_the_form_and_not_saved_is_said_to_go(sqlite_database: Database) -> None:
    police = person(sqlite_database, "police")
    number = one(sqlite_database, police, "NI 16").id
    returns.keep_typed(sqlite_database, police, number, 1, Typed(value="9"))
    sent = send(sqlite_database, police, THREE)
    drops = {row.measure: row.drops for row in workbooks.results(sqlite_database, police, sent).rows}
    assert drops == {"NI 16": True, "NI 20": False, "NI 32": False}
    workbooks.write(sqlite_database, police, sent)
    view = one(sqlite_database, police, "NI 16")
    assert (view.typed.value, view.kept_at) == ("2.310", None)


def test_an_account_that_is_for_another_agreement_sees_none_of_them(sqlite_database: Database) -> None:
    """As in the page's list, its results and its file, whatever it asks to be shown."""
    police = person(sqlite_database, "police")
    number = send(sqlite_database, police, THREE)
    bound = replace(police, bound_to=99)
    for ask in (workbooks.results, workbooks.write, workbooks.kept_file):
        with pytest.raises(NotFound):
            ask(sqlite_database, bound, number)
    with pytest.raises(NotFound):
        workbooks.workbooks(sqlite_database, bound)


def test_six_who_write_the_same_workbook_at_once_write_it_once(database: Database, police: Actor) -> None:
    number = send(database, police, THREE)
    before = events(database)

    def write(_client: int) -> None:
        with suppress(Conflict):
            workbooks.write(database, police, number, submit=True)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert events(database) == before + 3 + 3 + 1
    assert {one(database, police, measure).revision for measure in THREE} == {1}


def test_what_is_complete_is_submitted_with_its_word_on_an_unusual_figure(database: Database, police: Actor) -> None:
    answers = {**THREE, "NI 16": {"value": "24.2", "explanation": "A new way to count."}, "NI 32": {"commentary": "?"}}
    number = send(database, police, answers)
    shown = {row.measure: row for row in workbooks.results(database, police, number).rows}
    assert [str(oddity) for oddity in shown["NI 16"].oddities] == ["ten times"]
    assert {measure: row.sent for measure, row in shown.items()} == {"NI 16": True, "NI 20": True, "NI 32": False}
    assert shown["NI 32"].lacking == "Enter a figure, or say why there is none."
    workbooks.write(database, police, number, submit=True)
    view = one(database, police, "NI 16")
    assert (view.state, view.revision, str(view.answers.value)) == (State.SUBMITTED, 1, "24.2")
    assert [said.text for said in view.messages if said.kind is Message.EXPLANATION] == ["A new way to count."]
    assert one(database, police, "NI 32").state is State.DRAFT
    upload = workbooks.results(database, police, number).upload
    assert (upload.saved, upload.submit, upload.submitted) == (3, True, 2)


def test_a_contributor_drafts_and_does_not_submit(database: Database) -> None:
    contributor = person(database, "police.contributor")
    number = send(database, contributor, THREE)
    assert not any(row.sent for row in workbooks.results(database, contributor, number).rows)
    with pytest.raises(Forbidden):
        workbooks.write(database, contributor, number, submit=True)
    assert one(database, contributor, "NI 16").state is State.NOT_STARTED
    workbooks.write(database, contributor, number)
    assert one(database, contributor, "NI 16").state is State.DRAFT


def test_another_partners_row_is_refused_without_a_word_on_its_return(database: Database, police: Actor) -> None:
    """As a measure that there is not."""
    content = workbooks.download(database, police, Q3)[1]

    def slip_in(code: str) -> bytes:
        def add(sheet: Any) -> None:
            for column, cell in enumerate(sheet[HEAD + 1], 1):
                sheet.cell(HEAD + 9, column).value = cell.value
            sheet.cell(HEAD + 9, 1).value = code
            sheet.cell(HEAD + 9, 10).value = "55"

        return edited(filled(content, {"NI 16": {"value": "2.3"}}), add)

    said = {}
    for code in ("NI 59", "NI 999", "not a code"):
        number = workbooks.take(database, police, "a.xlsx", slip_in(code))
        (row,) = workbooks.results(database, police, number).of(Outcome.FOREIGN)
        said[code] = (row.measure == code, row.title, row.return_id, row.state, row.faults, row.number)
        with pytest.raises(Conflict, match=f"row {HEAD + 9}, {code}: This is none of the returns"):
            workbooks.write(database, police, number)
    assert len(set(said.values())) == 1
    assert one(database, person(database, "lcc"), "NI 59").answers.value is None
    assert one(database, police, "NI 16").answers.value is None


def test_a_workbook_of_another_side_or_agreement_is_refused_and_not_kept(database: Database, police: Actor) -> None:
    content = workbooks.download(database, police, Q3)[1]
    nhs = person(database, "nhs")
    with pytest.raises(Invalid, match="made for another side"):
        workbooks.take(database, nhs, "a.xlsx", content)

    def other(cell: str, value: str) -> bytes:
        return edited(content, lambda sheet: sheet.__setitem__(cell, value), words_of.ABOUT)

    with pytest.raises(Invalid, match="of another agreement"):
        workbooks.take(database, police, "a.xlsx", other("B4", "derby"))
    for period in ("2031/32 Q1", "no period"):
        with pytest.raises(Invalid, match="for no period of this agreement"):
            workbooks.take(database, police, "a.xlsx", other("B6", period))
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.count()).select_from(ReturnWorkbook)) == 0


def test_a_workbook_is_its_own_sides_alone(database: Database, police: Actor) -> None:
    number = send(database, police, THREE)
    content = workbooks.kept_file(database, person(database, "police.contributor"), number)[1]
    assert len(content) == workbooks.results(database, police, number).upload.size
    for key in ("nhs", "team", "lcc"):
        other = person(database, key)
        for ask in (workbooks.results, workbooks.write, workbooks.kept_file):
            with pytest.raises(NotFound, match="not yours to see"):
                ask(database, other, number)
        assert workbooks.workbooks(database, other).uploads == ()
    for key in ("executive", "reviewer", "admin"):
        with pytest.raises(Forbidden):
            workbooks.results(database, person(database, key), number)
    for nonsense in (0, -1, 2**40):
        with pytest.raises(NotFound):
            workbooks.results(database, police, nonsense)


def test_the_same_file_sent_twice_is_kept_once(database: Database, police: Actor) -> None:
    content = filled(workbooks.download(database, police, Q3)[1], THREE)
    first = workbooks.take(database, police, "a.xlsx", content)
    before = events(database)
    assert workbooks.take(database, police, "again.xlsx", content) == first
    assert events(database) == before
    workbooks.write(database, police, first)
    assert workbooks.take(database, police, "a.xlsx", content) != first
    assert [one.id for one in workbooks.workbooks(database, police).uploads] == [first + 1, first]


def test_the_team_returns_what_nobody_leads(database: Database) -> None:
    team = person(database, "team")
    name, content = workbooks.download(database, team)
    assert name == "returns-partnership-team-2008-09-q3.xlsx"
    number = workbooks.take(database, team, "a.xlsx", filled(content, {"NI 172": {"value": "100"}}))
    workbooks.write(database, team, number)
    assert str(one(database, team, "NI 172").answers.value) == "100"


def test_a_period_without_a_return_that_can_be_changed_has_no_workbook(database: Database, police: Actor) -> None:
    with pytest.raises(NotFound, match="no workbook"):
        workbooks.download(database, police, "2008-09-q2")
    assert [period.key for period in workbooks.workbooks(database, police).periods] == ["2008/09 Q3"]
