"""The page of an indicator in a real browser: by keyboard, on a telephone, light and dark, and what it weighs."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.clock import Clock
from portal.database import Database
from portal.services import events
from tests.conftest import person
from tests.journeys.conftest import serving, settled, weighed
from tests.support.manners import complaints
from tests.support.series import LAST, broken_at, with_series

WITHOUT_CHART, WITH_CHART, AFTER_NAVIGATION = 350_000, 700_000, 60_000
"""What a signed-in page may weigh on its first load, compressed."""


@pytest.fixture(scope="module")
def address(sqlite_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running portal with three years of figures, an event and a break of a series."""
    path = tmp_path_factory.mktemp("indicator") / "portal.sqlite"
    path.write_bytes(sqlite_demo.read_bytes())
    database = with_series(Database(f"sqlite:///{path}", Clock(date(2011, 5, 2))))
    events.record_event(database, person(database, "police"), "ni-16", date(2010, 9, 1), "Patrols in Westcotes began.")
    broken_at(database, "NI 154", "2009/10 Q1", "counted by the new guidance")
    with serving(database) as running:
        yield running


def test_layers_are_switched_by_keyboard_and_the_address_says_so(visit: Callable[..., Page]) -> None:
    page = visit("police")
    page.goto(f"/indicators/NI%2016?period={LAST}")
    box = page.get_by_role("checkbox", name="Events")
    expect(page.locator(".flag")).to_have_count(1)
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".flag")).to_have_count(0)
    expect(box).to_be_focused()
    assert page.url.endswith(f"/indicators/NI%2016?period={LAST}&show=target,limits")
    page.reload()
    expect(page.locator(".limit")).to_have_count(2)
    expect(page.locator(".flag")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Events")).not_to_be_checked()
    page.go_back()
    expect(page.locator(".flag")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Events")).to_be_checked()


def test_the_figures_are_read_one_by_one_with_the_arrows(visit: Callable[..., Page]) -> None:
    page = visit("executive")
    page.goto(f"/indicators/ni-16?period={LAST}")
    last = page.get_by_role("img", name="Quarter 4 of 2010/11: 1.10")
    last.focus()
    expect(last.locator(".spoken")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    before = page.get_by_role("img", name="Quarter 3 of 2010/11")
    expect(before).to_be_focused()
    expect(before.locator(".spoken")).to_be_visible()
    expect(last.locator(".spoken")).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.get_by_role("img", name="Quarter 1 of 2008/09")).to_be_focused()


def test_the_lead_records_an_event_and_withdraws_it(visit: Callable[..., Page]) -> None:
    page = visit("police")
    page.goto(f"/indicators/ni-16?period={LAST}")
    page.get_by_text("Record an event", exact=True).click()
    page.get_by_role("button", name="Record this event").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Day on which it happened").fill("2008-12-01")
    page.get_by_label("What happened").fill("Two clubs closed.")
    page.get_by_role("button", name="Record this event").click()
    expect(page.locator("#events table")).to_contain_text("Two clubs closed.")
    expect(page.locator(".flag")).to_have_count(2)
    page.get_by_text("Withdraw an event", exact=True).click()
    page.get_by_label("Why it is withdrawn").fill("Another city.")
    page.get_by_role("button", name="Withdraw this event").click()
    expect(page.locator(".flag")).to_have_count(1)
    expect(page.locator("#events")).to_contain_text("1 event withdrawn")


@pytest.mark.parametrize(
    ("who", "code"), [("team", "ni-16"), ("lcc", "ni-154"), ("nhs", "ni-120"), ("executive", "ni-50")]
)
def test_a_page_with_figures_has_manners_in_light_and_dark(visit: Callable[..., Page], who: str, code: str) -> None:
    page = visit(who, bypass_csp=True)
    settled(page, f"/indicators/{code}?period={LAST}")
    page.locator("figure").first.wait_for()
    assert complaints(page, {"light": ("light", 1280), "dark": ("dark", 1280)}) == []


@pytest.mark.parametrize(
    ("path", "most"),
    [("/returns", WITHOUT_CHART), ("/themes", WITH_CHART), (f"/indicators/ni-16?period={LAST}", WITH_CHART)],
)
def test_the_first_load_is_light(visit: Callable[..., Page], path: str, most: int) -> None:
    signed_in = visit("team")
    page = signed_in.context.new_page()
    loaded = weighed(page)
    page.goto(path)
    page.locator("#page h1").wait_for()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded) <= most, f"{sum(loaded) / 1000:.0f} kB"


def test_a_theme_after_navigation_is_one_light_request(visit: Callable[..., Page]) -> None:
    page = visit("executive")
    page.goto("/themes")
    link = page.locator("table a", has_text="safer and stronger").first
    link.wait_for()
    page.wait_for_load_state("networkidle")
    loaded = weighed(page, cached=True)
    link.click()
    page.locator("h1", has_text="safer and stronger").wait_for()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded) <= AFTER_NAVIGATION, f"{sum(loaded) / 1000:.0f} kB"
    assert len([size for size in loaded if size]) == 1  # the icon comes from the browser's own store
