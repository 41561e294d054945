"""Who is behind a request: an opaque token in the cookie, a row in the database, and nothing else that is believed."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import base64_decode
from sqlalchemy import select, update

from models.people import Person, SignIn
from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.formats.passwords import digest
from portal.services import sessions
from portal.web import session as web_session
from tests.conftest import TODAY, person, settings, sign_in


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal for the tests that leave only sessions behind."""
    path = tmp_path_factory.mktemp("session") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def newest(database: Database) -> SignIn:
    with database.read(OPERATOR) as session:
        return session.scalars(select(SignIn).order_by(SignIn.id.desc()).limit(1)).one()


def with_token(app: Flask, token: object) -> FlaskClient:
    """A browser whose cookie, truly signed by the portal, names a session."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def inside(client: FlaskClient) -> str:
    """What anybody who holds the cookie can read in it."""
    cookie = client.get_cookie("portal_session")
    assert cookie is not None
    return base64_decode(cookie.value.split(".")[0]).decode()


def test_the_cookie_holds_an_opaque_token_and_nothing_of_the_person(still: Flask) -> None:
    client = sign_in(still, "police")
    client.get("/password")
    for private in ("police", "portal.example", "lead", "Constabulary", "role"):
        assert private not in inside(client)


def test_the_database_holds_only_the_tokens_digest(still: Flask) -> None:
    client = sign_in(still, "police")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = newest(database_of(still))
    assert row.token_hash == digest(token)
    with database_of(still).read(OPERATOR) as session:
        kept = [str(value) for one in session.execute(select(SignIn.__table__)) for value in one]
    assert token not in kept


def test_no_two_sessions_have_the_same_token(still: Flask) -> None:
    tokens = {sessions.begin(database_of(still), person(database_of(still), "police")) for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 40


@pytest.mark.parametrize("token", ["", "1", "police@portal.example", "no-such-token", "x" * 5000, "\x00", "é", None])
def test_a_token_that_the_portal_did_not_give_is_nobody(still: Flask, token: object) -> None:
    answer = with_token(still, token).get("/returns")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2Freturns")


def test_a_digest_out_of_the_database_is_no_token(still: Flask) -> None:
    sign_in(still, "police")
    assert with_token(still, newest(database_of(still)).token_hash).get("/returns").status_code == 302


@pytest.mark.parametrize("value", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb", "é", "a" * 3000])
def test_a_cookie_that_the_portal_did_not_sign_is_nobody(still: Flask, value: str) -> None:
    client = still.test_client()
    client.set_cookie("portal_session", value)
    assert client.get("/returns").status_code == 302
    assert client.get("/").status_code == 200


def test_a_cookie_signed_with_another_key_is_nobody(still: Flask) -> None:
    other = create_app(
        settings().model_copy(update={"secret_key": type(settings().secret_key)("z" * 40)}), database_of(still)
    )
    cookie = sign_in(other, "police").get_cookie("portal_session")
    assert cookie is not None
    client = still.test_client()
    client.set_cookie("portal_session", cookie.value)
    assert client.get("/returns").status_code == 302


def test_the_cookie_is_signed_with_sha_256(still: Flask) -> None:
    """256 bits are 43 letters; Flask's own way has 27."""
    cookie = sign_in(still, "police").get_cookie("portal_session")
    assert cookie is not None
    assert len(cookie.value.rpartition(".")[2]) == 43


@pytest.mark.parametrize("name", ["remember_token", "session", "portal_user", "user_id"])
def test_no_other_cookie_signs_anybody_in(still: Flask, name: str) -> None:
    token = sessions.begin(database_of(still), person(database_of(still), "police"))
    client = still.test_client()
    client.set_cookie(name, token)
    assert client.get("/returns").status_code == 302


@pytest.mark.parametrize("header", ["X-Forwarded-User", "Remote-User", "X-Remote-User", "Authorization", "Cookie2"])
def test_no_header_signs_anybody_in(still: Flask, header: str) -> None:
    token = sessions.begin(database_of(still), person(database_of(still), "police"))
    for value in ("police@portal.example", token, f"Bearer {token}"):
        assert still.test_client().get("/returns", headers={header: value}).status_code == 302


def test_an_api_token_is_no_session(still: Flask) -> None:
    token = sessions.issue_token(database_of(still), OPERATOR, "police@portal.example")
    assert with_token(still, token).get("/returns").status_code == 302


def test_a_session_is_no_api_token(still: Flask) -> None:
    token = sessions.begin(database_of(still), person(database_of(still), "police"))
    answer = still.test_client().get("/api/v1/returns?period=2008-09-q3", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_who_is_asking_is_the_rows_person_with_the_address_of_the_request(still: Flask) -> None:
    with sign_in(still, "police") as client:
        client.get("/password", environ_base={"REMOTE_ADDR": "192.0.2.44"})
        actor = web_session.current_actor()
    assert (actor.email, actor.role, actor.address) == ("police@portal.example", Role.LEAD, "192.0.2.44")
    assert not actor.operator


def test_without_a_session_it_is_the_public(still: Flask) -> None:
    with still.test_client() as client:
        client.get("/password")
        actor = web_session.current_actor()
    assert (actor.role, actor.person_id, actor.signed_in) == (None, None, False)


def test_a_new_browser_or_address_does_not_end_a_session(still: Flask) -> None:
    """People move between networks; what ends a session is its row."""
    client = sign_in(still, "police")
    for number, agent in enumerate(("one", "two")):
        answer = client.get(
            "/returns", headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
        )
        assert answer.status_code == 200


def test_a_change_of_role_counts_from_the_next_request_on(app: Flask) -> None:
    client = sign_in(app, "police")
    assert client.get("/people").status_code == 403
    with database_of(app).write(OPERATOR) as session:
        session.execute(update(Person).where(Person.email == "police@portal.example").values(role=Role.ADMIN))
    assert client.get("/people").status_code == 200
    assert client.get("/returns").status_code == 403


def test_reading_notes_that_a_session_lives_once_a_minute_and_no_more(
    still: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, database = sign_in(still, "police"), database_of(still)
    started = newest(database).last_seen_at
    client.get("/returns")
    assert newest(database).last_seen_at == started
    now = datetime.now(UTC) + timedelta(minutes=2)
    monkeypatch.setattr(Clock, "now", lambda _clock: now)
    client.get("/returns")
    assert newest(database).last_seen_at == now


def test_an_ended_row_never_lives_again(still: Flask) -> None:
    database = database_of(still)
    token = sessions.begin(database, person(database, "police"))
    live = sessions.who_is(database, token, "")
    assert live is not None
    sessions.sign_out(database, live.actor, token)
    ended = newest(database).ended_at
    sessions.sign_out(database, live.actor, token)
    assert newest(database).ended_at == ended
    assert sessions.who_is(database, token, "") is None


def test_every_answer_says_how_long_the_session_lasts(still: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(still, "police")
    assert 1795 <= int(client.get("/session").headers[web_session.ENDS_IN]) <= 1800
    late = datetime.now(UTC) + sessions.AT_MOST - timedelta(minutes=10)
    database = database_of(still)
    with database.write(OPERATOR) as session:
        session.execute(update(SignIn).values(last_seen_at=late - timedelta(minutes=1)))
    monkeypatch.setattr(Clock, "now", lambda _clock: late)
    assert (
        595 <= int(client.get("/session").headers[web_session.ENDS_IN]) <= 600
    )  # nothing lasts longer than twelve hours
    assert web_session.ENDS_IN not in still.test_client().get("/").headers
