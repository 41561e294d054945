"""Long lists come in pages to who asks for pages, and whole to who does not."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from portal.actor import OPERATOR
from portal.rest.paging import closed, opened
from portal.services import publication
from tests.portal.rest.test_returns import PUBLISHED, SCHOOLS, Api, fields


@pytest.fixture
def call(app: Flask) -> Api:
    return Api(app)


def pages(call: Api, path: str, member: str, limit: int) -> list[list[object]]:
    """What each page holds, from the first to the last, by the Link header and by the answer's own cursor."""
    found, cursor = [], ""
    while True:
        sign = "&" if "?" in path else "?"
        answer = call("team", "GET", f"{path}{sign}limit={limit}&after={cursor}")
        assert answer.status_code == 200
        found.append(answer.json[member])
        links = [one for one in answer.headers.getlist("Link") if 'rel="next"' in one]
        if answer.json["next"] is None:
            assert links == []
            return found
        address = re.match(r"<([^>]+)>", links[0])
        assert address is not None
        asked = parse_qs(urlsplit(address[1]).query)
        assert (asked["after"], asked["limit"]) == ([answer.json["next"]], [str(limit)])
        cursor = answer.json["next"]


@pytest.mark.parametrize(("limit", "sizes"), [(10, [10, 10, 5]), (25, [25]), (500, [25]), (24, [24, 1])])
def test_the_pages_of_a_list_are_the_list(call: Api, limit: int, sizes: list[int]) -> None:
    path = PUBLISHED.replace("/returns/", "/returns?period=")
    whole = call("team", "GET", path).json
    assert set(whole) == {"period", "returns"}
    found = pages(call, path, "returns", limit)
    assert [len(page) for page in found] == sizes
    assert [one for page in found for one in page] == whole["returns"]


def test_editions_come_in_pages_too(call: Api) -> None:
    for value in ("60", "61"):
        assert call("lcc", "PUT", SCHOOLS, json={"value": value}).status_code == 200
        assert call("lcc", "POST", f"{SCHOOLS}/submit").status_code == 200
        assert call("team", "POST", f"{SCHOOLS}/verify").status_code == 200
        publication.publish(call.database, OPERATOR, "2008-09-q3", "Put right.")
        if value == "60":
            call("team", "POST", f"{SCHOOLS}/reopen", json={"reason": "A school was left out."})
    whole = call(None, "GET", "/editions").json
    assert (set(whole), [one["edition"] for one in whole["editions"]]) == ({"editions"}, [3, 2, 1])
    found = pages(call, "/editions", "editions", 2)
    assert [len(page) for page in found] == [2, 1]
    assert [one for page in found for one in page] == whole["editions"]
    first = call(None, "GET", "/editions?limit=2")
    assert any('rel="license"' in one for one in first.headers.getlist("Link"))


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        *((f"limit={limit}", {"limit"}) for limit in ("0", "-1", "501", "ten", "", "1.5", "%D9%A3", "9" * 30)),
        *((f"after={cursor}", {"after"}) for cursor in ("x", "%00", "ni-16", "MQ==", closed("NI 16") + "=", "y" * 500)),
        *((f"after={closed(name)}", {"after"}) for name in ("NI 9999", "\N{SUPERSCRIPT TWO}", "1" * 30)),
        ("limit=0&after=x", {"limit", "after"}),
    ],
)
def test_a_page_that_there_is_not_is_told(call: Api, query: str, wrong: set[str]) -> None:
    assert fields(call("team", "GET", f"/returns?period=2008-09-q2&{query}")) == wrong
    assert fields(call("team", "GET", f"/editions?{query}")) == wrong


def test_a_cursor_opens_to_what_it_was_made_of() -> None:
    for name in ("NI 16", "NI 120(i)", "1", "a year's é"):
        assert opened(closed(name)) == name
        assert re.fullmatch("[A-Za-z0-9_-]+", closed(name))
    assert opened("") == ""
