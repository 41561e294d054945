"""Hostile texts in a real browser: none runs, none opens a window, none asks another site; and nothing stays behind in the
browser when its person has signed out. `make hostile` looks at every page, with every text in every field."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Request

from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import publication
from tests.conftest import TODAY, settings
from tests.journeys.conftest import enter, running
from tests.support import hostile
from tests.support.tour import Stop, public_stops, signed_in_stops

TURNS = int(os.environ.get("HOSTILE", "0"))
"""How many times the texts change places; 0 for the suite's short look."""
FEW = {
    *("/", "/explore", "/editions/1/indicators/ni-16"),
    *("/review", "/indicators/ni-16", "/indicators/ni-16/plan", "/risks", "/publish", "/audit"),
}
LOOK = """mark => {
  const bad = [...document.querySelectorAll(mark + ', iframe, object, embed, base, main script')].map(e => e.outerHTML);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) {
      if (/^on/i.test(a.name) && !['main', 'html', 'body'].includes(e.localName)) bad.push(e.localName + ' ' + a.name);
      if (/^(href|src|action|formaction|xlink:href)$/i.test(a.name) &&
          /^[\\s\\x00-\\x20]*(javascript|vbscript|data:text)/i.test(a.value)) bad.push(a.name + '=' + a.value);
    }
    if (e.localName === 'a' && e.host && e.host !== location.host && !/^(mailto|tel|https):/.test(e.protocol))
      bad.push(e.href);
  }
  return {bad: bad.slice(0, 5), shown: document.body.textContent.includes('<' + mark + '>'),
          polluted: ({}).pwned !== undefined};
}"""
KEPT = """async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  databases: (await indexedDB.databases()).map(one => one.name), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length, name: window.name,
})"""


class World(NamedTuple):
    """Where a portal full of hostile texts answers, and the pages of it that are looked at."""

    address: str
    stops: list[Stop]


@pytest.fixture(scope="module", params=range(max(TURNS, 1)))
def world(
    request: pytest.FixtureRequest, prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile-journey")
    path, numbers = prepared
    shutil.copy(path, folder / "portal.sqlite")
    database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
    hostile.fill(database, request.param)
    publication.publish(database, OPERATOR, "2008-09-q3", f"A note <{hostile.MARK}>.")
    app = create_app(settings(), database)
    stops = [*public_stops(app), *signed_in_stops(app, numbers, once=True)]
    if not TURNS:
        drafts = f"/returns/{numbers['draft']}"
        stops = [stop for stop in stops if stop.address in {*FEW, drafts}]
    with running(app) as address:
        yield World(address, stops)
    database.dispose()


@pytest.fixture
def opened(browser: Browser, world: World) -> Iterator[Callable[[str], tuple[Page, list[str]]]]:
    """Makes a page signed in as somebody, or as nobody, with a list of all that happens on it and should not."""
    contexts = []

    def make(who: str) -> tuple[Page, list[str]]:
        context = browser.new_context(base_url=world.address)
        contexts.append(context)
        page, happened = context.new_page(), []
        page.set_default_timeout(20_000)

        def asked(request: Request) -> None:
            if not request.url.startswith((world.address, "data:image/", "about:", "blob:")):
                happened.append(f"asked {request.url[:80]}")

        page.on("request", asked)
        page.on("dialog", lambda dialog: (happened.append(f"said {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda _: happened.append("opened a window"))
        page.on("console", lambda said: happened.append(said.text[:160]) if "Content Security" in said.text else None)
        if who:
            enter(page, who)
        return page, happened

    yield make
    for context in contexts:
        context.close()


def test_no_text_runs_on_any_page(world: World, opened: Callable[[str], tuple[Page, list[str]]]) -> None:
    wrong: list[str] = []
    shown = 0
    page, happened = opened("")
    for who, stops in groupby(sorted(world.stops, key=attrgetter("who")), key=attrgetter("who")):
        page.context.clear_cookies()
        if who:
            enter(page, who)
        for stop in stops:
            page.goto(stop.address)
            page.locator("h1").first.wait_for()
            if stop.address == "/explore":
                page.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
            found: Any = page.evaluate(LOOK, hostile.MARK)
            shown += found["shown"]
            wrong += [f"{stop.address}: {one}" for one in (*found["bad"], *happened) if one]
            wrong += [f"{stop.address}: polluted"] if found["polluted"] else []
            happened.clear()
    assert wrong == []
    assert shown >= min(8, len(world.stops)), "the texts were not on the pages"


def test_nothing_stays_in_the_browser_when_somebody_has_signed_out(
    world: World, opened: Callable[[str], tuple[Page, list[str]]]
) -> None:
    """But when the session would have ended, which says nothing of anybody."""
    page, _ = opened("police")
    for path in ("/returns", "/indicators/ni-16", "/audit"):
        page.goto(path)
        page.locator("h1").first.wait_for()
    private = page.url
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.locator("h1").first.wait_for()
    kept: Any = page.evaluate(KEPT)
    assert {name for name, _ in kept.pop("local")} <= {"portal-session-ends"}
    assert kept == {"session": [], "databases": [], "caches": [], "workers": 0, "name": ""}
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    page.goto(private)
    assert "/sign-in" in page.url
    page.go_back()
    page.locator("h1").first.wait_for()
    assert "Audit" not in page.locator("h1").first.inner_text()
    assert all("police" not in value for value in cookies.values())
