"""Every address of the live app, asked by three people over TLS: what is answered is what it says that it is, carries
the headers that it must, tells nothing of how the portal is made, and asking for it changes nothing."""

import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.audit import AuditEvent
from models.people import SignIn
from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import sessions
from tests.conftest import TODAY, person, settings
from tests.house.test_access_matrix import VALUES
from tests.support.worlds import state_of

BASE = "https://localhost"
WHO = (None, "police", "team")
WIDE = {
    "<path:path>": "no/such",
    "<path:filename>": "portal.css",
    "<string:package_name>/<path:fingerprinted_path>": "dash/no-such.js",
    "<path:fingerprinted_path>": "no-such.js",
}
BEGINS: dict[str, Callable[[bytes], object]] = {
    "text/html": lambda body: body.lstrip()[:15].lower() == b"<!doctype html>",
    "application/json": json.loads,
    "application/problem+json": json.loads,
    "application/csvm+json": json.loads,
    "application/pdf": lambda body: body.startswith(b"%PDF"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lambda body: body.startswith(b"PK"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lambda body: body.startswith(b"PK"),
    "application/atom+xml": lambda body: body.startswith(b"<?xml"),
    "text/csv": lambda body: b"," in body.partition(b"\r\n")[0] and b"<" not in body[:1],
    "text/plain": lambda body: not body.lstrip().startswith(b"<"),
    "text/css": lambda body: not body.lstrip().startswith(b"<"),
    "text/javascript": lambda body: not body.lstrip().startswith(b"<"),
    "image/svg+xml": lambda body: b"<svg" in body,
    "image/x-icon": lambda body: body.startswith(b"\0\0\1\0"),
    "image/vnd.microsoft.icon": lambda body: body.startswith(b"\0\0\1\0"),
}
"""How a body of each type begins: no answer has another type."""
INNARDS = re.compile(rb"Traceback \(most recent|sqlalchemy\.|werkzeug\.|psycopg|site-packages|SELECT .+ FROM |Python/3")


class Asked(NamedTuple):
    """One answer: to whom, by which method, at which address."""

    who: str | None
    method: str
    address: str
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.method} {self.address} as {self.who}: {self.answer.status_code} {self.answer.content_type}"


class Crawled(NamedTuple):
    """All that was answered, and what was there before and after it: the data, and how many sessions and events."""

    asked: list[Asked]
    before: tuple[str, int, int]
    after: tuple[str, int, int]
    outside: list[object]


def addresses(app: Flask, numbers: dict[str, int]) -> list[str]:
    """Every rule that can be read, with values for its parts."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            address = rule.rule.replace("<int:return_id>", str(numbers["draft"]))
            for name, value in {**VALUES, **WIDE}.items():
                address = address.replace(name, value)
            found[re.sub("<[^>]+>", "no-such", address)] = None
    return [*found, "/returns/999999", "/no-such-page", "/api/v1/returns?period=2008-09-q3", "/themes?period=x"]


def signed_in(app: Flask, who: str | None) -> FlaskClient:
    client = app.test_client()
    if who is not None:
        database: Database = app.extensions["portal"]["database"]
        token = sessions.begin(database, person(database, who))
        with client.session_transaction(base_url=BASE) as cookie:
            cookie["_user_id"] = token
    return client


def standing(database: Database) -> tuple[str, int, int]:
    """What is in the database: all that people can change, how many sessions, and how many events."""
    with database.read(OPERATOR) as session:
        begun = session.scalar(select(func.count()).select_from(SignIn)) or 0
        done = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    return state_of(database), begun, done


@pytest.fixture(scope="module")
def crawled(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Everything asked by everybody, then each address once by every method that is not for reading."""
    folder = tmp_path_factory.mktemp("answers")
    path, numbers = prepared
    shutil.copy(path, folder / "portal.sqlite")
    database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
    app = create_app(settings().model_copy(update={"https": True}), database)
    clients = {who: signed_in(app, who) for who in WHO}
    where = addresses(app, numbers)
    outside: list[object] = []
    asked: list[Asked] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda _socket, to: outside.append(to))
        before = standing(database)
        for who, client in clients.items():
            asked += [Asked(who, "GET", address, client.get(address, base_url=BASE)) for address in where]
        after = standing(database)
        for address in where:
            for method in ("OPTIONS", "POST", "DELETE", "TRACE"):
                answer = clients["police"].open(address, method=method, base_url=BASE)
                asked.append(Asked("police", method, address, answer))
    yield Crawled(asked, before, after, outside)
    database.dispose()


