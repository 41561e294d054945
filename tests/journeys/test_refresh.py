"""A refresh in a real browser, by keyboard alone: a target is proposed, everybody consents, it is agreed."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.database import Database
from portal.services import refresh
from tests.conftest import PASSWORD, person
from tests.journeys.conftest import serving


@pytest.fixture
def address(sqlite_database: Database) -> Iterator[str]:
    """A server over data of its own, with a refresh in which nothing is proposed yet."""
    team = person(sqlite_database, "team")
    refresh.leave(sqlite_database, team, None, "Start from nothing.")
    refresh.start_refresh(sqlite_database, team, "A small refresh", "To try it.", date(2009, 4, 1))
    with serving(sqlite_database) as running:
        yield running


def test_a_refresh_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("team@portal.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Agreement", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Refresh the agreement").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    _propose(page)
    for who in ("Homes", "Leicester City Council", "Government Office", "East Midlands"):
        _consent(page, who)
    agree = page.get_by_role("button", name="Agree the refresh")
    expect(agree).to_be_enabled()
    agree.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("1 is relaxed")
    expect(page.locator("main")).to_contain_text("400 homes")
    page.close()


def _propose(page: Page) -> None:
    measure = page.get_by_label("Measure", exact=True)
    measure.focus()
    page.keyboard.type("NI 154")
    page.keyboard.press("Tab")
    page.keyboard.type("Target 2009")
    page.keyboard.press("Tab")
    page.keyboard.type("400")
    page.keyboard.press("Tab")
    page.keyboard.type("Fewer homes can be built.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("400 homes")
    expect(page.locator("main")).to_contain_text("Relaxed")


def _consent(page: Page, who: str) -> None:
    page.get_by_label("Who", exact=True).focus()
    page.keyboard.type(who)
    page.get_by_label("Who said so, and when").focus()
    page.keyboard.type("By letter, 12 January 2009")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("td li", has_text=who).filter(has_text="By letter")).to_be_visible()
    expect(page.get_by_label("Who said so, and when")).to_have_value("")  # the page is drawn anew
