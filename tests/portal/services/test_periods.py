"""The calendar of returns: every kind of period, release dates, opening, closing, opening again for one partner."""

from datetime import date

import pytest
from sqlalchemy import select, update

from models.agreement import Measure, MeasureTerms, Period
from models.audit import AuditEvent
from models.returns import Return
from models.rules.broken import PeriodClosed
from models.rules.terms import Frequency, NoRating, State
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.services import calendar, periods, returns, review, scorecard, themes
from portal.services import people as accounts
from portal.services.desk import desk
from portal.services.indicator_page import indicator_page
from portal.services.queue import queue
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from tests.conftest import owned, person
from tests.support.publishing import publish

Q2, Q3, Q4 = "2008-09-q2", "2008-09-q3", "2008-09-q4"


def at(database: Database, year: int, month: int, day: int) -> Database:
    """The same database on another day."""
    database.clock = Clock(date(year, month, day))
    return database


def reported(database: Database, code: str, frequency: Frequency) -> None:
    """Let a measure be returned at another frequency, as the agreement's files would."""
    with owned(database) as owner, owner.write(OPERATOR) as session:
        of_measure = MeasureTerms.measure_id == select(Measure.id).where(Measure.code == code).scalar_subquery()
        session.execute(update(MeasureTerms).where(of_measure).values(frequency=frequency))


def open_only(database: Database, key: str) -> int:
    return periods.open_for_returns(database, OPERATOR, key)


def ids_in(database: Database, key: str) -> dict[str, int]:
    with database.read(OPERATOR) as session:
        rows = session.execute(
            select(Measure.code, Return.id)
            .join(Return, Return.measure_id == Measure.id)
            .join(Period)
            .where(Period.key == key)
        )
        return dict(rows.all())


def return_it(database: Database, who: str, number: int, value: str, verify: bool = True) -> None:
    lead = person(database, who)
    returns.save(database, lead, number, None, Typed(value=value))
    returns.submit(database, lead, number, None)
    if verify:
        review.verify(database, person(database, "team"), number, None)


def reason_in(database: Database, code: str, key: str) -> NoRating | None:
    page = themes.themes(database, person(database, "team"), key)
    found = [i for theme in page.themes for i in theme.indicators if i.code == code]
    return found[0].no_rating_reason


def test_each_measure_is_asked_for_at_its_own_frequency(database: Database) -> None:
    reported(database, "NI 16", Frequency.MONTHLY)
    reported(database, "NI 20", Frequency.HALF_YEARLY)
    at(database, 2009, 4, 10)
    assert open_only(database, "2008-09-h2") == 1
    assert open_only(database, "2008/09 March") == 1
    assert open_only(database, "2008-09") == 16  # the school results of the year
    assert open_only(database, Q4) == 42 - 2
    assert set(ids_in(database, "2008/09 H2")) == {"NI 20"}
    assert set(ids_in(database, "2008/09 Mar")) == {"NI 16"}
    mine = desk(database, person(database, "police"))
    asked = {period.key: [task.measure for task in period.tasks] for period in mine.periods}
    assert asked["2008/09 Mar"] == ["NI 16"]
    assert asked["2008/09 H2"] == ["NI 20"]
    assert asked["2008/09 Q4"] == ["NI 32"]
    assert "2008/09 Q3" not in asked  # opened by the demonstration, and over since 1 March


def test_a_view_of_a_quarter_shows_what_ends_on_its_day(database: Database) -> None:
    reported(database, "NI 20", Frequency.HALF_YEARLY)
    at(database, 2009, 4, 10)
    open_only(database, "2008-09-h2")
    open_only(database, Q4)
    return_it(database, "police", ids_in(database, "2008/09 H2")["NI 20"], "1.4")
    page = themes.theme(database, person(database, "executive"), "safer", Q4)
    ni20 = next(i for i in page.theme.indicators if i.code == "NI 20")
    assert str(ni20.measures[0].value) == "1.4"
    number = publish(database, person(database, "team"), Q4)
    card = scorecard.latest_scorecard(database, person(database, "team"))
    assert card is not None
    assert (number, card.period) == (2, "2008/09 Q4")
    with database.read(OPERATOR) as session:
        assert session.get_one(Return, ids_in(database, "2008/09 H2")["NI 20"]).state is State.PUBLISHED


