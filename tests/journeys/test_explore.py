"""The public page of charts in a real browser: by the filters, in the dark, what it weighs, and that nothing leaves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import weighed
from tests.support.manners import by_axe

MOST = 750_000
"""Compressed, of which plotly is half; a page without its charts loads none of it."""


def test_a_visitor_chooses_and_the_address_says_so(visit: Callable[..., Page]) -> None:
    page = visit(None)
    page.goto("/explore")
    page.locator(".plotted .main-svg").first.wait_for()
    page.get_by_label("Theme", exact=True).select_option(label="Investing in our children")
    page.wait_for_url("**/explore?theme=children")
    page.locator("figcaption", has_text="2 of 5 rated indicators are worse than anticipated").wait_for()
    page.get_by_label("Indicator", exact=True).select_option(value="ni-59")
    page.locator("figcaption", has_text="72% in quarter 2 of 2008/09: better than anticipated").wait_for()
    page.reload()
    page.locator("figcaption", has_text="72% in quarter 2 of 2008/09").wait_for()
    assert page.get_by_label("Indicator", exact=True).input_value() == "ni-59"
    assert not page.locator("#notice").is_visible()
    assert page.locator(".modebar-btn").count() == 0


def test_charts_have_manners_in_the_dark(visit: Callable[..., Page]) -> None:
    page = visit(None, bypass_csp=True)
    page.emulate_media(color_scheme="dark")
    page.goto("/explore")
    page.locator(".plotted .main-svg").first.wait_for()
    assert by_axe(page) == []


@pytest.mark.parametrize(("who", "path", "wanted"), [(None, "/explore", True), ("team", "/performance", False)])
def test_plotly_is_loaded_once_and_only_where_a_chart_needs_it(
    visit: Callable[..., Page], who: str | None, path: str, wanted: bool
) -> None:
    page = visit(who)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    loaded = weighed(page)
    page.goto(path)
    page.locator("#page h1").wait_for()
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if "plotly-basic" in url]) == wanted
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}
    assert 0 < sum(loaded) <= MOST, f"{sum(loaded) / 1000:.0f} kB"
