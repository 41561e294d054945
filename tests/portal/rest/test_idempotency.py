"""POST with an Idempotency-Key: the same request twice is done once and answered the same, through the whole app."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.audit import AuditEvent
from models.people import Person
from models.requests import KeyedRequest
from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.app import create_app
from portal.database import Database
from portal.errors import Invalid, Unavailable
from portal.rest.idempotency import key_of
from portal.services import requests, returns, review, sessions
from tests.conftest import settings

OPEN = "/api/v1/returns/2008-09-q3"
SCHOOLS, HOMES = f"{OPEN}/ni-59", f"{OPEN}/ni-154"  # both the council's
WHY = {"reason": "Is this right?"}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Api:
    """One app: `post` and `put` act with a token of a demonstration's account, or (None) without."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = app.extensions["portal"]["database"]
        self.tokens: dict[str | None, str] = {}

    def open(self, who: str | None, method: str, path: str, **sent: Any) -> TestResponse:
        headers = dict(sent.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.token(who)}"
        return self.app.test_client().open(path, method=method, headers=headers, **sent)

    def token(self, who: str) -> str:
        if who not in self.tokens:
            self.tokens[who] = sessions.issue_token(self.database, OPERATOR, f"{who}@portal.example")
        return self.tokens[who]

    def post(self, who: str | None, path: str, key: str | None, match: str | None = None, **sent: Any) -> TestResponse:
        given = {"Idempotency-Key": key, "If-Match": match, **sent.pop("headers", {})}
        return self.open(who, "POST", path, headers={name: v for name, v in given.items() if v is not None}, **sent)

    def saved(self, path: str = SCHOOLS, figure: str = "60") -> str:
        """Let the council keep a draft; answers its tag."""
        return self.open("lcc", "PUT", path, json={"value": figure}).headers["ETag"]

    def submitted(self, path: str = SCHOOLS) -> None:
        self.saved(path)
        assert self.post("lcc", f"{path}/submit", None).status_code == 200

    def audited(self, action: str) -> int:
        with self.database.read(OPERATOR) as session:
            return session.scalar(select(func.count()).where(AuditEvent.action == action)) or 0

    def keys(self) -> list[str]:
        with self.database.read(OPERATOR) as session:
            return list(session.scalars(select(KeyedRequest.key).order_by(KeyedRequest.key)))


@pytest.fixture
def api(app: Flask) -> Api:
    return Api(app)


def check_done(answer: TestResponse) -> None:
    assert answer.status_code == 200, answer.text
    assert "Idempotent-Replayed" not in answer.headers


def check_replayed(answer: TestResponse, first: TestResponse) -> None:
    """The same answer, and it says that it is one from before."""
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert (answer.status_code, answer.data) == (first.status_code, first.data)
    names = ("ETag", "Content-Type", "Cache-Control")
    assert [answer.headers[name] for name in names] == [first.headers[name] for name in names]


def check_problem(answer: TestResponse, status: int) -> None:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["detail"]
    assert "Idempotent-Replayed" not in answer.headers


# --- once -------------------------------------------------------------------------------------------------


def test_a_submit_sent_again_is_answered_again_and_done_once(database: Database) -> None:
    api = Api(create_app(settings(), database))
    tag = api.saved()
    first = api.post("lcc", f"{SCHOOLS}/submit", '"abc"', tag)
    check_done(first)
    for key in ('"abc"', "abc"):
        check_replayed(api.post("lcc", f"{SCHOOLS}/submit", key, tag), first)
    assert api.audited("return:submit") == 1


def moves(api: Api) -> list[tuple[str, dict[str, str] | None]]:
    """Every move of the API that is a POST, in an order in which each is possible, with its body."""
    rules = {r.rule.rpartition("/")[2] for r in api.app.url_map.iter_rules() if r.rule.startswith("/api/v1/returns/")}
    told = [("submit", None), ("query", WHY), ("submit", None), ("verify", None), ("reopen", WHY)]
    assert {move for move, _ in told} == rules - {"<measure>"}
    return told


