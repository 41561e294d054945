"""The API's description is the API: the same routes, methods, parameters and statuses, valid as OpenAPI, for everybody."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from bs4 import BeautifulSoup
from flask import Flask
from jsonschema import Draft202012Validator

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.policy import EVERYONE, Action
from portal.rest.openapi import rules_of
from portal.web.doors import access_of, needs
from portal.words.api import PROBLEMS, kind_of
from tests.conftest import TODAY, settings

SELF = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def app(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path = tmp_path_factory.mktemp("described") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    yield create_app(settings(), database)
    database.dispose()


@pytest.fixture(scope="module")
def said(app: Flask) -> dict[str, Any]:
    return app.test_client().get(SELF).json


def test_it_describes_every_route_and_nothing_else(app: Flask, said: dict[str, Any]) -> None:
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and "path:" not in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    (server,) = said["servers"]
    assert {(f"{server['url']}{path}", method) for path, of in said["paths"].items() for method in of} == there
    assert len(there) == 18


def test_each_part_of_an_address_is_a_parameter_and_a_token_is_asked_for_where_the_policy_asks(
    app: Flask, said: dict[str, Any]
) -> None:
    for rule, method, _ in rules_of(app):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        one = said["paths"][path][method.lower()]
        assert {p["name"] for p in one["parameters"] if p["in"] == "path"} == set(rule.arguments)
        assert ({} in one["security"]) == (access_of(app, rule) in EVERYONE)
        assert ("403" in one["responses"]) == (access_of(app, rule) not in EVERYONE)
        assert {"200", "400", "401", "404", "412", "429", "500", "503"} <= set(one["responses"])
        assert ("304" in one["responses"]) == (method == "GET")
        assert ("requestBody" in one) == (method != "GET")
        assert set(map(int, one["responses"])) - {200, 304} <= set(PROBLEMS)


def test_it_is_openapi_and_each_shape_a_schema(said: dict[str, Any]) -> None:
    assert said["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(said).validate()
    for schema in said["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(said)))
    assert named == set(said["components"]["schemas"])


def test_it_speaks_of_the_api_alone(said: dict[str, Any]) -> None:
    assert not [path for path in said["paths"] if path.startswith(("/_dash", "/returns/{return_id}", "/healthz"))]
    assert "_dash" not in json.dumps(said)


def test_everybody_may_read_and_keep_it(app: Flask) -> None:
    for path, kind in ((SELF, "application/json"), ("/api/v1/reference", "text/html; charset=utf-8")):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.content_type) == (200, kind)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        again = app.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_route_that_does_not_describe_itself_stops_the_start() -> None:
    server = Flask("another")

    def bare() -> str:
        return ""

    server.add_url_rule("/api/v1/bare", "api.bare", needs(Action.SITE_OPEN)(bare))
    with pytest.raises(LookupError, match="bare is not described"):
        rules_of(server)


def test_each_kind_of_problem_leads_to_what_it_means(app: Flask, said: dict[str, Any]) -> None:
    page = BeautifulSoup(app.test_client().get("/api/v1/reference").text, "html.parser")
    client = app.test_client()
    refused = [
        client.get("/api/v1/returns"),
        client.get("/api/v1/editions/9"),
        client.get("/api/nowhere"),
        client.get("/api/v1/editions?limit=0"),
        client.get("/api/v1/editions", headers={"If-Match": "bare"}),
        client.get("/api/v1/editions", headers={"If-Match": '"another"'}),
        client.delete("/api/v1/editions"),
    ]
    assert [answer.status_code for answer in refused] == [401, 404, 404, 422, 412, 412, 405]
    for answer in refused:
        assert answer.content_type == "application/problem+json"
        address, _, anchor = answer.json["type"].partition("#")
        assert (address, answer.json["type"]) == ("/api/v1/reference", kind_of(answer.status_code))
        assert page.find(id=anchor) is not None
    listed = {one.text for one in page.select("main li > code")}
    for path, of in said["paths"].items():
        for method in of:
            shown = re.sub(r"\{(\w+)\}", lambda part: part[1].upper(), path)
            assert f"{method.upper()} {shown}" in listed


def test_the_page_is_plain(app: Flask) -> None:
    text = app.test_client().get("/api/v1/reference").text
    page = BeautifulSoup(text, "html.parser")
    assert "<script" not in text
    assert [one.text for one in page.select("h1")] == ["The API, for other programs"]
    (put,) = [one.get_text(" ") for one in page.select("main li") if one.code and one.code.text.startswith("PUT ")]
    assert put.endswith("needs the scope draft.")
    assert all(page.find(id=link["href"][1:]) for link in page.select('a[href^="#"]'))


def test_options_name_what_an_address_takes_and_head_answers_as_get(app: Flask) -> None:
    client = app.test_client()
    one = client.options("/api/v1/returns/2008-09-q3/ni-16")
    assert (one.status_code, set(one.headers["Allow"].split(", "))) == (200, {"GET", "HEAD", "PUT", "OPTIONS"})
    assert client.options("/api/v1/nowhere").status_code == 404
    whole, head = client.get("/api/v1/scorecard"), client.head("/api/v1/scorecard")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    assert client.head("/api/v1/scorecard", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
