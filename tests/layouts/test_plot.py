"""Charts of measures: what is drawn of each layer, the same in a signed-in page and as SVG text, and what it says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from layouts import charts, svg
from layouts.bars import bars
from layouts.indicators import shown_layers
from layouts.marks import TAGS, Element, element, text_of
from layouts.plot import plot
from layouts.scale import HEIGHT, ticks
from models.rules.calendar import calendar_period
from models.rules.expected import Basis, Expected
from models.rules.rollup import count
from models.rules.terms import NoRating, Polarity, Rating
from models.rules.xmr import Limits, Signal
from portal import words
from portal.viewmodels.charts import (
    ChartAim,
    ChartEvent,
    ChartLimits,
    ChartPoint,
    CountsChart,
    Layer,
    MeasureChart,
)
from portal.viewmodels.forecasts import YearEnd
from tests.layouts.test_layouts import components
from tests.layouts.test_layouts import text_of as words_of

ALL = frozenset(Layer)


def point(period: str, value: str, rating: Rating | None = Rating.WITHIN, **more: object) -> ChartPoint:
    day = calendar_period(period).ends_on
    reason = None if rating else NoRating.MILESTONE_NOT_SET
    return ChartPoint(period, day, Decimal(value), rating, reason, None, **more)  # type: ignore[arg-type]


def aim(period: str, low: str, high: str | None = None, basis: Basis = Basis.YEAR_TARGET) -> ChartAim:
    ends = Decimal(low), Decimal(high or low)
    value = None if high else ends[0]
    return ChartAim(period, calendar_period(period).ends_on, Expected(value, *ends, basis))


CHART = MeasureChart(
    code="NI 16",
    part="",
    title="Serious acquisitive crime rate",
    unit="offences per 1,000",
    decimals=2,
    source="Home Office",
    polarity=Polarity.LOWER,
    cumulative=False,
    first=date(2008, 4, 1),
    year_end=date(2010, 3, 31),
    points=(
        point("2008/09 Q1", "2.4", Rating.WORSE),
        point("2008/09 Q2", "2.2"),
        point("2008/09 Q4", "2.1", None),
        point("2009/10 Q1", "1.9", Rating.BETTER, signals=(Signal.BELOW_LIMIT,)),
    ),
    aims=(aim("2008/09 Q1", "2.3", basis=Basis.MILESTONE), aim("2008/09 Q2", "2.2", basis=Basis.MILESTONE)),
    limits=(
        ChartLimits(
            date(2008, 6, 30),
            date(2009, 6, 30),
            Limits(*map(Decimal, ("2.15", "1.95", "2.5", "2.0", "2.4")), provisional=True),
        ),
    ),
    outlook=YearEnd("2009/10", Decimal("1.8"), Decimal("1.6"), Decimal("2.0"), "story", 4),
    partner=Decimal("1.7"),
    floor=Decimal(0),
    events=(ChartEvent(1, date(2009, 4, 20), "Patrols <began> & went on."),),
)


def drawn(chart: MeasureChart, shown: frozenset[Layer] = ALL) -> str:
    found = svg.measure_chart(chart, shown)
    ElementTree.fromstring(found)  # or it is not even XML
    return found


def elements(tree: Element | str) -> Iterator[Element]:
    if isinstance(tree, list):
        yield tree
        for child in tree[2:]:
            yield from elements(child)


def lines(chart: MeasureChart, class_: str, shown: frozenset[Layer] = ALL) -> list[dict[str, object]]:
    tree = plot(chart, shown)
    assert tree is not None
    return [one[1] for one in elements(tree) if one[0] == "line" and one[1].get("class") == class_]


def test_each_layer_is_there_when_wanted_and_gone_when_not() -> None:
    marks = {Layer.TARGET: "milestone", Layer.FORECAST: "fan", Layer.LIMITS: "limit", Layer.EVENTS: "flag"}
    assert CHART.layers == tuple(Layer)
    for layer, mark in marks.items():
        assert f'class="{mark}"' in drawn(CHART)
        assert f'class="{mark}"' not in drawn(CHART, ALL - {layer})
    figures = drawn(CHART, frozenset())
    assert figures.count('class="point ') == 4
    assert not any(f'class="{mark}"' in figures for mark in marks.values())


def test_a_layer_with_nothing_in_it_cannot_be_chosen() -> None:
    bare = replace(CHART, aims=(), limits=(), outlook=None, partner=None, events=())
    assert bare.layers == ()
    assert drawn(bare) == drawn(bare, frozenset())


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, ALL),
        ("figures", frozenset()),
        ("", frozenset()),
        ("limits,events", {Layer.LIMITS, Layer.EVENTS}),
        ("limits,<script>", {Layer.LIMITS}),
    ],
)
def test_an_address_says_what_is_shown(asked: str | None, found: frozenset[Layer]) -> None:
    assert shown_layers(asked) == found


def test_every_figure_says_itself_and_one_is_in_the_order_of_the_tab_key() -> None:
    tree = plot(CHART, ALL)
    assert tree is not None
    points = [one[1] for one in elements(tree) if str(one[1].get("class")).startswith("point ")]
    assert [one["tabindex"] for one in points] == [-1, -1, -1, 0]
    assert [one["aria-label"] for one in points] == [
        "Quarter 1 of 2008/09: 2.40 offences per 1,000; worse than anticipated.",
        "Quarter 2 of 2008/09: 2.20 offences per 1,000; within acceptable range.",
        "Quarter 4 of 2008/09: 2.10 offences per 1,000; no rating: no milestone has been set for this period.",
        "Quarter 1 of 2009/10: 1.90 offences per 1,000; better than anticipated; below the lower limit.",
    ]
    assert drawn(CHART).count('class="ring"') == 1


def test_a_rating_is_a_shape_and_not_a_colour_alone() -> None:
    by_rating = {
        rating: next(
            text_of(one)
            for one in elements(plot(replace(CHART, points=(point("2008/09 Q1", "2", rating),)), frozenset()) or "")
            if "shape" in str(one[1].get("class"))
        )
        for rating in (*Rating, None)
    }
    assert len(set(by_rating.values())) == 4


def test_a_gap_is_dashed_and_a_declared_break_parts_the_line() -> None:
    assert len(lines(CHART, "line")) == 2
    assert len(lines(CHART, "line gap")) == 1  # quarter 3 was not returned
    anew = replace(CHART.points[2], anew="new guidance")
    parted = replace(CHART, points=(*CHART.points[:2], anew, CHART.points[3]))
    assert (len(lines(parted, "line")), len(lines(parted, "line gap"))) == (2, 0)
    assert "The series begins anew: new guidance" in drawn(parted)
    assert "new guidance" in words_of(charts.measure_chart(parted, ALL))


def test_what_counts_up_in_the_year_begins_at_nothing_each_year() -> None:
    homes = replace(
        CHART,
        cumulative=True,
        limits=(),
        points=(point("2008/09 Q1", "100"), point("2008/09 Q2", "210"), point("2009/10 Q1", "90")),
        aims=tuple(
            aim(f"{year} Q{n}", str(100 * n), basis=Basis.STRAIGHT_LINE)
            for year in ("2008/09", "2009/10")
            for n in (1, 2)
        ),
        outlook=None,
        partner=None,
    )
    joined = lines(homes, "line")
    assert [line["y1"] == HEIGHT for line in joined] == [True, False, True]
    assert joined[1]["x2"] != joined[2]["x1"]
    aims = lines(homes, "aim")
    assert [line["y1"] == HEIGHT for line in aims] == [True, False, True, False]


def test_an_agreed_milestone_is_not_joined_with_what_was_worked_out() -> None:
    mixed = replace(CHART, aims=(*CHART.aims, aim("2008/09 Q3", "9", basis=Basis.YEAR_TARGET)))
    assert len(lines(mixed, "aim")) == 2  # between the two milestones, and the step of quarter 3


def test_a_range_is_ground_between_two_edges_and_may_be_open_at_one() -> None:
    ranged = replace(CHART, polarity=Polarity.RANGE, aims=(aim("2008/09 Q1", "1", "2"),))
    assert drawn(ranged).count('class="range"') == 1
    assert len(lines(ranged, "aim")) == 2
    open_ended = ChartAim("2008/09 Q1", date(2008, 6, 30), Expected(None, Decimal(1), None))
    assert drawn(replace(ranged, aims=(open_ended,))).count('class="range"') == 0


def test_nothing_is_drawn_outside_of_the_drawing() -> None:
    for chart in (CHART, replace(CHART, points=()), replace(CHART, points=CHART.points[:1], aims=(), limits=())):
        tree = plot(chart, ALL)
        assert tree is not None
        for tag, attributes, *_ in elements(tree):
            if tag == "line" and attributes.get("class") not in (None, "grid"):
                assert all(0 <= float(attributes[name]) <= HEIGHT for name in ("y1", "y2"))
                assert all(0 <= float(str(attributes[name]).rstrip("%")) <= 100 for name in ("x1", "x2"))


def test_a_lower_limit_that_nothing_can_reach_is_not_drawn() -> None:
    below = replace(CHART.limits[0], limits=replace(CHART.limits[0].limits, lower=Decimal("-0.3")))
    assert "lower limit" not in drawn(replace(CHART, limits=(below,), points=CHART.points[:3]))
    assert "Nothing can be below 0: the lower limit is not drawn." in words.limits(replace(CHART, limits=(below,)))


def test_without_figures_it_draws_the_targets_for_who_asks_and_the_page_says_that_there_are_none() -> None:
    empty = replace(CHART, points=(), limits=(), outlook=None, partner=None, events=())
    assert "No figure has been verified yet" in drawn(empty)
    nothing = replace(empty, aims=())
    assert svg.measure_chart(nothing) == ""
    for chart in (empty, nothing):
        page = charts.measure_chart(chart, ALL)
        assert "No figure has been verified yet" in words_of(page)
        assert words.NO_CHART in words_of(page)
        assert not [one for one in components(page) if type(one).__name__ == "Drawing"]


def test_two_figures_are_told_in_a_table_and_three_are_drawn() -> None:
    for several in (2, 3):
        page = charts.measure_chart(replace(CHART, points=CHART.points[-several:]), ALL)
        kinds = [type(one).__name__ for one in components(page)]
        assert (kinds.count("Drawing"), kinds.count("Table")) == (several == 3, 1)


def test_the_signed_in_page_has_the_same_drawing_and_every_figure_in_a_table() -> None:
    figure = charts.measure_chart(CHART, ALL)
    (drawing,) = (one for one in components(figure) if type(one).__name__ == "Drawing")
    assert text_of(drawing.tree) == drawn(CHART)
    said = words_of(figure)
    for word in ("1.90 in quarter 1 of 2009/10: better than anticipated", "Unit: offences per 1,000", "Source: Home"):
        assert word in said
    for value in ("2.40", "2.20", "2.10", "1.90", "Below the lower limit"):
        assert value in said


def test_what_people_typed_is_text_in_the_drawing() -> None:
    assert "Patrols &lt;began&gt; &amp; went on." in drawn(CHART)
    with pytest.raises(ValueError, match="script"):
        element("script")
    tree = plot(CHART, ALL)
    assert tree is not None
    assert {one[0] for one in elements(tree)} <= TAGS


@pytest.mark.parametrize(
    ("low", "high"), [("0", "1"), ("1.83", "2.61"), ("0", "1450"), ("-3", "4"), ("99.5", "100.5"), ("0.001", "0.0012")]
)
def test_axes_have_a_few_round_numbers(low: str, high: str) -> None:
    step, found = ticks(Decimal(low), Decimal(high))
    assert 2 <= len(found) <= 7
    assert all(Decimal(low) <= value <= Decimal(high) for value in found)
    assert str(step.normalize().as_tuple().digits[0]) in "125"


def test_counts_are_bars_with_shape_number_and_words() -> None:
    counts = count([(Rating.WORSE, None), (Rating.WORSE, None), (None, NoRating.PLACEHOLDER)])
    chart = CountsChart("2 worse", "Source: verified returns.", (("Safer", counts), ("Empty", count([]))))
    tree = bars(chart)
    assert tree is not None
    said = text_of(tree)
    assert "▲\u202f2" in said
    assert "Safer: 2 worse than anticipated" in said
    assert "Safer: 2 worse, 0 within range, 0 better, 1 without" in said
    assert "Empty" not in said
    assert bars(replace(chart, groups=(("Empty", count([])),))) is None
