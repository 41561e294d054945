"""One browser and one server for the journeys of a test process."""

import atexit
import logging
import os
import shutil
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from tests.conftest import PASSWORD, TODAY, settings
from tests.support.renderer import HIDDEN_TOKEN

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
STORED = "cookies,local_storage,session_storage,indexeddb,cache_storage,service_workers"
"""What a browser keeps of an address, beside its cache of files."""
doors: list[socket.socket] = []
"""Open ports at which an app has answered and none does now."""


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
    """The address at which an app answers, on a port of this machine alone: by default a free one, which is the same for
    one app after the other."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    if port or not doors:
        doors.append(socket.create_server(("127.0.0.1", port)))
        atexit.register(doors[-1].close)
    door = doors.pop()
    server = make_server(*door.getsockname(), app, threaded=True, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    doors.append(door)


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


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Callable[..., AbstractContextManager[BrowserContext]]:
    """profiles(base_url=…) is a browser profile for one test, in which nothing is left but an empty page. The process
    behind that has the portal's scripts compiled already, which is half of what a first page costs."""
    free: dict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def lend(**options: Any) -> Iterator[BrowserContext]:
        alike = free[repr(options)]
        context = alike.pop() if alike else browser.new_context(**options)
        if not context.pages:
            context.new_page()
        yield context
        first, *others = context.pages
        for page in others:
            page.close()
        context.unroute_all()
        context.set_offline(False)
        wire = context.new_cdp_session(first)
        wire.send("Network.clearBrowserCache")
        wire.send("Storage.clearDataForOrigin", {"origin": options["base_url"], "storageTypes": STORED})
        wire.detach()
        alike.append(context)

    return lend


@pytest.fixture
def visit(
    browser: Browser, profiles: Callable[..., AbstractContextManager[BrowserContext]], address: str
) -> Iterator[Callable[..., Page]]:
    """visit('police') is an empty page signed in as the police lead; visit(None) one of the public. Where it is drawn
    `at` first ("/start" is where somebody lands). Whatever the page writes to the console as an error fails the test,
    unless it is not `heard`. A profile that is not `kept` may be changed for good, as Playwright's clock does."""
    lent, complaints = ExitStack(), []

    def hear(message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type == "error" and not refused:
            complaints.append(message.text)

    def make(
        who: str | None,
        at: str = "",
        *,
        script: bool = True,
        bypass_csp: bool = False,
        heard: bool = True,
        kept: bool = True,
    ) -> Page:
        profile = profiles if kept else browser.new_context
        context = lent.enter_context(
            profile(
                base_url=address,
                viewport={"width": 1280, "height": 900},
                java_script_enabled=script,
                bypass_csp=bypass_csp,
            )
        )
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

    with lent:
        yield make
    assert complaints == []
