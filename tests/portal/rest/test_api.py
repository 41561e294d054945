"""What every call to the API has in common: tokens, problem documents, methods, and that cookies mean nothing."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from models.audit import AuditEvent
from models.people import ApiToken, Person
from models.returns import Return
from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.app import LARGEST_BODY, create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import people, sessions
from tests.conftest import TODAY, settings, sign_in
from tests.support import wire

NEEDING = [
    ("GET", "/api/v1/returns?period=2008-09-q3"),
    ("GET", "/api/v1/returns/2008-09-q3/ni-16"),
    ("PUT", "/api/v1/returns/2008-09-q3/ni-16"),
    ("POST", "/api/v1/returns/2008-09-q3/ni-16/submit"),
    ("POST", "/api/v1/returns/2008-09-q3/ni-16/verify"),
    ("POST", "/api/v1/returns/2008-09-q3/ni-16/query"),
    ("GET", "/api/v1/themes/safer"),
    ("GET", "/api/v1/annual-reviews/2008-09"),
]
ONE = "/api/v1/returns/2008-09-q3/ni-16"


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal for the tests that only read, or are refused."""
    path = tmp_path_factory.mktemp("api") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


def token(app: Flask, who: str = "police") -> str:
    return sessions.issue_token(app.extensions["portal"]["database"], OPERATOR, f"{who}@portal.example")


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def check_problem(answer: TestResponse, status: int) -> None:
    """A problem document that says the same status as the answer, and nothing that could be kept."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]
    assert answer.headers["Cache-Control"] == "no-store"


def check_sign_in_required(answer: TestResponse) -> None:
    check_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


# --- tokens -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), NEEDING)
def test_without_a_token_nothing_private_is_answered(still: Flask, method: str, path: str) -> None:
    answer = still.test_client().open(path, method=method, json={} if method != "GET" else None)
    check_sign_in_required(answer)
    assert "Authorization: Bearer TOKEN" in answer.json["detail"]


@pytest.mark.parametrize(("method", "path"), NEEDING)
def test_without_a_token_a_wrong_body_is_not_even_looked_at(still: Flask, method: str, path: str) -> None:
    check_sign_in_required(still.test_client().open(path, method=method, data=b"{"))


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer no-such-token",
        "Bearer \u00fc",
        "Basic cG9saWNlOnBvbGljZQ==",
        "no-such-token",
        "Token x",
    ],
)
@pytest.mark.parametrize("path", [ONE, "/api/v1/scorecard"])
def test_a_header_that_names_no_token_is_refused_everywhere(still: Flask, path: str, header: str) -> None:
    check_sign_in_required(still.test_client().get(path, headers={"Authorization": header}))


def test_a_token_acts_as_its_person_and_no_further(still: Flask) -> None:
    client = still.test_client()
    assert client.get(ONE, headers=bearer(token(still))).status_code == 200
    check_problem(client.get(ONE, headers=bearer(token(still, "nhs"))), 404)
    check_problem(client.get(ONE, headers=bearer(token(still, "admin"))), 403)


def test_the_word_bearer_may_be_written_in_any_case(still: Flask) -> None:
    headers = {"Authorization": f"bearer {token(still)}"}
    assert still.test_client().get(ONE, headers=headers).status_code == 200


def test_a_token_in_the_address_is_not_a_token(still: Flask) -> None:
    given = token(still)
    check_sign_in_required(still.test_client().get(f"{ONE}?access_token={given}&token={given}"))


def test_an_expired_token_is_refused(app: Flask) -> None:
    headers, database = bearer(token(app)), app.extensions["portal"]["database"]
    assert app.test_client().get(ONE, headers=headers).status_code == 200
    with database.write(OPERATOR) as session:
        session.execute(update(ApiToken).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    check_sign_in_required(app.test_client().get(ONE, headers=headers))


def test_a_revoked_token_is_refused(app: Flask) -> None:
    headers, database = bearer(token(app)), app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(ApiToken).values(revoked_at=datetime.now(UTC)))
    check_sign_in_required(app.test_client().get(ONE, headers=headers))


def test_a_disabled_accounts_token_is_refused_at_once(app: Flask) -> None:
    headers, database = bearer(token(app)), app.extensions["portal"]["database"]
    people.set_disabled(database, OPERATOR, "police@portal.example", disabled=True)
    check_sign_in_required(app.test_client().get(ONE, headers=headers))
    check_sign_in_required(app.test_client().put(ONE, json={"value": "2"}, headers=headers))


def test_a_token_has_the_rights_that_its_person_has_now(app: Flask) -> None:
    headers, database = bearer(token(app)), app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        session.execute(update(Person).where(Person.email == "police@portal.example").values(role=Role.CONTRIBUTOR))
    assert app.test_client().put(ONE, json={"value": "2"}, headers=headers).status_code == 200
    check_problem(app.test_client().post(f"{ONE}/submit", headers=headers), 403)


# --- cookies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), NEEDING)
def test_a_signed_in_browser_is_nobody_to_the_api(
    app: Flask, client_of: Callable[[str | None], FlaskClient], method: str, path: str
) -> None:
    client, database = client_of("police"), app.extensions["portal"]["database"]
    headers = {"X-CSRFToken": wire.token(app, client)}
    check_sign_in_required(client.open(path, method=method, json={"value": "2"}, headers=headers))
    with database.read(OPERATOR) as session:
        assert session.scalar(select(func.max(Return.version)).where(Return.state == "draft")) is None


def test_a_token_counts_beside_a_cookie_of_somebody_else(app: Flask) -> None:
    client = sign_in(app, "nhs")
    assert client.get(ONE, headers=bearer(token(app))).json["lead"] == "police"


def test_the_api_sets_no_cookie(still: Flask) -> None:
    client = still.test_client()
    for headers in ({}, bearer(token(still)), bearer("no-such-token")):
        for path in (ONE, "/api/v1/scorecard", "/api/v1/no-such"):
            assert "Set-Cookie" not in client.get(path, headers=headers).headers


def test_a_write_with_a_token_needs_no_form_token(app: Flask) -> None:
    assert app.test_client().put(ONE, json={"value": "2"}, headers=bearer(token(app))).status_code == 200


# --- addresses and methods --------------------------------------------------------------------------------

UNKNOWN = ("/api/", "/api/v1", "/api/v1/", "/api/v2/scorecard", "/api/v1/no-such", "/api/v1/returns/a/b/c/d")


@pytest.mark.parametrize("path", [*UNKNOWN, "/api"])
def test_an_unknown_address_is_a_problem_document(still: Flask, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        check_problem(still.test_client().open(path, method=method), 404)


def test_an_unknown_address_is_one_for_a_signed_in_browser_too(
    client_of: Callable[[str | None], FlaskClient],
) -> None:
    check_problem(client_of("police").get("/api/v1/no-such"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", ONE, {"GET", "PUT"}),
        ("POST", ONE, {"GET", "PUT"}),
        ("PATCH", ONE, {"GET", "PUT"}),
        ("GET", f"{ONE}/submit", {"POST"}),
        ("PUT", f"{ONE}/verify", {"POST"}),
        ("DELETE", f"{ONE}/query", {"POST"}),
        ("POST", "/api/v1/returns", {"GET"}),
        ("PUT", "/api/v1/scorecard", {"GET"}),
        ("POST", "/api/v1/scorecard", {"GET"}),
        ("DELETE", "/api/v1/themes/safer", {"GET"}),
        ("POST", "/api/v1/annual-reviews/2008-09", {"GET"}),
    ],
)
def test_another_method_is_refused_with_those_that_there_are(
    still: Flask, method: str, path: str, allowed: set[str]
) -> None:
    answer = still.test_client().open(path, method=method, headers=bearer(token(still)))
    check_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed


def test_a_mistake_of_ours_is_a_problem_document_too(still: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object) -> None:
        raise RuntimeError("the inside of the portal")

    monkeypatch.setattr("portal.rest.scorecard.latest_scorecard", fall_over)
    answer = still.test_client().get("/api/v1/scorecard")
    check_problem(answer, 500)
    assert "Nothing was saved" in answer.json["detail"]
    assert "inside" not in answer.text


def test_a_refused_call_leaves_no_trace(still: Flask) -> None:
    database, headers = still.extensions["portal"]["database"], bearer(token(still, "nhs"))

    def trail() -> int:
        with database.read(OPERATOR) as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0

    before = trail()
    for method, path in NEEDING[1:6]:
        assert still.test_client().open(path, method=method, json={}, headers=headers).status_code >= 400
    assert trail() == before


def test_a_body_in_chunks_that_is_too_large_is_refused_and_not_cut_off(still: Flask) -> None:
    """Werkzeug would take what comes before its limit for the whole."""
    client, headers = still.test_client(), bearer(token(still)) | {"Transfer-Encoding": "chunked"}
    before = client.get(ONE, headers=headers).json

    def put(after: bytes) -> int:
        body = BytesIO(b'{"value": "44"}' + after)
        chunks = {"wsgi.input_terminated": True}
        return client.put(ONE, input_stream=body, headers=headers, environ_overrides=chunks).status_code

    assert put(b" " * LARGEST_BODY + b"and more") == 413
    assert client.get(ONE, headers=headers).json == before
    keyed = {**headers, "Idempotency-Key": "cut"}
    body = BytesIO(b"{}" + b" " * LARGEST_BODY)
    answer = client.post(
        f"{ONE}/submit", input_stream=body, headers=keyed, environ_overrides={"wsgi.input_terminated": True}
    )
    assert answer.status_code == 413