def those(crawled: Crawled, wrong: Callable[[Asked], object]) -> list[str]:
    """The answers with which something is wrong, in words; and there were many to look at."""
    assert len(crawled.asked) > 400
    return [str(one) for one in crawled.asked if wrong(one)]


def test_reading_changes_nothing_and_begins_no_session(crawled: Crawled) -> None:
    assert crawled.after == crawled.before


def test_reading_reaches_no_other_machine(crawled: Crawled) -> None:
    assert crawled.outside == []


def test_nothing_falls_over(crawled: Crawled) -> None:
    assert those(crawled, lambda one: one.answer.status_code >= 500) == []
    opened = {one.address for one in crawled.asked if one.answer.status_code == 200}
    assert len(opened) > 80


def test_every_body_is_of_the_type_that_it_says(crawled: Crawled) -> None:
    def wrong(one: Asked) -> bool:
        body = one.answer.data
        if not body or one.address == "/packs/1.docx":  # tests/support/worlds.py has made that one up
            return False
        looks = BEGINS.get(one.answer.mimetype)
        try:
            return looks is None or looks(body) is False
        except ValueError:
            return True

    assert those(crawled, wrong) == []


def test_every_text_says_its_encoding(crawled: Crawled) -> None:
    def wrong(one: Asked) -> bool:
        kind = one.answer.mimetype
        text = kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
        return bool(one.answer.data) and text and "charset=utf-8" not in (one.answer.content_type or "").lower()

    assert those(crawled, wrong) == []


def test_every_answer_has_the_headers_that_all_have(crawled: Crawled) -> None:
    def wrong(one: Asked) -> bool:
        headers = one.answer.headers
        policy = headers.get("Content-Security-Policy", "")
        scripts = policy.partition("script-src ")[2].partition(";")[0]
        return (
            headers.getlist("X-Content-Type-Options") != ["nosniff"]
            or headers.getlist("Referrer-Policy") not in (["same-origin"], ["strict-origin"])
            or headers.get("Strict-Transport-Security") != "max-age=31536000; includeSubDomains"
            or not {"object-src 'none'", "base-uri 'none'"} <= {part.strip() for part in policy.split(";")}
            or not scripts
            or any(word in scripts for word in ("unsafe", "*", "http:", "https:", "data:", "blob:"))
            or any(name.lower().startswith("access-control-") for name, _ in headers)
            or any(name in headers for name in ("Server", "X-Powered-By"))
        )

    assert those(crawled, wrong) == []


def test_only_what_is_meant_for_it_may_be_framed(crawled: Crawled) -> None:
    def framed(one: Asked) -> bool:
        return "frame-ancestors 'none'" not in one.answer.headers["Content-Security-Policy"]

    assert {one.address for one in crawled.asked if framed(one)} == {
        "/editions/1/indicators/ni-16/card",
        "/editions/latest/indicators/ni-16/card",
    }


def test_what_is_not_public_is_kept_nowhere_and_told_apart_by_no_tag(crawled: Crawled) -> None:
    """A page for everybody is the same for everybody; what differs by who asks is kept by no browser and no proxy."""
    public: dict[str, set[bytes]] = {}
    for one in crawled.asked:
        if "no-store" not in one.answer.headers["Cache-Control"]:
            public.setdefault(f"{one.method} {one.address}", set()).add(one.answer.data)
    by_anybody = {f"{one.method} {one.address}" for one in crawled.asked if one.who is None}
    assert len(public) > 25
    assert [address for address, bodies in public.items() if len(bodies) > 1] == []
    assert set(public) <= by_anybody
    assert (
        those(
            crawled,
            lambda one: one.who and one.answer.headers["Cache-Control"] == "no-store" and "ETag" in one.answer.headers,
        )
        == []
    )


def test_no_answer_tells_how_the_portal_is_made(crawled: Crawled) -> None:
    assert (
        those(crawled, lambda one: INNARDS.search(one.answer.data) and "/_dash-component-suites" not in one.address)
        == []
    )


def test_no_method_that_there_is_not_is_answered(crawled: Crawled) -> None:
    traced = [one.answer.status_code for one in crawled.asked if one.method == "TRACE"]
    assert len(traced) > 80
    assert set(traced) <= {404, 405}


def test_no_cookie_is_for_another_host_or_for_plain_http(crawled: Crawled) -> None:
    lines = [line for one in crawled.asked for line in one.answer.headers.getlist("Set-Cookie")]
    assert lines
    assert [line for line in lines if "Secure" not in line or "Path=/" not in line or "SameSite=Lax" not in line] == []
    assert [line for line in lines if "Domain" in line] == []
