"""The feed of what changed: each account hears of what it may read, in order, once, and of nothing else."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from portal.actor import OPERATOR
from portal.database import Database
from portal.rest.paging import closed
from portal.services import concurrence, periods, publication, refresh, returns, sessions
from tests.conftest import person
from tests.portal.rest.test_returns import Api, fields
from tests.support.agreeing import consent_to_all

SCHOOLS, SIGNED_UP = "/returns/2008-09-q3/ni-59", "/returns/2008-09-q3/ni-5"
"""The council's: the police signed up to NI 5."""
KINDS = {"return": {"period", "measure"}, "edition": {"period", "edition"}, "period": {"period"}, "agreement": set()}


@pytest.fixture
def call(database: Database, portal_over: Callable[[Database], Flask]) -> Api:
    """On both databases."""
    return Api(portal_over(database))


def told(call: Api, who: str, since: str = "") -> list[tuple[str, str, str]]:
    """What somebody hears after a cursor: of what, which, and what it came to."""
    answer = call(who, "GET", f"/changes?since={since}&limit=500")
    assert answer.status_code == 200
    assert answer.json["more"] is False
    for one in answer.json["changes"]:
        assert {name for name in ("period", "measure", "edition") if one[name] is not None} == KINDS[one["kind"]]
    return [(c["kind"], c["measure"] or c["period"] or "", c["state"]) for c in answer.json["changes"]]


def end(call: Api, who: str) -> str:
    return str(call(who, "GET", "/changes?limit=500").json["next"])


def lived(call: Api, path: str) -> None:
    """A return from its first draft to its second verification."""
    for value in ("60", "61"):
        for who, method, move, body in (
            ("lcc", "PUT", "", {"value": value, "commentary": "private words"}),
            ("lcc", "POST", "/submit", {}),
            ("team", "POST", "/query", {"reason": "private words"}),
            ("lcc", "PUT", "", {"value": f"{value}.5"}),
            ("lcc", "POST", "/submit", {}),
            ("team", "POST", "/verify", {}),
        ):
            assert call(who, method, f"{path}{move}", json=body).status_code == 200
        if value == "60":
            assert call("team", "POST", f"{path}/reopen", json={"reason": "private words"}).status_code == 200


def test_each_hears_of_a_return_what_it_may_read(call: Api) -> None:
    since = {who: end(call, who) for who in ("lcc", "police", "nhs", "team", "executive", "reviewer", "admin")}
    lived(call, SCHOOLS)
    heard = {who: [state for _, _, state in told(call, who, cursor)] for who, cursor in since.items()}
    once = ["draft", "submitted", "queried", "draft", "submitted", "verified"]
    assert heard["lcc"] == [*once, "draft", *once]
    overseen = ["submitted", "queried", "submitted", "verified"]
    assert heard["team"] == [*overseen, "draft", *overseen]
    for other in ("police", "nhs", "executive"):
        assert heard[other] == ["verified", "verified"]
    assert (heard["reviewer"], heard["admin"]) == ([], [])


def test_nobody_hears_of_a_draft_or_a_submission_that_is_not_theirs(call: Api) -> None:
    since = {who: end(call, who) for who in ("police", "nhs", "executive", "team")}
    call("lcc", "PUT", SCHOOLS, json={"value": "60"})
    assert all(told(call, who, cursor) == [] for who, cursor in since.items())
    call("lcc", "POST", f"{SCHOOLS}/submit")
    assert told(call, "team", since["team"]) == [("return", "NI 59", "submitted")]
    assert all(told(call, who, since[who]) == [] for who in ("police", "nhs", "executive"))
    assert all(call(who, "GET", "/changes").json["next"] for who in since)


def test_a_lead_hears_of_a_submission_that_waits_for_its_word(call: Api) -> None:
    since = {who: end(call, who) for who in ("police", "police.contributor", "nhs")}
    call("lcc", "PUT", SIGNED_UP, json={"value": "60"})
    call("lcc", "POST", f"{SIGNED_UP}/submit")
    assert told(call, "police", since["police"]) == [("return", "NI 5", "submitted")]
    number = returns.find_return(call.database, person(call.database, "police"), "2008-09-q3", "NI 5")
    concurrence.dissent(call.database, person(call.database, "police"), number, None, "Our survey says otherwise.")
    assert told(call, "police", since["police"]) == [("return", "NI 5", "submitted")]  # what was said is not told
    call("team", "POST", f"{SIGNED_UP}/query", json={"reason": "Is this right?"})
    assert told(call, "police", since["police"]) == []
    assert (told(call, "police.contributor", since["police.contributor"]), told(call, "nhs", since["nhs"])) == ([], [])


