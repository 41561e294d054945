"""What a stylesheet alone can break: narrow screens, paper, the dark, a reader's own colours."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page


def left(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["x"]


def test_on_a_telephone_a_cell_stands_beside_its_label_and_a_rating_has_its_word(visit: Callable[..., Page]) -> None:
    page = visit(None)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    judged = page.locator("td .unit", has_text="judged").first
    assert left(judged) >= left(judged.locator("xpath=..").locator(".rating"))
    page = visit("executive")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/themes")
    word = page.locator(".heat td .visually-hidden", has_text="Worse than anticipated").first
    word.wait_for()
    box = word.bounding_box()
    assert box is not None
    assert box["width"] > 50


def test_the_header_has_two_rows(visit: Callable[..., Page]) -> None:
    page = visit("team")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/themes")
    page.locator(".account").wait_for()
    box = page.locator("header.top").bounding_box()
    assert box is not None
    assert box["height"] <= 106
    rows = {
        round(left_top["y"] / 12) for left_top in (page.locator(one).bounding_box() for one in (".agreement", ".who"))
    }
    assert len(rows) == 1


def test_paper_has_the_reasons_of_what_is_worse_and_of_what_has_no_figure(visit: Callable[..., Page]) -> None:
    page = visit(None)
    page.goto("/")
    reasons = page.locator("details:has(.reasons)").first
    folded = reasons.bounding_box()
    page.emulate_media(media="print")
    opened = reasons.bounding_box()
    assert folded is not None
    assert opened is not None
    assert opened["height"] > 2 * folded["height"]
    assert page.locator("tr:has(.rating.x) details").first.is_visible()
    assert not page.locator("tr:has(.rating.w):not(:has(.rating.x)) details").first.is_visible()


def test_a_select_has_an_arrow_in_the_dark_and_plotlys_words_no_ghost_in_own_colours(
    visit: Callable[..., Page],
) -> None:
    page = visit(None)
    page.emulate_media(color_scheme="dark")
    page.goto("/explore")
    page.locator(".plotted text").first.wait_for()
    arrow = page.locator("select").first.evaluate("one => getComputedStyle(one).backgroundImage")
    assert "e8edf1" in arrow
    fill = "one => getComputedStyle(one).fill"
    bars = page.locator(".plotted .trace.bars")
    assert bars.nth(0).locator("path").first.evaluate(fill) == "rgb(240, 163, 200)"  # worse, in the dark
    page.emulate_media(forced_colors="active")
    stroke = page.locator(".plotted text").first.evaluate("one => getComputedStyle(one).stroke")
    assert stroke == "none"


def test_on_paper_an_indicator_has_no_fields_to_fill_in(visit: Callable[..., Page]) -> None:
    page = visit("police")
    page.goto("/indicators/ni-16")
    page.get_by_text("Change it, or say that it is done").first.wait_for()
    page.emulate_media(media="print")
    fields = page.locator("main input, main select, main textarea, main button")
    assert fields.count() > 0
    assert [one for one in fields.all() if one.is_visible()] == []
