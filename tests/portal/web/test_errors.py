"""The error table: one status for each kind of refusal, as a page for people and as a problem for programs."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, OperationalError
from werkzeug.exceptions import HTTPException, ImATeapot, ServiceUnavailable
from werkzeug.test import TestResponse

from models.returns import Return
from models.rules.broken import RuleBroken
from models.rules.terms import State
from models.scorecard import Edition
from portal import migrate
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PortalError,
    SignInRequired,
    TooLarge,
    TooMany,
    Unavailable,
)
from portal.rest.limits import LimitReached
from portal.rest.preconditions import StaleTag
from portal.services import returns, review
from portal.services.gate import gate
from portal.services.imports import NotLoaded
from portal.viewmodels.returns import Typed
from tests.conftest import TODAY, person, settings, sign_in
from tests.support import wire
from tests.support.publishing import prepare_anew

SENTENCE = "A <b>clear</b> sentence & what to do."

STATUSES: dict[type[Exception], int] = {
    SignInRequired: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    NotLoaded: 409,
    StaleTag: 412,
    TooLarge: 413,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
    migrate.NotMigrated: 503,
}
MADE = {NotLoaded: NotLoaded([]), Invalid: Invalid({"value": SENTENCE})}
MADE |= {kind: kind(SENTENCE, 300) for kind in (TooMany, LimitReached)}


def kinds(parent: type[PortalError]) -> set[type[PortalError]]:
    return {kind for child in parent.__subclasses__() for kind in {child} | kinds(child)}


def status_of(kind: type[PortalError]) -> int:
    """The status of a kind, or of the kind that it is a special case of."""
    return next(STATUSES[known] for known in kind.__mro__ if known in STATUSES)


def made(kind: type[PortalError]) -> PortalError:
    return MADE[kind] if kind in MADE else kind(SENTENCE)


KINDS = sorted(kinds(PortalError), key=lambda kind: kind.__name__)
RULES = RuleBroken.__subclasses__()


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal that nobody changes."""
    path = tmp_path_factory.mktemp("errors") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


