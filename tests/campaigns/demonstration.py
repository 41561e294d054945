"""A running portal over a demonstration of its own, with returns in every state, for campaigns that look at pages."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from portal.clock import Clock
from tests.conftest import TODAY, make_demo
from tests.journeys.conftest import chromium, enter, running
from tests.support.help_pictures import tell
from tests.support.worlds import World, opened, prepare


class Still(Clock):
    """A clock that stands still, so that the same pages say the same moments every time."""

    def now(self) -> datetime:
        return datetime(TODAY.year, TODAY.month, TODAY.day, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Demonstration:
    """The running portal, and a browser before it."""

    world: World
    address: str
    browser: Browser

    @contextmanager
    def page(self, who: str, *, width: int = 1280, sharper: float = 1) -> Iterator[Page]:
        """A page of somebody who is signed in; of the public for ''."""
        context: BrowserContext = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 900},
            device_scale_factor=sharper,
            bypass_csp=True,
        )
        page = context.new_page()
        if who:
            enter(page, who)
        yield page
        context.close()


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """The portal on a free port, over a temporary database."""
    with tempfile.TemporaryDirectory() as folder:
        demo, prepared, copy = (Path(folder) / f"{name}.sqlite" for name in ("demo", "prepared", "copy"))
        clock = Still(TODAY)
        make_demo(demo, clock)
        world = opened(prepared, copy, prepare(demo, prepared, clock), clock)
        tell(world)
        with running(world.app) as address, chromium() as browser:
            yield Demonstration(world, address, browser)
        world.database.dispose()
