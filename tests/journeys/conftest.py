"""One browser and one server for the journeys of a test process."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from tests.conftest import PASSWORD, TODAY, settings
from tests.support.renderer import HIDDEN_TOKEN

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of a process."""
    with chromium() as started:
        yield started


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium: the one that `make test` found, else the one on PATH."""
    found = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "no Chromium: run the suite with `make test`, which finds or installs one"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running portal over the demonstration's data, for the journeys of one file."""
    path = tmp_path_factory.mktemp("journey") / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    with serving(Database(f"sqlite:///{path}", Clock(TODAY))) as running:
        yield running


@contextmanager
def serving(database: Database) -> Iterator[str]:
    """The address of a portal that runs over a database, which is closed at the end."""
    with running(create_app(settings(), database)) as address:
        yield address
    database.dispose()


@contextmanager
def running(app: Flask, port: int = 0) -> Iterator[str]:
    """The address at which an app answers, on a port of this machine alone, by default a free one."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def enter(page: Page, who: str) -> None:
    """Sign in as one of the demonstration's accounts, by the form's post alone: no page is drawn for it."""
    asking = page.context.request
    found = HIDDEN_TOKEN.search(asking.get("/sign-in").text())
    assert found, "the form has no token"
    fields = {"csrf_token": found[1], "email": f"{who}@portal.example", "password": PASSWORD}
    answer = asking.post("/sign-in", form=fields, max_redirects=0)
    assert answer.status == 303, answer.text()


def settled(page: Page, path: str) -> None:
    """Open a page and wait until it is drawn."""
    page.goto(path)
    page.locator("h1").wait_for()


def until_held(page: Page, held: list[Route], number: int = 1) -> None:
    """Wait until so many requests of the page are in the hands of whoever takes them: a page may say that it sends
    before one is."""
    for _ in range(50):
        if len(held) >= number:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"only {len(held)} requests were sent")


def weighed(page: Page, *, cached: bool = False) -> list[float]:
    """The bytes over the wire of all that the page loads from now on, one for each answer that came that way; as for
    who was never here, unless what the browser has kept counts (`cached`)."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": not cached})
    loaded: list[float] = []
    wire.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    return loaded


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """visit('police') is an empty page signed in as the police lead; visit(None) one of the public. Where it is drawn
    `at` first ("/start" is where somebody lands). Whatever the page writes to the console as an error fails the test,
    unless it is not `heard`."""
    contexts, complaints = [], []

    def hear(message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type == "error" and not refused:
            complaints.append(message.text)

    def make(
        who: str | None, at: str = "", *, script: bool = True, bypass_csp: bool = False, heard: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": 1280, "height": 900},
            java_script_enabled=script,
            bypass_csp=bypass_csp,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if heard:
            page.on("console", hear)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        if who is not None:
            enter(page, who)
        if at:
            settled(page, at)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