def test_every_post_is_done_once_under_its_key(api: Api) -> None:
    api.saved()
    told: list[tuple[str, str, dict[str, str] | None, TestResponse]] = []
    for number, (move, body) in enumerate(moves(api)):
        if number == 2:
            api.saved(figure="61")
        who = "lcc" if move == "submit" else "team"
        first = api.post(who, f"{SCHOOLS}/{move}", f"key-{number}", json=body)
        check_done(first)
        told.append((who, move, body, first))
    before = {action: api.audited(f"return:{action}") for action in ("submit", "query", "verify", "reopen")}
    assert before == {"submit": 2, "query": 1, "verify": 1, "reopen": 1}
    for number, (who, move, body, first) in enumerate(told):  # long after the return has gone on
        check_replayed(api.post(who, f"{SCHOOLS}/{move}", f"key-{number}", json=body), first)
    assert before == {action: api.audited(f"return:{action}") for action in before}


def test_every_route_that_takes_a_post_is_one_that_answers_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever POST is added later is done once too: nothing has to be remembered where it is written."""
    asked = []
    monkeypatch.setattr(requests, "reserve", lambda *given: asked.append(given) or requests.Answer(200, None, "{}"))
    rules = [r for r in api.app.url_map.iter_rules() if r.endpoint.startswith("api.") and "POST" in (r.methods or ())]
    for rule in rules:
        path = rule.rule.replace("<period>", "2008-09-q3").replace("<measure>", "ni-59")
        api.post("lcc" if path.endswith("submit") else "team", path, "key")
    assert len(asked) == len(rules) >= 4


def test_without_a_key_nothing_is_kept(api: Api) -> None:
    api.saved()
    check_done(api.post("lcc", f"{SCHOOLS}/submit", None))
    check_problem(api.post("lcc", f"{SCHOOLS}/submit", None), 409)
    assert api.keys() == []


def test_a_key_means_nothing_to_what_is_idempotent_anyway(api: Api) -> None:
    headers = {"Idempotency-Key": "not a key"}
    assert api.open("lcc", "PUT", SCHOOLS, json={"value": "60"}, headers=headers).status_code == 200
    assert api.open("lcc", "GET", SCHOOLS, headers=headers).status_code == 200
    assert api.keys() == []


def test_an_answer_that_was_compressed_is_the_same_when_it_is_replayed(api: Api) -> None:
    api.open("lcc", "PUT", SCHOOLS, json={"value": "60", "commentary": "Enough words to be worth compressing. " * 30})
    headers = {"Accept-Encoding": "gzip"}
    first = api.post("lcc", f"{SCHOOLS}/submit", "key", headers=headers)
    assert first.headers["Content-Encoding"] == "gzip"
    again = api.post("lcc", f"{SCHOOLS}/submit", "key", headers=headers)
    assert (again.headers["Idempotent-Replayed"], again.headers["ETag"]) == ("true", first.headers["ETag"])
    plain = api.post("lcc", f"{SCHOOLS}/submit", "key")
    assert plain.json["state"] == "submitted"


# --- another request under the same key -------------------------------------------------------------------


def test_the_same_key_for_another_request_is_refused(api: Api) -> None:
    for path in (SCHOOLS, HOMES):
        api.submitted(path)
    first = api.post("team", f"{SCHOOLS}/query", "key", json=WHY)
    check_done(first)
    for path, match, body in (
        (f"{SCHOOLS}/query", None, {"reason": "Is that right?"}),
        (f"{SCHOOLS}/query?again=1", None, WHY),
        (f"{SCHOOLS}/query", "*", WHY),
        (f"{HOMES}/query", None, WHY),
        (f"{SCHOOLS}/verify", None, WHY),
    ):
        answer = api.post("team", path, "key", match, json=body)
        check_problem(answer, 422)
        assert [error["field"] for error in answer.json["errors"]] == ["Idempotency-Key"]
        assert "another request" in answer.json["detail"]
    assert (api.audited("return:query"), api.audited("return:verify")) == (1, 0)
    check_replayed(api.post("team", f"{SCHOOLS}/query", "key", json=WHY), first)


def test_two_persons_may_use_the_same_key(api: Api) -> None:
    api.submitted()
    check_done(api.post("team", f"{SCHOOLS}/query", "key", json=WHY))
    answer = api.post("team2", f"{SCHOOLS}/query", "key", json=WHY)
    check_problem(answer, 409)  # what the life of a return says, not the other's answer
    assert "Retry-After" not in answer.headers


def test_a_person_has_the_same_keys_with_every_token(api: Api) -> None:
    tag = api.saved()
    first = api.post("lcc", f"{SCHOOLS}/submit", "key", tag)
    api.tokens.clear()
    check_replayed(api.post("lcc", f"{SCHOOLS}/submit", "key", tag), first)


# --- at the same time -------------------------------------------------------------------------------------


def test_the_same_request_during_the_first_is_told_to_come_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile: list[TestResponse] = []
    submit = returns.submit

    def slow(*given: Any) -> Any:
        meanwhile.append(api.post("lcc", f"{SCHOOLS}/submit", "key"))
        return submit(*given)

    api.saved()
    monkeypatch.setattr(returns, "submit", slow)
    first = api.post("lcc", f"{SCHOOLS}/submit", "key")
    check_done(first)
    (answer,) = meanwhile
    check_problem(answer, 409)
    assert int(answer.headers["Retry-After"]) > 0
    check_replayed(api.post("lcc", f"{SCHOOLS}/submit", "key"), first)


@pytest.mark.parametrize("clients", [2, 8])
def test_the_same_request_from_many_at_once_is_done_once(database: Database, clients: int) -> None:
    api = Api(create_app(settings(), database))
    tag, barrier = api.saved(), Barrier(clients)

    def attempt(_: int) -> TestResponse:
        barrier.wait()
        return api.post("lcc", f"{SCHOOLS}/submit", "key", tag)

    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(attempt, range(clients)))
    done = [one for one in answers if one.status_code == 200 and "Idempotent-Replayed" not in one.headers]
    assert len(done) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert "Retry-After" in answer.headers
        elif answer is not done[0]:
            check_replayed(answer, done[0])
    assert api.audited("return:submit") == 1
    check_replayed(api.post("lcc", f"{SCHOOLS}/submit", "key", tag), done[0])


def test_a_request_whose_worker_died_is_done_by_a_try_a_minute_later(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise SystemExit  # what a server does to a worker that it stops

    api.saved()
    with monkeypatch.context() as patch, time_machine.travel(NOON, tick=False):
        patch.setattr(returns, "submit", die)
        with pytest.raises(SystemExit):
            api.post("lcc", f"{SCHOOLS}/submit", "key")
    with time_machine.travel(NOON + timedelta(seconds=59), tick=False):
        check_problem(api.post("lcc", f"{SCHOOLS}/submit", "key"), 409)
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        first = api.post("lcc", f"{SCHOOLS}/submit", "key")
        check_done(first)
        check_replayed(api.post("lcc", f"{SCHOOLS}/submit", "key"), first)
    assert api.audited("return:submit") == 1


def test_a_day_later_the_key_is_a_new_one(api: Api) -> None:
    with time_machine.travel(NOON, tick=False):
        api.submitted(HOMES)
        api.submitted()
        check_done(api.post("team", f"{SCHOOLS}/query", "key", json=WHY))
    with time_machine.travel(NOON + timedelta(hours=24, seconds=1), tick=False):
        check_done(api.post("team", f"{HOMES}/query", "key", json=WHY))
    assert api.keys() == ["key"]


# --- what is refused or fails -----------------------------------------------------------------------------


def test_a_refused_request_may_be_tried_again_under_its_key(database: Database) -> None:
    api = Api(create_app(settings(), database))
    check_problem(api.post("lcc", f"{SCHOOLS}/submit", "key"), 409)  # a rule: it was not begun
    assert api.keys() == []
    api.open("lcc", "PUT", SCHOOLS, json={"commentary": "no figure yet"})
    check_problem(api.post("lcc", f"{SCHOOLS}/submit", "key"), 422)
    assert api.keys() == []
    api.saved()
    first = api.post("lcc", f"{SCHOOLS}/submit", "key")
    check_done(first)
    check_replayed(api.post("lcc", f"{SCHOOLS}/submit", "key"), first)
    assert api.audited("return:submit") == 1


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        (f"{OPEN}/ni-999/submit", {}, 404),
        (f"{OPEN}/ni-16/submit", {}, 404),  # the police's
        (f"{SCHOOLS}/submit", {"match": '"no-such"'}, 412),
        (f"{SCHOOLS}/submit", {"json": {"x": "x" * 300_000}}, 413),
    ],
)
def test_whatever_refuses_frees_the_key(api: Api, path: str, sent: dict[str, Any], status: int) -> None:
    check_problem(api.post("lcc", path, "key", **sent), status)
    assert api.keys() == []


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("ours"), 500), (Unavailable(), 503)])
def test_a_request_that_failed_may_be_tried_again(
    api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: Any) -> None:
        raise error

    api.submitted()
    with monkeypatch.context() as patch:
        patch.setattr(review, "verify", fail)
        check_problem(api.post("team", f"{SCHOOLS}/verify", "key"), status)
    check_done(api.post("team", f"{SCHOOLS}/verify", "key"))


def test_what_went_wrong_is_told_even_when_the_key_cannot_be_freed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise Unavailable()

    monkeypatch.setattr(requests, "release", fail)
    check_problem(api.post("lcc", f"{SCHOOLS}/submit", "key"), 409)
    answer = api.post("lcc", f"{SCHOOLS}/submit", "key")
    assert "Retry-After" in answer.headers  # until it is taken over


def test_work_that_is_done_is_answered_as_done_even_when_the_answer_cannot_be_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise Unavailable()

    api.saved()
    monkeypatch.setattr(requests, "store", fail)
    answer = api.post("lcc", f"{SCHOOLS}/submit", "key")
    check_done(answer)
    assert answer.json["state"] == "submitted"
    assert "could not be kept" in caplog.text


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("admin", 403), ("executive", 403), ("lcc", 403)])
def test_whoever_may_not_do_it_reserves_no_key(
    api: Api, monkeypatch: pytest.MonkeyPatch, who: str | None, status: int
) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError("a key was reserved")

    monkeypatch.setattr(requests, "reserve", fail)
    for key in ("key", "not a key"):
        check_problem(api.post(who, f"{SCHOOLS}/verify", key), status)


def test_whoever_may_not_do_it_any_more_is_not_even_told_the_answer(api: Api) -> None:
    api.saved()
    check_done(api.post("lcc", f"{SCHOOLS}/submit", "key"))
    with api.database.write(OPERATOR) as session:
        one = session.scalars(select(Person).where(Person.email == "lcc@portal.example")).one()
        one.role = Role.CONTRIBUTOR
    check_problem(api.post("lcc", f"{SCHOOLS}/submit", "key"), 403)


# --- keys -------------------------------------------------------------------------------------------------

GOOD = {
    "a": "a",
    '"a"': "a",
    ' \t"a" ': "a",
    "8e03978e-40d5-43dd-bc93-6894a57f9324": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    '"8e03978e-40d5-43dd-bc93-6894a57f9324"': "8e03978e-40d5-43dd-bc93-6894a57f9324",
    "!~;,=\\": "!~;,=\\",
    r'"\"\\"': '"\\',
    "x" * 255: "x" * 255,
    f'"{"x" * 255}"': "x" * 255,
}
BAD = [
    *("", " ", '""', '"', '"a', '"a" b', '"a"b"', '"a";p=1', '"a", "b"', r'"\a"', '"a\\"', '" "'),
    *("a b", "a\tb", "\x7f", "\u00e9", '"\u00e9"', "a\u2003", "x" * 256, f'"{"x" * 256}"'),
]


@pytest.mark.parametrize(("header", "key"), GOOD.items())
def test_a_key_may_come_quoted_or_bare(header: str, key: str) -> None:
    assert key_of(header) == key


@pytest.mark.parametrize("header", BAD, ids=ascii)
def test_what_is_no_key_is_refused(header: str) -> None:
    with pytest.raises(Invalid, match="255 visible ASCII characters"):
        key_of(header)


@pytest.mark.parametrize("header", ["", '""', "a b", '"a', "\u00e9", "x" * 256])
def test_a_bad_key_is_a_problem_that_names_it_and_nothing_is_done(api: Api, header: str) -> None:
    api.saved()
    answer = api.post("lcc", f"{SCHOOLS}/submit", header)
    check_problem(answer, 422)
    assert [error["field"] for error in answer.json["errors"]] == ["Idempotency-Key"]
    assert (api.audited("return:submit"), api.keys()) == (0, [])
