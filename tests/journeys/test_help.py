"""The help in a browser: its pictures show what the pages show now, and come only when they are wanted."""

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.clock import Clock
from tests.conftest import TODAY
from tests.journeys.conftest import enter, running, settled
from tests.support.help_pictures import SHOTS, digest, tell
from tests.support.worlds import World, opened

PICTURES = json.loads((Path(__file__).parents[2] / "assets/help/pictures.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path, numbers = prepared
    made = opened(path, tmp_path_factory.mktemp("help") / "portal.sqlite", numbers, Clock(TODAY))
    tell(made)
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with running(world.app) as found:
        yield found


def test_the_pictures_say_what_the_pages_say(visit: Callable[..., Page], world: World) -> None:
    stale, page = [], visit(None)

    def whose(key: str) -> str:
        return SHOTS[key].who

    for who, keys in groupby(sorted(SHOTS, key=whose), key=whose):
        page.context.clear_cookies()
        enter(page, who)
        for key in keys:
            shot = SHOTS[key]
            page.set_viewport_size({"width": shot.width, "height": 900})
            settled(page, shot.path(world.numbers))
            if digest(page, shot) != PICTURES[key]["says"]:
                stale.append(key)
    assert stale == [], "the pages say something else than the help's pictures of them: run `make pictures`"


def test_help_opens_for_ones_own_role_and_its_pictures_come_lazily(visit: Callable[..., Page]) -> None:
    page = visit("team", "/start")
    page.get_by_role("link", name="Help").click()
    expect(page.locator("h1")).to_have_text("Help for the partnership team")
    images = page.locator(".steps img")
    assert {image.get_attribute("loading") for image in images.all()} == {"lazy"}
    last = images.last
    last.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=last.element_handle())
    page.get_by_role("link", name="Help for leads").click()
    expect(page.locator("h1")).to_contain_text("Your own role is another: partnership team")
    page.goto("/password")
    page.get_by_role("link", name="Help").click()
    expect(page.locator("h1")).to_have_text("Help for the partnership team")
