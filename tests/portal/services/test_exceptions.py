"""The monthly exception report: who is in it, on which grounds, as known at a month's end, and who may read it."""

from dataclasses import replace
from datetime import date

import pytest

from models.rules.exceptions import Ground
from models.rules.terms import Rating
from portal.actor import public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, Invalid, PortalError, SignInRequired
from portal.services import actions, returns, review, risks
from portal.services.exceptions import exception_report
from portal.viewmodels import actions as action
from portal.viewmodels.exceptions import Entry, ExceptionReport
from portal.viewmodels.returns import Typed
from portal.viewmodels.risks import RiskTyped
from portal.words import exceptions as words_of
from tests.conftest import person

AT_RISK = {"NI 16", "NI 112", "NI 131", "NI 154", "NI 186"}
NOW_WORSE = {"NI 16", "NI 112", "NI 117", "NI 125", "NI 135", "NI 154", "NI 186"}


def on(database: Database, *day: int) -> Database:
    """The same database on another day of the portal's calendar."""
    database.clock = Clock(date(*day))
    return database


def report(database: Database, month: str | None = None) -> ExceptionReport:
    return exception_report(database, person(database, "executive"), month)


def entry(found: ExceptionReport, code: str) -> Entry:
    return next(one for one in found.entries if one.standing.code == code)


def codes(found: ExceptionReport, ground: Ground) -> set[str]:
    return {one.standing.code for one in found.entries if ground in one.grounds}


def returned(database: Database, code: str, value: str, who: str = "police") -> None:
    """A figure for quarter 3, submitted and verified on the database's day."""
    number = returns.find_return(database, person(database, who), "2008-09-q3", code)
    returns.save(database, person(database, who), number, None, Typed(value=value, commentary="Two clubs opened."))
    returns.submit(database, person(database, who), number, None)
    review.verify(database, person(database, "team"), number, None)


def test_leicesters_january_has_what_is_worse_and_what_is_forecast_to_be(database: Database) -> None:
    found = report(database)
    assert (found.month, found.day, found.over) == (date(2009, 1, 1), date(2009, 1, 20), False)
    assert (codes(found, Ground.WORSE), codes(found, Ground.FORECAST_WORSE)) == (NOW_WORSE, AT_RISK)
    assert {ground for one in found.entries for ground in one.grounds} == {Ground.WORSE, Ground.FORECAST_WORSE}
    crime = entry(found, "NI 16")
    assert crime.period == "2008/09 Q2"
    assert (len(crime.actions), crime.money.total, crime.risks) == (4, 208158, ())
    assert crime.standing.commentary.startswith("Dwelling burglary")
    assert entry(found, "NI 117").actions == ()
    assert found.compared
    assert found.earlier == date(2008, 12, 1)
    assert found.later is None


def test_what_changed_for_the_worse_since_the_month_before_is_read_first(database: Database) -> None:
    on(database, 2009, 2, 12)
    returned(database, "NI 59", "40", "lcc")
    found = report(on(database, 2009, 3, 4), "2009-02")
    first = found.entries[0]
    assert (first.standing.code, first.period) == ("NI 59", "2008/09 Q3")
    assert Ground.CHANGED in first.grounds
    assert first.before is not None
    assert (first.before.rating, first.standing.rating) == (Rating.BETTER, Rating.WORSE)
    assert words_of.was(first.before, first.standing.rating, first.standing.forecast).startswith(
        "A month before, it was rated better than anticipated"
    )
    assert codes(found, Ground.CHANGED) == {"NI 59"}
    # The month after it is worse still, and has not changed since.
    after = report(on(database, 2009, 4, 4), "2009-03")
    assert codes(after, Ground.CHANGED) == set()
    assert "NI 59" in codes(after, Ground.WORSE)


