"""Returns through the API: the contract's words, figures as text, versions by ETag, and whose return it is."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.base import Base
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import periods, returns, sessions
from tests.conftest import TODAY, person, settings

PUBLISHED, OPEN = "/returns/2008-09-q2", "/returns/2008-09-q3"
BURGLARY, PLACEHOLDER = f"{OPEN}/ni-16", f"{OPEN}/ni-32"
SCHOOLS = f"{OPEN}/ni-59"  # the council's, a percentage
NOBODYS = f"{OPEN}/ni-27"  # led by nobody, so the partnership team returns it

ASK = {"reason": "Is this right?"}
KEYS = {
    *("measure", "indicator", "period", "state", "revision", "version", "value", "no_value_reason", "milestone"),
    *("unit", "rating", "rating_by_rule", "override_reason", "no_rating_reason", "forecast_value"),
    *("forecast_rating", "commentary", "lead", "numerator", "denominator", "interval", "year_value"),
    *("evidence_strength", "direction", "direction_basis", "proposed_rating", "proposed_reason", "judgement_accepted"),
}


class Api:
    """The API of one app: a call is one request, with a token of a demonstration's account or (None) without."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = app.extensions["portal"]["database"]
        self.tokens: dict[str, str] = {}

    def __call__(self, who: str | None, method: str, path: str, **sent: Any) -> TestResponse:
        headers = dict(sent.pop("headers", {}))
        if who is not None:
            if who not in self.tokens:
                self.tokens[who] = sessions.issue_token(self.database, OPERATOR, f"{who}@portal.example")
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)

    def held(self) -> dict[str, list[Any]]:
        """All that the database holds, save the tokens that these tests issue themselves."""
        ours = ("api_token", "audit_head")
        with self.database.read(OPERATOR) as session:
            held = {t.name: session.execute(select(t)).all() for t in Base.metadata.sorted_tables if t.name not in ours}
        held["audit_event"] = [event for event in held["audit_event"] if event.action != "token:issue"]
        return held


@pytest.fixture
def call(app: Flask) -> Api:
    return Api(app)


