"""What signed-in people are refused is in the log, once a minute for each of them and each door, and without names."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.actor import OPERATOR
from portal.database import Database
from portal.services import returns, sessions
from portal.web import refusals
from tests.conftest import person, sign_in
from tests.support import wire


@pytest.fixture(autouse=True)
def forgotten() -> None:
    refusals._told.clear()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was written until now."""
    return lambda: [record.getMessage() for record in caplog.records if record.name == "portal.refused"]


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def test_a_door_that_is_not_ones_own_is_noted(app: Flask, lines: Callable[[], list[str]]) -> None:
    number = person(database_of(app), "police").person_id
    client = sign_in(app, "police")
    assert client.get("/people").status_code == 403
    assert lines() == [f"account={number} role=lead door=page:/people status=403 since=0"]


def test_a_return_that_is_not_ones_own_is_noted_and_one_that_is_not_there_is_not(
    app: Flask, lines: Callable[[], list[str]]
) -> None:
    database = database_of(app)
    foreign = returns.find_return(database, person(database, "nhs"), "2008-09-q3", "NI 126")
    number, client = person(database, "police").person_id, sign_in(app, "police")
    assert client.get("/returns/999999").status_code == 404
    assert lines() == []
    assert client.get(f"/returns/{foreign}").status_code == 404
    assert lines() == [f"account={number} role=lead door=page:/returns/<int:return_id> status=404 since=0"]


def test_callbacks_and_the_api_are_noted_by_their_doors(app: Flask, lines: Callable[[], list[str]]) -> None:
    database = database_of(app)
    number, client = person(database, "police").person_id, sign_in(app, "police")
    sent = wire.body(app, "disable_account", {}, {"person": "nhs@portal.example"})
    assert wire.post(app, client, sent).status_code == 403
    token = sessions.issue_token(database, OPERATOR, "police@portal.example")
    asked = app.test_client().get("/api/v1/returns/2008-09-q3/ni-126", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 404
    page = wire.body(app, "open_page", {"address.pathname": "/people", "address.search": ""})
    assert wire.post(app, client, page).status_code == 200
    assert lines() == [
        f"account={number} role=lead door=disable_account status=403 since=0",
        f"account={number} role=lead door=api.read_return status=404 since=0",
        f"account={number} role=lead door=open_page status=403 since=0",
    ]


def test_the_same_is_written_once_a_minute_and_counted(
    app: Flask, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now)
    number, client = person(database_of(app), "police").person_id, sign_in(app, "police")
    for _ in range(5):
        client.get("/people")
    first = f"account={number} role=lead door=page:/people status=403 since=0"
    assert lines() == [first]
    now += 61
    client.get("/people")
    assert lines() == [first, first.replace("since=0", "since=4")]


def test_the_public_and_mistakes_in_addresses_are_not_noted(app: Flask, lines: Callable[[], list[str]]) -> None:
    app.test_client().get("/people")
    app.test_client().get("/editions/99")
    sign_in(app, "police").get("/editions/99")
    assert lines() == []
