"""A session that is about to end says so in time, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]


def test_before_a_session_ends_the_page_says_so_and_one_press_keeps_it(visit: Visit) -> None:
    page = visit("police", kept=False)
    page.clock.install()
    page.goto("/returns")
    page.get_by_role("heading", level=1, name="Returns").wait_for()
    warning = page.locator("#session")
    page.clock.fast_forward("26:00")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("02:00")
    expect(warning).to_contain_text("You will be signed out at")
    stay = page.get_by_role("button", name="Stay signed in")
    stay.focus()
    page.keyboard.press("Enter")
    page.clock.run_for(1000)
    expect(warning).to_be_hidden()


def test_when_it_has_ended_the_page_says_so_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit("police", kept=False)
    page.clock.install()
    page.goto("/returns")
    page.get_by_role("link", name="NI 16").first.click()
    figure = page.get_by_label("Figure for")
    figure.fill("2.1")
    # Every answer of the server says how long the session lasts: none that is under way may come after the half hour.
    expect(page.locator(".kept")).to_contain_text("What you typed is kept")
    expect(page.get_by_text("Weak evidence: 2 figures")).to_be_visible()
    page.clock.fast_forward("31:00")
    expect(page.locator("#session")).to_contain_text("You were signed out. What you typed is still here")
    expect(figure).to_have_value("2.1")
    expect(page.get_by_role("link", name="Sign in in a new tab")).to_be_visible()


def test_work_over_a_second_is_shown_while_it_goes_on(visit: Visit) -> None:
    page = visit("executive", "/start")
    working = page.locator("#working")
    held: list[Route] = []
    page.route("**/_dash-update-component*", lambda route: held.append(route))
    page.get_by_role("link", name="Improving health and happiness").first.click()
    expect(working).to_have_text("Working …")
    for route in held:
        route.continue_()
    expect(page.locator("h1")).to_contain_text("Improving health")
    expect(working).to_be_empty()
    expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
