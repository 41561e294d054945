"""Figures from elsewhere, loaded and beside a measure's own, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.comparison import AreaFigure, SourceFigure
from models.rules.broken import NothingToPublish
from models.rules.comparison import Order, Place
from models.rules.reconciliation import UsualRevision
from models.rules.terms import AreaKind, Rating
from portal.actor import OPERATOR
from portal.database import Database
from portal.policy import GRANTS, Action
from portal.services import imports, returns, review, themes
from portal.viewmodels.elsewhere import Area, Elsewhere, Published
from tests.conftest import person
from tests.portal.services.test_views import statements
from tests.support.elsewhere import MEASURE, NOW, area_figure, later, source_figure, with_figures, with_returns
from tests.support.publishing import publish


@pytest.fixture
def loaded(database: Database, brought: Callable[..., None]) -> Database:
    brought(database, figures_of_others)
    return later(database)


def figures_of_others(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_figures())


def seen(database: Database, period: str = NOW, who: str = "police") -> Elsewhere:
    actor = person(database, who)
    return returns.read_return(database, actor, returns.find_return(database, actor, period, MEASURE)).elsewhere


def marked(database: Database, period: str = NOW) -> frozenset[str]:
    return themes.theme(database, person(database, "executive"), "safer", period).provisional


def count(database: Database) -> tuple[int, int]:
    with database.read(OPERATOR) as session:
        found = [session.scalar(select(func.count()).select_from(table)) for table in (SourceFigure, AreaFigure)]
    return found[0] or 0, found[1] or 0


# Loading


def test_loading_again_changes_nothing_and_a_newer_folder_adds(loaded: Database) -> None:
    assert count(loaded) == (4, 5)
    file = with_figures()
    assert imports.load_agreement(loaded, OPERATOR, file).added == {}
    more = replace(
        file,
        source_figures=(*file.source_figures, source_figure(NOW, date(2010, 1, 21), "2.4")),
        area_figures=(area_figure("Bolton", AreaKind.NEIGHBOUR, "2.2"),),
    )
    assert imports.load_agreement(loaded, OPERATOR, more).added == {"source_figure": 1, "area_figure": 1}
    assert count(loaded) == (5, 6)


def test_another_value_for_the_same_key_is_a_problem_and_nothing_is_written(loaded: Database) -> None:
    file = with_figures()
    other = replace(
        file,
        source_figures=(
            source_figure("2008/09 Q1", date(2008, 10, 22), "2.51"),
            source_figure(NOW, date(2010, 1, 21), "2.4"),
        ),
        area_figures=(area_figure("Derby", AreaKind.REGION, "2.00"),),
    )
    with pytest.raises(imports.NotLoaded) as caught:
        imports.load_agreement(loaded, OPERATOR, other)
    assert [(each.file, each.line, each.column) for each in caught.value.problems] == [
        ("source_figures.csv", 2, "value"),
        ("area_figures.csv", 2, "kind"),
    ]
    assert "NI 16 says 2.51, but 2.50 is loaded already" in str(caught.value)
    assert count(loaded) == (4, 5)


# The usual revision


def test_the_revisions_of_the_periods_before_make_a_rating_provisional(loaded: Database) -> None:
    known = seen(loaded)
    assert (known.pairs, known.published) == (3, ())
    assert known.usual == UsualRevision(3, Decimal("0.1"), Decimal("-0.10"), Decimal("0.30"))
    assert known.provisional  # 2.30 is within range of 2.14, and up to 2.60 it might be worse
    assert marked(loaded) == {MEASURE}


def test_once_the_source_is_out_the_rating_is_provisional_no_more(loaded: Database) -> None:
    file = with_figures()
    newer = replace(file, source_figures=(source_figure(NOW, date(2009, 10, 31), "2.36"),))
    imports.load_agreement(loaded, OPERATOR, newer)
    known = seen(loaded)
    said = Published(Decimal("2.36"), "Home Office", date(2009, 10, 31), Decimal("0.06"), Rating.WORSE)
    assert (known.published, known.pairs, known.provisional) == ((said,), 3, False)
    assert marked(loaded) == frozenset()


def test_what_the_source_publishes_later_than_today_is_not_known_yet(loaded: Database) -> None:
    later(loaded, date(2009, 7, 15))
    known = seen(loaded, "2009/10 Q1")
    assert (known.pairs, known.usual, known.provisional) == (2, None, False)
    assert [each.value for each in seen(loaded, "2008/09 Q2").published] == [Decimal("2.60")]
    assert marked(loaded) == frozenset()
    later(loaded, date(2009, 7, 16))
    assert seen(loaded, "2009/10 Q1").pairs == 3
    assert [each.value for each in seen(loaded, "2008/09 Q2").published] == [Decimal("2.60"), Decimal("2.32")]


def test_only_periods_before_count(loaded: Database) -> None:
    assert [seen(loaded, period).pairs for period in ("2008/09 Q1", "2008/09 Q2", "2008/09 Q4")] == [0, 1, 2]
    assert [each.difference for each in seen(loaded, "2008/09 Q4").published] == [Decimal("0.30")]


def test_a_figure_that_counts_no_more_is_not_given_away(loaded: Database) -> None:
    team = person(loaded, "team")
    number = returns.find_return(loaded, team, "2008-09-q1", MEASURE)
    review.reopen(loaded, team, number, None, "It left out some data.")
    assert seen(loaded).pairs == 2
    assert marked(loaded) == frozenset()


def test_a_figure_corrected_after_the_source_is_compared_as_it_was_published(loaded: Database) -> None:
    team, police = person(loaded, "team"), person(loaded, "police")
    number = returns.find_return(loaded, team, "2008-09-q1", MEASURE)
    publish(loaded, team, "2008-09-q1")
    review.reopen(loaded, team, number, None, "The source says otherwise.")
    assert seen(loaded).pairs == 3  # what was published stays known
    with loaded.write(OPERATOR) as session:
        row = session.get_one(returns.Return, number)
        row.period.closes_on = date(2010, 1, 1)
        row.period.opened_at = loaded.clock.now()
    returns.save(loaded, police, number, None, returns.Typed(value="2.50"))
    returns.submit(loaded, police, number, None)
    review.verify(loaded, team, number, None)
    assert seen(loaded).usual == UsualRevision(3, Decimal("0.1"), Decimal("-0.10"), Decimal("0.30"))
    assert seen(loaded, "2008/09 Q1").published[0].difference == 0


# Other areas


def test_the_own_area_stands_among_its_neighbours_and_not_among_what_contains_it(loaded: Database) -> None:
    known = seen(loaded, who="executive")
    assert known.areas == (
        Area("Derby", AreaKind.NEIGHBOUR, Decimal("2.00"), 1),
        Area("Leicester", None, Decimal("2.30"), 2),
        Area("Coventry", AreaKind.NEIGHBOUR, Decimal("2.50"), 3),
        Area("Nottingham", AreaKind.NEIGHBOUR, Decimal("2.90"), 4),
        Area("East Midlands", AreaKind.REGION, Decimal("1.60"), None),
        Area("England", AreaKind.COUNTRY, Decimal("1.20"), None),
    )
    assert known.place == Place(2, 4, Order.BEST_FIRST, 2, Decimal("2.40"), Decimal("-0.10"))
    assert known.area_sources == ("iQuanta",)


def test_without_neighbours_nobody_is_ranked(database: Database) -> None:
    file = with_returns()
    imports.load_agreement(
        database, OPERATOR, replace(file, area_figures=(area_figure("England", AreaKind.COUNTRY, "1.2"),))
    )
    known = seen(later(database))
    assert known.place is None
    assert [(area.name, area.rank) for area in known.areas] == [("Leicester", None), ("England", None)]


def test_where_nothing_is_loaded_nothing_is_known(loaded: Database) -> None:
    actor = person(loaded, "nhs")
    other = returns.find_return(loaded, actor, "2008-09-q2", "NI 39")
    assert returns.read_return(loaded, actor, other).elsewhere == Elsewhere()


# What it costs, who sees it, what it leaves alone


def test_it_takes_two_statements_for_a_return_and_one_for_a_theme_whatever_there_is(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_returns())
    actor, executive = person(later(database), "police"), person(database, "executive")
    number = returns.find_return(database, actor, NOW, MEASURE)
    taken = []
    for _ in range(2):
        with statements(database) as run:
            returns.read_return(database, actor, number)
            themes.theme(database, executive, "safer", NOW)
        taken.append(
            (len(run), [sum(table in said for said in run) for table in ("FROM source_figure", "FROM area_figure")])
        )
        imports.load_agreement(database, OPERATOR, with_figures())
    assert taken[0] == taken[1]
    assert taken[0][1] == [2, 1]


def test_who_may_see_a_theme_may_read_verified_returns() -> None:
    for held in GRANTS.values():
        assert Action.THEME_READ not in held or Action.RETURN_READ in held


def test_an_edition_says_nothing_of_it(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_returns())
    team = person(later(database), "team")
    publish(database, team, NOW)
    imports.load_agreement(database, OPERATOR, with_figures())
    assert marked(database) == {MEASURE}
    with pytest.raises(NothingToPublish):
        publish(database, team, NOW)
