"""Where somebody is signed in: seeing it, ending one session, and signing out everywhere."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.people import SignIn
from portal.actor import OPERATOR
from portal.database import Database
from portal.services import sessions
from tests.conftest import person, sign_in


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def end(client: FlaskClient, number: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sessions").text)
    assert found
    return client.post("/sessions", data={"csrf_token": found[1], "number": number})


def lives(client: FlaskClient) -> bool:
    return client.get("/session").status_code == 204


def numbers(client: FlaskClient) -> list[str]:
    return re.findall(r'name="number" value="(\d+)"', client.get("/sessions").text)


def test_everybody_sees_their_own_sessions_and_ends_any(app: Flask) -> None:
    here, there, others = sign_in(app, "police"), sign_in(app, "police"), sign_in(app, "nhs")
    page = here.get("/sessions").text
    assert (page.count('<tr><th scope="row">'), page.count("This one"), page.count("from 127.0.0.1")) == (2, 1, 2)
    (other,) = numbers(here)  # one's own is ended by signing out
    (foreign,) = numbers(sign_in(app, "nhs"))
    assert end(here, foreign).status_code == 404
    for nothing in ("", "0", "-1", "x", "٣", "9" * 30):
        assert end(here, nothing).status_code == 404
    assert (lives(here), lives(there), lives(others)) == (True, True, True)
    assert end(here, other).location == "/sessions"
    assert (lives(here), lives(there), lives(others)) == (True, False, True)
    assert end(here, other).status_code == 404  # it has ended already
    assert numbers(here) == []


def test_signing_out_everywhere_ends_this_one_too_and_no_programs(app: Flask) -> None:
    database = database_of(app)
    token = sessions.issue_token(database, OPERATOR, "police@portal.example")
    here, there, others = sign_in(app, "police"), sign_in(app, "police"), sign_in(app, "nhs")
    assert here.post("/sessions", data={"number": "all"}).status_code == 400  # not without the form's own token
    assert end(here, "all").location == "/sign-in"
    assert (lives(here), lives(there), lives(others)) == (False, False, True)
    assert sessions.who_holds(database, token, "").email == "police@portal.example"


def test_where_a_session_began_is_kept_on_both_databases(database: Database) -> None:
    police = person(database, "police")
    tokens = [sessions.begin(database, police) for _ in range(3)]
    listed = sessions.own_sessions(database, police, tokens[1])
    assert [(one.here, one.address, one.factor) for one in listed] == [
        (True, "127.0.0.1", False),
        (False, "127.0.0.1", False),
        (False, "127.0.0.1", False),
    ]
    sessions.end_own(database, police, listed[1].id)
    assert {one.id for one in sessions.own_sessions(database, police, "")} == {listed[0].id, listed[2].id}
    assert sessions.end_all(database, person(database, "admin"), police.email) == 2
    assert [sessions.who_is(database, token, "") for token in tokens] == [None] * 3
    with database.read(OPERATOR) as session:
        assert all(row.ended_at for row in session.scalars(select(SignIn).where(SignIn.person_id == police.person_id)))
