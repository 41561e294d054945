"""Figures from elsewhere as they are read on the pages of returns and themes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from dash.development.base_component import Component
from flask import Flask

from models.rules.comparison import Order, Place
from models.rules.reconciliation import UsualRevision
from models.rules.terms import AreaKind, Polarity
from portal import words
from portal.actor import OPERATOR
from portal.database import Database
from portal.services import imports, returns, themes
from portal.viewmodels.elsewhere import Area, Elsewhere
from portal.viewmodels.indicators import MeasureStanding
from tests.conftest import person
from tests.layouts.test_layouts import check_manners, text_of
from tests.support.elsewhere import MEASURE, NOW, later, with_figures

SECTIONS = ("What the source published", "Other areas")


@pytest.fixture
def loaded(sqlite_database: Database) -> Database:
    imports.load_agreement(sqlite_database, OPERATOR, with_figures())
    return later(sqlite_database)


@pytest.fixture
def standing(loaded: Database) -> MeasureStanding:
    actor = person(loaded, "police")
    return returns.read_return(loaded, actor, returns.find_return(loaded, actor, NOW, MEASURE)).standing


def drawn(app: Flask, database: Database, period: str) -> Component:
    actor = person(database, "police")
    number = returns.find_return(database, actor, period, MEASURE)
    body: Component = app.extensions["portal"]["pages"].open(actor, f"/returns/{number}", "")[1]
    check_manners(body)
    return body


def test_a_return_has_nothing_of_it_where_nothing_is_loaded(app: Flask, sqlite_database: Database) -> None:
    said = text_of(drawn(app, sqlite_database, "2008/09 Q2"))
    assert not any(section in said for section in SECTIONS)


def test_a_return_whose_source_is_still_to_come(loaded: Database, app: Flask) -> None:
    said = text_of(drawn(app, loaded, NOW))
    assert all(section in said for section in SECTIONS)
    for sentence in (
        "This rating is provisional: the usual revision could change it. It could make of our figure anything from 2.20 "
        "offences per 1,000 population, monthly rate to 2.60 offences per 1,000 population, monthly rate.",
        "Not loaded yet for this period.",
        "In 3 earlier periods the source's latest figure, less the one that we had verified before it, was between "
        "−0.10 and +0.30, on average +0.10.",
        "Leicester is number 2 of 4, the best first (low is good), in the second quartile: 0.10 below their median of "
        "2.40 offences per 1,000 population, monthly rate. Counted are Leicester and its statistical neighbours, by the "
        "figures below.",
        "1 Derby Statistical neighbour 2.00 2 Leicester This area 2.30",
        "– East Midlands Region 1.60 – England Country 1.20",
        "Source: iQuanta",
    ):
        assert sentence in said


def test_a_return_whose_source_is_out(loaded: Database, app: Flask) -> None:
    said = text_of(drawn(app, loaded, "2008/09 Q2"))
    unit = "offences per 1,000 population, monthly rate"
    assert f"Our own figure 2.42 {unit}" in said
    assert f"Home Office, 22 January 2009 2.60 {unit}. 0.18 above our own figure." in said
    assert (
        f"Home Office, 16 July 2009 2.32 {unit}. 0.10 below our own figure. With this figure the rule says: w" in said
    )
    assert "it takes 3 earlier periods with a figure of ours and of the source, and there is 1." in said
    assert "provisional" not in said
    assert SECTIONS[1] not in said


def test_a_theme_marks_the_rating_that_could_change_and_no_other(loaded: Database, app: Flask) -> None:
    executive = person(loaded, "executive")
    assert themes.theme(loaded, executive, "safer", NOW).provisional == {MEASURE}
    for period, marks in (("2009-10-q2", 1), ("2008-09-q2", 0)):
        body = app.extensions["portal"]["pages"].open(executive, "/themes/safer", f"period={period}")[1]
        check_manners(body)
        assert text_of(body).count("provisional: the usual revision could change it") == marks


# Sentences


def usual(low: str, high: str, mean: str = "0") -> UsualRevision:
    return UsualRevision(4, Decimal(mean), Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Elsewhere(), "of the source, and there are none."),
        (Elsewhere(pairs=2), "and there are 2."),
        (
            Elsewhere(pairs=4, usual=usual("0", "0")),
            "figure was always the same as the one that we had verified before it.",
        ),
        (Elsewhere(pairs=4, usual=usual("2", "2", "2")), "figure was always 2.00 above the one that we had verified"),
        (Elsewhere(pairs=4, usual=usual("0", "1", "0.33333333")), "was between 0.00 and +1.00, on average +0.3333."),
    ],
)
def test_the_usual_revision_in_words(standing: MeasureStanding, known: Elsewhere, said: str) -> None:
    assert said in words.usual_revision(known, standing)


def test_a_difference_of_percentages_is_in_points(standing: MeasureStanding) -> None:
    share = replace(standing, unit="%", decimals=0)
    assert "between −2 points and +1 points" in words.usual_revision(Elsewhere(pairs=4, usual=usual("-2", "1")), share)


def test_a_revision_that_is_always_the_same_makes_one_figure(standing: MeasureStanding) -> None:
    said = words.provisional(Elsewhere(pairs=4, usual=usual("0.5", "0.5", "0.5")), standing)
    assert "It could make of our figure 2.80 offences" in said


def test_where_neither_way_is_good_the_order_says_so(standing: MeasureStanding) -> None:
    own = Area("Leicester", None, Decimal(2), 1)
    place = Place(1, 2, Order.HIGHEST_FIRST, None, Decimal(2), Decimal(0))
    known = Elsewhere(areas=(own, Area("Derby", AreaKind.NEIGHBOUR, Decimal(2), 1)), place=place)
    said = words.area_place(known, replace(standing, polarity=Polarity.NONE, unit="%", decimals=0))
    assert said == (
        "Leicester is number 1 of 2, the highest first (neither high nor low is good): at their median of 2%. "
        "Counted are Leicester and its statistical neighbour, by the figures below."
    )


def test_nothing_is_said_without_neighbours(standing: MeasureStanding) -> None:
    assert words.area_place(Elsewhere(), standing) == ""
