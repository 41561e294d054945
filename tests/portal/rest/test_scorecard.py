"""The latest edition and the themes through the API: published figures for everybody, the rest for accounts."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.scorecard import Edition
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import returns, review, sessions
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings
from tests.support.publishing import publish, remove_editions

Read = Callable[..., TestResponse]
RATINGS = {"better", "within", "worse", None}


def reading(app: Flask) -> Read:
    database: Database = app.extensions["portal"]["database"]
    tokens: dict[str, str] = {}

    def read(who: str | None, path: str = "/scorecard", **headers: str) -> TestResponse:
        if who and who not in tokens:
            tokens[who] = sessions.issue_token(database, OPERATOR, f"{who}@portal.example")
        if who:
            headers["Authorization"] = f"Bearer {tokens[who]}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return app.test_client().get(f"/api/v1{path}", headers=sent)

    return read


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Reads from a portal that nobody changes."""
    path = tmp_path_factory.mktemp("scorecard") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield reading(create_app(settings(), database))
    database.dispose()


def theme(answer: TestResponse, key: str) -> dict[str, Any]:
    return next(one for one in answer.json["themes"] if one["key"] == key)


def check_theme(said: dict[str, Any]) -> None:
    """A theme as the contract has it: keys, types, and counts that are those of its indicators."""
    assert set(said) >= {"key", "title", "counts", "indicators"}
    counted = dict.fromkeys(("better", "within", "worse", "no_rating"), 0)
    for indicator in said["indicators"]:
        assert set(indicator) == {"code", "title", "rating", "forecast", "no_rating_reason", "measures"}
        assert indicator["rating"] in RATINGS
        assert indicator["forecast"] in RATINGS
        assert (indicator["rating"] is None) == (indicator["no_rating_reason"] is not None)
        counted[indicator["rating"] or "no_rating"] += 1
        assert indicator["measures"]
        for measure in indicator["measures"]:
            assert set(measure) == {"measure", "value", "milestone", "unit"}
            assert {type(measure["value"]), type(measure["milestone"])} <= {str, type(None)}
    assert said["counts"] == counted


# --- the scorecard ----------------------------------------------------------------------------------------


def test_the_scorecard_has_the_contracts_words(still: Read) -> None:
    answer = still(None)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    said_first = {"edition", "period", "published_at", "hash", "agreement", "themes"}
    assert set(answer.json) == said_first | {"note", "corrects", "corrected_by", "licence"}
    assert (answer.json["edition"], answer.json["period"]) == (1, "2008/09 Q2")
    assert answer.json["agreement"] == "Leicester Local Area Agreement 2008-11"
    assert len(answer.json["themes"]) == 8
    assert sum(len(one["indicators"]) for one in answer.json["themes"]) == 58
    for one in answer.json["themes"]:
        assert set(one) == {"key", "title", "counts", "indicators"}
        check_theme(one)


def test_one_indicator_is_said_as_in_the_contract(still: Read) -> None:
    safer = theme(still(None), "safer")
    assert safer["counts"] == {"better": 1, "within": 1, "worse": 1, "no_rating": 9}
    assert safer["indicators"][0] == {
        "code": "NI 16",
        "title": "Serious acquisitive crime rate",
        "rating": "worse",
        "forecast": "worse",
        "no_rating_reason": None,
        "measures": [
            {
                "measure": "NI 16",
                "value": "2.42",
                "milestone": "2.14",
                "unit": "offences per 1,000 population, monthly rate",
            }
        ],
    }


def test_the_moment_of_publishing_is_in_utc(still: Read) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", still(None).json["published_at"])


def test_the_hash_is_that_of_the_edition(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    with database.read(OPERATOR) as session:
        content = session.scalars(select(Edition.content)).one()
    assert reading(app)(None).json["hash"] == hashlib.sha256(content.encode()).hexdigest()


def test_an_indicator_of_two_measures_shows_both(still: Read) -> None:
    found = [one for part in still(None).json["themes"] for one in part["indicators"] if one["code"] == "NI 120"]
    assert [measure["measure"] for measure in found[0]["measures"]] == ["NI 120(i)", "NI 120(ii)"]


def test_no_commentary_and_nobodys_name_is_published(still: Read) -> None:
    said = still(None).text
    for private in ("Westcotes", "patrols", "portal.example", "Partnership team", "Lead of"):
        assert private not in said


def test_the_scorecard_is_the_same_for_everybody(still: Read) -> None:
    assert still(None).data == still("police").data == still("admin").data


def test_what_was_read_before_is_not_sent_again(still: Read) -> None:
    first = still(None)
    again = still(None, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert still(None, If_None_Match='"another"').status_code == 200


def test_what_was_read_compressed_is_not_sent_again(still: Read) -> None:
    first = still(None, Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    again = still(None, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_only_publishing_changes_it(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    read, lcc = reading(app), person(database, "lcc")
    before = read(None)
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55.5", commentary="private words"))
    assert read(None).data == before.data
    returns.submit(database, lcc, number, None)
    assert read(None).data == before.data
    review.verify(database, person(database, "team"), number, None)
    assert read(None).data == before.data
    publish(database, person(database, "team"))
    after = read(None)
    assert (after.json["edition"], after.json["period"]) == (2, "2008/09 Q3")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert "55.5" in after.text
    assert "private words" not in after.text


def test_before_the_first_edition_there_is_nothing_to_find(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    remove_editions(database)
    answer = reading(app)(None)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["detail"] == "Nothing has been published yet."


# --- one theme --------------------------------------------------------------------------------------------


def test_a_theme_is_said_like_one_of_the_scorecards(still: Read) -> None:
    answer = still("executive", "/themes/safer")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    check_theme(answer.json)
    published = theme(still(None), "safer")
    assert {name: answer.json[name] for name in published} == published
    assert answer.json["period"] == "2008/09 Q2"


def test_a_theme_may_be_read_for_another_period(still: Read) -> None:
    answer = still("executive", "/themes/safer?period=2008-09-Q3")
    assert answer.json["period"] == "2008/09 Q3"
    assert answer.json["counts"] == {"better": 0, "within": 0, "worse": 0, "no_rating": 12}


@pytest.mark.parametrize("path", ["/themes/no-such", "/themes/safer?period=2030-31-q1", "/themes/safer?period=never"])
def test_an_unknown_theme_or_period_is_not_found(still: Read, path: str) -> None:
    answer = still("executive", path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *((None, 401), ("reviewer", 403), ("admin", 403)),
        *(("police", 200), ("police.contributor", 200), ("team", 200), ("executive", 200)),
    ],
)
def test_a_theme_is_for_the_partnership(still: Read, who: str | None, status: int) -> None:
    assert still(who, "/themes/safer").status_code == status


def test_a_theme_shows_verified_figures_and_no_earlier_ones(app: Flask) -> None:
    database: Database = app.extensions["portal"]["database"]
    read, lcc = reading(app), person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55.5"))
    returns.submit(database, lcc, number, None)
    for who in ("lcc", "nhs", "team", "executive"):
        assert "55.5" not in json.dumps(read(who, "/themes/children?period=2008-09-q3").json)
    review.verify(database, person(database, "team"), number, None)
    assert "55.5" in json.dumps(read("nhs", "/themes/children?period=2008-09-q3").json)


def test_a_key_that_no_database_can_hold_is_not_found(database: Database) -> None:
    """PostgreSQL takes no NUL in a text."""
    assert reading(create_app(settings(), database))("executive", "/themes/%00").status_code == 404
