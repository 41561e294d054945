"""A signed-in page whose scripts do not run, or do not come, says so in words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import PASSWORD

SAID = "This page has not loaded"


def test_without_script_the_page_says_what_it_needs(visit: Callable[..., Page]) -> None:
    page = visit(None, script=False)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("police@portal.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name=SAID)).to_be_visible()
    expect(page.get_by_text("Loading...")).to_be_hidden()


@pytest.mark.parametrize("script", ["react@", "dash_renderer", "dcc/dash_core_components", "html/dash_html_components"])
def test_a_script_that_does_not_come_is_told_after_a_while(visit: Callable[..., Page], script: str) -> None:
    page = visit("police", heard=False)

    def refuse(route: Route) -> None:
        route.abort() if script in route.request.url else route.continue_()

    page.route("**/*.js*", refuse)
    clock = page.context.new_cdp_session(page)
    clock.send("Animation.enable")
    page.goto("/returns")
    expect(page.get_by_role("heading", name=SAID)).to_be_hidden()
    clock.send("Animation.setPlaybackRate", {"playbackRate": 50})  # the while passes
    expect(page.get_by_role("heading", name=SAID)).to_be_visible()


def test_a_page_that_loads_never_says_it(visit: Callable[..., Page]) -> None:
    page = visit("police")
    page.goto("/returns")
    page.locator("h1").wait_for()
    expect(page.get_by_role("heading", name=SAID)).to_be_hidden()
    expect(page.locator("footer.foot")).to_contain_text("Accessibility")
