"""Searching the audit trail: by whole words and by days, for those whose affair it is."""

from datetime import timedelta

import pytest

from portal import audit as writing
from portal import words
from portal.actor import OPERATOR
from portal.clock import LONDON
from portal.database import Database
from portal.errors import Forbidden
from portal.services import audit, people, returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import person


def recorded(database: Database, *subjects: str) -> None:
    with database.write(OPERATOR) as session:
        for subject in subjects:
            writing.record(session, "test:do", subject, before={"value": "2.42"}, after={"value": "1.10"})


def subjects(database: Database, text: str) -> list[str]:
    found = audit.trail(database, person(database, "team"), text)
    return [event.subject for event in found.events if event.action == "test:do"]


def test_a_code_does_not_find_the_codes_that_begin_like_it(database: Database) -> None:
    recorded(
        database, "return NI 16 2008/09 Q3", "return NI 165 2008/09 Q3", "return XNI 16", "NI 179 (a)", "ni 16 too"
    )
    assert subjects(database, "NI 16") == ["ni 16 too", "return NI 16 2008/09 Q3"]
    assert subjects(database, "ni 179 (A)") == ["NI 179 (a)"]
    assert subjects(database, "(a)") == ["NI 179 (a)"]
    assert subjects(database, "test:do")[:1] == ["ni 16 too"]
    for odd in (".*", "[", "\\", "(?i)", "%", "_", "N_ 16", "NI.16"):
        assert subjects(database, odd) == []


def test_days_are_those_of_this_country_and_both_belong_to_it(database: Database) -> None:
    team = person(database, "team")
    recorded(database, "today")
    (event,) = audit.trail(database, team, "today").events
    day = event.at.astimezone(LONDON).date()  # of the row itself: a suite may run over midnight
    one = timedelta(days=1)
    assert [e.subject for e in audit.trail(database, team, "today", since=day, until=day).events] == ["today"]
    assert audit.trail(database, team, since=day + one).events == ()
    assert audit.trail(database, team, "today", until=day - one).events == ()
    assert audit.found(database, team, "today", day - one, day + one)[0].subject == "today"


def test_the_file_has_every_page_and_no_more_than_its_reader_may_see(database: Database) -> None:
    police, lcc, team = (person(database, key) for key in ("police", "lcc", "team"))
    recorded(database, *(f"thing {number}" for number in range(audit.PAGE + 5)))
    assert len(audit.found(database, team, "test:do")) == audit.PAGE + 5
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="31415"))
    assert "31415" in audit.found(database, police, "return:edit")[0].after
    assert audit.found(database, lcc, "return:edit") == ()
    seen_by_team = audit.found(database, team, "return:edit")[0]
    assert (seen_by_team.before, seen_by_team.after) == ("", "")
    for who in ("executive", "reviewer"):
        with pytest.raises(Forbidden):
            audit.found(database, person(database, who))


def test_an_administrator_is_told_what_was_done_to_accounts_and_of_returns_only_that_it_was(database: Database) -> None:
    police, team, admin = (person(database, key) for key in ("police", "team", "admin"))
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="31415", commentary="Said in private."))
    returns.submit(database, police, number, None, "The explanation is in private too.")
    review.query(database, team, number, None, "A question in private.")
    for event in audit.found(database, admin, "NI 16"):
        assert (event.before, event.after, event.reason) == ("", "", "")
    assert "31415" in next(e.after for e in audit.found(database, team, "NI 16") if e.action == "return:submit")
    assert [e.reason for e in audit.found(database, team, "question in private")] == ["A question in private."]
    assert audit.found(database, admin, "question in private") == ()
    people.set_disabled(database, admin, "nhs@portal.example", True)
    (event,) = audit.found(database, admin, "nhs@portal.example")[:1]
    assert event.after


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('{"value":"2.42","commentary":"x"}', '{"value":"1.10","commentary":"x"}', ["figure 2.42 → 1.10"]),
        ('{"released_on":null}', '{"released_on":"2009-12-01"}', ["released on none → 2009-12-01"]),
        ("", '{"open":true,"asked":42}', ["open yes", "returns asked for 42"]),
        ('{"name":"A"}', "", ["name A"]),
        ("", "", []),
        ("", '{"indicators":{"NI 16":null},"codes":["a","b"]}', ["indicators NI 16 none", "codes a, b"]),
        ("", "[1,2]", ["1, 2"]),
    ],
)
def test_what_was_recorded_is_said_in_words(before: str, after: str, said: list[str]) -> None:
    assert words.recorded(before, after) == said


def test_the_whole_trail_is_checked_for_whoever_may_read_it(sqlite_database: Database) -> None:
    found = audit.verify(sqlite_database, OPERATOR)
    assert (found.broken, found.editions, found.wrong) == (None, 1, ())
    with pytest.raises(Forbidden):
        audit.verify(sqlite_database, person(sqlite_database, "executive"))
