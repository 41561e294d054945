"""If-Match and If-None-Match, to the letter of RFC 9110."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.records import return_view
from portal.rest.preconditions import tags
from portal.services import returns
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import person
from tests.portal.rest.test_returns import OPEN, SCHOOLS, Api, problem


@pytest.fixture
def call(app: Flask) -> Api:
    return Api(app)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ('"a"', [(False, "a")]),
        ('""', [(False, "")]),
        ('W/"a"', [(True, "a")]),
        (' "a" , W/"b","c"\t', [(False, "a"), (True, "b"), (False, "c")]),
        ('"W/"', [(False, "W/")]),
        ('"a",, ,"b",', [(False, "a"), (False, "b")]),
        ("*", None),
        (" * ", None),
    ],
)
def test_a_list_of_tags_is_read(header: str, read: list[tuple[bool, str]] | None) -> None:
    assert tags(header) == read


@pytest.mark.parametrize(
    "header", ["", " ", ",", "a", '"a', 'a"', 'w/"a"', 'W /"a"', '*, "a"', '"a" "b"', '"a, b"', '"a\x7f"', "**"]
)
def test_what_is_no_list_of_tags_is_refused(header: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the header itself is the message)
        tags(header)


def test_what_was_read_with_a_token_is_not_sent_again(call: Api) -> None:
    for path in (SCHOOLS, "/returns?period=2008-09-q3", "/changes", "/editions"):
        first = call("lcc", "GET", path)
        for tag in (first.headers["ETag"], f"W/{first.headers['ETag']}", f'"x", {first.headers["ETag"]}', "*"):
            again = call("lcc", "GET", path, headers={"If-None-Match": tag})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert call("lcc", "GET", path, headers={"If-None-Match": '"another"'}).status_code == 200
        assert call("lcc", "GET", path, headers={"If-None-Match": "no tag"}).status_code == 200
    for private in (SCHOOLS, "/changes"):
        assert call("lcc", "GET", private).headers["Cache-Control"] == "no-store"


def test_a_tag_changes_when_what_it_stands_for_does(call: Api) -> None:
    before = call("team", "GET", "/changes").headers["ETag"]
    tag = call("lcc", "GET", SCHOOLS).headers["ETag"]
    call("lcc", "PUT", SCHOOLS, json={"value": "60"})
    assert call("lcc", "GET", SCHOOLS, headers={"If-None-Match": tag}).status_code == 200
    call("lcc", "POST", f"{SCHOOLS}/submit")
    assert call("team", "GET", "/changes", headers={"If-None-Match": before}).status_code == 200


def test_reading_holds_if_match_too(call: Api) -> None:
    tag = call("lcc", "GET", SCHOOLS).headers["ETag"]
    for header, status in ((tag, 200), ("*", 200), (f"W/{tag}", 412), ('"x"', 412), ("bare", 412)):
        for method in ("GET", "HEAD"):
            assert call("lcc", method, SCHOOLS, headers={"If-Match": header}).status_code == status
    compressed = call("lcc", "GET", SCHOOLS, headers={"Accept-Encoding": "gzip", "If-Match": "*"})
    assert (compressed.status_code, compressed.headers["Content-Encoding"]) == (200, "gzip")


def test_if_none_match_stops_a_change_of_the_version_that_it_names(call: Api) -> None:
    tag = call("lcc", "GET", SCHOOLS).headers["ETag"]
    for header in ("*", tag, f"W/{tag}"):
        assert problem(call("lcc", "PUT", SCHOOLS, json={"value": "60"}, headers={"If-None-Match": header})) == 412
    assert call("lcc", "PUT", SCHOOLS, json={"value": "60"}, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_tag_of_what_is_not_there_is_not_asked_about(call: Api) -> None:
    for header in ("*", '"x"', "bare"):
        assert problem(call("lcc", "PUT", f"{OPEN}/ni-999", json={}, headers={"If-Match": header})) == 404


def test_a_draft_answers_its_own_tag_though_another_was_saved_meanwhile(
    call: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read after its commit: what somebody saved in between is not overwritten unseen."""
    read, database = returns.read_saved, call.database
    lcc = person(database, "lcc")

    def later(*asked: Any) -> ReturnView:
        returns.save(database, lcc, asked[2], None, Typed(value="70"))
        return read(*asked)

    monkeypatch.setattr(returns, "read_saved", later)
    answer = call("lcc", "PUT", SCHOOLS, json={"value": "55"})
    assert (answer.json["value"], answer.json["version"]) == ("55", 2)
    again = call("lcc", "PUT", SCHOOLS, json={"value": "56"}, headers={"If-Match": answer.headers["ETag"]})
    assert again.status_code == 412
    assert call("lcc", "GET", SCHOOLS).json["value"] == "70"


def test_no_draft_is_drawn_while_others_wait_to_write(call: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    parts_of = return_view.parts_of

    def noted(session: Session, rows: Any) -> Any:
        drawn.append(session.info["writing"])
        return parts_of(session, rows)

    monkeypatch.setattr(return_view, "parts_of", noted)
    assert call("lcc", "PUT", SCHOOLS, json={"value": "55"}).status_code == 200
    assert drawn == [False]


def test_each_move_answers_the_tag_that_reading_answers(call: Api) -> None:
    """So a program goes on with what it got, without reading again."""
    moves = [
        ("lcc", "PUT", "", {"value": "60"}),
        ("lcc", "POST", "/submit", {}),
        ("team", "POST", "/query", {"reason": "Is this right?"}),
        ("lcc", "PUT", "", {"value": "61"}),
        ("lcc", "POST", "/submit", {}),
        ("team", "POST", "/verify", {}),
        ("team", "POST", "/reopen", {"reason": "A school was left out."}),
    ]
    tags_of = {who: call(who, "GET", SCHOOLS).headers.get("ETag", "*") for who in ("lcc", "team")}
    for who, method, move, body in moves:
        tags_of[who] = call(who, "GET", SCHOOLS).headers.get("ETag", "*")
        done = call(who, method, f"{SCHOOLS}{move}", json=body, headers={"If-Match": tags_of[who]})
        assert done.status_code == 200, (move, done.text)
        if move != "/reopen":  # what the team may read no more has no tag
            assert call(who, "GET", SCHOOLS).headers["ETag"] == done.headers["ETag"]