def test_a_half_yearly_measure_is_not_due_in_the_third_quarter(database: Database) -> None:
    reported(database, "NI 59", Frequency.HALF_YEARLY)
    at(database, 2009, 6, 30)
    assert reason_in(database, "NI 59", Q3) is NoRating.NOT_DUE
    assert reason_in(database, "NI 59", Q4) is NoRating.NOT_REPORTED  # its half-year has ended, and nobody was asked


def test_school_results_are_late_only_after_the_summer(database: Database) -> None:
    open_only(at(database, 2009, 4, 10), "2008-09")
    number = ids_in(database, "2008/09")["NI 72"]
    for day, reason, late in (
        ((2009, 4, 30), NoRating.NOT_DUE, False),
        ((2009, 5, 1), NoRating.SOURCE_NOT_PUBLISHED, False),
        ((2009, 9, 30), NoRating.SOURCE_NOT_PUBLISHED, False),
        ((2009, 10, 1), NoRating.LATE, True),
    ):
        view = returns.read_return(at(database, *day), person(database, "lcc"), number)
        assert (view.standing.no_rating_reason, view.late, view.due_on) == (reason, late, date(2009, 9, 30))
        assert reason_in(database, "NI 72", Q4) is reason
        assert view.may_edit  # it is taken until 30 days after its source, though the period closed on 30 May
    closed = returns.read_return(at(database, 2009, 10, 31), person(database, "lcc"), number)
    assert not closed.may_edit


def test_a_known_release_date_comes_before_the_usual_one(database: Database) -> None:
    team = person(database, "team")
    open_only(at(database, 2009, 4, 10), "2008-09")
    periods.set_release(database, team, "2008-09", "ni-72", date(2009, 12, 1))
    number = ids_in(database, "2008/09")["NI 72"]
    view = returns.read_return(at(database, 2009, 11, 30), person(database, "lcc"), number)
    assert (view.due_on, view.released_on, view.late) == (date(2009, 12, 1), date(2009, 12, 1), False)
    periods.set_release(database, team, "2008-09", "NI 72", date(2009, 11, 1))
    assert returns.read_return(database, person(database, "lcc"), number).late
    with database.read(OPERATOR) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
        assert (event.subject, event.before) == ("source of NI 72 for 2008/09", '{"released_on":"2009-12-01"}')


def test_a_source_cannot_come_out_before_its_period_has_ended(database: Database) -> None:
    team = person(database, "team")
    with pytest.raises(Invalid, match="before the period has ended"):
        periods.set_release(database, team, Q3, "ni-16", date(2008, 12, 31))
    with pytest.raises(NotFound, match="not a measure of this agreement"):
        periods.set_release(database, team, Q3, "ni-999", date(2009, 1, 31))
    with pytest.raises(NotFound, match="not the code of a measure"):
        periods.set_release(database, team, Q3, "nonsense", date(2009, 1, 31))


def test_a_period_ends_by_itself_and_the_late_are_let_in_one_by_one(database: Database) -> None:
    police, nhs, team = (person(database, key) for key in ("police", "nhs", "team"))
    number, other = ids_in(database, "2008/09 Q3")["NI 16"], desk(database, nhs).tasks[0].id
    at(database, 2009, 3, 2)  # the day after the last one
    with pytest.raises(PeriodClosed, match="open it again for you"):
        returns.save(database, police, number, None, Typed(value="2"))
    periods.reopen_for_partner(database, team, Q3, "police", date(2009, 3, 9), "New analyst, agreed by telephone.")
    assert [task.measure for task in desk(database, police).tasks] == ["NI 16", "NI 20", "NI 32"]
    returns.save(database, police, number, None, Typed(value="2"))
    assert desk(database, nhs).tasks == ()
    with pytest.raises(PeriodClosed):
        returns.save(database, nhs, other, None, Typed(value="2"))
    at(database, 2009, 3, 10)
    with pytest.raises(PeriodClosed):
        returns.submit(database, police, number, None)
    with database.read(OPERATOR) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.subject == "period 2008/09 Q3 for police")).one()
        assert (event.reason, event.who) == ("New analyst, agreed by telephone.", team.who)
    page = calendar.one_period(database, team, Q3)
    assert [(one.organisation, one.until) for one in page.reopened] == [
        ("Leicestershire Constabulary", date(2009, 3, 9))
    ]


