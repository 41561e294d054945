"""Two agreements through the API and the public pages: each request says which one it is about, or means the usual one."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import agreements, periods, sessions
from tests.conftest import TODAY, person, settings
from tests.support.areas import DERBY, EARLIER, LEICESTER, TITLE, at, load_derby
from tests.support.publishing import publish, remove_editions

ONE = "/api/v1/returns/2008-09-q3/ni-16"
Call = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def prepared(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    shutil.copy(sqlite_demo, folder / "two.sqlite")
    database = Database(f"sqlite:///{folder / 'two.sqlite'}", Clock(TODAY))
    load_derby(database, folder)
    derby = at(OPERATOR, DERBY)
    periods.open_for_returns(database, derby, "2008-09-q3")
    publish(database, derby, "2008-09-q2")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return folder / "two.sqlite"


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> Iterator[Flask]:
    shutil.copy(prepared, tmp_path / "portal.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'portal.sqlite'}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture
def call(app: Flask) -> Call:
    """One request with a token of somebody's."""
    database: Database = app.extensions["portal"]["database"]

    def make(who: str, method: str, path: str, agreement: str = "", **sent: Any) -> TestResponse:
        token = sessions.issue_token(database, OPERATOR, f"{who}@portal.example")
        query = {"agreement": agreement} if agreement else {}
        headers = {"Authorization": f"Bearer {token}", **sent.pop("headers", {})}
        return app.test_client().open(path, method=method, headers=headers, query_string=query, **sent)

    return make


# --- the API ----------------------------------------------------------------------------------------------


def test_each_agreements_scorecard_is_there_for_everybody(app: Flask) -> None:
    for query, title in (
        ("", "Leicester Local Area Agreement 2008-11"),
        (f"?agreement={LEICESTER}", "Leicester Local Area Agreement 2008-11"),
        (f"?agreement={DERBY}", TITLE),
    ):
        answer = app.test_client().get(f"/api/v1/scorecard{query}")
        assert (answer.status_code, answer.json["agreement"], answer.json["edition"]) == (200, title, 1)


def test_a_return_goes_through_its_life_in_the_agreement_that_is_named(app: Flask, call: Call) -> None:
    sent = {"value": "1.11", "commentary": "Derby's own words"}
    assert call("police", "PUT", ONE, DERBY, json=sent).status_code == 200
    assert call("police", "GET", ONE).json["value"] is None  # Leicester's, the usual one
    assert call("police", "GET", ONE, DERBY).json["value"] == "1.11"
    assert call("police", "POST", f"{ONE}/submit", DERBY, json={}).status_code == 200
    assert call("team", "POST", f"{ONE}/verify", json={}).status_code == 404  # Leicester's is not even a draft
    assert call("team", "POST", f"{ONE}/verify", DERBY, json={}).status_code == 200
    database: Database = app.extensions["portal"]["database"]
    publish(database, at(person(database, "team"), DERBY), "2008-09-q3")
    public = app.test_client()
    assert "1.11" in public.get(f"/?agreement={DERBY}").text
    assert "1.11" not in public.get("/").text
    assert public.get("/api/v1/scorecard").json["edition"] == 1
    assert public.get(f"/api/v1/scorecard?agreement={DERBY}").json["edition"] == 2


def test_a_key_that_was_used_in_one_agreement_is_not_answered_in_another(call: Call) -> None:
    key = {"Idempotency-Key": "once"}
    for agreement in (DERBY, LEICESTER):
        assert call("police", "PUT", ONE, agreement, json={"value": "1.11", "commentary": "x"}).status_code == 200
    assert call("police", "POST", f"{ONE}/submit", DERBY, json={}, headers=key).json["state"] == "submitted"
    assert call("police", "POST", f"{ONE}/submit", LEICESTER, json={}, headers=key).status_code == 422
    assert call("police", "GET", ONE, LEICESTER).json["state"] == "draft"


