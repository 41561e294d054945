"""Every request has an id, in its answer and in the log; and nothing that the log says names a person or tells a figure."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from portal import logs
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from portal.services import sessions
from portal.web import refusals
from portal.web.requests import HEADER
from tests.conftest import PASSWORD, person, settings, sign_in
from tests.support import canaries, tour, wire

OURS = re.compile(r"[0-9a-f]{32}")
PROXYS = "Root=1-67891233-abcdef012345678912345678"
STRANGE = (
    "short",
    "x" * 101,
    "with a space in it",
    "ann@portal.example",
    "new\tline-00000",
    "ünïcode-000000",
    "-leading-dash",
)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """Every line of the log until now, as programs read it."""
    root, mine = logging.getLogger(), logging.getLogger("portal")
    before, level, own = root.handlers[:], root.level, mine.level
    screen = io.StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=screen))
    logs.begin("json")
    yield lambda: [json.loads(line) for line in screen.getvalue().splitlines()]
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    mine.setLevel(own)


def id_of(app: Flask, given: str = "") -> str:
    return app.test_client().get("/healthz", headers={HEADER: given} if given else {}).headers[HEADER]


def test_every_answer_has_an_id_of_its_own(app: Flask) -> None:
    client = app.test_client()
    found = [
        client.get(path).headers.getlist(HEADER) for path in ("/", "/", "/no-such", "/assets/portal.css", "/api/v1/x")
    ]
    assert all(len(one) == 1 and OURS.fullmatch(one[0]) for one in found)
    assert len({one[0] for one in found}) == len(found)


def test_without_a_proxy_that_is_trusted_no_id_is_taken_over(app: Flask) -> None:
    assert OURS.fullmatch(id_of(app, PROXYS))


def test_a_trusted_proxys_id_is_taken_over_if_it_is_well_formed(sqlite_database: Database) -> None:
    app = create_app(settings().model_copy(update={"trusted_proxies": 1}), sqlite_database)
    assert id_of(app, PROXYS) == PROXYS
    for strange in STRANGE:
        assert OURS.fullmatch(id_of(app, strange)), strange
    assert OURS.fullmatch(id_of(app))


def test_a_request_is_one_line_by_its_rule(app: Flask, lines: Callable[[], list[dict[str, object]]]) -> None:
    answer = sign_in(app, "police").get("/returns/29?secret=canary")
    (line,) = [line for line in lines() if line["logger"] == "portal.request"]
    assert line["request"] == answer.headers[HEADER]
    assert (line["method"], line["rule"], line["status"]) == ("GET", "/returns/<int:return_id>", answer.status_code)
    assert line["role"] == "lead"
    assert isinstance(line["ms"], float)
    assert isinstance(line["statements"], int)
    assert line["statements"] > 3
    assert 0 < line["database_ms"] < line["ms"]


def test_a_callback_is_named_and_a_program_has_its_accounts_role(
    app: Flask, lines: Callable[[], list[dict[str, object]]]
) -> None:
    client = sign_in(app, "police")
    page = wire.body(app, "open_page", {"address.pathname": "/returns", "address.search": ""})
    assert wire.post(app, client, page).status_code == 200
    token = sessions.issue_token(app.extensions["portal"]["database"], OPERATOR, "team@portal.example")
    app.test_client().get("/api/v1/returns?period=2008-09-q2", headers={"Authorization": f"Bearer {token}"})
    app.test_client().open("/", method="CANARY")
    *_, callback, program, odd = [line for line in lines() if line["logger"] == "portal.request"]
    assert (callback["rule"], callback["door"], callback["role"]) == (wire.ADDRESS, "open_page", "lead")
    assert (program["rule"], program["role"]) == ("/api/v1/returns", "team")
    assert (odd["method"], odd["status"]) == ("other", 405)


def test_refusals_and_mistakes_have_the_requests_id(
    app: Flask, lines: Callable[[], list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals._told.clear()

    def fail(*_: object) -> None:
        raise RuntimeError("canary")

    refused = sign_in(app, "police").get("/people").headers[HEADER]
    monkeypatch.setattr("portal.rest.scorecard.latest_scorecard", fail)
    answer = app.test_client().get("/api/v1/scorecard?canary=1")
    by = {line["logger"]: line for line in lines() if line["logger"] != "portal.request"}
    assert by["portal.refused"]["request"] == refused
    assert by["portal"]["request"] == answer.headers[HEADER]
    assert str(by["portal"]["message"]).endswith(" at GET /api/v1/scorecard")
    reference = answer.json["detail"].partition("this reference: ")[2][:8]
    assert reference in str(by["portal"]["message"])
    assert "canary" not in json.dumps(lines())


def test_nothing_that_is_logged_on_a_tour_names_a_person_or_tells_what_is_not_public(
    sqlite_database: Database, lines: Callable[[], list[dict[str, object]]]
) -> None:
    """Every page as a partner and the team open it, or are refused, callbacks, the API and forms, in a world with a
    canary in everything that is private."""
    refusals._told.clear()
    canaries.fill(sqlite_database)
    app = create_app(settings(), sqlite_database)
    hidden = [PASSWORD, "canary", "portal.example", "203.0.113.9"]
    for key in ("police", "team"):
        client, actor = sign_in(app, key), person(sqlite_database, key)
        with client.session_transaction() as cookie:
            hidden += [cookie["_user_id"], actor.name]
        for rule in app.extensions["portal"]["pages"].pages:
            address = rule.replace(tour.RETURN, "3")
            for name, value in tour.VALUES.items():
                address = address.replace(name, value)
            if key == "team":
                client.get(f"{address}?text=canary-typed", environ_base={"REMOTE_ADDR": "203.0.113.9"})
                continue
            there = {"address.pathname": address, "address.search": "?text=canary-typed"}
            wire.post(app, client, wire.body(app, "open_page", there))
        token = sessions.issue_token(sqlite_database, OPERATOR, actor.email)
        hidden.append(token)
        bearer = {"Authorization": f"Bearer {token}"}
        for path in (
            "returns?period=2008-09-q3",
            "returns/2008-09-q3/ni-16",
            "themes/safer",
            "changes",
            "nothing/canary",
        ):
            app.test_client().get(f"/api/v1/{path}", headers=bearer)
        app.test_client().put(
            "/api/v1/returns/2008-09-q3/ni-16", headers=bearer, json={"commentary": "canary", "value": "x"}
        )
        typed = {"typing": {"form": "a", "number": 1}, "version": 1, "value": canaries.FIGURES["the figure of a draft"]}
        wire.post(app, client, wire.body(app, "keep_typed", typed, {"return": 1}))
    browser = app.test_client()
    form = browser.get("/sign-in?next=/people/canary").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert csrf
    sent = {"csrf_token": csrf[1], "email": "police@portal.example", "password": "canary password"}
    assert browser.post("/sign-in", data=sent, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 401
    assert browser.post("/sign-in", data=sent | {"password": PASSWORD}).status_code == 303

    found = lines()
    assert len(found) > 80
    assert {line["logger"] for line in found} >= {"portal.request", "portal.refused"}
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in found)
    assert [one for one in hidden if one in text] == []
    assert canaries.found_in(text) == []
