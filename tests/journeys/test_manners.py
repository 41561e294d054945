"""Every page in a real browser: no accessibility failure, one heading, no sideways scrolling on a telephone. This is
every page once, with one of those who may open it; `make axe` looks at all of them with everybody, and at every text."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import running, settled
from tests.support.accounts import ACCOUNTS
from tests.support.manners import SOME, by_axe, complaints
from tests.support.tour import Stop, more_stops, public_stops, signed_in_stops
from tests.support.worlds import World, opened


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration with returns in every state."""
    path, numbers = prepared
    made = opened(path, tmp_path_factory.mktemp("manners") / "portal.sqlite", numbers)
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with running(world.app) as found:
        yield found


@pytest.fixture(scope="module")
def stops(world: World) -> list[Stop]:
    """Every page once."""
    return [*public_stops(world.app), *signed_in_stops(world.app, world.numbers, once=True), *more_stops()]


@pytest.mark.parametrize("who", ["", *ACCOUNTS.values(), "lcc"])
def test_pages_have_manners(visit: Callable[..., Page], stops: list[Stop], who: str) -> None:
    page = visit(who or None, bypass_csp=True)
    found = {}
    for stop in stops:
        if stop.who == who:
            settled(page, stop.address)
            found[stop.address] = complaints(page, SOME)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "first", ["<td>Dark</td>", '<td hidden style="color: #ddd">Hidden</td>', '<td style="color: #ddd">–</td>']
)
@pytest.mark.parametrize(
    "pale",
    [
        '<td style="color: #ddd">Pale</td>',
        '<td style="background: #555">On grey</td>',
        '<td style="opacity: 0.3">Faint</td>',
        '<td><div style="background: #333"><p>In the dark</p></div></td>',
        '<td style="position: relative; background: #333">Out of the flow</td>',
    ],
)
def test_a_pale_text_among_many_is_found(browser: Browser, first: str, pale: str) -> None:
    """Though the contrast of those that look alike is asked for once: also where the first of them cannot be told."""
    page = browser.new_page()
    rows = f"<tr>{first}</tr>{'<tr><td>Dark</td></tr>' * 40}"
    for last, wrong in (("<td>Dark</td>", 0), (pale, 1)):
        page.set_content(f"<main><h1>Many</h1><table>{rows}<tr>{last}</tr></table></main>")
        assert len([one for one in by_axe(page) if one.startswith("color-contrast")]) == wrong
    page.context.close()


def test_every_page_is_looked_at(world: World, stops: list[Stop]) -> None:
    assert {stop.rule for stop in stops} >= {*world.app.extensions["portal"]["pages"].pages, "/", "/memorandum"}
    assert {stop.who for stop in stops} <= {"", *ACCOUNTS.values(), "lcc"}


def test_the_scorecard_needs_no_script(visit: Callable[..., Page]) -> None:
    page = visit(None, script=False)
    page.goto("/")
    assert "Serious acquisitive crime rate" in page.locator("main").inner_text()
    assert page.locator("script").count() == 0
