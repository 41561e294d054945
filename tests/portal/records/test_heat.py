"""The heat map: every indicator by quarter, and what the filters of an address let through."""

from datetime import date

import pytest

from models.rules.terms import Rating
from portal.clock import Clock
from portal.database import Database
from portal.records import heat
from portal.services import returns, review, themes
from portal.viewmodels.returns import Typed
from portal.viewmodels.themes import Themes
from tests.conftest import person


def seen(database: Database, period: str | None = None, **wanted: str) -> Themes:
    return themes.themes(database, person(database, "executive"), period, None, wanted)


def codes(view: Themes) -> list[str]:
    return [row.indicator.code for row in view.heat]


def test_without_a_filter_every_indicator_is_in_it_by_quarter(database: Database) -> None:
    view = seen(database)
    assert (len(view.heat), view.quarters) == (58, ("2008/09 Q1", "2008/09 Q2"))
    ratings = {row.indicator.code: row.ratings for row in view.heat}
    assert ratings["NI 16"] == (None, Rating.WORSE)
    assert ratings["NI 120"] == (None, Rating.WITHIN)  # the worse of its two
    assert ratings["NI 50"] == (None, None)


def test_an_earlier_quarter_keeps_its_rating_beside_the_one_that_is_shown(database: Database) -> None:
    connexions = person(database, "connexions")
    number = returns.find_return(database, connexions, "2008-09-q3", "NI 117")
    returns.save(database, connexions, number, None, Typed(value="7.0"))
    returns.submit(database, connexions, number, None)
    review.verify(database, person(database, "team"), number, None)
    view = seen(database, "2008-09-q3")
    assert view.quarters[-1] == "2008/09 Q3"
    ratings = {row.indicator.code: row.ratings for row in view.heat}
    assert ratings["NI 117"] == (None, Rating.WORSE, Rating.BETTER)
    assert codes(seen(database, "2008-09-q3", changed="better")) == ["NI 117"]
    assert codes(seen(database, "2008-09-q3", changed="any", theme="safer")) == []
    assert codes(seen(database, "2008-09-q3", changed="worse")) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"lead": "police"}, {"NI 16", "NI 20", "NI 32"}),
        ({"lead": "none"}, {"NI 27", "NI 165", "NI 172", "LI EL"}),
        ({"rating": "worse", "group": "designated", "theme": "safer"}, {"NI 16"}),
        ({"theme": "service-delivery"}, {"NI 179"}),
        ({"rating": "purple"}, set()),
        ({"changed": "sideways"}, set()),
    ],
)
def test_the_filters_go_together(sqlite_database: Database, wanted: dict[str, str], found: set[str]) -> None:
    view = seen(sqlite_database, **wanted)
    assert set(codes(view)) == found
    assert {name: said for name, said in view.filters.chosen.items() if said} == wanted
    assert view.counts.total == 58  # the counts above stay those of the whole agreement


def test_what_can_be_chosen_is_what_there_is(sqlite_database: Database) -> None:
    filters = seen(sqlite_database).filters
    assert tuple(filters.options) == heat.NAMES
    for name, options in filters.options.items():
        values = [value for value, _ in options]
        assert len(values) == len(set(values)) > 1, name
    every = [set(codes(seen(sqlite_database, group=value))) for value, _ in filters.options["group"]]
    assert sorted(map(len, every)) == [7, 16, 35]


def test_a_yearly_rating_stands_in_the_quarter_in_which_its_year_ends(sqlite_database: Database) -> None:
    sqlite_database.clock = Clock(date(2009, 8, 1))
    assert seen(sqlite_database, "2009-10-q1").quarters == (
        *("2008/09 Q1", "2008/09 Q2", "2008/09 Q3", "2008/09 Q4"),
        "2009/10 Q1",
    )
    assert seen(sqlite_database, "2008-09").quarters[-1] == "2008/09 Q4"
