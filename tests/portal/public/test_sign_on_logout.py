"""Signing out after signing on: here, there, and when the organisation itself says that somebody has."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from models.audit import AuditEvent
from models.people import SignIn, SignInAttempt
from models.sign_on import SignOnSubject
from portal import issuers
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import sign_on_providers
from tests.conftest import TODAY
from tests.conftest import sign_in as by_hand
from tests.support.issuer import LOGOUT_EVENT, Issuer, honest, issuing
from tests.support.signing_on import BASE, provide, said, sign_on, signed_in, with_address

LOGOUT = "/sign-on/police/logout"


@pytest.fixture(scope="module")
def there() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory, there: Issuer) -> Iterator[Flask]:
    path = tmp_path_factory.mktemp("sign-on-logout") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    provide(database, there)
    yield create_app(with_address(), database)
    database.dispose()


@pytest.fixture(autouse=True)
def base(still: Flask, there: Issuer, monkeypatch: pytest.MonkeyPatch) -> Database:
    honest(there)
    monkeypatch.setattr(issuers, "KEPT", 0.0)
    monkeypatch.setattr(issuers, "PATIENCE", -1.0)
    database: Database = still.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(delete(SignInAttempt))
        session.execute(delete(SignOnSubject))
    return database


def living(database: Database) -> int:
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))) or 0


def last(database: Database) -> AuditEvent:
    with database.read(OPERATOR) as session:
        return session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()


def test_signing_out_ends_the_session_here_and_offers_to_end_it_there(still: Flask, there: Issuer) -> None:
    client = still.test_client()
    sign_on(client)
    token = client.get("/sign-out").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-on/police/left")
    assert not signed_in(client)
    page = client.get("/sign-on/police/left").text
    link = page.partition('href="' + there.url)[2].partition('"')[0].replace("&amp;", "&")
    assert link.startswith("/end-session?")
    assert said(link) == {"client_id": "portal-client", "post_logout_redirect_uri": f"{BASE}/"}
    there.document = lambda held: {name: value for name, value in held.items() if name != "end_session_endpoint"}
    assert there.url not in client.get("/sign-on/police/left").text
    there.trouble["/jwks"] = "error"  # a provider that is silent keeps nobody from having signed out
    assert client.get("/sign-on/police/left").status_code == 200


def test_who_came_with_a_password_is_led_to_no_sign_on(still: Flask) -> None:
    client = by_hand(still, "police")
    token = client.get("/sign-out").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/sign-out", data={"csrf_token": token}).headers["Location"] == "/"


def test_when_somebody_signs_out_there_their_sessions_that_began_there_end(
    still: Flask, there: Issuer, base: Database
) -> None:
    client, password = still.test_client(), by_hand(still, "police")
    sign_on(client)
    answer = still.test_client().post(LOGOUT, data={"logout_token": there.logout_token(sid=None)})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not signed_in(client)
    assert signed_in(password)  # which the organisation never began
    event = last(base)
    assert (event.action, event.subject) == ("session:end", "sign-on police")
    assert event.after == '{"sessions":1,"way":"sign-on of police"}'


def test_one_session_ends_by_its_name_and_another_does_not(still: Flask, there: Issuer) -> None:
    client, other = still.test_client(), still.test_client()
    sign_on(client)
    there.person["sid"] = "sid-2"
    sign_on(other)
    answer = still.test_client().post(LOGOUT, data={"logout_token": there.logout_token(sub=None)})
    assert answer.status_code == 200
    assert (signed_in(client), signed_in(other)) == (False, True)


def test_a_token_that_comes_again_ends_nothing_that_began_since(still: Flask, there: Issuer) -> None:
    client = still.test_client()
    sign_on(client)
    old = there.logout_token(iat=int(time.time()) - 120)
    assert still.test_client().post(LOGOUT, data={"logout_token": old}).status_code == 200
    assert signed_in(client)


TOKENS: dict[str, dict[str, Any]] = {
    "of another issuer": {"iss": "https://login.evil.example"},
    "for another audience": {"aud": "another-client"},
    "expired": {"exp": 1},
    "made long ago": {"iat": 1},
    "without an end": {"exp": None},
    "without a number": {"jti": None},
    "with a nonce, as ID tokens have one": {"nonce": "x"},
    "without events": {"events": None},
    "of another event": {"events": {"https://x.example": {}}},
    "of an event that is no object": {"events": {LOGOUT_EVENT: "x"}},
    "of nobody": {"sub": None, "sid": None},
    "of what is no name": {"sub": 7},
}


@pytest.mark.parametrize("name", [*TOKENS, "an ID token", "no token", "signed by somebody else"])
def test_a_logout_token_that_is_not_to_be_believed_ends_nothing(
    still: Flask, there: Issuer, base: Database, name: str
) -> None:
    client = still.test_client()
    sign_on(client)
    before, number = living(base), last(base).number
    token = "x" if name == "no token" else there.id_token("n") if name == "an ID token" else ""
    if name == "signed by somebody else":
        token, _ = there.logout_token(), there.turn()
    token = token or there.logout_token(**TOKENS[name])
    answer = still.test_client().post(LOGOUT, data={"logout_token": token})
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert signed_in(client)
    assert living(base) == before
    event = last(base)
    assert (event.number, event.action, event.subject) == (number + 1, "session:refuse", "sign-on police")
    assert event.reason.startswith("sign-on of police: logout token: ")


def test_turned_off_a_sign_on_has_ended_what_it_began_and_is_no_way_in(
    still: Flask, there: Issuer, base: Database
) -> None:
    client, password = still.test_client(), by_hand(still, "police")
    sign_on(client)
    sign_on_providers.set_enabled(base, OPERATOR, "police", "Its key was stolen.", enabled=False)
    try:
        assert (signed_in(client), signed_in(password)) == (False, True)
        fresh = still.test_client()
        assert fresh.get("/sign-on/police/back?state=x&code=y").status_code == 404
        assert fresh.post(LOGOUT, data={"logout_token": there.logout_token()}).status_code == 404
        assert fresh.get("/sign-on/police/left").headers["Location"] == "/"
        assert "/sign-on" not in fresh.get("/sign-in").text
    finally:
        sign_on_providers.set_enabled(base, OPERATOR, "police", "It has a new one.", enabled=True)
    assert '<a href="/sign-on">' in still.test_client().get("/sign-in").text


@pytest.mark.parametrize("key", ["nobody", "%00", "x" * 200])
def test_an_organisation_without_a_sign_on_has_no_such_addresses(still: Flask, key: str) -> None:
    client = still.test_client()
    assert client.get(f"/sign-on/{key}/back?state=x").status_code == 404
    assert client.post(f"/sign-on/{key}/logout", data={"logout_token": "x"}).status_code == 404
