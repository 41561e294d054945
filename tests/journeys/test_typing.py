"""Typing into the form of a return on a bad line: nothing is lost, nothing older comes back, and no page says otherwise."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.journeys.conftest import enter, until_held

FIGURE = "Figure for October to December 2008"
NI_16, NI_20, NI_32 = "Serious acquisitive crime", "Assault with injury", "Repeat incidents"


class Line:
    """A line on which the posts that keep what is typed are held until they are let go, in any order."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.posts = 0
        self.holds = True
        page.route("**/_dash-update-component*", self._take)

    def _take(self, route: Route) -> None:
        by = json.loads(route.request.post_data or "{}")["changedPropIds"][0]
        self.posts += 1
        if self.holds and '"part":"typing"' in by:
            self.held.append(route)
        else:
            route.continue_()


def opened(page: Page, title: str) -> Page:
    page.goto("/returns")
    page.locator(".tasks").get_by_role("link", name=title).click()
    page.get_by_label("Commentary").wait_for()
    return page


def test_saving_at_once_saves_the_last_key_and_no_late_post_undoes_it(visit: Callable[..., Page]) -> None:
    page = opened(visit("police"), NI_16)
    line = Line(page)
    words = page.get_by_label("Commentary")
    words.press_sequentially("Patrols run ")
    until_held(page, line.held, 1)
    words.press_sequentially("in all wards, in full.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".saved")).to_contain_text("Draft saved")
    assert line.posts < 10  # of 34 keys
    line.holds = False
    for route in line.held:
        route.continue_()
    page.wait_for_timeout(1500)
    page.reload()
    expect(words).to_have_value("Patrols run in all wards, in full.")
    expect(page.locator(".restored")).to_have_count(0)
    words.press_sequentially(" Daily.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".saved")).to_contain_text("Draft saved")
    expect(page.locator(".error-summary")).to_have_count(0)


def test_posts_that_arrive_in_another_order_leave_the_newest(visit: Callable[..., Page]) -> None:
    page = opened(visit("police"), NI_20)
    line = Line(page)
    words = page.get_by_label("Commentary")
    words.press_sequentially("Typed first")
    until_held(page, line.held, 1)
    words.press_sequentially(", typed second")
    page.evaluate("window.dispatchEvent(new Event('online'))")  # it does not wait for the one under way then
    until_held(page, line.held, 2)
    line.holds = False
    for route in reversed(line.held):
        route.continue_()
        page.wait_for_timeout(500)
    expect(page.locator(".kept")).to_contain_text("What you typed is kept")
    page.reload()
    expect(words).to_have_value("Typed first, typed second")


@pytest.fixture
def police(browser: Browser, address: str) -> Iterator[Page]:
    """The police lead's page, whose browser may complain of a line that is cut."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    enter(page, "police")
    yield page
    context.close()


def test_what_is_typed_without_a_connection_is_kept_when_it_is_back(police: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    police.on("dialog", stay)
    page = opened(police, NI_32)
    words = page.get_by_label("Commentary")
    words.press_sequentially("Online part. ")
    expect(page.locator(".kept")).to_contain_text("What you typed is kept")
    page.context.set_offline(True)
    words.press_sequentially("Offline part.")
    expect(page.get_by_text("is not kept yet")).to_be_visible()
    expect(page.locator(".kept")).to_be_hidden()
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(1000)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect(page.locator(".kept")).to_be_visible(timeout=10_000)
    expect(page.locator("#notice")).to_be_hidden()
    page.reload()
    expect(words).to_have_value("Online part. Offline part.")
    assert asked == ["beforeunload"]


def test_an_error_is_announced_marked_and_said_at_its_field(visit: Callable[..., Page]) -> None:
    page = opened(visit("nhs"), "Delayed transfers of care from hospitals")
    figure = page.get_by_label(FIGURE)
    expect(figure).to_have_accessible_description("In weekly average.")
    figure.fill("many")
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title("Error: NI 131, 2008/09 Q3 – Partnership portal")
    expect(figure).to_have_attribute("aria-invalid", "true")
    assert "'many' is not a figure" in (figure.evaluate("one => one.previousElementSibling.textContent") or "")
    figure.fill("12.5")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".saved")).to_contain_text("Draft saved")
    expect(page).to_have_title("NI 131, 2008/09 Q3 – Partnership portal")
    assert figure.get_attribute("aria-invalid") is None


def test_a_window_left_open_is_told_who_submitted_and_how_to_go_on(visit: Callable[..., Page]) -> None:
    left = opened(visit("jcp"), "Working age people on out of work benefits")
    other = left.context.new_page()
    opened(other, "Working age people on out of work benefits")
    other.get_by_label(FIGURE).fill("16.1")
    other.get_by_role("button", name="Save and check").click()
    other.get_by_role("button", name="Submit return").click()
    expect(other.get_by_role("heading", name="Return submitted")).to_be_visible()
    assert other.title().startswith("Submitted: ")
    other.go_back()
    expect(other.locator("h1")).to_contain_text("This return has been submitted")
    expect(other.get_by_role("link", name="Change")).to_have_count(0)
    left.bring_to_front()
    left.get_by_label(FIGURE).fill("17")
    left.get_by_role("button", name="Save draft").click()
    said = left.locator(".error-summary")
    expect(said).to_contain_text("This return has been submitted, by you, in another window")
    expect(said).to_contain_text("withdraw it first")
    left.on("dialog", lambda dialog: dialog.accept())
    said.get_by_role("link", name="Open the return as it is now").click()
    left.get_by_text("Withdraw this return").click()
    left.get_by_role("button", name="Yes, withdraw it").click()
    expect(left.get_by_role("heading", name="Return withdrawn")).to_be_visible()
    expect(left.get_by_text("What was submitted before")).to_be_visible()
    assert left.title().startswith("Withdrawn: ")


def test_a_line_that_is_back_is_told(police: Page) -> None:
    police.goto("/returns")
    police.locator("h1").wait_for()
    police.context.set_offline(True)
    police.get_by_role("link", name="Themes").first.click()
    notice = police.locator("#notice")
    expect(notice).to_contain_text("No connection")
    police.context.set_offline(False)
    expect(notice).to_contain_text("The connection is back")
    expect(notice).not_to_contain_text("Nothing was saved")
