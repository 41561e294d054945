"""The help names nothing that is not on the pages, and each role has its own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from layouts.help import SIZES
from layouts.shell import INDEX
from models.rules.terms import Role
from portal.errors import PortalError
from portal.words.help import HELP, PICTURE
from tests.conftest import person
from tests.layouts.test_layouts import check_manners, components, text_of
from tests.support.accounts import ACCOUNTS
from tests.support.help_pictures import SHOTS
from tests.support.tour import more_stops, signed_in_stops
from tests.support.worlds import World, opened

SAID = ("A", "Link", "Button", "Label", "Legend", "Summary", "H1", "H2", "H3", "Option")
"""What has a name that a person looks for."""
NOT_DRAWN = (
    *("/help", "/password", "/sign-out", "/returns/workbook", "/sessions", "/second-step"),
    *("/people/invite", "/people/1/sign-in"),
)
"""The help itself, and pages that are forms without a script, which layouts do not draw."""


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path, numbers = prepared
    made = opened(path, tmp_path_factory.mktemp("help") / "portal.sqlite", numbers)
    yield made
    made.database.dispose()


def seen_by(world: World, role: Role) -> set[str]:
    """Everything with a name on the pages that one role may open: links, buttons, fields, headings."""
    portal = world.app.extensions["portal"]
    actor = person(world.database, ACCOUNTS[role])
    there = {label for label, _ in portal["pages"].links(actor)} | {"Password"}
    there |= set(re.findall(r'class="skip"[^>]*>([^<]+)<', INDEX))
    for stop in (*signed_in_stops(world.app, world.numbers, [role]), *more_stops()):
        if stop.who == ACCOUNTS[role] and not stop.address.startswith(NOT_DRAWN):
            there |= set(_named(portal["pages"].open(actor, *stop.address.split("?"))[1]))
    return there


def _named(tree: Any) -> Iterator[str]:
    for one in components(tree):
        if type(one).__name__ in SAID:
            yield " ".join(text_of(one).split())


@pytest.mark.parametrize("role", Role)
def test_every_page_and_button_that_the_help_names_is_on_the_pages_of_its_role(world: World, role: Role) -> None:
    page = HELP[role]
    sentences = [*(step.text for step in page.steps), *page.keyboard, *page.after, *page.ask]
    names = {name for sentence in sentences for name in re.findall("“(.+?)”", sentence)}
    there = seen_by(world, role)
    assert names
    assert {name for name in names if not any(re.match(rf"{re.escape(name)}($|[ :])", one) for one in there)} == set()


@pytest.mark.parametrize("role", Role)
def test_help_is_first_for_ones_own_role_and_every_other_may_be_read(world: World, role: Role) -> None:
    pages, actor = world.app.extensions["portal"]["pages"], person(world.database, ACCOUNTS[role])
    assert ("Help", "/help") in pages.links(actor)
    title, body = pages.open(actor, "/help")
    assert title == HELP[role].title
    assert HELP[role].job in text_of(body)
    check_manners(body)
    for other in set(Role) - {role}:
        title, body = pages.open(actor, f"/help/{other}")
        assert title == HELP[other].title
        assert "Your own role is another" in text_of(body)
    with pytest.raises(PortalError):
        pages.open(actor, "/help/nobody")


def test_every_picture_is_taken_has_words_and_is_small() -> None:
    folder = Path(__file__).parents[2] / "assets/help"
    used = {step.picture for page in HELP.values() for step in page.steps} - {""}
    assert used == PICTURE.keys() == SHOTS.keys() == SIZES.keys()
    assert max(path.stat().st_size for path in folder.glob("*.webp")) < 60_000


def test_a_name_stands_out_and_a_picture_comes_lazily(world: World) -> None:
    body = world.app.extensions["portal"]["pages"].open(person(world.database, "police"), "/help")[1]
    found = [one.to_plotly_json() for one in components(body) if isinstance(one, Component)]
    bold = [one["props"]["children"] for one in found if one["type"] == "B"]
    images = [one["props"] for one in found if one["type"] == "Img"]
    assert "Save and check" in bold
    assert not any("“" in text_of(one["props"].get("children")) for one in found if one["type"] == "Li")
    assert images
    assert all(image["loading"] == "lazy" and image["width"] and image["height"] for image in images)