class Falling:
    """Makes the same use case fail for a page, for the API and for a callback."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.patch = app, monkeypatch

    def page(self, error: Exception) -> TestResponse:
        self._let_fail("portal.services.scorecard.latest_scorecard", error)
        return self.app.test_client().get("/")

    def call(self, error: Exception) -> TestResponse:
        self._let_fail("portal.rest.scorecard.latest_scorecard", error)
        return self.app.test_client().get("/api/v1/scorecard")

    def callback(self, error: Exception) -> TestResponse:
        self._let_fail("portal.services.returns.keep_typed", error)
        typed = {"typing": {"form": "a", "number": 1}, "version": 1}
        return wire.post(self.app, sign_in(self.app, "police"), wire.body(self.app, "keep_typed", typed, {"return": 1}))

    def _let_fail(self, name: str, error: Exception) -> None:
        def fail(*_: object) -> None:
            raise error

        self.patch.setattr(name, fail)


@pytest.fixture
def falling(still: Flask, monkeypatch: pytest.MonkeyPatch) -> Falling:
    return Falling(still, monkeypatch)


def check_problem(answer: TestResponse, status: int) -> None:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["status"] == status
    assert answer.json["title"]


# --- refusals ---------------------------------------------------------------------------------------------


def test_every_kind_has_its_status() -> None:
    assert set(STATUSES) <= set(KINDS)
    assert {kind: kind.status for kind in KINDS} == {kind: status_of(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_a_problem_for_programs(falling: Falling, kind: type[PortalError]) -> None:
    error = made(kind)
    for answer in (falling.call(error), falling.callback(error)):
        check_problem(answer, status_of(kind))
        assert answer.json["detail"] == str(error)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not SignInRequired])
def test_each_kind_is_a_page_for_people(falling: Falling, kind: type[PortalError]) -> None:
    answer = falling.page(made(kind))
    assert (answer.status_code, answer.content_type) == (status_of(kind), "text/html; charset=utf-8")
    assert answer.text.count("<h1>") == 1
    assert "<b>clear" not in answer.text
    assert kind is NotLoaded or "A &lt;b&gt;clear&lt;/b&gt; sentence &amp; what to do." in answer.text


@pytest.mark.parametrize("kind", RULES)
def test_a_broken_rule_is_a_conflict_everywhere(falling: Falling, kind: type[RuleBroken]) -> None:
    error = kind("The rules say no.")
    check_problem(falling.call(error), 409)
    check_problem(falling.callback(error), 409)
    page = falling.page(error)
    assert page.status_code == 409
    assert "The rules say no." in page.text


def test_a_page_that_needs_an_account_leads_to_signing_in(falling: Falling) -> None:
    answer = falling.page(SignInRequired())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2F")


def test_a_program_is_never_sent_to_a_form(falling: Falling) -> None:
    for answer in (falling.call(SignInRequired()), falling.callback(SignInRequired())):
        check_problem(answer, 401)
        assert "Location" not in answer.headers


def test_the_api_says_how_to_sign_in(falling: Falling) -> None:
    assert falling.call(SignInRequired()).headers["WWW-Authenticate"].startswith("Bearer")


def test_wrong_fields_are_named_one_by_one(falling: Falling) -> None:
    answer = falling.call(Invalid({"value": "Not a figure.", "commentary": "Too long."}))
    assert answer.json["errors"] == [
        {"field": "value", "detail": "Not a figure."},
        {"field": "commentary", "detail": "Too long."},
    ]


def test_too_many_attempts_say_when_to_come_back(falling: Falling) -> None:
    error = TooMany("Wait five minutes.", 300)
    assert [falling.call(error).headers["Retry-After"], falling.page(error).headers["Retry-After"]] == ["300", "300"]


def test_a_busy_database_is_not_a_mistake(falling: Falling) -> None:
    answer = falling.page(Unavailable())
    assert answer.status_code == 503
    assert "Nothing was saved. Try again." in answer.text


# --- what the web itself refuses --------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ImATeapot("short and stout"), ServiceUnavailable("closed")])
def test_another_http_error_keeps_its_status_and_words(falling: Falling, error: HTTPException) -> None:
    answer = falling.call(error)
    check_problem(answer, error.code or 500)
    assert answer.json["detail"] == error.description


def test_a_method_that_there_is_not_says_which_there_are(still: Flask) -> None:
    answer = still.test_client().post("/healthz")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_forged_form_is_a_page_with_a_sentence(still: Flask) -> None:
    answer = still.test_client().post("/sign-in", data={"email": "x"})
    assert answer.status_code == 400
    assert "Nothing was saved. Open the page anew, and send it again." in answer.text
    assert "CSRF" not in answer.text


def test_a_forged_callback_is_a_problem(still: Flask) -> None:
    client = sign_in(still, "team")
    answer = client.post(wire.ADDRESS, json=wire.body(still, "close_period", {"close": 1}, {"period": "2008-09-q3"}))
    check_problem(answer, 400)


def test_a_body_that_is_too_large_is_refused(still: Flask) -> None:
    client = sign_in(still, "team")
    headers = {"X-CSRFToken": wire.token(still, client)}
    check_problem(client.post(wire.ADDRESS, json={"x": "x" * 300_000}, headers=headers), 413)
    assert still.test_client().post("/sign-in", data={"email": "x" * 300_000}).status_code == 413


# --- mistakes of ours -------------------------------------------------------------------------------------

SECRET = "the inside of the portal: SELECT password_hash FROM person"
MISTAKES = [
    RuntimeError(SECRET),
    KeyError(SECRET),
    OperationalError(SECRET, {}, Exception("no such table")),
    DatabaseError(SECRET, {}, Exception("malformed")),
]


@pytest.mark.parametrize("error", MISTAKES, ids=lambda error: type(error).__name__)
def test_a_mistake_of_ours_is_a_reference_and_no_more(
    falling: Falling, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    for answer in (falling.page(error), falling.call(error), falling.callback(error)):
        assert answer.status_code == 500
        assert "Nothing was saved" in answer.text
        for inside in ("inside", "SELECT", "Traceback", "File ", type(error).__name__):
            assert inside not in answer.text
        reference = answer.text.partition("this reference: ")[2][:8]
        assert len(reference) == 8
        assert f"mistake {reference} at" in caplog.text


def test_the_log_tells_what_happened(falling: Falling, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="portal"):
        falling.page(RuntimeError(SECRET))
    assert "RuntimeError" in caplog.text
    assert SECRET in caplog.text
    assert "GET /" in caplog.text


def test_two_mistakes_have_two_references(falling: Falling) -> None:
    pages = {falling.page(RuntimeError(SECRET)).text.partition("this reference: ")[2][:8] for _ in range(3)}
    assert len(pages) == 3


def test_a_mistake_undoes_what_was_begun(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    database: Database = app.extensions["portal"]["database"]
    lcc, team = person(database, "lcc"), sign_in(app, "team")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55"))
    returns.submit(database, lcc, number, None)
    review.verify(database, person(database, "team2"), number, None)
    prepare_anew(database)
    one = gate(database, person(database, "team")).prepared
    assert one is not None
    monkeypatch.setattr("portal.audit.record", fall_over)  # the very last thing of publishing
    values = {"gate-release": 1, "gate-number": one.id, "gate-version": one.version, "gate-at": ""}
    assert wire.post(app, team, wire.body(app, "release_publication", values)).status_code == 500
    with database.read(OPERATOR) as session:
        assert session.scalars(select(Edition.number)).all() == [1]
        assert session.get_one(Return, number).state is State.VERIFIED
