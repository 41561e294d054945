"""The milestones of a period: which measures lack one, setting them, and what becomes of returns that are there."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from layouts.conversation import revisions
from layouts.periods import one_period
from layouts.returns import one_return
from models.agreement import Milestone, Period
from models.audit import AuditEvent
from models.rules.terms import NoRating, Rating, State
from portal.actor import OPERATOR, public
from portal.database import Database
from portal.errors import Forbidden, Invalid
from portal.formats.agreement_csv import read_agreement, rows
from portal.formats.agreement_csv.rows import AgreementFile
from portal.formats.moments import past
from portal.records.loading import NotLoaded
from portal.services import calendar, imports, indicator_page, milestones, periods, returns, review, scorecard
from portal.settings import package_data
from portal.viewmodels.periods import MilestoneLine
from portal.viewmodels.returns import ReturnView, Typed
from portal.words import why
from tests.conftest import TODAY, person
from tests.support.publishing import publish

Q3 = "2008-09-q3"


def line_of(database: Database, measure: str, key: str = Q3) -> MilestoneLine:
    page = calendar.one_period(database, person(database, "team"), key)
    return next(line for line in page.milestones if line.measure == measure)


def number_of(database: Database, measure: str = "NI 16") -> int:
    return returns.find_return(database, OPERATOR, Q3, measure)


def submitted(database: Database, value: str = "2.78") -> int:
    number, police = number_of(database), person(database, "police")
    returns.save(database, police, number, None, Typed(value=value))
    returns.submit(database, police, number, None, "The garages count again.")
    return number


def seen(database: Database, number: int, who: str = "team") -> ReturnView:
    return returns.read_return(database, person(database, who), number)


def set_it(database: Database, text: str = "2.05", reason: str = "Agreed with the police.") -> int:
    return milestones.set_milestones(database, person(database, "team"), Q3, {"ni-16": text}, reason)


def test_the_page_names_the_measures_that_were_rated_and_cannot_be_now(database: Database) -> None:
    page = calendar.one_period(database, person(database, "team"), Q3)
    assert {line.measure for line in page.milestones if line.lost} == {
        *("NI 16", "NI 20", "NI 65", "NI 112", "NI 186", "NI 179a"),
    }
    assert all(not line.has_one for line in page.milestones)
    assert {line.measure for line in page.milestones} >= {"NI 59"}
    set_it(database)
    line = line_of(database, "NI 16")
    assert (line.lost, line.has_one, line.agreed) == (False, True, False)
    assert (line.held and line.held.value, line.set_by, line.set_on) == (Decimal("2.05"), "Partnership team", TODAY)


def test_the_periods_page_leads_to_its_milestones_and_says_that_they_are_set(database: Database) -> None:
    page = calendar.one_period(database, person(database, "team"), Q3)
    drawn = str(one_period(page, 3)[1])
    assert "3 milestones are set." in drawn
    for place in ("returns", "milestones"):
        assert f"href='#{place}'" in drawn
        assert f"id='{place}'" in drawn
    assert "are set." not in str(one_period(page, 0)[1]) + str(one_period(page, 9999)[1])


def test_what_waits_to_be_verified_is_rated_anew_as_another_revision(database: Database) -> None:
    number = submitted(database)
    before = seen(database, number)
    assert (before.standing.rating, before.standing.no_rating_reason) == (None, NoRating.MILESTONE_NOT_SET)
    assert set_it(database) == 1
    after = seen(database, number)
    assert (after.standing.rating, after.revision, after.state) == (Rating.WORSE, 2, State.SUBMITTED)
    assert after.submitted_at == before.submitted_at
    assert after.submitted_by == before.submitted_by
    assert after.explanation == before.explanation == "The garages count again."
    assert [one.rating for one in after.revisions] == [None, Rating.WORSE]
    assert [one.submitted_at for one in after.revisions] == [before.submitted_at] * 2
    review.verify(database, person(database, "team"), number, after.version)
    assert seen(database, number, "nhs").standing.rating is Rating.WORSE


def test_a_revision_that_a_milestone_made_says_so_with_name_and_day(database: Database) -> None:
    number = submitted(database)
    set_it(database, "20.5")
    set_it(database, "2.05")
    view = seen(database, number)
    assert [(one.anew_by, one.anew_on) for one in view.revisions] == [("", None), *[("Partnership team", TODAY)] * 2]
    assert [one.held and one.held.value for one in view.revisions] == [None, Decimal("20.5"), Decimal("2.05")]
    said = "rated anew by a milestone that was set by Partnership team on 20 January 2009"
    drawn = str(one_return(view)[1])
    assert f"Revision 3, {said}; submitted" in drawn
    assert drawn.count(said) == 3  # where it stands, and beside two revisions
    assert "Held against" in str(revisions(view))


def test_what_is_verified_keeps_its_rating_until_it_is_reopened(database: Database) -> None:
    number, team = submitted(database), person(database, "team")
    review.verify(database, team, number, None)
    publish(database, team, Q3)
    set_it(database)
    for _ in range(2):
        standing = seen(database, number, "nhs").standing
        assert (standing.rating, standing.no_rating_reason) == (None, NoRating.MILESTONE_NOT_SET)
        if seen(database, number).state is State.PUBLISHED:  # the second time it is reopened, and public still
            review.reopen(database, team, number, None, "There is a milestone now.")
    police = person(database, "police")
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    standing = seen(database, number, "nhs").standing
    assert standing.rating is Rating.WORSE
    assert standing.expected is not None
    assert standing.expected.value == Decimal("2.05")


def test_a_draft_is_held_against_the_milestone_at_once(database: Database) -> None:
    number, police = number_of(database), person(database, "police")
    set_it(database)
    returns.save(database, police, number, None, Typed(value="1.5"))
    assert returns.read_return(database, police, number).standing.rating is Rating.BETTER


def test_one_that_was_set_may_be_set_otherwise_for_a_reason_and_both_are_kept(database: Database) -> None:
    number = submitted(database)
    set_it(database, "20.5")
    assert seen(database, number).standing.rating is Rating.BETTER
    with pytest.raises(Invalid) as refused:
        set_it(database, "2.05", "")
    assert set(refused.value.fields) == {"why"}
    set_it(database, "2.05", "The point was in the wrong place.")
    assert seen(database, number).standing.rating is Rating.WORSE
    with database.read(OPERATOR) as session:
        rows = session.scalars(
            select(Milestone).join(Period).where(Period.key == "2008/09 Q3").order_by(Milestone.number)
        )
        assert [(row.number, row.value) for row in rows] == [(1, Decimal("20.5")), (2, Decimal("2.05"))]
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert (event.subject, event.reason) == ("milestone of NI 16 for 2008/09 Q3", "The point was in the wrong place.")
    assert (event.before, event.after) == ('{"value":"20.5"}', '{"rated_anew":true,"value":"2.05"}')


def test_a_reason_is_asked_once_a_figure_is_in_or_another_expectation_is_replaced(database: Database) -> None:
    held = {line.measure: line for line in calendar.one_period(database, person(database, "team"), Q3).milestones}
    expected = next(code for code, line in held.items() if line.held is not None)
    assert not held["NI 16"].held
    with pytest.raises(Invalid) as refused:
        milestones.set_milestones(database, person(database, "team"), Q3, {expected: "1", "NI 20": "0.8"})
    assert refused.value.fields["why"].startswith(f"{expected}: say why.")
    assert set_it(database, "2.1", "") == 1  # nothing was there, and nothing came in
    number = number_of(database, "NI 20")
    returns.save(database, person(database, "police"), number, None, Typed(value="0.8"))
    assert milestones.set_milestones(database, person(database, "team"), Q3, {"NI 65": "10 to 15"}) == 1
    returns.submit(database, person(database, "police"), number, None)
    for _ in range(2):  # the second time its partner has taken it back, with the figure that was seen
        with pytest.raises(Invalid, match="NI 20: say why"):
            milestones.set_milestones(database, person(database, "team"), Q3, {"NI 20": "0.8"})
        if seen(database, number).state is State.SUBMITTED:
            returns.withdraw(database, person(database, "police"), number, None)


def test_the_public_reads_that_a_milestone_was_set_after_the_figure_came_in(
    sqlite_database: Database, app: Flask
) -> None:
    database = sqlite_database
    number, team = submitted(database), person(database, "team")
    set_it(database)
    assert seen(database, number).standing.held_since == TODAY
    assert "The milestone was set on 20 January 2009, after the figure came in." in why(seen(database, number).standing)
    before = number_of(database, "NI 20")
    milestones.set_milestones(database, team, Q3, {"NI 20": "0.8"})
    returns.save(database, person(database, "police"), before, None, Typed(value="0.9"))
    returns.submit(database, person(database, "police"), before, None)
    for one in (number, before):
        review.verify(database, team, one, None)
    edition = publish(database, team, Q3)
    card = scorecard.edition_card(database, public(), edition)
    found = {m.code: m.held_since for t in card.themes for i in t.indicators for m in i.measures if m.value}
    assert found == {"NI 16": TODAY, "NI 20": None}
    said = "set on 20 January 2009, after the figure came in"
    for address, times in (("/", 2), (f"/editions/{edition}/indicators/ni-16", 2), ("/editions/2/indicators/ni-20", 0)):
        assert app.test_client().get(address).text.count(said) == times, address


def test_what_was_agreed_is_not_set_otherwise(database: Database) -> None:
    assert line_of(database, "NI 16", "2008-09-q2").agreed
    with pytest.raises(Invalid, match="Only a refresh changes that"):
        milestones.set_milestones(database, person(database, "team"), "2008-09-q2", {"NI 16": "2"}, "To see.")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "milestones"),
        ({"NI 16": " "}, "milestones"),
        ({"NI 16": "two"}, "NI 16"),
        ({"NI 16": "-1"}, "NI 16"),
        ({"NI 16": "2", "NI 59": "101"}, "NI 59"),
        ({"NI 999": "2"}, "NI 999"),
        ({"nonsense\x00": "2"}, "nonsense\x00"),
        ({"NI 72": "2"}, "NI 72"),  # once a year
    ],
)
def test_all_that_are_typed_are_set_or_none(database: Database, typed: dict[str, str], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        milestones.set_milestones(database, person(database, "team"), Q3, typed)
    assert set(refused.value.fields) == {wrong}
    assert not line_of(database, "NI 16").has_one


def test_only_the_team_sets_milestones(database: Database) -> None:
    for who in ("police", "police.contributor", "executive", "reviewer", "admin"):
        with pytest.raises(Forbidden):
            milestones.set_milestones(database, person(database, who), Q3, {"NI 16": "2"})


def test_a_past_day_is_read_without_the_milestone_that_came_later(database: Database) -> None:
    team = person(database, "team")
    set_it(database)
    now = indicator_page.indicator_page(database, team, "ni-16", Q3).measures[0].standing
    before = past("2009-01-19", database.clock)
    then = indicator_page.indicator_page(database, team, "ni-16", Q3, before).measures[0].standing
    assert (now.expected is not None, then.expected) == (True, None)


@pytest.fixture(scope="module")
def files() -> AgreementFile:
    """Leicester's, with a milestone for the third quarter and nothing returned with it."""
    found = read_agreement(package_data("leicester")).agreement
    assert found is not None
    row = rows.Return("NI 16", "2008/09 Q3", None, None, None, "", "", "", "")
    milestone = rows.Milestone("NI 16", "2008/09 Q3", Decimal("2.05"), None, None)
    return replace(found, returns=(*found.returns, row), milestones=(*found.milestones, milestone))


