"""The browser profiles of the journeys: one after the other is the same, and none keeps anything of the last."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from playwright.sync_api import BrowserContext

from tests.journeys.conftest import settled
from tests.journeys.test_hostile_text import KEPT

LEAVE = """async () => {
  document.cookie = "left=1";
  localStorage.setItem("left", "1");
  sessionStorage.setItem("left", "1");
  await new Promise(done => { indexedDB.open("left").onsuccess = event => { event.target.result.close(); done(); }; });
  await caches.open("left");
  window.name = "left";
}"""


def test_what_one_journey_leaves_the_next_does_not_find(
    profiles: Callable[..., AbstractContextManager[BrowserContext]], address: str
) -> None:
    with profiles(base_url=address) as first:
        page = first.new_page()
        settled(page, "/")
        page.evaluate(LEAVE)
        left: Any = page.evaluate(KEPT)
        assert len(first.cookies()) == 1
        assert (left["local"], left["databases"], left["caches"]) == ([["left", "1"]], ["left"], ["left"])
        first.route("**/*", lambda route: route.abort())
        first.set_offline(True)
    with profiles(base_url=address) as second:
        assert second is first
        page = second.new_page()
        settled(page, "/")
        assert second.cookies() == []
        assert page.evaluate(KEPT) == {
            **{name: [] for name in ("local", "session", "databases", "caches")},
            "workers": 0,
            "name": "",
        }
