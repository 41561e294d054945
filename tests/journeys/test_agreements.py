"""Two agreements in a real browser: choosing one, and that what is done on a page is done to what the page shows."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import calendar
from tests.conftest import TODAY, person, settings
from tests.support.areas import DERBY, LEICESTER, TITLE, load_derby
from tests.support.manners import complaints


@pytest.fixture(scope="module")
def database(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("two")
    shutil.copy(sqlite_demo, folder / "portal.sqlite")
    found = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
    load_derby(found, folder)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(settings(), database), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def choose(page: Page) -> None:
    """Show the other agreement."""
    page.get_by_text("Show another agreement").click()
    page.get_by_role("button", name="Show", exact=True).click()


def says(page: Page, title: str) -> None:
    expect(page.locator(".agreement")).to_have_text(title)


def test_choosing_an_agreement_stays_on_the_page_and_shows_the_other(visit: Callable[..., Page]) -> None:
    page = visit("executive", bypass_csp=True)
    page.goto("/themes")
    says(page, "Leicester Local Area Agreement 2008-11")
    choose(page)
    says(page, TITLE)
    expect(page.locator("h1")).to_contain_text("Themes")
    expect(page.locator("main")).to_contain_text("of 3 indicators")
    page.reload()
    says(page, TITLE)
    assert page.get_by_role("button", name="Show", exact=True).is_visible() is False
    page.get_by_text("Show another agreement").click()
    assert complaints(page, {"light": ("light", 1280)}) == []


def test_from_a_page_of_one_agreement_alone_one_goes_to_where_ones_work_begins(visit: Callable[..., Page]) -> None:
    page = visit("police")
    page.goto("/themes/safer")
    page.locator("h1").wait_for()
    choose(page)
    says(page, TITLE)
    expect(page.locator("h1")).to_contain_text("Your returns")


def test_what_is_done_on_a_page_is_done_to_the_agreement_that_it_shows(
    visit: Callable[..., Page], database: Database
) -> None:
    stale = visit("team")
    stale.goto("/periods/2008-09-q4")
    says(stale, "Leicester Local Area Agreement 2008-11")
    other = stale.context.new_page()
    other.goto("/periods")
    choose(other)
    says(other, TITLE)
    stale.get_by_role("button", name="Open").first.click()
    stale.wait_for_url("**/periods/2008-09-q4?opened&again=*")
    team = person(database, "team")
    opened = {
        key: {line.slug for line in calendar.calendar(database, replace(team, agreement=key)).periods if line.opened}
        for key in (LEICESTER, DERBY)
    }
    assert "2008-09-q4" in opened[LEICESTER]
    assert opened[DERBY] == set()