def test_a_load_of_milestones_alone_does_the_same_as_the_page(database: Database, files: AgreementFile) -> None:
    number = submitted(database)
    loaded = imports.load_agreement(database, OPERATOR, files)
    assert loaded.added == {"milestone": 1}
    assert loaded.noticed == ("NI 16 for 2008/09 Q3 waits to be verified: it was rated anew by its milestone.",)
    assert seen(database, number).standing.rating is Rating.WORSE
    assert imports.load_agreement(database, OPERATOR, files).added == {}
    set_it(database, "3", "Agreed in January.")
    with pytest.raises(NotLoaded, match="set otherwise on /periods/2008-09-q3"):
        imports.load_agreement(database, OPERATOR, files)


def test_a_load_says_what_keeps_its_rating(database: Database, files: AgreementFile) -> None:
    number = submitted(database)
    review.verify(database, person(database, "team"), number, None)
    loaded = imports.load_agreement(database, OPERATOR, files)
    assert "is verified and keeps its rating; reopen it" in loaded.noticed[0]
    assert seen(database, number, "nhs").standing.no_rating_reason is NoRating.MILESTONE_NOT_SET


def test_milestones_that_are_loaded_first_leave_the_return_to_be_asked_for(
    bare_database: Database, files: AgreementFile
) -> None:
    imports.load_agreement(bare_database, OPERATOR, files)
    assert periods.open_for_returns(bare_database, OPERATOR, Q3) == 42