def test_what_cannot_be_read_any_more_is_not_told_any_more(call: Api) -> None:
    since = end(call, "nhs")
    for who, move in (("lcc", ""), ("lcc", "/submit"), ("team", "/verify")):
        call(who, "POST" if move else "PUT", f"{SCHOOLS}{move}", json={} if move else {"value": "60"})
    assert told(call, "nhs", since) == [("return", "NI 59", "verified")]
    call("team", "POST", f"{SCHOOLS}/reopen", json={"reason": "A school was left out."})
    assert told(call, "nhs", since) == []


def test_what_it_says_can_be_read_where_it_says(call: Api) -> None:
    for who in ("lcc", "police", "team", "executive", "reviewer"):
        lived(call, SCHOOLS) if who == "lcc" else None
        for change in call(who, "GET", "/changes?limit=500").json["changes"]:
            if change["href"] is not None:
                path = change["href"].removeprefix("/api/v1")
                assert call(who, "GET", path).status_code == 200, change


def test_it_holds_nobodys_words_figures_or_name(call: Api) -> None:
    lived(call, SCHOOLS)
    for who in ("lcc", "police", "team", "executive", "admin"):
        text = json.dumps(call(who, "GET", "/changes?limit=500").json)
        for private in ("private words", "60.5", "portal.example", "Lead of", "Partnership team", "verified_by"):
            assert private not in text


def test_editions_periods_and_versions_are_told(call: Api) -> None:
    since = {who: end(call, who) for who in ("nhs", "reviewer", "team")}
    lived(call, SCHOOLS)
    publication.publish(call.database, OPERATOR, "2008-09-q3")
    periods.close_for_returns(call.database, OPERATOR, "2008-09-q3")
    periods.open_for_returns(call.database, OPERATOR, "2008-09-q3")
    periods.reopen_for_partner(call.database, OPERATOR, "2008-09-q3", "police", date(2009, 2, 1), "They asked for it.")
    periods.note_chase(call.database, person(call.database, "team"), "2008-09-q3", "NI 16", "Rang them.")
    consent_to_all(call.database, person(call.database, "team"))
    made = refresh.agree(call.database, person(call.database, "team"), None)
    heard = {who: told(call, who, cursor) for who, cursor in since.items()}
    closed = [
        ("edition", "2008/09 Q3", "published"),
        *(("period", "2008/09 Q3", state) for state in ("closed", "open")),
    ]
    agreed = ("agreement", "", "refreshed")
    assert heard["nhs"] == [*[("return", "NI 59", "verified")] * 2, *closed, agreed]
    assert heard["reviewer"] == [closed[0], agreed]
    again = ("period", "2008/09 Q3", "open")  # for the police alone
    assert told(call, "police", since["nhs"]) == [*heard["nhs"][:-1], again, agreed]
    last = call("nhs", "GET", "/changes?limit=500").json["changes"][-1]
    assert (last["version"], last["href"]) == (made, f"/memorandum/{made}")
    (edition,) = [c for c in call("nhs", "GET", "/changes?limit=500").json["changes"] if c["edition"] == 2]
    assert edition["href"] == "/api/v1/editions/2"


def test_an_agreement_that_was_loaded_and_its_versions_are_told(call: Api) -> None:
    first = call("admin", "GET", "/changes").json["changes"]
    assert [(one["kind"], one["state"]) for one in first] == [("agreement", "loaded"), ("edition", "published")]


def test_a_cursor_neither_skips_nor_repeats(call: Api) -> None:
    lived(call, SCHOOLS)
    whole = call("team", "GET", "/changes?limit=500").json["changes"]
    found, cursor, more = [], "", True
    while more:
        page = call("team", "GET", f"/changes?limit=3&since={cursor}")
        assert (page.json["more"], 'rel="next"' in page.headers.get("Link", "")) in ((True, True), (False, False))
        found += page.json["changes"]
        cursor, more = page.json["next"], page.json["more"]
        assert len(page.json["changes"]) == 3 or not more
    assert found == whole
    again = call("team", "GET", f"/changes?since={cursor}").json
    assert (again["changes"], again["next"], again["more"]) == ([], cursor, False)
    call("lcc", "PUT", SIGNED_UP, json={"value": "60"})
    call("lcc", "POST", f"{SIGNED_UP}/submit")
    assert told(call, "team", cursor) == [("return", "NI 5", "submitted")]


def test_a_token_that_only_reads_hears_what_its_account_hears(app: Flask) -> None:
    call = Api(app)
    lived(call, SCHOOLS)
    for who in ("lcc", "team", "police"):
        whole = call(who, "GET", "/changes?limit=500").json
        call.tokens[who] = sessions.issue_token(call.database, OPERATOR, f"{who}@portal.example", scope="read")
        assert call(who, "GET", "/changes?limit=500").json == whole


@pytest.mark.parametrize("since", ["x", "%00", "14", closed("NI 16"), closed("9" * 12), closed("\N{SUPERSCRIPT TWO}")])
def test_what_is_no_cursor_of_the_feed_is_told(app: Flask, since: str) -> None:
    assert fields(Api(app)("police", "GET", f"/changes?since={since}")) == {"since"}