@pytest.fixture(scope="module")
def still(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One portal for all the tests that only read, or are refused."""
    path = tmp_path_factory.mktemp("still") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield Api(create_app(settings(), database))
    database.dispose()


def fields(answer: TestResponse) -> set[str]:
    """The fields that a 422 names."""
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    assert all(set(error) == {"field", "detail"} and error["detail"] for error in answer.json["errors"])
    return {error["field"] for error in answer.json["errors"]}


def problem(answer: TestResponse) -> int:
    """The status of a problem document that says the same status itself."""
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert answer.json["status"] == answer.status_code
    assert answer.json["detail"]
    return answer.status_code


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        (b'{"valu": "2.4"}', "valu", "There is no such member; there is: value, no_value_reason, "),
        (b'{"value": 2.4}', "value", "Write this as text, in quotation marks."),
        (b"[]", "body", "Send a JSON object."),
        (b'{"value": ', "body", "This is not JSON: it cannot be read at line 1 column 10."),
        (b"\xff", "body", "This is not JSON: it cannot be read at line 1 column 1."),
    ],
)
def test_a_body_that_will_not_do_is_refused_in_words_of_ours(still: Api, body: bytes, field: str, said: str) -> None:
    answer = still("police", "PUT", "/returns/2008-09-q3/ni-16", data=body)
    assert fields(answer) == {field}
    assert answer.json["errors"][0]["detail"].startswith(said)


def test_what_query_and_verify_need_is_said_in_words_of_ours(still: Api) -> None:
    answer = still("team", "POST", "/returns/2008-09-q2/ni-16/query", data=b"{}")
    assert fields(answer) == {"reason"}
    assert answer.json["detail"] == "This is missing."
    answer = still("team", "POST", "/returns/2008-09-q2/ni-16/verify", data=b'{"accept_judgement": "yes"}')
    assert answer.json["detail"] == "Write true or false."


def submitted(call: Api, who: str, path: str, **answers: str) -> TestResponse:
    assert call(who, "PUT", path, json=answers).status_code == 200
    answer = call(who, "POST", f"{path}/submit")
    assert answer.status_code == 200
    return answer


def test_a_submit_takes_the_word_on_an_unusual_figure_and_nothing_else(call: Api) -> None:
    assert call("police", "PUT", f"{OPEN}/ni-16", json={"value": "24.2"}).status_code == 200
    wrong = call("police", "POST", f"{OPEN}/ni-16/submit", json={"explanation": 3})
    assert (wrong.status_code, fields(wrong)) == (422, {"explanation"})
    word = "A new way to count."
    assert call("police", "POST", f"{OPEN}/ni-16/submit", json={"explanation": word}).json["revision"] == 1
    team = person(call.database, "team")
    number = returns.find_return(call.database, team, "2008-09-q3", "NI 16")
    assert returns.read_return(call.database, team, number).explanation == word


# --- what a return says -----------------------------------------------------------------------------------


def test_a_published_return_is_answered_as_the_contract_has_it(still: Api) -> None:
    answer = still("police", "GET", f"{PUBLISHED}/ni-16")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    said = dict(answer.json)
    assert said.pop("commentary").startswith("Dwelling burglary and theft")
    assert type(said.pop("version")) is int
    assert said == {
        "measure": "NI 16",
        "indicator": "NI 16",
        "period": "2008/09 Q2",
        "state": "published",
        "revision": 1,
        "value": "2.42",
        "no_value_reason": None,
        "milestone": "2.14",
        "unit": "offences per 1,000 population, monthly rate",
        "rating": "worse",
        "rating_by_rule": "worse",
        "override_reason": None,
        "no_rating_reason": None,
        "forecast_value": None,
        "forecast_rating": "worse",
        "lead": "police",
        "numerator": None,
        "denominator": None,
        "interval": None,
        "year_value": None,
        "evidence_strength": "weak",
        "direction": None,
        "direction_basis": None,
        "proposed_rating": None,
        "proposed_reason": None,
        "judgement_accepted": None,
    }


def test_a_return_that_was_not_started_says_null_where_there_is_nothing(still: Api) -> None:
    said = still("police", "GET", BURGLARY).json
    assert set(said) == KEYS
    assert (said["state"], said["revision"], said["version"], said["commentary"]) == ("not_started", 0, 1, "")
    empty = ("value", "no_value_reason", "rating", "rating_by_rule", "override_reason", "forecast_value")
    assert [said[key] for key in (*empty, "forecast_rating")] == [None] * 7


def test_a_submitted_return_says_what_was_submitted_and_its_rating(call: Api) -> None:
    said = submitted(
        call, "lcc", SCHOOLS, value="55.0", forecast_value="60", forecast_rating="within", commentary="Two left."
    ).json
    assert (said["state"], said["revision"], said["lead"]) == ("submitted", 1, "lcc")
    assert (said["value"], said["milestone"], said["rating"]) == ("55.0", "63", "worse")
    assert (said["forecast_value"], said["forecast_rating"]) == ("60", "within")
    assert (said["commentary"], said["no_rating_reason"]) == ("Two left.", None)


def test_a_judgement_that_overrides_the_rule_is_told_beside_it(still: Api) -> None:
    said = still("lcc", "GET", f"{PUBLISHED}/ni-179a").json
    assert (said["measure"], said["indicator"]) == ("NI 179a", "NI 179")
    assert (said["rating"], said["rating_by_rule"]) == ("better", "within")
    assert "judgement" in said["override_reason"]


def test_a_return_without_a_figure_says_why(call: Api) -> None:
    said = submitted(call, "nhs", f"{OPEN}/ni-39", no_value_reason="source not yet published").json
    assert (said["value"], said["rating"]) == (None, None)
    assert said["no_value_reason"] == said["no_rating_reason"] == "source not yet published"


def test_an_indicator_that_nobody_leads_has_no_lead(still: Api) -> None:
    assert still("team", "GET", NOBODYS).json["lead"] is None


def test_a_figure_comes_back_with_the_digits_it_was_given_with(call: Api) -> None:
    for figure in ("2.420", "0", "0.10", "1234567.8901234567", "100"):
        assert call("police", "PUT", BURGLARY, json={"value": figure}).json["value"] == figure
        assert call("police", "GET", BURGLARY).json["value"] == figure


def test_every_figure_in_a_list_is_text(still: Api) -> None:
    said = still("team", "GET", "/returns?period=2008-09-q2").json["returns"]
    assert len(said) == 25
    assert all(set(one) == KEYS for one in said)
    figures = [one[key] for one in said for key in ("value", "milestone", "forecast_value")]
    assert {type(figure) for figure in figures} == {str, type(None)}
    assert not [figure for figure in figures if figure and "E" in figure.upper()]


# --- addresses --------------------------------------------------------------------------------------------


def test_any_spelling_of_a_code_names_the_same_return(still: Api) -> None:
    codes = ("ni-16", "NI-16", "NI 16", "NI16", "ni016", "NI 016", "ni_16")
    assert {still("police", "GET", f"{OPEN}/{code}").json["measure"] for code in codes} == {"NI 16"}


def test_any_spelling_of_a_period_names_the_same_return(still: Api) -> None:
    periods = ("2008-09-q3", "2008-09-Q3", "2008_09_q3", "2008-09 Q3", "2008-09q3")
    assert {still("police", "GET", f"/returns/{p}/ni-16").json["period"] for p in periods} == {"2008/09 Q3"}


def test_a_part_of_an_indicator_has_an_address_of_its_own(still: Api) -> None:
    codes = ("ni-120-i", "NI 120(i)", "ni-120(I)", "NI0120-i")
    said = [still("nhs", "GET", f"{PUBLISHED}/{code}").json for code in codes]
    assert {(one["measure"], one["indicator"]) for one in said} == {("NI 120(i)", "NI 120")}


@pytest.mark.parametrize(
    "path",
    [
        "/returns/2008-09-q5/ni-16",
        "/returns/2008-10-q2/ni-16",
        "/returns/2030-31-q1/ni-16",
        "/returns/latest/ni-16",
        "/returns/2008-09-q1/ni-16",  # a quarter of the agreement, but nothing was asked for in it
        f"{OPEN}/ni-999",
        f"{OPEN}/ni-120",  # the indicator has two measures, and is none itself
        f"{OPEN}/sixteen",
        f"{OPEN}/ni-16%00",
    ],
)
def test_an_unknown_return_is_not_found(still: Api, path: str) -> None:
    assert problem(still("police", "GET", path)) == 404
    assert problem(still("police", "PUT", path, json={"value": "1"})) == 404


def test_the_list_needs_a_period(still: Api) -> None:
    assert fields(still("police", "GET", "/returns")) == {"period"}


def test_the_list_has_what_the_reader_may_read_in_the_agreements_order(still: Api) -> None:
    for period in ("2008-09-Q3", "2008-09-q3", "2008/09 Q3"):
        said = still("police", "GET", "/returns", query_string={"period": period}).json
        assert said["period"] == "2008/09 Q3"
        assert [one["measure"] for one in said["returns"]] == ["NI 16", "NI 20", "NI 32"]


# --- saving -----------------------------------------------------------------------------------------------


def test_put_keeps_a_draft(call: Api) -> None:
    saved = call("police", "PUT", BURGLARY, json={"value": "2.1", "commentary": "Patrols began."})
    assert saved.status_code == 200
    assert (saved.json["state"], saved.json["value"], saved.json["version"]) == ("draft", "2.1", 2)
    assert saved.json == call("police", "GET", BURGLARY).json


def test_put_replaces_the_whole_draft(call: Api) -> None:
    call("police", "PUT", BURGLARY, json={"value": "2.1", "commentary": "Patrols began.", "forecast_rating": "worse"})
    said = call("police", "PUT", BURGLARY, json={"value": "2.2", "commentary": None}).json
    assert (said["value"], said["commentary"], said["forecast_rating"]) == ("2.2", "", None)


def test_put_takes_exactly_the_keys_of_the_contract(call: Api) -> None:
    taken = {
        "value": None,
        "no_value_reason": "suppressed",
        "forecast_value": "60",
        "forecast_rating": "within",
        "commentary": "Too few.",
    }
    said = call("lcc", "PUT", SCHOOLS, json=taken).json
    assert {key: said[key] for key in taken} == taken


WRONG: list[tuple[Any, str]] = [
    ({"value": "lots"}, "value"),
    ({"value": "101"}, "value"),
    ({"value": "-1"}, "value"),
    ({"value": "NaN"}, "value"),
    ({"value": "1e3"}, "value"),
    ({"value": "1" * 40}, "value"),
    ({"value": "60", "no_value_reason": "suppressed"}, "no_value_reason"),
    ({"no_value_reason": "placeholder"}, "no_value_reason"),
    ({"forecast_rating": "fine"}, "forecast_rating"),
    ({"forecast_value": "1,2", "commentary": "x" * 8001}, "commentary forecast_value"),
    ({"commentary": "a\x00b"}, "commentary"),
    ({"value": 60}, "value"),
    ({"value": 60.5}, "value"),
    ({"value": True}, "value"),
    ({"value": ["60"]}, "value"),
    ({"commentary": {"text": "x"}}, "commentary"),
    ({"figure": "60"}, "figure"),
    ({"value": "60", "state": "verified"}, "state"),
    ({"value": "60", "version": 1}, "version"),
    ([], "body"),
    ("60", "body"),
]


@pytest.mark.parametrize(("body", "wrong"), WRONG, ids=[repr(body)[:40] for body, _ in WRONG])
def test_a_wrong_answer_is_refused_with_its_fields_and_nothing_is_written(still: Api, body: Any, wrong: str) -> None:
    before = still.held()
    assert fields(still("lcc", "PUT", SCHOOLS, json=body)) == set(wrong.split())
    assert still.held() == before


@pytest.mark.parametrize(
    "raw",
    [
        b"null",
        b"{",
        b"value=60",
        b'{"value": "6"',
        b'{"value": NaN}',
        b'{"value": "\xff"}',
        b'{"commentary": "\\ud800"}',
    ],
    ids=repr,
)
def test_a_body_that_is_not_json_is_refused_and_nothing_is_written(still: Api, raw: bytes) -> None:
    before = still.held()
    assert fields(still("lcc", "PUT", SCHOOLS, data=raw, content_type="application/json"))
    assert still.held() == before


def test_a_body_that_says_a_thing_twice_is_refused_and_nothing_is_written(still: Api) -> None:
    before = still.held()
    raw = b'{"value": "1", "value": "60", "commentary": "Which?"}'
    answer = still("police", "PUT", BURGLARY, data=raw, content_type="application/json")
    assert (problem(answer), fields(answer)) == (422, {"body"})
    assert still.held() == before


def test_a_put_without_a_body_does_not_empty_the_draft(call: Api) -> None:
    call("lcc", "PUT", SCHOOLS, json={"value": "60", "commentary": "first words"})
    before = call.held()
    assert fields(call("lcc", "PUT", SCHOOLS))
    assert call.held() == before


def test_a_body_that_is_too_large_is_refused(still: Api) -> None:
    assert problem(still("lcc", "PUT", SCHOOLS, json={"commentary": "x" * 300_000})) == 413


# --- versions ---------------------------------------------------------------------------------------------


def test_the_etag_changes_with_the_return_and_only_then(call: Api) -> None:
    first = call("lcc", "GET", SCHOOLS).headers["ETag"]
    assert call("lcc", "GET", SCHOOLS).headers["ETag"] == first
    saved = call("lcc", "PUT", SCHOOLS, json={"value": "60"}).headers["ETag"]
    assert saved != first
    assert call("lcc", "PUT", SCHOOLS, json={"value": "60"}).headers["ETag"] == saved  # nothing new was said
    assert call("lcc", "POST", f"{SCHOOLS}/submit").headers["ETag"] not in (first, saved)


def test_two_returns_of_one_version_have_different_etags(still: Api) -> None:
    assert still("police", "GET", BURGLARY).headers["ETag"] != still("police", "GET", PLACEHOLDER).headers["ETag"]


def test_the_present_version_may_be_changed(call: Api) -> None:
    tag = call("lcc", "GET", SCHOOLS).headers["ETag"]
    saved = call("lcc", "PUT", SCHOOLS, json={"value": "60"}, headers={"If-Match": tag})
    assert saved.status_code == 200
    sent = call("lcc", "POST", f"{SCHOOLS}/submit", headers={"If-Match": saved.headers["ETag"]})
    assert sent.status_code == 200


def test_if_match_may_name_any_version_or_several(call: Api) -> None:
    for matching in ("*", '"no-such", {tag}'):
        tag = call("lcc", "GET", SCHOOLS).headers["ETag"]
        headers = {"If-Match": matching.format(tag=tag)}
        assert call("lcc", "PUT", SCHOOLS, json={"value": "60"}, headers=headers).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, deflate"])
def test_the_etag_of_a_compressed_answer_may_be_sent_back(call: Api, encoding: str) -> None:
    """Most programs ask for compression without their author knowing, and send back the tag that they were given."""
    call("lcc", "PUT", SCHOOLS, json={"value": "60", "commentary": "Enough words to be worth compressing. " * 30})
    read = call("lcc", "GET", SCHOOLS, headers={"Accept-Encoding": encoding})
    headers = {"If-Match": read.headers["ETag"], "Accept-Encoding": encoding}
    assert call("lcc", "PUT", SCHOOLS, json={"value": "61"}, headers=headers).status_code == 200


def test_another_version_than_the_present_one_is_not_overwritten(call: Api) -> None:
    stale = call("lcc", "GET", SCHOOLS).headers["ETag"]
    tag = call("lcc", "PUT", SCHOOLS, json={"value": "60", "commentary": "mine"}).headers["ETag"]
    before = call.held()
    unread = ("nonsense", "", '"open', f"*, {tag}", f"{tag} {tag}", f"w/{tag}")
    for matching in (stale, f"W/{tag}", '"1"', '"no-such"', '""', *unread):
        headers = {"If-Match": matching}
        assert problem(call("lcc", "PUT", SCHOOLS, json={"value": "90"}, headers=headers)) == 412
        assert problem(call("lcc", "POST", f"{SCHOOLS}/submit", headers=headers)) == 412
    assert call.held() == before


def test_the_team_does_not_judge_another_version_than_it_read(call: Api) -> None:
    stale = {"If-Match": call("lcc", "GET", SCHOOLS).headers["ETag"]}
    submitted(call, "lcc", SCHOOLS, value="60")
    before = call.held()
    assert problem(call("team", "POST", f"{SCHOOLS}/verify", headers=stale)) == 412
    assert problem(call("team", "POST", f"{SCHOOLS}/query", json=ASK, headers=stale)) == 412
    assert call.held() == before


# --- moves ------------------------------------------------------------------------------------------------


def test_a_return_goes_from_draft_to_verified_and_back_once_by_a_query(call: Api) -> None:
    assert submitted(call, "lcc", SCHOOLS, value="60").json["state"] == "submitted"
    queried = call("team", "POST", f"{SCHOOLS}/query", json={"reason": "Is this the whole quarter?"})
    assert (queried.status_code, queried.json["state"]) == (200, "queried")
    again = submitted(call, "lcc", SCHOOLS, value="61").json
    assert (again["state"], again["revision"], again["value"]) == ("submitted", 2, "61")
    verified = call("team", "POST", f"{SCHOOLS}/verify")
    assert (verified.status_code, verified.json["state"], verified.json["revision"]) == (200, "verified", 2)


def test_a_query_needs_a_reason(call: Api) -> None:
    submitted(call, "lcc", SCHOOLS, value="60")
    before = call.held()
    for reason in ("", "  ", None, 5, "x" * 2001):
        assert fields(call("team", "POST", f"{SCHOOLS}/query", json={"reason": reason})) == {"reason"}
    assert fields(call("team", "POST", f"{SCHOOLS}/query")) == {"reason"}
    assert call.held() == before


def test_a_reason_that_no_database_can_hold_is_refused(database: Database) -> None:
    """PostgreSQL takes no NUL in a text."""
    call = Api(create_app(settings(), database))
    submitted(call, "lcc", SCHOOLS, value="60")
    assert fields(call("team", "POST", f"{SCHOOLS}/query", json={"reason": "Is\x00this right?"})) == {"reason"}


def test_a_return_that_lacks_its_figure_is_not_submitted(call: Api) -> None:
    call("lcc", "PUT", SCHOOLS, json={"commentary": "nothing yet"})
    before = call.held()
    assert fields(call("lcc", "POST", f"{SCHOOLS}/submit")) == {"value"}
    assert call.held() == before


def not_started(call: Api) -> None:
    """Nothing was done to it."""


def saved_by_the_team(call: Api) -> None:
    assert call("team", "PUT", NOBODYS, json={"value": "60"}).status_code == 200


def submitted_by_the_team(call: Api) -> None:
    submitted(call, "team", NOBODYS, value="60")


def submitted_by_the_council(call: Api) -> None:
    submitted(call, "lcc", SCHOOLS, value="60")


def queried(call: Api) -> None:
    submitted_by_the_council(call)
    assert call("team", "POST", f"{SCHOOLS}/query", json={"reason": "Is this right?"}).status_code == 200


def verified(call: Api) -> None:
    submitted_by_the_council(call)
    assert call("team", "POST", f"{SCHOOLS}/verify").status_code == 200


COUNCIL = [
    ("lcc", "PUT", SCHOOLS),
    ("lcc", "POST", f"{SCHOOLS}/submit"),
    ("team", "POST", f"{SCHOOLS}/verify"),
    ("team", "POST", f"{SCHOOLS}/query"),
]
JUDGING = [("team", "POST", f"{NOBODYS}/verify"), ("team", "POST", f"{NOBODYS}/query")]


@pytest.mark.parametrize(
    ("before", "moves"),
    [
        (not_started, COUNCIL[1:2]),
        (saved_by_the_team, JUDGING),
        (submitted_by_the_team, JUDGING),  # one's own submission
        (submitted_by_the_council, COUNCIL[:2]),
        (queried, COUNCIL[1:]),  # the question was not answered yet
        (verified, COUNCIL),
    ],
)
def test_a_move_that_the_life_of_a_return_does_not_have_is_a_conflict(
    call: Api, before: Callable[[Api], None], moves: list[tuple[str, str, str]]
) -> None:
    before(call)
    held = call.held()
    for who, method, path in moves:
        body = {"value": "70"} if method == "PUT" else ASK if path.endswith("query") else {}
        assert problem(call(who, method, path, json=body)) == 409, path
    assert call.held() == held


def test_another_of_the_team_verifies_what_one_of_it_submitted(call: Api) -> None:
    submitted_by_the_team(call)
    assert call("team2", "POST", f"{NOBODYS}/verify").json["state"] == "verified"


def test_a_closed_period_takes_nothing(call: Api) -> None:
    call("lcc", "PUT", SCHOOLS, json={"value": "60"})
    periods.close_for_returns(call.database, OPERATOR, "2008-09-q3")
    before = call.held()
    assert problem(call("lcc", "PUT", SCHOOLS, json={"value": "70"})) == 409
    assert problem(call("lcc", "POST", f"{SCHOOLS}/submit")) == 409
    assert call.held() == before


# --- whose return it is -----------------------------------------------------------------------------------

READERS = ("police.contributor", "police", "nhs", "team", "executive", "reviewer", "admin")


def statuses(call: Api, method: str, path: str, **sent: Any) -> dict[str, int]:
    return {who: call(who, method, path, **sent).status_code for who in READERS}


def test_a_draft_exists_for_its_own_side_only(call: Api) -> None:
    call("police", "PUT", BURGLARY, json={"value": "2.1"})
    assert statuses(call, "GET", BURGLARY) == dict(zip(READERS, (200, 200, 404, 404, 404, 403, 403), strict=True))


def test_a_submitted_return_exists_for_the_team_too(call: Api) -> None:
    submitted(call, "police", BURGLARY, value="2.1")
    assert statuses(call, "GET", BURGLARY) == dict(zip(READERS, (200, 200, 404, 200, 404, 403, 403), strict=True))


def test_a_verified_return_may_be_read_by_every_partner(call: Api) -> None:
    submitted(call, "police", BURGLARY, value="2.1")
    call("team", "POST", f"{BURGLARY}/verify")
    assert statuses(call, "GET", BURGLARY) == dict(zip(READERS, (200, 200, 200, 200, 200, 403, 403), strict=True))


@pytest.mark.parametrize(
    ("state", "refusals"),
    [
        # A role that never changes returns is turned away at the door, whichever return it names.
        ("draft", {"nhs": 404, "team": 404, "executive": 403, "reviewer": 403, "admin": 403}),
        ("submitted", {"nhs": 404, "team": 403, "executive": 403, "reviewer": 403, "admin": 403}),
        ("verified", {"nhs": 403, "team": 403, "executive": 403, "reviewer": 403, "admin": 403}),
    ],
)
def test_nobody_else_changes_a_return_in_any_state(call: Api, state: str, refusals: dict[str, int]) -> None:
    call("police", "PUT", BURGLARY, json={"value": "2.1"})
    if state != "draft":
        call("police", "POST", f"{BURGLARY}/submit")
    if state == "verified":
        call("team2", "POST", f"{BURGLARY}/verify")
    before = call.held()
    for method, move, body in (("PUT", "", {"value": "0"}), ("POST", "/submit", {})):
        answers = {who: call(who, method, f"{BURGLARY}{move}", json=body) for who in refusals}
        assert {who: problem(answer) for who, answer in answers.items()} == refusals
    assert call.held() == before


def test_a_role_that_never_changes_returns_cannot_find_out_which_there_are(still: Api) -> None:
    for who in ("executive", "reviewer", "admin"):
        answers = [
            still(who, "PUT", path, json={"value": "0"}) for path in (BURGLARY, f"{OPEN}/ni-999", "/returns/x/y")
        ]
        assert [problem(answer) for answer in answers] == [403, 403, 403]
        assert len({answer.json["detail"] for answer in answers}) == 1


def test_a_refusal_tells_a_wrong_partner_nothing_of_a_draft(call: Api) -> None:
    call("police", "PUT", BURGLARY, json={"value": "2.1"})
    hidden = call("nhs", "GET", BURGLARY)
    absent = call("nhs", "GET", f"{OPEN}/ni-999")
    assert (hidden.status_code, hidden.json["title"]) == (absent.status_code, absent.json["title"])
    assert hidden.json["detail"].replace("NI 16", "CODE") == absent.json["detail"].replace("NI 999", "CODE")


def test_a_contributor_prepares_but_does_not_submit(call: Api) -> None:
    assert call("police.contributor", "PUT", BURGLARY, json={"value": "2.1"}).status_code == 200
    assert problem(call("police.contributor", "POST", f"{BURGLARY}/submit")) == 403
    assert call("police", "POST", f"{BURGLARY}/submit").status_code == 200


def test_only_the_team_verifies_and_queries(call: Api) -> None:
    verified(call)  # so that everybody may read it, and its existence is no secret
    before = call.held()
    for who in ("lcc", "police", "executive"):
        assert problem(call(who, "POST", f"{SCHOOLS}/verify")) == 403
        assert problem(call(who, "POST", f"{SCHOOLS}/query", json=ASK)) == 403
    assert call.held() == before


def test_after_a_query_the_new_draft_is_the_partners_own(call: Api) -> None:
    queried(call)
    call("lcc", "PUT", SCHOOLS, json={"value": "61", "commentary": "second words"})
    seen = call("team", "GET", SCHOOLS).json
    assert (seen["value"], seen["commentary"]) == ("60", "")
    assert problem(call("police", "GET", SCHOOLS)) == 404


def test_a_list_holds_nobody_elses_draft(call: Api) -> None:
    call("lcc", "PUT", SCHOOLS, json={"value": "60", "commentary": "private words"})
    for who in ("nhs", "team", "executive"):
        answer = call(who, "GET", "/returns?period=2008-09-q3")
        assert answer.status_code == 200
        assert "NI 59" not in [one["measure"] for one in answer.json["returns"]]
        assert "private words" not in json.dumps(answer.json)
