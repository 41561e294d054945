"""Every page in a real browser: no accessibility failure, one heading, no sideways scrolling on a telephone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PAGES = [
    (None, "/"),
    (None, "/memorandum"),
    (None, "/explore"),
    (None, "/explore?indicator=ni-16"),
    (None, "/sign-in"),
    (None, "/no/such/page"),
    ("lcc", "/returns"),
    ("lcc", "/returns/29"),
    ("lcc", "/returns/7"),
    ("lcc", "/password"),
    ("lcc", "/sign-out"),
    ("team", "/review"),
    ("executive", "/themes"),
    ("executive", "/themes/safer"),
    ("executive", "/themes/talking-up"),
    ("executive", "/themes/health?period=2008-09-q3"),
    ("executive", "/themes?group=designated&rating=worse"),
    ("executive", "/themes/safer?at=2009-01-20"),
    ("executive", "/performance"),
    ("executive", "/performance?by=theme&period=2008-09-q2"),
    ("team", "/agreement"),
    ("team", "/agreement/refresh"),
    ("reviewer", "/annual-review/2008-09"),
    ("admin", "/people"),
    ("team", "/audit"),
]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_has_manners(visit: Callable[..., Page], who: str | None, path: str) -> None:
    page = visit(who, bypass_csp=True)
    page.goto(path)
    page.locator("h1").wait_for()
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=RULES)
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found.response["violations"]] == []
    assert page.locator("h1").count() == 1
    assert page.title().strip() not in ("", "Dash")
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_timeout(150)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"scrolls sideways by {wider} px on a telephone"


def test_the_scorecard_needs_no_script(visit: Callable[..., Page]) -> None:
    page = visit(None, script=False)
    page.goto("/")
    assert "Serious acquisitive crime rate" in page.locator("main").inner_text()
    assert page.locator("script").count() == 0
