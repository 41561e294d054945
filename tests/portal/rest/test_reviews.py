"""The annual review through the API: sixteen, three, five and eleven, computed from the returns."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import returns, sessions
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings
from tests.support.publishing import remove_editions

Read = Callable[..., TestResponse]


def reading(app: Flask) -> Read:
    database: Database = app.extensions["portal"]["database"]
    tokens: dict[str, str] = {}

    def read(who: str | None, year: str = "2008-09") -> TestResponse:
        if who and who not in tokens:
            tokens[who] = sessions.issue_token(database, OPERATOR, f"{who}@portal.example")
        headers = {"Authorization": f"Bearer {tokens[who]}"} if who else {}
        return app.test_client().get(f"/api/v1/annual-reviews/{year}", headers=headers)

    return read


@pytest.fixture(scope="module")
def read(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Asks for the review of a year as one of the demonstration's accounts, of a portal that nobody changes."""
    path = tmp_path_factory.mktemp("reviews") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield reading(create_app(settings(), database))
    database.dispose()


def codes(answer: TestResponse, category: str) -> list[str]:
    return [one["code"] for one in answer.json["indicators"] if one["category"] == category]


def test_the_review_has_the_contracts_words(read: Read) -> None:
    answer = read("reviewer")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert set(answer.json) == {"year", "counts", "indicators"}
    assert answer.json["year"] == "2008/09"
    assert [one for one in answer.json["indicators"] if one["code"] == "NI 16"] == [
        {"code": "NI 16", "category": "at_risk", "rating": "worse", "forecast": "worse", "overridden": False}
    ]


def test_the_four_counts_are_those_that_the_partnership_published(read: Read) -> None:
    assert read("team").json["counts"] == {"on_track": 16, "off_trajectory": 3, "at_risk": 5, "no_data": 11}


def test_the_counts_are_those_of_the_list(read: Read) -> None:
    answer = read("team")
    assert {category: len(codes(answer, category)) for category in answer.json["counts"]} == answer.json["counts"]
    assert len(answer.json["indicators"]) == len({one["code"] for one in answer.json["indicators"]}) == 35


def test_three_are_off_trajectory_and_expected_to_recover(read: Read) -> None:
    assert sorted(codes(read("team"), "off_trajectory")) == ["NI 117", "NI 125", "NI 135"]


def test_five_are_at_risk(read: Read) -> None:
    assert sorted(codes(read("team"), "at_risk")) == ["NI 112", "NI 131", "NI 154", "NI 16", "NI 186"]


def test_those_without_data_have_neither_rating_nor_forecast(read: Read) -> None:
    without = [one for one in read("team").json["indicators"] if one["category"] == "no_data"]
    assert {(one["rating"], one["forecast"], one["overridden"]) for one in without} == {(None, None, False)}


def test_exactly_two_ratings_were_judged_otherwise_than_by_the_rule(read: Read) -> None:
    assert {one["code"] for one in read("team").json["indicators"] if one["overridden"] is not False} == {
        "NI 179",
        "NI 65",
    }


def test_every_word_is_of_its_vocabulary(read: Read) -> None:
    rating = {"better", "within", "worse", None}
    for one in read("team").json["indicators"]:
        assert set(one) == {"code", "category", "rating", "forecast", "overridden"}
        assert one["rating"] in rating
        assert one["forecast"] in rating
        assert one["category"] in {"on_track", "off_trajectory", "at_risk", "no_data"}
        assert type(one["overridden"]) is bool


def test_any_spelling_of_the_year_names_the_same_review(read: Read) -> None:
    assert {read("team", year).json["year"] for year in ("2008-09", "2008_09", "2008 - 09")} == {"2008/09"}


@pytest.mark.parametrize("year", ["2008-10", "2011-12", "latest", "2008", "2008-09-q2"])
def test_a_year_that_the_agreement_does_not_have_is_not_found(read: Read, year: str) -> None:
    answer = read("team", year)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *((None, 401), ("police", 403), ("police.contributor", 403), ("admin", 403)),
        *(("team", 200), ("executive", 200), ("reviewer", 200)),
    ],
)
def test_the_review_is_for_those_whom_it_is_sent_to(read: Read, who: str | None, status: int) -> None:
    assert read(who).status_code == status


@pytest.mark.parametrize("who", ["executive", "reviewer"])
def test_a_review_that_was_not_sent_does_not_exist_yet(read: Read, who: str) -> None:
    assert read(who, "2009-10").status_code == 404


def test_the_team_sees_a_review_before_it_is_sent(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    remove_editions(database)
    ask = reading(app)
    assert (ask("team").status_code, ask("executive").status_code, ask("reviewer").status_code) == (200, 404, 404)


def test_the_next_quarters_returns_do_not_move_the_review(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    ask = reading(app)
    before = ask("team").data
    police = person(database, "police")
    number = returns.find_return(database, police, "2008-09-q3", "NI 20")
    returns.save(database, police, number, None, Typed(value="9", forecast_rating="worse"))
    returns.submit(database, police, number, None)
    assert ask("team").data == before
