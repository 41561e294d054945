"""The life of a return on the partner's side, on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.returns import ReturnRevision
from models.rules.broken import IllegalMove, PeriodClosed
from models.rules.terms import NoRating, Rating, State
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.services import periods, returns, review
from portal.services.desk import desk
from portal.viewmodels.returns import Turn, Typed
from tests.campaigns.generated.walking import statements
from tests.conftest import person

Q2, Q3 = "2008-09-q2", "2008-09-q3"


def ni(database: Database, code: str, who: str, period: str = Q3) -> int:
    return returns.find_return(database, person(database, who), period, code)


def count(database: Database, table: type) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_police_lead_sees_its_three_indicators(database: Database) -> None:
    mine = desk(database, person(database, "police"))
    assert [task.measure for task in mine.tasks] == ["NI 16", "NI 20", "NI 32"]
    assert [task.placeholder for task in mine.tasks] == [False, False, True]
    assert {task.state for task in mine.tasks} == {State.NOT_STARTED}


def test_every_desk_together_holds_each_expected_measure_once(database: Database) -> None:
    keys = ("lcc", "nhs", "police", "jcp", "probation", "yos", "daat", "connexions", "lsc", "team")
    held = [task.measure for key in keys for task in desk(database, person(database, key)).tasks]
    assert len(held) == len(set(held)) == 42  # 59 measures, 16 yearly ones and the one in the multi-area agreement


def test_indicators_without_a_lead_are_the_teams(database: Database) -> None:
    tasks = desk(database, person(database, "team")).tasks
    assert [task.measure for task in tasks] == ["NI 27", "NI 165", "NI 172"]


def test_a_saved_draft_is_read_back_as_it_was_typed(database: Database) -> None:
    police = person(database, "police")
    typed = Typed(value=" 2.420 ", forecast_rating="worse", commentary="Up again.\r\nPatrols began.")
    number = ni(database, "NI 16", "police")
    saved = returns.save(database, police, number, 1, typed)
    view = returns.read_return(database, police, number)
    assert (view.state, view.version, view.revision) == (State.DRAFT, 2, 0)
    assert (saved.version, saved.answers) == (view.version, view.answers)
    assert str(view.answers.value) == "2.420"
    assert view.answers.commentary == "Up again.\nPatrols began."


def test_submitting_freezes_a_revision_with_its_rating(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, None, Typed(value="55"))
    view = returns.submit(database, lcc, number, None)
    assert (view.state, view.revision) == (State.SUBMITTED, 1)
    assert view.standing.rating is Rating.WORSE  # 55 against 63 less 10%
    with database.read(OPERATOR) as session:
        revision = session.scalars(select(ReturnRevision).order_by(ReturnRevision.id.desc()).limit(1)).one()
    assert (revision.value, revision.number, revision.submitted_by_id) == (Decimal(55), 1, lcc.person_id)


def test_a_submitted_return_cannot_be_changed_or_submitted_again(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, None, Typed(value="55"))
    returns.submit(database, lcc, number, None)
    before = count(database, AuditEvent)
    with pytest.raises(IllegalMove, match="has been submitted"):
        returns.save(database, lcc, number, None, Typed(value="90"))
    with pytest.raises(IllegalMove):
        returns.submit(database, lcc, number, None)
    assert returns.read_return(database, lcc, number).answers.value == Decimal(55)
    assert count(database, AuditEvent) == before


def test_a_return_without_figure_or_reason_is_not_submitted(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, None, Typed(commentary="nothing yet"))
    with pytest.raises(Invalid) as caught:
        returns.submit(database, lcc, number, None)
    assert set(caught.value.fields) == {"value"}
    assert returns.read_return(database, lcc, number).state is State.DRAFT


def test_a_reason_for_no_figure_is_taken_and_is_the_reason_for_no_rating(database: Database) -> None:
    nhs, number = person(database, "nhs"), ni(database, "NI 39", "nhs")
    returns.save(database, nhs, number, None, Typed(no_value_reason="source not yet published"))
    view = returns.submit(database, nhs, number, None)
    assert view.standing.rating is None
    assert view.standing.no_rating_reason is NoRating.SOURCE_NOT_PUBLISHED


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Typed(value="lots"), "value"),
        (Typed(value="101"), "value"),
        (Typed(value="-3"), "value"),
        (Typed(value="NaN"), "value"),
        (Typed(value="1e5"), "value"),
        (Typed(value="60", no_value_reason="suppressed"), "no_value_reason"),
        (Typed(no_value_reason="placeholder"), "no_value_reason"),
        (Typed(forecast_rating="fine"), "forecast_rating"),
        (Typed(forecast_value="1,2"), "forecast_value"),
        (Typed(commentary="x" * 8001), "commentary"),
        (Typed(commentary="a\x00b"), "commentary"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_field_and_nothing_is_written(
    database: Database, typed: Typed, field: str
) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    with pytest.raises(Invalid) as caught:
        returns.save(database, lcc, number, None, typed)
    assert field in caught.value.fields
    view = returns.read_return(database, lcc, number)
    assert (view.state, view.version) == (State.NOT_STARTED, 1)


def test_an_edit_of_an_older_version_is_refused(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, 1, Typed(value="55"))
    with pytest.raises(Conflict, match="after you opened it"):
        returns.save(database, lcc, number, 1, Typed(value="90"))
    assert returns.read_return(database, lcc, number).answers.value == Decimal(55)


def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    first = returns.save(database, lcc, number, None, Typed(value="55"))
    events = count(database, AuditEvent)
    assert returns.save(database, lcc, number, None, Typed(value="55")).version == first.version
    assert count(database, AuditEvent) == events


def test_a_save_asks_for_no_more_than_it_needs(database: Database) -> None:
    """Whoever else wants to write waits for it: nothing of what is shown of a return is drawn meanwhile."""
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, None, Typed(value="55"))
    for turn, most in ((None, 8), (Turn("a", 1), 9)):
        with statements(database) as seen:
            saved = returns.save(database, lcc, number, None, Typed(value=f"5{most}"), turn)
        assert len(seen) <= most
        assert not [one for one in seen if "return_revision" in one or "return_message" in one or "milestone" in one]
    with statements(database) as seen:  # and the same again writes nothing
        assert returns.save(database, lcc, number, None, Typed(value="59")) == saved
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE"))]


def test_what_a_save_answers_is_its_own_whatever_comes_after_it(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    saved = returns.save(database, lcc, number, None, Typed(value="55", commentary="first"))
    with pytest.raises(NotFound):
        returns.read_saved(database, person(database, "nhs"), number, saved)
    plain = returns.read_saved(database, lcc, number, saved)
    assert plain == returns.read_for_editing(database, lcc, number)
    returns.save(database, lcc, number, None, Typed(value="61", commentary="second"))
    assert returns.read_saved(database, lcc, number, saved).answers == saved.answers == plain.answers
    with pytest.raises(Conflict):
        returns.save(database, lcc, number, returns.read_saved(database, lcc, number, saved).version, Typed(value="7"))
    returns.submit(database, lcc, number, None)
    view = returns.read_saved(database, lcc, number, saved)
    assert (view.version, view.state) == (saved.version, State.SUBMITTED)


def test_another_partners_draft_does_not_exist_for_anybody_else(database: Database) -> None:
    number = ni(database, "NI 131", "nhs")
    returns.save(database, person(database, "nhs"), number, None, Typed(value="12"))
    for who in ("police", "lcc", "police.contributor", "team", "executive"):
        with pytest.raises(NotFound):
            returns.read_return(database, person(database, who), number)
        with pytest.raises(NotFound):
            returns.find_return(database, person(database, who), Q3, "NI 131")
    with pytest.raises(NotFound):
        returns.save(database, person(database, "police"), number, None, Typed(value="0"))
    for who in ("reviewer", "admin"):
        with pytest.raises(Forbidden):
            returns.read_return(database, person(database, who), number)


def test_a_verified_return_may_be_read_by_other_partners_but_not_changed(database: Database) -> None:
    number = ni(database, "NI 131", "police", Q2)
    view = returns.read_return(database, person(database, "police"), number)
    assert (view.answers.value, view.may_edit, view.may_submit) == (Decimal("13.00"), False, False)
    with pytest.raises(Forbidden, match="another organisation"):
        returns.save(database, person(database, "police"), number, None, Typed(value="0"))


def test_what_is_being_changed_again_is_not_shown_to_others(database: Database) -> None:
    """After a query the partner's new draft is its own: the team still reads the revision that was submitted."""
    lcc, team, number = person(database, "lcc"), person(database, "team"), ni(database, "NI 59", "lcc")
    returns.save(database, lcc, number, None, Typed(value="55", commentary="first words"))
    returns.submit(database, lcc, number, None)
    review.query(database, team, number, None, "Is this the whole quarter?")
    returns.save(database, lcc, number, None, Typed(value="61", commentary="second words"))
    assert returns.read_return(database, lcc, number).answers.value == Decimal(61)
    seen = returns.read_return(database, team, number)
    assert (seen.answers.value, seen.answers.commentary) == (Decimal(55), "first words")


