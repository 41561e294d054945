"""Every text that people write tries to be markup, a script or an address, on every page of everybody: all stays text."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import publication
from tests.conftest import TODAY, settings, sign_in
from tests.support import hostile, wire
from tests.support.tour import Stop, public_stops, signed_in_stops

SAFE = ("/", "#", "?", "https://", "http://", "mailto:", "tel:")
LEADS = {"href", "src", "action", "formAction", "srcSet", "xlinkHref"}
NO_ICON = "data:,"
"""That there is none: our own word in every head."""
NEVER = ("dangerously", "srcDoc", "srcdoc")


@pytest.fixture(scope="module")
def app(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal in which every text is hostile, and an edition of it is published."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(prepared[0], folder / "portal.sqlite")
    database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
    assert hostile.fill(database) > 1_000
    publication.publish(database, OPERATOR, "2008-09-q3", f"A note <{hostile.MARK}>.")
    yield create_app(settings(), database)
    database.dispose()


def leads_astray(address: str) -> bool:
    """Whether a browser could take an address for a script, for data, or for another site by the back door."""
    plain = address.strip("".join(map(chr, range(33)))).replace("\\", "/")
    return (
        bool(plain) and (plain.startswith("//") or not plain.startswith(SAFE)) and ":" in plain.partition("/")[0] + ":"
    )


def wrong_in(drawn: Any) -> Iterator[str]:
    """What a tree of Dash's components holds that is more than text and honest addresses."""
    todo = [drawn]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            for name, value in one.items():
                if any(word in name for word in NEVER) or one.get("type") == "Markdown":
                    yield f"{name} of {one.get('type')}"
                if name in LEADS and isinstance(value, str) and leads_astray(value):
                    yield f"{name}={value!r:.80}"
                todo.append(value)


def wrong_on(html: str) -> Iterator[str]:
    """What a page of a template holds that is more than text and honest addresses."""
    page = BeautifulSoup(html, "html.parser")
    yield from (f"<{tag.name}>" for tag in page.find_all([hostile.MARK, "script", "iframe", "object", "embed", "base"]))
    for tag in page.find_all(True):
        yield from (f"{tag.name} {name}" for name in tag.attrs if name.lower().startswith("on"))
        yield from (
            f"{tag.name} {name}={value!r:.80}"
            for name, value in tag.attrs.items()
            if name in ("href", "src", "action", "formaction") and value != NO_ICON and leads_astray(str(value))
        )


def drawn_for(app: Flask, stop: Stop) -> Any:
    """The page as its callback answers it."""
    path, _, search = stop.address.partition("?")
    values = {"address.pathname": path, "address.search": f"?{search}" if search else ""}
    answer = wire.post(app, sign_in(app, stop.who or None), wire.body(app, "open_page", values))
    assert answer.status_code == 200, (stop, answer.text[:300])
    return answer.json


@pytest.fixture(scope="module")
def drawn(app: Flask, prepared: tuple[Path, dict[str, int]]) -> list[tuple[Stop, Any]]:
    """Every signed-in page with the first who may open it, as its callback answers it."""
    return [(stop, drawn_for(app, stop)) for stop in signed_in_stops(app, prepared[1], once=True)]


def test_no_signed_in_page_draws_more_than_text(drawn: list[tuple[Stop, Any]]) -> None:
    wrong = [f"{stop.address} as {stop.who}: {one}" for stop, page in drawn for one in wrong_in(page)]
    assert wrong == []
    assert sum(hostile.MARK in json.dumps(page) for _, page in drawn) > 25, "the texts were not on the pages"


def test_every_signed_in_page_has_its_way_out(drawn: list[tuple[Stop, Any]]) -> None:
    """Whatever the page is full of."""
    assert [stop.address for stop, page in drawn if "/sign-out" not in json.dumps(page["response"]["navigation"])] == []
    assert len(drawn) > 30


def test_no_public_page_has_markup_that_somebody_typed(app: Flask) -> None:
    wrong, shown = [], 0
    for stop in public_stops(app):
        answer = app.test_client().get(stop.address)
        shown += f"&lt;{hostile.MARK}&gt;" in answer.text
        if answer.mimetype == "text/html" and stop.rule != "/explore":
            wrong += [f"{stop.address}: {one}" for one in wrong_on(answer.text)]
    assert wrong == []
    assert shown > 5, "the texts were not on the pages"


def test_what_is_wrong_would_be_seen() -> None:
    assert list(wrong_on(f"<p>a <{hostile.MARK}> b</p>")) == [f"<{hostile.MARK}>"]
    assert list(wrong_on("<a href=' javascript:x' onclick=y>")) == ["a onclick", "a href=' javascript:x'"]
    assert list(wrong_in({"type": "A", "props": {"href": "//evil.example"}})) == ["href='//evil.example'"]
    assert list(wrong_in([{"type": "Iframe", "props": {"srcDoc": "x"}}])) == ["srcDoc of None"]
    assert not leads_astray("/returns/1?x=javascript:y")
    assert all(map(leads_astray, ("javascript:x", "data:text/html,x", "\\\\evil", "\tvbscript:x", "//evil.example/x")))
