"""Signing in with one's organisation in a real browser: there, back to the page that was asked for, and out again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from tests.conftest import TODAY
from tests.journeys.conftest import running
from tests.support.issuer import Issuer, issuing
from tests.support.signing_on import POLICE, provide, with_address


@pytest.fixture
def there() -> Iterator[Issuer]:
    with issuing() as issuer:
        issuer.waits = True
        yield issuer


@pytest.fixture
def portal(sqlite_demo: Path, tmp_path: Path, there: Issuer) -> Iterator[str]:
    """A portal that knows the address at which it answers."""
    path = tmp_path / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    database = Database(f"sqlite:///{path}", Clock(TODAY))
    provide(database, there)
    free = make_server("127.0.0.1", 0, lambda *_: [])
    port = free.server_port
    free.server_close()
    with running(create_app(with_address(f"http://127.0.0.1:{port}"), database), port) as address:
        yield address
    database.dispose()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_somebody_signs_in_with_their_organisation_by_keyboard_and_out(
    browser: Browser, portal: str, there: Issuer, script: bool
) -> None:
    context = browser.new_context(base_url=portal, java_script_enabled=script, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/returns/workbook")
    page.get_by_role("link", name="Sign in with your organisation").press("Enter")
    field = page.get_by_label("E-mail address at work")
    field.fill("nobody@elsewhere.example")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(
        "No organisation signs on here for addresses at elsewhere.example"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    field.fill(POLICE)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Police sign-on")  # it went there by itself
    page.get_by_role("link", name="It is me").press("Enter")
    page.wait_for_url("**/returns/workbook")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/sign-out")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out of the portal")
    page.get_by_role("link", name="Sign out of Leicestershire Constabulary too").press("Enter")
    page.get_by_role("link", name="Back").press("Enter")
    page.wait_for_url(f"{portal}/")
    page.goto("/returns/workbook")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()