def test_a_contributor_prepares_but_does_not_submit(database: Database) -> None:
    contributor, number = person(database, "police.contributor"), ni(database, "NI 16", "police")
    returns.save(database, contributor, number, None, Typed(value="2.1"))
    view = returns.read_return(database, contributor, number)
    assert (view.may_edit, view.may_submit) == (True, False)
    with pytest.raises(Forbidden):
        returns.submit(database, contributor, number, None)
    assert returns.submit(database, person(database, "police"), number, None).state is State.SUBMITTED


def test_a_closed_period_takes_nothing(database: Database) -> None:
    number = ni(database, "NI 59", "lcc")
    periods.close_for_returns(database, OPERATOR, Q3)
    with pytest.raises(PeriodClosed, match="is closed for returns"):
        returns.save(database, person(database, "lcc"), number, None, Typed(value="55"))
    assert returns.read_return(database, person(database, "lcc"), number).may_edit is False


def test_a_preview_rates_and_keeps_nothing(database: Database) -> None:
    lcc, number = person(database, "lcc"), ni(database, "NI 59", "lcc")
    assert returns.preview(database, lcc, number, Typed(value="90")).standing.rating is Rating.BETTER
    assert returns.read_return(database, lcc, number).state is State.NOT_STARTED


def test_a_cumulative_measure_without_milestone_is_held_against_a_straight_line(database: Database) -> None:
    view = returns.preview(database, person(database, "lcc"), ni(database, "NI 154", "lcc"), Typed(value="500"))
    assert view.standing.expected is not None
    assert view.standing.expected.value == Decimal("1087.5")  # three quarters of 1,450, as signed
    assert view.standing.rating is Rating.WORSE