def test_what_is_late_at_the_months_end_is_in_it_with_its_period(database: Database) -> None:
    on(database, 2009, 2, 12)
    returned(database, "NI 59", "70", "lcc")
    found = report(on(database, 2009, 3, 4), "2009-02")
    assert entry(found, "NI 20").grounds == (Ground.RETURN_LATE,)
    assert entry(found, "NI 20").late == (("NI 20", "2008/09 Q3"),)
    assert words_of.late(entry(found, "NI 20")) == "Late: NI 20 for quarter 3 of 2008/09."
    # Due on 30 January: late at that month's end, and not in its report as it grew before that.
    assert "NI 59" in codes(report(database, "2009-01"), Ground.RETURN_LATE)
    assert [one.code for one in found.left] == ["NI 59"]
    assert codes(report(on(database, 2009, 1, 30)), Ground.RETURN_LATE) == set()


def test_a_newer_figure_that_nothing_is_agreed_to_rate_by_does_not_hide_what_is_worse(database: Database) -> None:
    on(database, 2009, 2, 12)
    returned(database, "NI 16", "2.05")  # quarter 3 has no milestone in its unit
    crime = entry(report(database), "NI 16")
    assert (crime.period, crime.standing.rating) == ("2008/09 Q2", Rating.WORSE)
    assert Ground.RETURN_LATE not in crime.grounds


def test_an_overdue_action_is_in_it_and_stands_first_and_risks_come_with_it(database: Database) -> None:
    police = person(database, "police")
    actions.add_action(database, police, "NI 20", action.Typed("Meet the licensees.", due_on=date(2009, 1, 25)))
    actions.add_action(database, police, "NI 16", action.Typed("Mark bicycles.", due_on=date(2009, 1, 25)))
    risks.add_risk(database, police, "NI 16", RiskTyped("The grant ends.", "2", "4", review_on=date(2009, 2, 3)))
    found = report(on(database, 2009, 1, 28))
    assert codes(found, Ground.ACTION_OVERDUE) == {"NI 16", "NI 20"}
    assert found.entries[-1].standing.code == "NI 20"  # it is better than anticipated: that is all that is late
    crime = entry(found, "NI 16")
    assert crime.actions[0].now.text == "Mark bicycles."
    assert [line.now.score for line in crime.risks] == [8]
    assert found.counts[Ground.ACTION_OVERDUE] == 2


def test_a_month_reads_later_as_it_was_at_its_end(database: Database) -> None:
    then = report(on(database, 2009, 1, 31), "2009-01")
    on(database, 2009, 2, 12)
    returned(database, "NI 20", "1.9")
    returned(database, "NI 16", "2.05")
    actions.add_action(database, person(database, "police"), "NI 16", action.Typed("Another."))
    later = report(on(database, 2009, 3, 4), "2009-01")
    assert later.over
    assert later.later == date(2009, 2, 1)
    assert replace(later, over=False, later=None) == then


def test_a_month_of_which_nothing_is_known_says_so(sqlite_database: Database) -> None:
    found = report(sqlite_database, "2008-06")
    assert (found.known, found.entries, found.earlier) == (False, (), None)
    assert words_of.counted(found) == "Nothing had been returned by the end of this month."
    assert words_of.compared(report(sqlite_database, "2008-10")).startswith("Nothing is known of the month before")


@pytest.mark.parametrize("month", ["", "2009-13", "2009-1", "x", "2009-02", "9999-12", "0001-01", "2009-01-01"])
def test_what_is_no_month_or_has_not_come_is_refused(sqlite_database: Database, month: str) -> None:
    with pytest.raises(Invalid) as caught:
        report(sqlite_database, month)
    assert list(caught.value.fields) == ["month"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("police", Forbidden),
        ("police.contributor", Forbidden),
        ("reviewer", Forbidden),
        ("admin", Forbidden),
        (None, SignInRequired),
    ],
)
def test_only_the_team_and_the_executive_read_who_is_late(
    sqlite_database: Database, who: str | None, refusal: type[PortalError]
) -> None:
    with pytest.raises(refusal):
        exception_report(sqlite_database, person(sqlite_database, who) if who else public())
    assert exception_report(sqlite_database, person(sqlite_database, "team")) == report(sqlite_database)
