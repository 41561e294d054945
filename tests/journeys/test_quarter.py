"""The main job in a real browser: the police return a figure, the team verifies and publishes, the public reads it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

FIGURE = "Figure for October to December 2008"


def test_from_the_polices_keyboard_and_the_teams_to_the_public_page(visit: Callable[..., Page]) -> None:
    police = visit("police", "/start")
    expect(police.locator("h1")).to_contain_text("Your returns for quarter 3 of 2008/09")
    expect(police.locator(".tasks li")).to_have_count(3)
    _submit_by_keyboard(police)
    _verify_and_prepare_by_keyboard(visit("team", "/start"))
    _release_by_keyboard(visit("team2", "/start"))

    public = visit(None)
    public.goto("/")
    row = public.locator("tr, li", has_text="Assault with injury crime rate").first
    expect(public.locator("main")).to_contain_text("quarter 3 of 2008/09")
    expect(row).to_contain_text("offences per 1,000 population, monthly rate")
    expect(row.get_by_text("0.87", exact=True)).to_be_visible()


def _submit_by_keyboard(page: Page) -> None:
    """From the desk to a submitted return without a mouse: open, type, check, submit."""
    page.get_by_role("link", name="Assault with injury crime rate").focus()
    page.keyboard.press("Enter")
    figure = page.get_by_label(FIGURE)
    figure.wait_for()
    expect(page.locator("h1")).to_be_focused()
    figure.focus()
    page.keyboard.type("0.87")
    page.keyboard.press("Tab")
    expect(page.locator(".live")).to_contain_text("no milestone has been set for this period")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the fold with another rating
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Commentary")).to_be_focused()
    page.keyboard.type("Fewer assaults in the city centre.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save and check")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Check your answers")
    expect(page.locator("main")).to_contain_text("0.87 offences per 1,000 population, monthly rate")
    page.get_by_role("button", name="Submit return for quarter 3 of 2008/09").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Return submitted")).to_be_visible()
    assert "NI 20, 2008/09 Q3 – Partnership portal" in page.title()


def _verify_and_prepare_by_keyboard(page: Page) -> None:
    """From the queue to a prepared edition with the Tab and Enter keys alone."""
    expect(page.locator("h1")).to_contain_text("Review queue")
    _press(page, page.get_by_role("link", name="Assault with injury crime rate"))
    expect(page.locator("main")).to_contain_text("Fewer assaults in the city centre.")
    _press(page, page.get_by_role("button", name="Verify this figure"))
    expect(page.locator("h1")).to_contain_text("Review queue")
    _press(page, page.get_by_role("link", name="Publish quarter 3 of 2008/09"))
    expect(page.get_by_role("heading", name="New in public: 1")).to_be_visible()
    _press(page, page.get_by_role("button", name="Prepare edition 2"))
    expect(page.locator("main")).to_contain_text("somebody else of the team releases it")
    expect(page.get_by_role("button", name="Release this publication")).to_have_count(0)


def _release_by_keyboard(page: Page) -> None:
    _press(page, page.get_by_role("link", name="Publish", exact=True))
    _press(page, page.get_by_role("button", name="Release this publication"))
    expect(page.get_by_text("Edition 2 is published.")).to_be_visible()


def _press(page: Page, wanted: Locator) -> None:
    """Go to it with the Tab key, and press Enter there."""
    wanted.wait_for()
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")


def test_a_wrong_figure_is_said_at_the_top_and_leads_to_its_field(visit: Callable[..., Page]) -> None:
    page = visit("jcp", "/start")
    page.get_by_role("link", name="Working age people on out of work benefits").click()
    page.get_by_label(FIGURE).fill("sixteen")
    page.get_by_label("Commentary").fill("words that must not be lost")
    page.get_by_role("button", name="Save and check").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label(FIGURE)).to_be_focused()
    expect(page.get_by_label("Commentary")).to_have_value("words that must not be lost")


def test_a_query_goes_back_to_the_partner_with_its_reason(visit: Callable[..., Page]) -> None:
    lead, team = visit("jcp", "/start"), visit("team", "/start")
    lead.get_by_role("link", name="Working age people on out of work benefits").click()
    lead.get_by_label(FIGURE).fill("16.1")
    expect(lead.locator(".live")).to_contain_text("Within acceptable range")
    lead.get_by_role("button", name="Save and check").click()
    lead.get_by_role("button", name="Submit return").click()
    expect(lead.get_by_role("heading", name="Return submitted")).to_be_visible()
    team.goto("/review")
    team.get_by_role("link", name="Working age people on out of work benefits").click()
    team.get_by_role("button", name="Send back with this question").click()
    expect(team.locator(".error-summary")).to_contain_text("Say what you want to know")
    team.get_by_label("Or send it back with a question").fill("Does this include carers?")
    team.get_by_role("button", name="Send back with this question").click()
    expect(team.locator("h1")).to_contain_text("Review queue")
    lead.goto("/returns")
    expect(lead.locator(".tasks")).to_contain_text("Queried")
    lead.locator(".tasks").get_by_role("link", name="Working age people on out of work benefits").click()
    expect(lead.locator(".asked")).to_contain_text("Does this include carers?")
    expect(lead.get_by_label(FIGURE)).to_have_value("16.1")


def test_another_rating_is_proposed_and_decided_on(visit: Callable[..., Page]) -> None:
    lead, team = visit("lcc", "/start"), visit("team", "/start")
    title = "Initial assessments for children's social care"
    lead.get_by_role("link", name=title).click()
    lead.get_by_label(FIGURE).fill("55")
    lead.get_by_text("Propose another rating than the rule's").click()
    lead.get_by_label("The rating that you propose").select_option("within")
    expect(lead.locator(".live")).to_contain_text("You propose “within acceptable range” instead.")
    lead.get_by_text("Propose another rating than the rule's").click()  # folded away, with half of it missing
    lead.get_by_role("button", name="Save and check").click()
    lead.locator(".error-summary").get_by_role("link").click()
    expect(lead.get_by_label("Why should it be rated so?")).to_be_focused()
    lead.keyboard.type("Two schools were left out.")
    lead.get_by_role("button", name="Save and check").click()
    lead.get_by_role("button", name="Submit return").click()
    expect(lead.get_by_role("heading", name="Another rating is proposed")).to_be_visible()
    team.goto("/review")
    team.get_by_role("link", name="Open to decide on NI 59").click()
    team.get_by_role("button", name="Verify this figure").click()
    team.locator(".error-summary").get_by_role("link").click()
    expect(team.get_by_label("Accept the proposed rating")).to_be_focused()
    team.keyboard.press("Space")
    team.get_by_role("button", name="Verify this figure").click()
    expect(team.locator("h1")).to_contain_text("Review queue")
    expect(team.locator("tr", has_text=title)).to_contain_text("judged; the rule says otherwise")


def test_an_ended_session_loses_nothing_that_was_typed(visit: Callable[..., Page]) -> None:
    page = visit("nhs", "/start")
    page.get_by_role("link", name="Delayed transfers of care from hospitals").click()
    page.get_by_label(FIGURE).fill("12.5")
    other = page.context.new_page()
    other.goto("/sign-out")
    other.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#notice")).to_contain_text("What you typed is still here")
    expect(page.get_by_label(FIGURE)).to_have_value("12.5")


def test_a_stale_form_is_refused_with_both_texts(visit: Callable[..., Page]) -> None:
    first, second = visit("police", "/start"), visit("police.contributor", "/start")
    for page in (first, second):
        page.get_by_role("link", name="Serious acquisitive crime rate").click()
        page.get_by_label(FIGURE).wait_for()
    first.get_by_label(FIGURE).fill("2.2")
    first.get_by_role("button", name="Save draft").click()
    expect(first.locator(".saved")).to_contain_text("Draft saved")
    second.get_by_label(FIGURE).fill("3.3")
    second.get_by_role("button", name="Save draft").click()
    both = second.locator(".error-summary")
    expect(both).to_contain_text("Lead of Leicestershire Constabulary changed this return after you opened it here")
    expect(both).to_contain_text("2.2")
    expect(both).to_contain_text("3.3")
    expect(second.get_by_label(FIGURE)).to_have_value("3.3")


def test_a_disabled_account_stays_disabled(visit: Callable[..., Page]) -> None:
    """Dash calls the callback of a button that another callback drew: nobody pressed Enable."""
    admin = visit("admin", "/start")
    row = admin.locator("tr", has_text="youth-service@portal.example")
    row.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("Disabled")
    admin.wait_for_timeout(500)
    admin.reload()
    expect(row).to_contain_text("Disabled")
    row.get_by_role("button", name="Enable").click()
    expect(row).to_contain_text("Active")


def test_a_second_question_in_a_row_is_on_the_page_at_once(visit: Callable[..., Page]) -> None:
    page = visit("executive", "/indicators/ni-16")
    page.goto(str(page.locator("a[href^='/returns/']").first.get_attribute("href")))
    for question in ("Why is it rising?", "And in Westcotes?", "And in Westcotes?"):
        page.locator("textarea").last.fill(question)
        page.get_by_role("button", name="Ask the lead a question").click()
        expect(page.locator("textarea").last).to_have_value("")
    expect(page.locator("main").get_by_text("And in Westcotes?")).to_have_count(2)
