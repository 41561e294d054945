"""No link of a signed-in page leads its reader to what is not theirs: everybody's own pages, followed link by link."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from models.rules.terms import Role
from portal import policy
from portal.errors import Forbidden, NotFound, PortalError
from portal.policy import Action
from portal.services import conversation
from tests.conftest import person, sign_in
from tests.support import wire
from tests.support.accounts import ACCOUNTS
from tests.support.worlds import World, opened

RETURN = "/returns/<int:return_id>"
SAMPLE = {RETURN: 6}
"""So many links to pages of one kind are followed from one kind of page: returns differ in who may read them; of all
others one is enough."""


@pytest.fixture(scope="module")
def world(prepared: tuple[Path, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Returns in each state, with a question on one that is not verified."""
    path, numbers = prepared
    world = opened(path, tmp_path_factory.mktemp("links") / "portal.sqlite", numbers)
    conversation.challenge(world.database, person(world.database, "team"), numbers["submitted"], "Is this right?")
    yield world
    world.database.dispose()


class Crawl:
    """One person's way through the portal: what they opened, and what that answered."""

    def __init__(self, world: World, who: str) -> None:
        self.world = world
        self.pages = world.app.extensions["portal"]["pages"]
        self.client = sign_in(world.app, who)
        self.seen: dict[str, str] = {}
        self.kinds: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
        self.dead: list[str] = []

    def follow(self, start: str) -> None:
        waiting = [("", start)]
        while waiting:
            source, address = waiting.pop(0)
            if address in self.seen or not self.is_due(source, address):
                continue
            self.seen[address] = source
            found = self.links(address)
            if found is None:
                self.dead.append(f"{source} leads to {address}")
            waiting += [(address, link) for link in found or ()]

    def rule(self, address: str) -> str:
        try:
            return str(self.pages.find(urlsplit(address).path)[0].rule)
        except PortalError:
            return ""

    def is_due(self, source: str, address: str) -> bool:
        rule = self.rule(address)
        kind = (self.rule(source), rule or urlsplit(address).path, tuple(parse_qs(urlsplit(address).query)))
        self.kinds[kind] += 1
        return self.kinds[kind] <= SAMPLE.get(rule, 1)

    def links(self, address: str) -> set[str] | None:
        """The links of the page at an address, as the wire gives it; None for a refusal."""
        parts = urlsplit(address)
        if not self.rule(address):
            return set() if self.client.get(address).status_code < 400 else None
        search = f"?{parts.query}" if parts.query else ""
        values = {"address.pathname": parts.path, "address.search": search}
        answer = wire.post(self.world.app, self.client, wire.body(self.world.app, "open_page", values))
        if answer.status_code != 200 or answer.json["response"]["title"]["children"] in (
            Forbidden.title,
            NotFound.title,
        ):
            return None
        return set(_links(answer.json["response"]))


def _links(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        href = tree.get("href")
        if isinstance(href, str) and href.startswith("/") and not href.startswith("/assets/"):
            yield href.partition("#")[0]
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _links(each)


@pytest.mark.parametrize("role", Role)
def test_every_link_that_is_drawn_may_be_followed(world: World, role: Role) -> None:
    crawl = Crawl(world, ACCOUNTS[role])
    crawl.follow("/help")
    assert crawl.dead == []
    labelled = dict(crawl.pages.links(person(world.database, ACCOUNTS[role]))).values()
    assert {*labelled, "/help"} <= crawl.seen.keys()


def test_whoever_reads_themes_alone_is_led_to_no_return(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a role would be that there is not yet: an elected member."""
    monkeypatch.setitem(policy.GRANTS, Role.REVIEWER, policy.GRANTS[Role.REVIEWER] | {Action.THEME_READ})
    crawl = Crawl(world, ACCOUNTS[Role.REVIEWER])
    crawl.follow("/indicators/ni-16")
    assert crawl.dead == []
    assert "/themes" in crawl.seen