def test_a_partner_in_one_alone_need_not_name_it(call: Call) -> None:
    found = call("dcc", "GET", "/api/v1/returns/2008-09-q3/ni-154")
    assert (found.status_code, found.json["lead"]) == (200, "dcc")
    assert call("lcc", "GET", "/api/v1/returns/2008-09-q3/ni-154").json["lead"] == "lcc"


def test_nobody_of_one_area_reads_the_others_drafts_by_naming_its_agreement(call: Call) -> None:
    assert call("dcc", "PUT", "/api/v1/returns/2008-09-q3/ni-154", json={"value": "1"}).status_code == 200
    for stranger in ("lcc", "nhs", "executive", "team"):
        assert call(stranger, "GET", "/api/v1/returns/2008-09-q3/ni-154", DERBY).status_code == 404
    assert call("dcc", "GET", "/api/v1/returns/2008-09-q3/ni-154", LEICESTER).status_code == 404


def test_themes_and_review_are_those_of_the_agreement_that_is_named(call: Call) -> None:
    theme = call("executive", "GET", "/api/v1/themes/safer", DERBY)
    assert sorted(i["code"] for i in theme.json["indicators"]) == ["NI 16", "NI 20"]
    review = call("executive", "GET", "/api/v1/annual-reviews/2008-09", DERBY)
    assert sum(review.json["counts"].values()) == 3
    assert sum(call("executive", "GET", "/api/v1/annual-reviews/2008-09").json["counts"].values()) == 35


@pytest.mark.parametrize("key", ["nowhere", EARLIER, "\x00", "\N{SNOWMAN}", "x" * 5000, f"{DERBY}/"])
def test_an_agreement_that_is_not_there_is_told(app: Flask, call: Call, key: str) -> None:
    for path in ("/", "/memorandum", "/memorandum/1", "/memorandum.csv", "/api/v1/scorecard"):
        assert app.test_client().get(path, query_string={"agreement": key}).status_code == 404
    assert call("team", "GET", ONE, key).status_code == 404


# --- the public pages -------------------------------------------------------------------------------------


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "html.parser")


def links(page: BeautifulSoup) -> set[str]:
    return {link["href"] for link in page.select("a[href]")}


@pytest.mark.parametrize("path", ["/", "/memorandum"])
def test_a_public_page_says_which_agreement_it_shows_and_leads_to_the_other(app: Flask, path: str) -> None:
    usual, derby = soup(app.test_client(), path), soup(app.test_client(), f"{path}?agreement={DERBY}")
    assert "Leicester Local Area Agreement 2008-11" in usual.select_one("main").get_text()
    assert TITLE in derby.select_one("main").get_text()
    assert "Leicester Local Area Agreement" not in derby.select_one("main").get_text()
    assert f"{path}?agreement={DERBY}" in links(usual)
    assert f"{path}?agreement={LEICESTER}" in links(derby)


def test_links_of_a_public_page_keep_its_agreement(app: Flask) -> None:
    page = soup(app.test_client(), f"/memorandum?agreement={DERBY}")
    own = [link for link in links(page) if link.startswith(("/memorandum", "/?")) and LEICESTER not in link]
    assert len(own) >= 3
    assert {link.partition("?")[2] for link in own} == {f"agreement={DERBY}"}
    assert f"/api/v1/scorecard?agreement={DERBY}" in links(soup(app.test_client(), f"/?agreement={DERBY}"))


def test_where_nothing_is_published_it_is_said_of_which_agreement(app: Flask, tmp_path: Path) -> None:
    database: Database = app.extensions["portal"]["database"]
    remove_editions(database)
    answer = app.test_client().get(f"/?agreement={DERBY}")
    assert "<h1>Nothing has been published yet</h1>" in answer.text
    assert f"its scorecard of the {TITLE} here" in answer.text


def test_what_somebody_chose_changes_no_public_page(app: Flask) -> None:
    """Caches keep them for everybody."""
    database: Database = app.extensions["portal"]["database"]
    police, client = person(database, "police"), app.test_client()
    token = sessions.begin(database, police)
    agreements.choose(database, police, token, DERBY)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    for path in ("/", "/memorandum", "/memorandum.csv"):
        assert client.get(path).data == app.test_client().get(path).data
