"""A return workbook in a browser: with the script that shows how far it has come, and without any."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import until_held
from tests.support.workbooks import filled

PAGE = "/returns/workbook"


def downloaded(page: Page, folder: Path) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name="Workbook for quarter 3").click()
    found.value.save_as(folder / found.value.suggested_filename)
    return (folder / found.value.suggested_filename).read_bytes()


def chosen(page: Page, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    page.get_by_label("The workbook that you filled in").set_input_files(folder / name)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_workbook_goes_out_and_comes_back(visit: Callable[..., Page], tmp_path: Path, script: bool) -> None:
    page = visit(None, script=script)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("nhs@portal.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(PAGE)
    code = "NI 120(i)" if script else "NI 120(ii)"
    chosen(page, tmp_path, "a.xlsx", filled(downloaded(page, tmp_path), {code: {"commentary": "Fewer."}}))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="What this workbook would change")).to_be_visible()
    page.get_by_role("button", name="Save 1 draft").click()
    expect(page.get_by_role("heading", name="This workbook was written")).to_be_visible()


def test_the_script_says_how_far_it_is_and_what_is_the_matter(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("police", heard=False)
    page.goto(PAGE)
    chosen(page, tmp_path, "large.xlsx", b"0" * 3_000_000)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#file-problem")).to_have_text("The file has 2.9 MB; at most 2.0 MB are taken.")
    waiting: list[Route] = []
    page.route(f"**{PAGE}", lambda route: waiting.append(route))
    chosen(page, tmp_path, "text.xlsx", b"no workbook")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".progress-of-sending [role=status]")).to_contain_text("of 2")
    until_held(page, waiting)
    waiting[0].continue_()
    expect(page.locator(".error-summary")).to_contain_text("not an Excel workbook")
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title() == "Error: Return workbook"
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
