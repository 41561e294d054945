"""How often the API may be asked, and that its headers tell the truth about it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.people import ApiToken
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import Unavailable
from portal.rest.limits import MOST, Addresses, network
from portal.services import sessions
from tests.conftest import settings

START = datetime(2009, 1, 20, 9, 0, 15, tzinfo=UTC)
OWN = "/api/v1/returns?period=2008-09-q3"
EVERYBODYS = "/api/v1/editions"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock says, to be set: a test that took long would else come into the next minute."""
    said = [START]
    monkeypatch.setattr(Clock, "now", lambda _clock: said[0])
    return said


def app_of(database: Database, token: int = 3, public: int = 2, proxies: int = 0) -> Flask:
    limits = {"api_token_limit": token, "api_public_limit": public, "trusted_proxies": proxies}
    return create_app(settings().model_copy(update=limits), database)


def bearer(database: Database, who: str = "police") -> dict[str, str]:
    return {"Authorization": f"Bearer {sessions.issue_token(database, OPERATOR, f'{who}@portal.example')}"}


def left(answer: TestResponse) -> tuple[str, int, int, int]:
    """What the headers say: whose limit it is, how many, how many are left, and for how many seconds."""
    policy = re.fullmatch(r'"(\w+)";q=(\d+);w=60', answer.headers["RateLimit-Policy"])
    rest = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert policy is not None
    assert rest is not None
    assert policy[1] == rest[1]
    return policy[1], int(policy[2]), int(rest[2]), int(rest[3])


def test_a_token_may_ask_so_often_in_a_minute_whichever_process_answers(
    database: Database, now: list[datetime]
) -> None:
    one, other = app_of(database), app_of(database)
    headers = bearer(database)
    answers = [app.test_client().get(OWN, headers=headers) for app in (one, other, one, other)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [left(answer) for answer in answers] == [("token", 3, rest, 45) for rest in (2, 1, 0, 0)]
    refused = answers[-1]
    assert (refused.content_type, refused.headers["Retry-After"]) == ("application/problem+json", "45")
    assert refused.json["title"] == "Too many requests"
    assert "3 requests" in refused.json["detail"]
    assert one.test_client().get(OWN, headers=bearer(database)).status_code == 200  # another token of the same account
    now[0] = START + timedelta(seconds=45)
    again = other.test_client().get(OWN, headers=headers)
    assert (again.status_code, left(again)) == (200, ("token", 3, 2, 60))


def test_what_is_refused_for_its_number_does_nothing(sqlite_database: Database) -> None:
    client, headers = app_of(sqlite_database, token=1).test_client(), bearer(sqlite_database)
    path = "/api/v1/returns/2008-09-q3/ni-16"
    assert client.put(path, json={"value": "2.1"}, headers=headers).status_code == 200
    assert client.put(path, json={"value": "9.9"}, headers=headers).status_code == 429
    assert client.post(f"{path}/submit", headers={**headers, "Idempotency-Key": "once"}).status_code == 429
    found = app_of(sqlite_database).test_client().get(path, headers=bearer(sqlite_database)).json
    assert (found["value"], found["state"]) == ("2.1", "draft")


def test_everybody_else_is_counted_by_their_address(sqlite_database: Database, now: list[datetime]) -> None:
    client = app_of(sqlite_database).test_client()
    before = sqlite_database.commits
    answers = [client.get(EVERYBODYS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [left(answer) for answer in answers] == [("address", 2, rest, 45) for rest in (1, 0, 0)]
    elsewhere = client.get(EVERYBODYS, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert (elsewhere.status_code, left(elsewhere)[2]) == (200, 1)
    assert client.get(EVERYBODYS, headers=bearer(sqlite_database)).status_code == 200
    assert sqlite_database.commits == before + 2  # the token, and its use: nobody else's question was written down
    now[0] = START + timedelta(minutes=1)
    assert client.get(EVERYBODYS).status_code == 200


def test_guessing_tokens_and_addresses_counts_as_asking(sqlite_database: Database) -> None:
    client = app_of(sqlite_database).test_client()
    for path, headers, status in (
        (OWN, {"Authorization": "Bearer guessed"}, 401),
        ("/api/v1/nowhere", {}, 404),
        (OWN, {"Authorization": "Bearer guessed"}, 429),
        ("/api/nowhere", {}, 429),
        ("/api/v1/openapi.json", {}, 429),
    ):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, left(answer)[0]) == (status, "address")


def test_every_answer_says_what_is_left(sqlite_database: Database) -> None:
    client, headers = app_of(sqlite_database, 99, 99).test_client(), bearer(sqlite_database)
    tag = client.get(OWN, headers=headers).headers["ETag"]
    asked = [
        client.get(OWN, headers={**headers, "If-None-Match": tag}),
        client.head(OWN, headers=headers),
        client.get("/api/v1/annual-reviews/2008-09", headers=headers),
        client.get("/api/v1/returns", headers=headers),
        client.put("/api/v1/returns/2008-09-q3/ni-16", data="{", headers=headers),
        client.options(OWN),
        client.delete(OWN),
        client.open(OWN, method="BREW"),
        client.open("/api/v1/nowhere", method="BREW"),
    ]
    assert [answer.status_code for answer in asked] == [304, 200, 403, 422, 422, 200, 405, 405, 404]
    assert [left(answer)[2] for answer in asked] == [97, 96, 95, 94, 93, 98, 97, 96, 95]
    assert set(asked[-2].headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "RateLimit" not in client.get("/").headers


def test_behind_a_proxy_the_address_is_the_one_that_it_names(sqlite_database: Database) -> None:
    client = app_of(sqlite_database, public=1, proxies=1).test_client()
    for known, status in (("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.1", 429), ("198.51.100.7, 192.0.2.1", 429)):
        assert client.get(EVERYBODYS, headers={"X-Forwarded-For": known}).status_code == status


def test_while_nothing_can_be_written_reading_goes_on_and_nothing_untrue_is_said(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, headers = app_of(sqlite_database, token=1).test_client(), bearer(sqlite_database)

    def busy(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(sqlite_database, "write", busy)
    for _ in range(3):
        answer = client.get(OWN, headers=headers)
        assert (answer.status_code, answer.headers["RateLimit-Policy"]) == (200, '"token";q=1;w=60')
        assert "RateLimit" not in answer.headers


def test_when_a_token_was_used_last_is_noted(sqlite_database: Database, now: list[datetime]) -> None:
    client, headers = app_of(sqlite_database).test_client(), bearer(sqlite_database)
    for at in (START, START + timedelta(days=2)):
        now[0] = at
        client.get(OWN, headers=headers)
        with sqlite_database.read(OPERATOR) as session:
            assert session.scalars(select(ApiToken.last_used_at)).one() == at


def test_addresses_are_told_apart_as_far_as_there_is_room(sqlite_database: Database) -> None:
    counted = Addresses(sqlite_database, 10**6)
    assert [counted.count("192.0.2.1", 7), counted.count("192.0.2.2", 7), counted.count("192.0.2.1", 7)] == [1, 1, 2]
    assert counted.count("192.0.2.1", 8) == 1
    for number in range(MOST):
        counted.count(f"2001:db8:{number:x}::1", 9)
    assert [counted.count("192.0.2.1", 9), counted.count("192.0.2.2", 9)] == [1, 2]


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_of_version_6_stands_for_its_network(address: str, whom: str) -> None:
    assert network(address) == whom
