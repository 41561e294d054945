"""The team's queue, sifted and put in order as an address says it."""

import pytest

from portal.database import Database
from portal.services import concurrence, returns
from portal.services.queue import queue
from portal.viewmodels.returns import Typed
from tests.conftest import person

Q3 = "2008-09-q3"


@pytest.fixture
def waiting(sqlite_database: Database) -> Database:
    """Three returns that wait: one unusual, one with a dissent, one with another rating proposed."""
    other = {"proposed_rating": "within", "proposed_reason": "Two schools were left out."}
    for who, code, typed in (
        ("police", "NI 16", Typed(value="2.50")),
        ("lcc", "NI 5", Typed(value="60")),
        ("lcc", "NI 59", Typed(value="5", **other)),
    ):
        number = returns.find_return(sqlite_database, person(sqlite_database, who), Q3, code)
        returns.save(sqlite_database, person(sqlite_database, who), number, None, typed)
        returns.submit(sqlite_database, person(sqlite_database, who), number, None, "It is right.")
        if code == "NI 5":
            concurrence.dissent(sqlite_database, person(sqlite_database, "police"), number, None, "No.")
    return sqlite_database


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({}, ["NI 59", "NI 5", "NI 16"]),
        ({"partner": "Leicestershire Constabulary"}, ["NI 16"]),
        ({"partner": "Nobody"}, []),
        ({"quarter": "2008-09-q3"}, ["NI 59", "NI 5", "NI 16"]),
        ({"quarter": "2008-09-q2"}, []),
        ({"notable": "dissent"}, ["NI 5"]),
        ({"notable": "judged"}, ["NI 59"]),
        ({"notable": "unusual"}, ["NI 59"]),
        ({"notable": "anything else"}, []),
        ({"sort": "longest"}, ["NI 16", "NI 5", "NI 59"]),
        ({"sort": "partner"}, ["NI 59", "NI 5", "NI 16"]),
        ({"sort": "change"}, ["NI 59", "NI 16", "NI 5"]),
        ({"sort": "no such order"}, ["NI 59", "NI 5", "NI 16"]),
        ({"partner": "Leicester City Council", "sort": "change"}, ["NI 59", "NI 5"]),
    ],
)
def test_what_is_wanted_comes_in_the_order_that_is_wanted(
    waiting: Database, wanted: dict[str, str], codes: list[str]
) -> None:
    found = queue(waiting, person(waiting, "team"), wanted)
    assert [one.task.measure for one in found.waiting] == codes
    assert found.in_all == 3


def test_what_can_be_chosen_is_what_waits(waiting: Database) -> None:
    filters = queue(waiting, person(waiting, "team"), {"partner": "Nobody"}).filters
    assert filters.chosen == {"partner": "Nobody", "quarter": "", "notable": "", "sort": ""}
    assert [value for value, _ in filters.options["partner"]] == [
        "Leicester City Council",
        "Leicestershire Constabulary",
    ]
    assert filters.options["quarter"] == (("2008-09-q3", ""),)
