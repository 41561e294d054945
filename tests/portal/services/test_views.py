"""The executive's themes and the annual review, on both databases, from Leicester's real returns."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event

from models.rules.change import Change, Incomparable
from models.rules.direction import Direction
from models.rules.terms import Rating, ReviewCategory
from portal import words
from portal.database import Database
from portal.errors import NotFound
from portal.services import annual_review, returns, review, themes
from portal.viewmodels.indicators import Earlier
from portal.viewmodels.returns import Typed
from tests.conftest import person


def test_the_annual_review_of_2008_09_comes_out_as_published(database: Database) -> None:
    view = annual_review.annual_review(database, person(database, "reviewer"), "2008-09")
    codes = {category: {item.indicator.code for item in view.of(category)} for category in ReviewCategory}
    assert {category.value: len(found) for category, found in codes.items()} == {
        "on_track": 16,
        "off_trajectory": 3,
        "at_risk": 5,
        "no_data": 11,
    }
    assert codes[ReviewCategory.OFF_TRAJECTORY] == {"NI 117", "NI 125", "NI 135"}
    assert codes[ReviewCategory.AT_RISK] == {"NI 16", "NI 112", "NI 131", "NI 154", "NI 186"}
    assert codes[ReviewCategory.NO_DATA] == {
        *("NI 1", "NI 5", "NI 18", "NI 19", "NI 27", "NI 32", "NI 50", "NI 54", "NI 110", "NI 140", "NI 172")
    }


def test_overrides_are_recorded_only_where_the_source_judged_otherwise(database: Database) -> None:
    view = annual_review.annual_review(database, person(database, "team"), "2008/09")
    overridden = {
        m.code: (m.rating_by_rule, m.rating, bool(m.override_reason))
        for item in view.indicators
        for m in item.indicator.measures
        if m.override_reason
    }
    assert overridden == {
        "NI 179a": (Rating.WITHIN, Rating.BETTER, True),
        "NI 65": (Rating.WITHIN, Rating.BETTER, True),
    }


def test_a_year_without_review_or_outside_the_agreement_is_not_found(database: Database) -> None:
    for year in ("2009-10", "2011-12", "2008-10", "soon"):
        with pytest.raises(NotFound):
            annual_review.annual_review(database, person(database, "reviewer"), year)


def test_all_themes_with_their_counts(database: Database) -> None:
    view = themes.themes(database, person(database, "executive"))
    assert (view.period, view.counts.total, len(view.themes)) == ("2008/09 Q2", 58, 8)
    assert [link.key for link in view.periods] == ["2008/09 Q3", "2008/09 Q2"]
    assert {t.key: t.counts.total for t in view.themes} == {
        "children": 25, "people-not-cars": 3, "carbon": 3, "safer": 12,
        "health": 8, "talking-up": 0, "skills": 6, "service-delivery": 1,
    }  # fmt: skip


def test_a_theme_is_worst_first_with_figure_milestone_and_forecast(database: Database) -> None:
    page = themes.theme(database, person(database, "executive"), "safer")
    assert [i.code for i in page.theme.indicators][:3] == ["NI 16", "NI 35", "NI 20"]
    worst = page.theme.indicators[0]
    assert (worst.rating, worst.forecast, worst.lead) == (Rating.WORSE, Rating.WORSE, "Leicestershire Constabulary")
    measure = worst.measures[0]
    assert measure.expected is not None
    assert (measure.value, measure.expected.value) == (Decimal("2.42"), Decimal("2.14"))
    assert "Extra police patrols in Westcotes" in worst.commentary


def test_an_indicator_with_two_measures_takes_the_worst(database: Database) -> None:
    page = themes.theme(database, person(database, "executive"), "health")
    mortality = next(i for i in page.theme.indicators if i.code == "NI 120")
    assert [m.code for m in mortality.measures] == ["NI 120(i)", "NI 120(ii)"]
    assert mortality.rating is Rating.WITHIN


def test_an_open_period_shows_nothing_that_is_not_verified(database: Database) -> None:
    view = themes.themes(database, person(database, "team"), "2008-09-q3")
    assert (view.period, view.counts.rated) == ("2008/09 Q3", 0)


def test_unknown_themes_and_periods_are_not_found(database: Database) -> None:
    executive = person(database, "executive")
    for key, period in (("nowhere", None), ("safer", "2011-12-q1"), ("safer", "spring")):
        with pytest.raises(NotFound):
            themes.theme(database, executive, key, period)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_theme_view_takes_the_same_few_statements_whatever_it_shows(database: Database) -> None:
    executive = person(database, "executive")
    counted = set()
    for key in ("talking-up", "safer", "children"):
        with statements(database) as seen:
            themes.theme(database, executive, key)
        counted.add(len(seen))
    assert len(counted) == 1
    assert counted.pop() <= 6


def test_what_changed_since_the_last_rating_and_since_the_baseline(database: Database) -> None:
    executive = person(database, "executive")
    first = themes.themes(database, executive)
    assert first.moved.since_last == {Change.FIRST: 24, Change.NONE: 34}
    assert sum(first.moved.since_baseline.values()) == 58
    assert first.moved.since_baseline[Incomparable.NO_FIGURE] == 34

    connexions = person(database, "connexions")
    number = returns.find_return(database, connexions, "2008-09-q3", "NI 117")
    returns.save(database, connexions, number, None, Typed(value="7.0"))  # 10.8 before; the baseline was 8.9
    returns.submit(database, connexions, number, None)
    review.verify(database, person(database, "team"), number, None)
    page = themes.theme(database, executive, "children", "2008-09-q3")
    neet = next(i for i in page.theme.indicators if i.code == "NI 117")
    assert (neet.change, neet.since_baseline) == (Change.BETTER, Direction.IMPROVING)
    assert neet.before == Earlier("2008/09 Q2", Rating.WORSE)
    assert words.was(neet) == "was ▲ worse than anticipated, quarter 2 of 2008/09"
    assert words.since_baseline(neet.measures[0]) == (
        "Improving against the baseline of 8.9% (Nov 2007 to Jan 2008 average): −1.9 (−21%)."
    )
    assert page.theme.moved.since_last[Change.BETTER] == 1
    assert words.changed_in_short(page.theme.moved) == "1 better"
    not_due = next(i for i in page.theme.indicators if i.code == "NI 59")
    assert (not_due.rating, not_due.change) == (None, Change.NONE)


def test_a_figure_that_cannot_be_compared_with_its_baseline_says_why(database: Database) -> None:
    page = themes.themes(database, person(database, "executive"))
    measures = {m.code: m for theme in page.themes for i in theme.indicators for m in i.measures}
    assert words.since_baseline(measures["NI 154"]) == (
        "The figure adds up within the year: it can be held against the baseline, "
        "1,100 homes (2003/04 to 2006/07), when the year is over."
    )
    assert measures["NI 186"].since_baseline is Incomparable.OTHER_UNIT
    assert measures["NI 16"].since_baseline is Incomparable.OTHER_UNIT
    assert measures["NI 50"].since_baseline is Incomparable.NO_FIGURE
