"""The page of an indicator: what everybody reads of it, what nobody may, and in how few statements."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.agreement import Milestone
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.rating import Tolerance
from models.rules.terms import Message, NoRating, Polarity, Rating
from models.rules.xmr import Signal
from portal import words
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden, NotFound, SignInRequired
from portal.services import concurrence, imports, returns, review
from portal.services.indicator_page import indicator_page
from portal.viewmodels.charts import Layer
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.portal.services.test_views import statements
from tests.support.agreeing import agree_all
from tests.support.elsewhere import NOW, later, with_figures
from tests.support.series import LAST, QUARTERS, broken_at, with_series

CANARY = "canary-of-the-police"


@pytest.mark.parametrize("spelled", ["NI 16", "ni-16", "NI016", "ni 016", "NI16"])
def test_an_indicator_is_found_by_its_code_in_any_spelling(sqlite_database: Database, spelled: str) -> None:
    page = indicator_page(sqlite_database, person(sqlite_database, "executive"), spelled)
    assert (page.indicator.code, page.slug, page.period) == ("NI 16", "ni-16", "2008/09 Q2")


@pytest.mark.parametrize(("code", "period"), [("NI 999", None), ("ni-120-i", None), ("%", None), ("ni-16", "spring")])
def test_what_is_no_indicator_or_no_period_is_not_found(database: Database, code: str, period: str | None) -> None:
    with pytest.raises(NotFound):
        indicator_page(database, person(database, "executive"), code, period)


def test_it_is_for_those_who_read_verified_returns(sqlite_database: Database) -> None:
    for key in ("police", "police.contributor", "nhs", "team", "executive"):
        assert indicator_page(sqlite_database, person(sqlite_database, key), "ni-16").revisions
    for key in ("reviewer", "admin"):
        with pytest.raises(Forbidden):
            indicator_page(sqlite_database, person(sqlite_database, key), "ni-16")
    with pytest.raises(SignInRequired):
        indicator_page(sqlite_database, public(), "ni-16")


def test_it_says_how_it_stands_and_what_is_agreed(database: Database) -> None:
    page = indicator_page(database, person(database, "executive"), "ni-16")
    assert (page.indicator.rating, page.indicator.lead) == (Rating.WORSE, "Leicestershire Constabulary")
    assert page.signed_up == ("Other statutory CDRP responsible authorities",)
    assert [(version.number, version.lead) for version in page.versions] == [(1, "Leicestershire Constabulary")]
    assert (page.theme_key, page.baseline_printed != "") == ("safer", True)
    (measure,) = page.measures
    assert (measure.definition.reported_polarity, measure.definition.tolerance) == (Polarity.LOWER, Tolerance())
    assert list(measure.targets) == ["2008/09", "2009/10", "2010/11"]
    assert all(list(by_version) == [1] for by_version in measure.targets.values())
    (revision,) = page.revisions
    assert (revision.value, revision.rating, revision.current) == (Decimal("2.42"), Rating.WORSE, True)
    assert "Extra police patrols in Westcotes" in revision.commentary
    assert [aim.period for aim in measure.chart.aims] == ["2008/09 Q2"]  # its target is in another unit


def test_a_placeholder_without_a_figure_says_so_until_a_refresh_gives_it_targets(database: Database) -> None:
    page = indicator_page(database, person(database, "executive"), "ni-50")
    (measure,) = page.measures
    assert page.in_force.placeholder
    assert (page.indicator.no_rating_reason, page.revisions, page.may_record) == (NoRating.PLACEHOLDER, (), False)
    assert (measure.chart.points, measure.chart.layers, measure.chart.aims) == ((), (), ())
    assert measure.chart.baseline is None
    agree_all(database, person(database, "team"))
    database.clock = Clock(date(2009, 4, 20))
    after = indicator_page(database, person(database, "executive"), "ni-50")
    assert [version.number for version in after.versions] == [1, 2]
    assert after.measures[0].chart.layers == (Layer.TARGET,)
    assert after.measures[0].chart.aims[0].period == "2009/10 Q1"
    assert {number: said.low for number, said in after.measures[0].targets["2009/10"].items()} == {
        1: None,
        2: Decimal("66.4"),
    }


def test_the_page_as_at_a_past_day_has_the_figures_and_versions_of_that_day(database: Database) -> None:
    team, police = person(database, "team"), person(database, "police")
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    database.clock = Clock(date(2009, 1, 25))
    returns.save(database, police, number, None, Typed(value="2.31"))
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    agree_all(database, team)
    executive = person(database, "executive")
    now = indicator_page(database, executive, "ni-16", "2008-09-q3")
    then = indicator_page(database, executive, "ni-16", "2008-09-q3", AsAt(date(2009, 1, 24)))
    assert ([len(one.revisions) for one in (now, then)], [len(one.versions) for one in (now, then)]) == ([2, 1], [2, 1])
    assert (then.may_record, then.said, then.as_at) == (False, (), AsAt(date(2009, 1, 24)))
    assert [str(m.standing.value) for m in (*now.measures, *then.measures)] == ["2.31", "None"]


def test_a_range_is_held_against_both_its_edges(database: Database) -> None:
    (measure,) = indicator_page(database, person(database, "executive"), "ni-65").measures
    assert measure.chart.polarity is Polarity.RANGE
    assert {(aim.expected.low, aim.expected.high) for aim in measure.chart.aims} == {(Decimal(10), Decimal(15))}


def test_nothing_that_is_not_verified_is_in_it_for_anybody_else(database: Database) -> None:
    """Neither a draft, nor what was submitted, nor what was verified and reopened; nor what partners say to those."""
    police, team = person(database, "police"), person(database, "team")
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="31.4159", commentary=CANARY, forecast_value="27.1828"))
    readers = ("police", "police.contributor", "nhs", "team", "executive")

    def seen() -> set[str]:
        pages = {key: indicator_page(database, person(database, key), "ni-16", "2008-09-q3") for key in readers}
        return {key for key, page in pages.items() if any(w in str(page) for w in (CANARY, "31.4159", "27.1828"))}

    assert seen() == set()
    returns.submit(database, police, number, None)
    assert seen() == set()
    review.verify(database, team, number, None)
    assert seen() == set(readers)
    review.reopen(database, team, number, None, "A figure was left out.")
    assert seen() == set()
    returns.save(database, police, number, None, Typed(value="2.5", commentary="Corrected."))
    returns.submit(database, police, number, None)
    assert seen() == set()
    review.verify(database, team, number, None)
    page = indicator_page(database, person(database, "nhs"), "ni-16", "2008-09-q3")
    assert [(one.number, one.current, one.commentary) for one in page.revisions if one.period == "2008/09 Q3"] == [
        (2, True, "Corrected."),
        (1, False, CANARY),
    ]
    assert [point.value for point in page.measures[0].chart.points] == [Decimal("2.42"), Decimal("2.5")]


def test_what_partners_said_to_the_verified_figure_is_there_and_nothing_before(database: Database) -> None:
    lcc, police = person(database, "lcc"), person(database, "police")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 5")
    returns.save(database, lcc, number, None, Typed(value="60"))
    returns.submit(database, lcc, number, None)
    concurrence.dissent(database, police, number, None, CANARY)

    def said(key: str) -> list[tuple[Message, str]]:
        page = indicator_page(database, person(database, key), "ni-5", "2008-09-q3")
        return [(one.kind, one.text) for one in page.said]

    assert said("executive") == said("police") == said("team") == []
    review.verify(database, person(database, "team"), number, None, weighed="Another street.")
    assert said("executive") == said("nhs") == [(Message.DISSENT, CANARY)]
    assert indicator_page(database, lcc, "ni-5").said == ()  # of another period


def test_the_portals_forecast_from_verified_figures_is_for_all_who_read_them(database: Database) -> None:
    series = with_series(database)
    seen = {
        key: indicator_page(series, person(series, key), "ni-16", "2010-11-q1").measures[0].chart
        for key in ("police", "team", "police.contributor", "nhs", "executive")
    }
    outlook = seen["executive"].outlook
    assert {chart.outlook for chart in seen.values()} == {outlook}
    assert outlook is not None
    assert outlook.central is not None
    assert outlook.low is not None
    assert outlook.high is not None
    assert outlook.low < outlook.central < outlook.high
    assert Layer.FORECAST in seen["executive"].layers


def test_process_limits_come_with_eight_figures_and_signals_with_what_chance_seldom_makes(database: Database) -> None:
    series = with_series(database)
    executive = person(series, "executive")
    few = indicator_page(series, executive, "ni-16", "2009-10-q4").measures[0].chart
    assert (len(few.points), few.limits) == (7, ())
    (chart,) = (one.chart for one in indicator_page(series, executive, "ni-16", LAST).measures)
    assert [point.period for point in chart.points] == QUARTERS
    (stretch,) = chart.limits
    assert stretch.limits.provisional
    assert (stretch.first, stretch.last) == (date(2008, 6, 30), date(2011, 3, 31))
    assert Signal.BELOW_LIMIT in chart.points[-1].signals
    standing = indicator_page(series, executive, "ni-16", LAST).measures[0].standing
    assert words.travel(standing.travel, standing) == "Improving: below the lower limit, against 2.305."
    assert not any(point.signals for point in chart.points[:-1] if Signal.BELOW_LIMIT in point.signals)


def test_a_declared_break_starts_the_limits_anew(database: Database) -> None:
    series = with_series(database)
    broken_at(series, "NI 16", "2009/10 Q1", "counted by the new guidance")
    (chart,) = (one.chart for one in indicator_page(series, person(series, "team"), "ni-16", LAST).measures)
    assert [point.anew for point in chart.points if point.anew] == ["counted by the new guidance"]
    (stretch,) = chart.limits  # four figures before it are too few
    assert stretch.first == date(2009, 6, 30)


def test_what_counts_up_in_the_year_has_no_limits_and_is_held_against_a_line_in_each_year(database: Database) -> None:
    series = with_series(database)
    (chart,) = (one.chart for one in indicator_page(series, person(series, "team"), "ni-154", LAST).measures)
    assert (chart.cumulative, chart.limits, len(chart.points)) == (True, (), 11)
    assert chart.baseline is None  # a year's count is no place where a quarter's starts
    assert len(chart.aims) == 12


def test_figures_from_elsewhere_are_on_it_when_loaded(database: Database) -> None:
    nothing = indicator_page(database, person(database, "executive"), "ni-16").measures[0].elsewhere
    assert (nothing.areas, nothing.published) == ((), ())
    imports.load_agreement(database, OPERATOR, with_figures())
    page = indicator_page(later(database), person(database, "executive"), "ni-16", NOW)
    assert page.measures[0].elsewhere.place is not None
    assert len(page.measures[0].elsewhere.areas) == 6


def test_it_takes_few_statements_however_much_there_is_to_show(database: Database) -> None:
    series = with_series(database)
    counted = {}
    for code in ("ni-16", "ni-154", "ni-120", "ni-50"):
        with statements(series) as seen:
            indicator_page(series, person(series, "team"), code, LAST)
        counted[code] = len(seen) - 1  # one finds the person
    assert max(counted.values()) <= 17, counted  # of these one each for actions, risks and money


def test_every_indicator_of_the_agreement_has_a_page(sqlite_database: Database) -> None:
    from sqlalchemy import select

    from models.agreement import Indicator

    executive = person(sqlite_database, "executive")
    with sqlite_database.read(executive) as session:
        codes = session.scalars(select(Indicator.code)).all()
    assert len(codes) == 58
    for code in codes:
        page = indicator_page(sqlite_database, executive, code, "2008-09-q3")
        assert asdict(page)["slug"]


def test_a_milestone_that_came_after_the_rating_is_not_what_the_figure_was_held_against(
    sqlite_database: Database,
) -> None:
    database, police, team = sqlite_database, person(sqlite_database, "police"), person(sqlite_database, "team")
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="2.78"))
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    with database.write(OPERATOR) as session:
        row = session.get_one(Return, number)
        version = session.scalars(
            select(RevisionRating.version_id).join(ReturnRevision).where(ReturnRevision.return_id == number)
        ).one()
        session.add(
            Milestone(version_id=version, measure_id=row.measure_id, period_id=row.period_id, value=Decimal("2.05"))
        )
    (measure,) = indicator_page(database, team, "NI 16", "2008-09-q3").measures
    assert measure.standing.no_rating_reason is NoRating.MILESTONE_NOT_SET
    assert measure.standing.expected is None
    assert returns.read_return(database, team, number).standing.expected is None
