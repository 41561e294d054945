"""The pictures of performance: what is drawn, that it can be read without colour, and what it says."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
from layouts import bars, figures, parts, spine
from layouts import performance as page
from layouts.marks import Element, text_of
from models.rules.calendar import calendar_period
from models.rules.distance import NoDistance
from models.rules.expected import Expected
from models.rules.rollup import Counts
from models.rules.terms import NoRating, Rating
from portal import words
from portal.viewmodels.charts import (
    CountedShares,
    Panel,
    PanelLine,
    PanelPoint,
    PanelsChart,
    PrintedShares,
    SharesChart,
    SpineChart,
    SpineFigure,
)
from portal.viewmodels.performance import Performance
from tests.layouts.test_layouts import check_manners, components
from tests.layouts.test_layouts import text_of as words_of

BETTER, WITHIN, WORSE = Rating.BETTER, Rating.WITHIN, Rating.WORSE
SHARES = SharesChart(
    {
        "The one before": (
            PrintedShares(date(2007, 9, 30), {WORSE: Decimal(26), WITHIN: Decimal("40.5"), None: Decimal(40)}),
            PrintedShares(date(2008, 3, 31), {WORSE: Decimal(24), BETTER: Decimal(4), None: Decimal(12)}),
        )
    },
    "This one",
    (CountedShares("2008/09 Q1", {}, 58), CountedShares("2008/09 Q2", {WORSE: 7, WITHIN: 11, BETTER: 6}, 58)),
)


def figure(code: str, theme: str = "Safer", rating: Rating | None = WORSE, **more: object) -> SpineFigure:
    expected = Expected(Decimal("2.14"))
    said: dict[str, object] = {"no_rating_reason": None, "judged": False, "part": "", **more}
    return SpineFigure(
        code,
        f"Title of {code}",
        theme=theme,
        value=Decimal("2.42"),
        unit="a month",
        decimals=2,
        expected=expected,
        rating=rating,
        **said,  # type: ignore[arg-type]
    )


SPINE = SpineChart(
    "2008/09 Q2",
    (
        (figure("NI 154", part="Homes"), Decimal("-7.93")),
        (figure("NI 16"), Decimal("-1.004")),
        (figure("NI 65", "Children", BETTER, judged=True), Decimal("-0.92")),
        (figure("NI 35", "Children", WITHIN), Decimal(0)),
    ),
    ((figure("NI 9", rating=None, no_rating_reason=NoRating.MILESTONE_NOT_SET), NoDistance.NOTHING_AGREED),),
    Counts(none={NoRating.NOT_DUE: 3}),
    8,
)


def point(key: str, by: str, rating: Rating | None = WITHIN, *, anew: bool = False) -> PanelPoint:
    return PanelPoint(key, calendar_period(key).ends_on, Decimal(by), rating, anew)


LINES = (
    PanelLine("NI 16", "Crime", (point("2008/09 Q1", "0.5"), point("2008/09 Q2", "-5.5", WORSE))),
    PanelLine("NI 20", "Assault", (point("2008/09 Q1", "0.4"), point("2008/09 Q3", "0.4"))),
    PanelLine("NI 21", "Concern", (point("2008/09 Q2", "0.4"), point("2008/09 Q3", "0.4", anew=True))),
)
PANELS = PanelsChart(
    date(2008, 4, 1), date(2008, 12, 31), (Panel("safer", "Safer", LINES), Panel("children", "Children", ()))
)
VIEW = Performance("This one", "2008/09 Q2", (), SHARES, SPINE, PANELS)


def inner(drawn: Element) -> Iterator[ElementTree.Element]:
    """Every element of a drawing as a page without script has it."""
    return ElementTree.fromstring(text_of(drawn)).iter()


def texts(drawn: Element) -> list[str]:
    return [found.text or "" for found in inner(drawn) if found.tag == "text"]


def test_bars_have_what_was_printed_on_one_scale_that_holds_the_longest() -> None:
    (before, printed), (now, counted) = bars.shares(SHARES)
    assert (before, now) == ("The one before", "This one")
    widths = [found.get("width") for found in inner(printed) if found.tag == "rect"]
    # The first comes to 106.5: it fills the width, and a hundred is less.
    assert widths == ["24.41%", "38.03%", "37.56%", "22.54%", "3.76%", "11.27%"]
    assert sum(float((w or "")[:-1]) for w in widths[:3]) == pytest.approx(100, abs=0.02)
    own = [float((found.get("width") or "")[:-1]) for found in inner(counted) if found.tag == "rect"]
    assert sum(own) == pytest.approx(100 / 1.065, abs=0.02)
    assert "● 40.5" in " ".join(texts(printed)).replace("\u202f", " ")
    assert "★ 25" in " ".join(texts(counted)).replace("\u202f", " ")
    assert "none of 58 rated" in texts(counted)
    assert printed[1]["aria-label"] == (
        "The one before: September 2007: below target 26%, near target 40.5%, missing 40%; "
        "March 2008: below target 24%, above target 4%, missing 12%"
    )
    assert counted[1]["aria-label"] == (
        "This one: quarter 1 of 2008/09: none of 58 rated; "
        "quarter 2 of 2008/09: 24 of 58 rated, 7 worse, 11 within range, 6 better"
    )


def test_a_narrow_part_has_a_shorter_label_for_a_telephone() -> None:
    _, printed = bars.shares(SHARES)[0]
    narrow = [found.text for found in inner(printed) if "narrow" in (found.get("class") or "")]
    assert narrow == ["4.0", "12.0"]


def test_a_strip_ends_at_four_tolerances_with_an_arrow_and_the_real_number() -> None:
    near, far = spine.strip(Decimal("-3.9"), WORSE), spine.strip(Decimal("7.93"), BETTER)
    assert texts(near) == []
    assert texts(far) == ["+7.9"]
    stems = [next(f.get("x2") for f in inner(one) if f.get("class") == "stem") for one in (near, far)]
    assert stems == ["3.2%", "98.0%"]
    assert (
        sum(found.tag == "polygon" for found in inner(far)) == sum(found.tag == "polygon" for found in inner(near)) + 1
    )
    assert far[1]["aria-label"] == "7.9 tolerances better"


def test_better_is_to_the_right_and_upwards() -> None:
    def across(by: int) -> float:
        strip = spine.strip(Decimal(by), WITHIN)
        return float(next(f.get("x2") for f in inner(strip) if f.get("class") == "stem")[:-1])  # type: ignore[index]

    places = [across(by) for by in range(-5, 6)]
    assert places == sorted(places)
    one = Panel(
        "k", "T", (PanelLine("A", "a", (point("2008/09 Q3", "2"),)), PanelLine("B", "b", (point("2008/09 Q3", "-2"),)))
    )
    drawn = spine.panel(one, PANELS)
    marks = [float(f.get("y") or 0) for f in inner(drawn) if f.tag == "svg" and f.get("x") == "100.0%"]
    assert marks == sorted(marks)
    assert [text for text in texts(drawn) if text in "AB"] == ["A", "B"]


def test_a_panel_joins_what_follows_and_parts_what_begins_anew() -> None:
    drawn = spine.panel(PANELS.panels[0], PANELS)
    tracks = [found.get("class") for found in inner(drawn) if "track" in (found.get("class") or "")]
    # NI 20 misses a quarter and NI 16 has none since: dotted. NI 21 begins anew: not joined.
    assert sorted(tracks, key=str) == ["track", "track gap", "track gap"]
    assert "NI 16 −5.5" in texts(drawn)
    assert drawn[1]["aria-label"] == (
        "Safer: NI 20 0.4 tolerances better; NI 21 0.4 tolerances better; NI 16 5.5 tolerances worse"
    )


@given(st.lists(st.floats(0, spine.PANEL), max_size=12))
def test_names_beside_a_panel_stand_apart_in_their_order_and_within_it(places: list[float]) -> None:
    found = spine._apart(sorted(places))
    assert all(after - before > spine.NAME - 0.001 for before, after in pairwise(found))
    assert all(-0.001 <= y <= spine.PANEL for y in found)


@pytest.mark.parametrize("by_theme", [True, False])
def test_each_picture_says_what_it_shows_its_unit_its_source_and_has_a_table(by_theme: bool) -> None:
    _, body = page.performance(VIEW, by_theme=by_theme)
    check_manners(body)
    figures = [found for found in components(body) if type(found).__name__ == "Figure"]
    assert len(figures) == 3
    for one in figures:
        kinds = [type(found).__name__ for found in components(one)]
        assert {"Figcaption", "Table", "Details"} <= set(kinds)
        caption = words_of(next(found for found in components(one) if type(found).__name__ == "Figcaption"))
        assert "Source:" in caption
        assert re.search("Unit: one step is a measure's tolerance|Per cent of", caption)
        drawings = [found.tree[1] for found in components(one) if type(found).__name__ == "Drawing"]
        assert all(svg.get("aria-label") or svg.get("aria-hidden") == "true" for svg in drawings)
        assert any(svg.get("aria-label") for svg in drawings)


def test_every_row_of_the_spine_is_a_link_with_its_rating_in_words() -> None:
    _, body = page.performance(VIEW, by_theme=True)
    items = [found for found in components(body) if getattr(found, "className", "") == "spine-row"]
    assert [next(f.href for f in components(row) if type(f).__name__ == "Link") for row in items] == [
        "/indicators/ni-154?period=2008-09-q2",
        "/indicators/ni-16?period=2008-09-q2",
        "/indicators/ni-65?period=2008-09-q2",
        "/indicators/ni-35?period=2008-09-q2",
    ]
    said = [words_of(row) for row in items]
    assert "▲ Worse 2.42, held against 2.14" in said[1]
    assert "judged" in said[2]


def test_nothing_to_draw_is_said_and_not_drawn() -> None:
    empty = Performance(
        "This one",
        "2008/09 Q1",
        (),
        SharesChart({}, "This one", (CountedShares("2008/09 Q1", {}, 2),)),
        SpineChart("2008/09 Q1", (), (), Counts(none={NoRating.NOT_DUE: 2}), 2),
        PanelsChart(date(2008, 4, 1), date(2008, 6, 30), (Panel("safer", "Safer", ()),)),
    )
    _, body = page.performance(empty, by_theme=False)
    check_manners(body)
    said = words_of(body)
    assert "No indicator has been rated yet" in said
    assert "No figure can be held against its milestone yet" in said
    assert "2 of 2 indicators have no figure for this period: 2 are not due yet." in said
    assert "No theme has a figure that can be drawn yet" in said
    assert words.NEW_AGREEMENT not in said


def test_the_titles_say_what_is_found() -> None:
    rose = SharesChart(
        {
            "Before": (
                PrintedShares(date(2006, 9, 30), {BETTER: Decimal(14), WORSE: Decimal(19), None: Decimal(34)}),
                PrintedShares(date(2008, 3, 31), {BETTER: Decimal(25), WORSE: Decimal(24), None: Decimal(12)}),
            )
        },
        "Now",
        (CountedShares("2008/09 Q2", {BETTER: 1, WORSE: 2}, 5), CountedShares("2008/09 Q3", {}, 5)),
    )
    assert words.shares_title(rose) == (
        "Before, September 2006 to March 2008: below target from 19% to 24%, above target from 14% to 25%, "
        "missing from 34% to 12%. Now, quarter 2 of 2008/09: 3 of 5 indicators rated, 2 worse than anticipated, "
        "0 within acceptable range, 1 better than anticipated"
    )
    assert (
        words.spine_title(SPINE)
        == "2 of 4 figures miss the milestone by more than the tolerance, NI 154 (homes) by the most"
    )
    assert (
        words.panels_title(PANELS) == "In 1 of 1 theme with figures a latest figure is worse by more than its tolerance"
    )
    assert [words.unplaced(one, why) for one, why in SPINE.unplaced] == ["nothing is agreed to hold it against"]
    dropped = figure("NI 1", rating=None, no_rating_reason=NoRating.WITHDRAWN)
    assert words.unplaced(dropped, NoDistance.NOTHING_AGREED) == "withdrawn from the agreement"


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("0", "at its milestone"),
        ("-1", "1.0 tolerance worse"),
        ("1.004", "1.004 tolerances better"),
        ("-0.98", "0.98 tolerances worse"),
        ("-0.97", "0.97 tolerances worse"),
        ("0.04", "0.04 tolerances better"),
        ("-8.1321", "8.1 tolerances worse"),
    ],
)
def test_a_distance_in_words_is_never_on_the_wrong_side_of_an_edge(by: str, said: str) -> None:
    assert words.tolerances(Decimal(by)) == said


def tokens(dark: bool) -> dict[str, str]:
    css = (Path(assets.__file__).parent / "portal.css").read_text(encoding="utf-8")
    shown: dict[str, str] = {}
    for block in re.finditer(r"(@media \(prefers-color-scheme: dark\) \{\s*)?:root \{([^}]*)\}", css):
        if dark or not block[1]:
            shown |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block[2]))
    return shown


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_plotly_is_told_the_pages_own_tokens_and_the_page_knows_them_again() -> None:
    """Its stylesheet shows them by what they are written as: in the dark otherwise."""
    css = (Path(assets.__file__).parent / "portal.css").read_text(encoding="utf-8")
    for rating, tone in parts.TONE.items():
        colour = figures.COLOUR[rating]
        assert colour == tokens(dark=False)[tone]
        written = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
        assert rating is None or f'[style*="rgb({written})"] {{ color: var(--{tone}); }}' in css


@pytest.mark.parametrize("dark", [False, True])
def test_neighbours_in_a_bar_differ_by_three_to_one(dark: bool) -> None:
    """Worse, within, better, none: in this order they touch. What is written on them differs by 4.5 to 1."""
    shown = tokens(dark)
    order = ["worse", "within-bar", "better", "tint"]
    for left, right in pairwise(order):
        assert contrast(shown[left], shown[right]) >= 3, (left, right)
    for ground, ink in (("worse", "on-dark"), ("within-bar", "ink"), ("better", "on-dark"), ("tint", "ink")):
        assert contrast(shown[ground], shown[ink]) >= 4.5, ground