def test_the_teams_own_returns_are_let_in_the_same_way(database: Database) -> None:
    team = person(database, "team")
    at(database, 2009, 3, 2)
    periods.reopen_for_partner(database, team, Q3, "team", date(2009, 3, 9), "Late survey.")
    assert len(desk(database, team).tasks) == 3
    assert desk(database, person(database, "lcc")).tasks == ()


def test_a_closed_period_lets_nobody_begin_but_lets_corrections_through(database: Database) -> None:
    lcc, team = person(database, "lcc"), person(database, "team")
    number = ids_in(database, "2008/09 Q3")["NI 59"]
    return_it(database, "lcc", number, "55", verify=False)
    periods.close_for_returns(database, team, Q3)
    assert [one.task.measure for one in queue(database, team).waiting] == ["NI 59"]  # not stranded
    review.query(database, team, number, None, "Is it 56?")
    assert [task.measure for task in desk(database, lcc).tasks] == ["NI 59"]
    return_it(database, "lcc", number, "56")
    assert [one.period for one in queue(database, team).publishable] == ["2008/09 Q3"]
    review.reopen(database, team, number, None, "The source was revised.")
    assert returns.read_return(database, lcc, number).may_edit


@pytest.mark.parametrize(
    ("organisation", "until", "reason", "wrong"),
    [
        ("police", date(2009, 1, 19), "Why not", "until"),
        ("police", date(2009, 2, 19), "  ", "reason"),
        ("nobody", date(2009, 2, 19), "Why not", "organisation"),
        ("po\x00lice", date(2009, 2, 19), "Why not", "organisation"),
    ],
)
def test_an_exception_needs_a_partner_a_day_and_a_reason(
    database: Database, organisation: str, until: date, reason: str, wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        periods.reopen_for_partner(database, person(database, "team"), Q3, organisation, until, reason)
    assert set(refused.value.fields) == {wrong}


def test_only_the_team_keeps_the_calendar(database: Database) -> None:
    for who in ("police", "executive", "reviewer", "admin", "police.contributor"):
        actor = person(database, who)
        for act in (
            lambda actor=actor: periods.open_for_returns(database, actor, Q4),
            lambda actor=actor: periods.close_for_returns(database, actor, Q3),
            lambda actor=actor: periods.reopen_for_partner(database, actor, Q3, "police", date(2009, 2, 1), "x"),
            lambda actor=actor: periods.set_release(database, actor, Q3, "ni-16", date(2009, 2, 1)),
            lambda actor=actor: calendar.calendar(database, actor),
            lambda actor=actor: calendar.one_period(database, actor, Q3),
        ):
            with pytest.raises(Forbidden):
                act()


def test_opening_a_period_that_is_over_gives_it_thirty_days_more(database: Database) -> None:
    at(database, 2010, 1, 1)
    assert open_only(database, Q3) == 0  # nobody is asked twice
    view = returns.read_return(database, person(database, "police"), ids_in(database, "2008/09 Q3")["NI 16"])
    assert view.may_edit
    assert view.late
    with pytest.raises(Conflict, match="is open already"):
        open_only(database, Q3)
    with pytest.raises(PeriodClosed):
        returns.save(at(database, 2010, 2, 1), person(database, "police"), view.id, None, Typed(value="2"))


def test_a_period_that_was_never_opened_cannot_be_opened_for_one(database: Database) -> None:
    with pytest.raises(Conflict, match="has not been opened yet"):
        periods.reopen_for_partner(database, OPERATOR, Q4, "police", date(2009, 5, 1), "Early bird.")


def test_the_calendar_of_a_year_has_the_kinds_that_are_returned(database: Database) -> None:
    team = person(database, "team")
    found = calendar.calendar(database, team)
    assert (found.year, found.years) == ("2008/09", ("2008/09", "2009/10", "2010/11"))
    assert [line.key for line in found.periods] == [
        *("2008/09 Q1", "2008/09 Q2", "2008/09 Q3"),
        *("2008/09", "2008/09 Q4"),
    ]
    q3 = next(line for line in found.periods if line.key == "2008/09 Q3")
    assert (q3.opened, q3.closed, q3.asked, q3.received, q3.asks) == (True, False, 42, 0, 43)
    return_it(database, "lcc", ids_in(database, "2008/09 Q3")["NI 59"], "55", verify=False)
    assert next(p for p in calendar.calendar(database, team, "2008-09").periods if p.key == "2008/09 Q3").received == 1
    with pytest.raises(NotFound, match="not a year of this agreement"):
        calendar.calendar(database, team, "2012-13")


def test_the_desk_says_what_comes_later_and_shows_any_period(database: Database) -> None:
    lcc = person(database, "lcc")
    mine = desk(database, lcc)
    assert ("NI 72", "2008/09") in mine.not_due
    assert mine.earlier == (("2008-09-q3", "2008/09 Q3"), ("2008-09-q2", "2008/09 Q2"))
    past = desk(database, lcc, Q2)
    assert past.chosen == "2008/09 Q2"
    assert {task.state for task in past.tasks} == {State.PUBLISHED}
    with pytest.raises(NotFound):
        desk(database, lcc, "2030-31-q1")


def test_who_is_in_time_is_counted_by_the_day_of_the_first_submission(database: Database) -> None:
    numbers = ids_in(database, "2008/09 Q3")
    return_it(database, "police", numbers["NI 16"], "2", verify=False)
    return_it(at(database, 2009, 2, 2), "police", numbers["NI 20"], "1.5", verify=False)

    def line(name: str) -> tuple[int, ...]:
        found = next(o for o in queue(database, person(database, "team")).outstanding if o.organisation == name)
        return found.expected, found.received, found.on_time, found.late, found.ever_wanted, found.ever_on_time

    assert line("Leicestershire Constabulary") == (2, 2, 1, 0, 2, 1)
    council = line("Leicester City Council")
    assert council[1:4] == (0, 0, council[0])
    # A correction of what came in time is not late.
    review.query(database, person(database, "team"), numbers["NI 16"], None, "Sure?")
    assert line("Leicestershire Constabulary") == (2, 1, 0, 0, 2, 1)
    return_it(at(database, 2009, 2, 20), "police", numbers["NI 16"], "2.1", verify=False)
    assert line("Leicestershire Constabulary")[2] == 1


def test_what_came_in_in_time_is_being_checked_and_not_late_when_the_team_sends_it_back(database: Database) -> None:
    numbers, team = ids_in(database, "2008/09 Q3"), person(database, "team")
    return_it(database, "police", numbers["NI 16"], "2", verify=False)
    return_it(database, "police", numbers["NI 20"], "1.5", verify=True)
    return_it(database, "lcc", numbers["NI 154"], "500", verify=False)
    return_it(database, "lcc", numbers["NI 59"], "50", verify=False)
    review.query(database, team, numbers["NI 16"], None, "Sure?")
    review.reopen(database, team, numbers["NI 20"], None, "It left out a station.")
    returns.withdraw(database, person(database, "lcc"), numbers["NI 154"], None)
    at(database, 2009, 2, 5)
    return_it(database, "lcc", numbers["NI 125"], "50", verify=False)
    review.query(database, team, numbers["NI 125"], None, "Sure?")
    late = {one.task.measure: one.task.late for one in calendar.one_period(database, team, Q3).returns}
    for code, said, is_late in (
        ("NI 16", NoRating.BEING_CHECKED, False),  # queried
        ("NI 20", NoRating.BEING_CHECKED, False),  # reopened
        ("NI 59", NoRating.BEING_CHECKED, False),  # waits for the team
        ("NI 154", NoRating.LATE, True),  # taken back by its partner
        ("NI 125", NoRating.LATE, True),  # came in too late, then queried
    ):
        assert (reason_in(database, code, Q3), late[code]) == (said, is_late), code
    assert returns.read_return(database, person(database, "police"), numbers["NI 16"]).late is False
    past = AsAt(date(2009, 1, 20))
    assert indicator_page(database, team, "NI 16", Q3, past).indicator.no_rating_reason is NoRating.NOT_DUE
    now = indicator_page(database, team, "NI 16", Q3).indicator
    assert now.no_rating_reason is NoRating.BEING_CHECKED


def test_a_period_that_has_not_begun_is_not_opened_and_the_day_is_said(sqlite_database: Database) -> None:
    with pytest.raises(PeriodClosed, match="can be opened from 1 April 2009"):
        open_only(sqlite_database, "2009-10-q1")
    assert ids_in(sqlite_database, "2009/10 Q1") == {}
    assert open_only(sqlite_database, Q4) == 42  # it has begun, though it is not over


def test_a_period_shows_the_longest_overdue_first_and_as_far_as_wanted(database: Database) -> None:
    team = person(database, "team")
    return_it(database, "police", ids_in(database, "2008/09 Q3")["NI 16"], "2", verify=False)
    periods.set_release(database, team, Q3, "ni-20", date(2009, 2, 10))
    at(database, 2009, 2, 5)
    page = calendar.one_period(database, team, Q3)
    stages = [one.stage for one in page.returns]
    assert stages == sorted(stages, key=["late", "to-come", "received"].index)
    assert (stages.count("received"), page.returns[-1].task.measure) == (1, "NI 16")
    assert len(page.returns) == len(page.asked) == len(page.outstanding) + 1 == 42
    police = {"partner": "Leicestershire Constabulary"}
    late = calendar.one_period(database, team, Q3, {"show": "late", **police})
    to_come = calendar.one_period(database, team, Q3, {"show": "to-come", **police})
    assert late.returns == ()
    assert {one.task.measure for one in to_come.returns} == {
        "NI 20",
        "NI 32",
    }  # one's source is out later, one is empty
    assert calendar.one_period(database, team, Q3, {"show": "nonsense"}).returns == ()


def test_the_team_reads_whom_to_ask_for_what_is_outstanding(database: Database) -> None:
    team = person(database, "team")

    def people() -> list[tuple[str, str]]:
        page = calendar.one_period(database, team, Q3, {"partner": "Leicestershire Constabulary"})
        return [(one.email, one.role) for one in page.returns[0].people]

    assert people() == [("police@portal.example", "lead"), ("police.contributor@portal.example", "contributor")]
    accounts.set_disabled(database, OPERATOR, "police@portal.example", disabled=True)
    assert people() == [("police.contributor@portal.example", "contributor")]


def test_that_a_partner_was_chased_is_noted_for_the_team_alone(database: Database) -> None:
    team, police = person(database, "team"), person(database, "police")
    number = ids_in(database, "2008/09 Q3")["NI 16"]
    periods.note_chase(database, team, Q3, "NI 16", "Rang on Monday: promised by Friday.")
    page = calendar.one_period(database, team, Q3)
    noted = next(one for one in page.returns if one.task.measure == "NI 16").chased
    assert [(said.text, said.who) for said in noted] == [("Rang on Monday: promised by Friday.", "Partnership team")]
    assert returns.read_return(database, police, number).messages == ()
    return_it(database, "police", number, "2")
    assert [said.text for said in returns.read_return(database, team, number).messages] == [noted[0].text]
    for who in ("police", "police.contributor", "nhs", "executive"):
        assert returns.read_return(database, person(database, who), number).messages == ()
    with pytest.raises(Conflict, match="has come in"):
        periods.note_chase(database, team, Q3, "NI 16", "Again.")


def test_a_note_needs_a_return_that_is_asked_for_and_a_word(database: Database) -> None:
    team = person(database, "team")
    with pytest.raises(Invalid) as refused:
        periods.note_chase(database, team, Q3, "NI 16", " ")
    assert set(refused.value.fields) == {"note"}
    for measure in ("NI 72", "nonsense", "NI\x0016"):
        with pytest.raises(NotFound, match="does not ask for this"):
            periods.note_chase(database, team, Q3, measure, "Rang.")
    for who in ("police", "executive", "admin"):
        with pytest.raises(Forbidden):
            periods.note_chase(database, person(database, who), Q3, "NI 16", "Rang.")
