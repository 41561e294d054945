"""Public pages are made once, kept compressed, and made anew when something else is public."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from flask import Flask, request
from flask_compress.compat import compression
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import publication
from portal.web import kept
from tests.conftest import person, settings, sign_in
from tests.portal.services.test_publication import prepared, published, verified
from tests.support.areas import LEICESTER
from tests.support.publishing import remove_editions

PAGES = [
    "/",
    "/editions",
    "/editions/1",
    "/editions/1/indicators/ni-16",
    "/editions/1/indicators/ni-16/card",
    "/editions/latest/indicators/ni-16/card",
    "/history",
    "/how-we-rate",
    "/accessibility",
    "/cookies",
    "/agreements",
]
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": compression.zstd.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}


def database_of(app: Flask) -> Database:
    return app.extensions["portal"]["database"]


def same(answer: TestResponse) -> dict[str, str]:
    """The headers but those that no two answers share."""
    return {name: value for name, value in answer.headers.items() if name not in ("Date", "X-Request-Id")}


@pytest.mark.parametrize("path", PAGES)
def test_every_encoding_says_the_same_and_has_a_tag_of_its_own(app: Flask, path: str) -> None:
    client, tags = app.test_client(), set()
    plain = client.get(path).data
    for encoding, unpack in UNPACK.items():
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert unpack(answer.data) == plain
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert not answer.headers["ETag"].startswith("W/")
        tags.add(answer.headers["ETag"])
        again = client.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
        assert again.headers["Vary"] == "Accept-Encoding"
    assert len(tags) == len(UNPACK)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0, zstd", "zstd"),
        ("deflate", None),
        ("", None),
        ("gzip;q=0", None),
    ],
)
def test_the_smallest_is_sent_of_those_that_are_liked_most(app: Flask, accepted: str, chosen: str | None) -> None:
    answer = app.test_client().get("/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == chosen


def test_a_head_is_the_answer_without_its_body(app: Flask) -> None:
    client = app.test_client()
    whole, head = client.get("/"), client.head("/")
    assert head.data == b""
    assert same(head) == same(whole)


def test_whoever_is_signed_in_gets_the_same_answer(app: Flask) -> None:
    strangers, team = app.test_client().get("/"), sign_in(app, "team").get("/")
    assert same(team) == same(strangers)
    assert "Cookie" not in team.headers["Vary"]


def test_a_page_is_made_once_and_asks_the_database_nothing_within_a_second(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, statements = app.test_client(), []
    monkeypatch.setattr(kept.time, "monotonic", lambda: 100.0)
    client.get("/")
    event.listen(database_of(app).engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    made = client.get("/").data
    assert statements == []
    monkeypatch.setattr(kept.time, "monotonic", lambda: 101.5)
    monkeypatch.setattr("portal.public.scorecard.render_template", None)
    assert client.get("/").data == made
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_addresses_that_are_made_up_fill_no_memory(app: Flask) -> None:
    client = app.test_client()
    for page in ("/?a=1", "/?a=2", "/editions/01", "/editions/1"):
        assert client.get(page).status_code == 200
    assert client.get("/?a=1").headers["ETag"] == client.get("/").headers["ETag"]
    for spelled in ("NI16", "ni-016", "NI%2016"):
        answer = client.get(f"/editions/1/indicators/{spelled}?agreement={LEICESTER}")
        assert (answer.status_code, answer.headers["Location"]) == (
            301,
            f"/editions/1/indicators/ni-16?agreement={LEICESTER}",
        )
    for nowhere in ("/editions/2", f"/editions/{2**40}", "/editions/1/indicators/ni-999", "/editions/1/indicators/x"):
        assert client.get(nowhere).status_code == 404
        assert client.get(nowhere).headers["Cache-Control"] == "no-store"
    assert client.get("/?agreement=nowhere").status_code == 404


def test_more_pages_than_fit_push_the_kept_ones_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    client = app.test_client()
    answers = {path: client.get(path).data for path in PAGES}
    assert {path: client.get(path).data for path in PAGES} == answers


def test_what_this_process_publishes_is_public_at_once(app: Flask) -> None:
    client, database = app.test_client(), database_of(app)
    before = client.get("/")
    verified(database, "police", "NI 20", "0.87")
    assert client.get("/").data == before.data
    assert published(database) == 2
    after = client.get("/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Edition 2, published" in after.text
    assert "The latest is edition 2" in client.get("/editions/1").text


def test_what_another_process_publishes_is_public_after_a_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Database(database_of(app).engine.url.render_as_string(hide_password=False), database_of(app).clock)
    client = app.test_client()
    monkeypatch.setattr(kept.time, "monotonic", lambda: 100.0)
    before = client.get("/").data
    verified(other, "police", "NI 20", "0.87")
    published(other)
    other.dispose()
    assert client.get("/").data == before
    monkeypatch.setattr(kept.time, "monotonic", lambda: 100.0 + kept.LOOK_AFTER)
    assert "Edition 2, published" in client.get("/").text


class Moved(Clock):
    """A clock that a test moves on."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + Moved.ahead


def test_when_the_hour_has_come_everybody_sees_it_and_nobody_before(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sqlite_database
    database.clock = Moved(database.clock.pretended)
    monkeypatch.setattr(kept.time, "monotonic", lambda: 100.0)  # not because a second is over
    app = create_app(settings(), database)
    verified(database, "police", "NI 20", "0.87")
    one = prepared(database)
    hour = database.clock.now() + timedelta(hours=1)
    publication.release(database, person(database, "team2"), one.id, one.version, hour)
    before = {path: app.test_client().get(path).data for path in PAGES}
    monkeypatch.setattr(Moved, "ahead", timedelta(minutes=59))
    assert {path: app.test_client().get(path).data for path in PAGES} == before
    assert app.test_client().get("/editions/2").status_code == 404
    assert b"0.87" not in b"".join(before.values())
    monkeypatch.setattr(Moved, "ahead", timedelta(minutes=61))
    assert "Edition 2, published" in app.test_client().get("/").text
    assert app.test_client().get("/editions/2").status_code == 200


def test_before_anything_is_published_nothing_is_kept(app: Flask) -> None:
    remove_editions(database_of(app))
    assert app.test_client().get("/").headers["Cache-Control"] == "no-store"
    assert "Nothing has been published yet" in app.test_client().get("/editions").text
    assert app.test_client().get("/history").status_code == 200
    assert app.test_client().get("/editions/latest/indicators/ni-16/card").status_code == 404


@pytest.mark.parametrize("path", ["/returns", "/review", "/start", "/password", "/sign-in"])
def test_private_pages_are_not_kept(app: Flask, path: str) -> None:
    assert sign_in(app, "team").get(path).headers["Cache-Control"] == "no-store"


def test_a_kept_page_cannot_say_what_one_visitor_asked_for(database: Database) -> None:
    """Only what pages are kept by reaches their function."""
    app, pages = Flask("kept"), kept.KeptPages(database)
    app.add_url_rule("/", "page", pages.page(lambda: repr(sorted(request.args.items()))))
    client = app.test_client()
    assert client.get("/?theme=secret&agreement=one").text == "[('agreement', 'one')]"
    assert client.get("/?theme=other&agreement=two").text == "[('agreement', 'two')]"
    assert client.get("/?theme=other").text == client.get("/").text == "[]"