def test_a_figure_in_another_unit_than_its_target_has_no_rating_without_a_milestone(database: Database) -> None:
    view = returns.preview(database, person(database, "police"), ni(database, "NI 16", "police"), Typed(value="2.42"))
    assert view.standing.no_rating_reason is NoRating.MILESTONE_NOT_SET


def test_who_sees_the_verified_revision_alone_sees_nothing_of_what_came_after_it(database: Database) -> None:
    police, nhs, team = (person(database, who) for who in ("police", "nhs", "team"))
    number = ni(database, "NI 16", "police", Q2)

    def seen(by: str = "nhs") -> tuple[State, int, bool, str]:
        view = returns.read_return(database, person(database, by), number)
        return view.state, view.revision, view.late, str(view.answers.value)

    before = seen()
    assert before[:3] == (State.PUBLISHED, 1, False)
    review.reopen(database, team, number, None, "It was counted twice.")
    assert seen() == seen("executive") == before
    assert seen("team")[0] is State.DRAFT
    returns.save(database, police, number, None, Typed(value="1.10", commentary="Counted anew."))
    returns.submit(database, police, number, None)
    assert seen() == before
    assert seen("team")[:2] == (State.SUBMITTED, 2)
    review.query(database, team, number, None, "Is this right?")
    assert seen() == before
    assert [view.state for view in returns.list_returns(database, nhs, Q2) if view.id == number] == [State.PUBLISHED]
    returns.save(database, police, number, None, Typed(value="1.10", commentary="Yes."))
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    assert seen() == (State.VERIFIED, 3, False, "1.10")
