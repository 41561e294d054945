"""Profiles of the year and breaks of series, loaded from files: into ratings, directions and forecasts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.agreement import MeasureTerms, Profile, SeriesBreak
from models.forecasts import ForecastEntry
from models.rules.expected import Basis
from models.rules.forecast import NoForecast
from models.rules.terms import Forecaster
from portal import words
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import AgreementFile, ProfileShare, read_agreement
from portal.formats.agreement_csv import SeriesBreak as Break
from portal.services import imports, returns, review
from portal.settings import package_data
from portal.viewmodels.forecasts import YearEnd
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import owned, person
from tests.portal.services.test_forecasts import quarters_of

HOMES = "NI 154"  # homes, cumulative in the year: the council's
SHARES = ("0.10", "0.20", "0.30", "1")
BROKEN = Break(HOMES, "2009/10 Q1", "Conversions are counted too from now on.", line=2)


def with_them(shares: tuple[str, ...] = SHARES, *breaks: Break) -> AgreementFile:
    read = read_agreement(package_data("leicester")).agreement
    assert read is not None
    profile = tuple(ProfileShare(HOMES, n, Decimal(share), line=n + 1) for n, share in enumerate(shares, start=1))
    return replace(read, profiles=profile, series_breaks=breaks)


def count(database: Database) -> list[int]:
    with database.read(OPERATOR) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Profile, SeriesBreak)]


def give(database: Database, number: int, value: str) -> ReturnView:
    lcc = person(database, "lcc")
    returns.save(database, lcc, number, None, Typed(value=value))
    returns.submit(database, lcc, number, None)
    return review.verify(database, person(database, "team"), number, None)


def outlook(database: Database, number: int) -> YearEnd:
    found = returns.read_return(database, person(database, "lcc"), number).outlook
    assert found is not None
    return found


def given(database: Database, *values: str) -> list[int]:
    """The council's quarters from 2009/10 on, each verified; what came in with the files is of the year before."""
    numbers = quarters_of(database, HOMES, "lcc")[4:]
    for number, value in zip(numbers, values, strict=False):
        give(database, number, value)
    return numbers


def test_they_come_with_the_agreement_and_a_second_load_changes_nothing(bare_database: Database) -> None:
    imports.load_agreement(bare_database, OPERATOR, with_them(SHARES, BROKEN))
    assert count(bare_database) == [4, 1]
    assert imports.load_agreement(bare_database, OPERATOR, with_them(SHARES, BROKEN)).added == {}
    assert count(bare_database) == [4, 1]


def test_a_newer_folder_adds_them_and_overwrites_none(database: Database) -> None:
    assert imports.load_agreement(database, OPERATOR, with_them(SHARES, BROKEN)).added == {
        "profile": 4,
        "series_break": 1,
    }
    other = with_them(("0.10", "0.25", "0.30", "1"), replace(BROKEN, reason="Another reason."))
    with pytest.raises(imports.NotLoaded) as caught:
        imports.load_agreement(database, OPERATOR, other)
    assert [(each.file, each.line, each.column) for each in caught.value.problems] == [
        ("profiles.csv", 3, "share"),
        ("series_breaks.csv", 2, "reason"),
    ]
    assert "NI 154 says 0.25, but 0.20 is loaded already" in str(caught.value)
    assert count(database) == [4, 1]


def test_a_rating_keeps_the_grounds_that_it_was_given_on(database: Database) -> None:
    """A profile that comes after it is what later figures are held against, and no reason of the earlier one."""
    numbers = given(database, "200")
    lcc = person(database, "lcc")
    before = returns.read_return(database, lcc, numbers[0]).standing
    assert before.expected is not None
    assert before.expected.basis is Basis.STRAIGHT_LINE
    assert imports.load_agreement(database, OPERATOR, with_them()).added == {"profile": 4}
    after = returns.read_return(database, lcc, numbers[0]).standing
    assert (after.expected, after.lead, after.margin) == (before.expected, before.lead, before.margin)
    following = give(database, numbers[1], "300").standing.expected
    assert following is not None
    assert following.basis is Basis.PROFILE


def test_past_returns_of_the_same_folder_are_rated_by_the_profile(bare_database: Database) -> None:
    file = with_them()
    bare = tuple(one for one in file.milestones if one.measure != HOMES)
    rows = tuple(replace(one, performance=None) if one.measure == HOMES else one for one in file.returns)
    imports.load_agreement(bare_database, OPERATOR, replace(file, milestones=bare, returns=rows))
    number = returns.find_return(bare_database, OPERATOR, "2008-09-q2", HOMES)
    standing = returns.read_return(bare_database, OPERATOR, number).standing
    assert standing.expected is not None
    assert standing.expected.basis is Basis.PROFILE


def test_a_forecast_follows_the_stored_profile(database: Database) -> None:
    """30% by the third quarter is 1,000 by the fourth, where a straight line would say 400."""
    imports.load_agreement(database, OPERATOR, with_them(SHARES, BROKEN))
    numbers = given(database, "101", "199", "301")
    found = outlook(database, numbers[2])
    assert found.central is not None
    assert 900 < found.central < 1100
    assert found.by_profile
    assert "and the share of the year that is usually reached by now" in words.outlook(found, 0, "homes")[0]
    with database.read(OPERATOR) as session:
        frozen = session.scalars(
            select(ForecastEntry).where(ForecastEntry.made_by == Forecaster.PORTAL).order_by(ForecastEntry.id.desc())
        ).first()
        assert frozen is not None
        assert frozen.central == found.central
        assert frozen.method.endswith(", stored profile")


def test_three_figures_are_enough_with_a_profile_and_not_without(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_them(SHARES, BROKEN))
    numbers = given(database, "101", "199")
    few = outlook(database, numbers[1])
    assert (few.none, few.by_profile) == (NoForecast.TOO_FEW, True)
    assert "too few figures yet: 3 are needed" in words.outlook(few, 0, "homes")[0]
    give(database, numbers[2], "301")
    assert outlook(database, numbers[2]).none is None


def test_without_one_the_forecast_waits_for_more_figures(database: Database) -> None:
    numbers = given(database, "101", "199", "301")
    found = outlook(database, numbers[2])
    assert (found.none, found.by_profile) == (NoForecast.TOO_FEW, False)


def test_a_profile_that_ends_short_of_the_target_is_a_share_of_the_years_own_end(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_them(("0.05", "0.10", "0.15", "0.50"), BROKEN))
    numbers = given(database, "101", "199", "301")
    found = outlook(database, numbers[2])
    assert found.central is not None
    assert 900 < found.central < 1100


@pytest.mark.parametrize("shares", [("0.10", "0.20"), ("0", "0", "0", "0")])
def test_half_a_profile_is_none_to_a_forecast(database: Database, shares: tuple[str, ...]) -> None:
    """The files cannot bring one; a hand might."""
    imports.load_agreement(database, OPERATOR, with_them(shares))
    numbers = given(database, "101", "199", "301")
    assert not outlook(database, numbers[2]).by_profile


def test_a_measure_that_does_not_count_up_has_no_profile(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_them(SHARES, BROKEN))
    with owned(database) as owner, owner.write(OPERATOR) as session:
        query = select(MeasureTerms).join(Profile, Profile.measure_id == MeasureTerms.measure_id).limit(1)
        session.scalars(query).one().reported_unit = "homes"
    numbers = given(database, "101", "199", "301")
    assert not outlook(database, numbers[2]).by_profile


def test_a_loaded_break_parts_the_series(database: Database) -> None:
    imports.load_agreement(database, OPERATOR, with_them((), BROKEN))
    numbers = given(database, "101", "199")
    history = returns.read_return(database, person(database, "lcc"), numbers[1]).standing.history
    assert [(point.period, point.anew) for point in history] == [
        ("2008/09 Q2", False),
        ("2009/10 Q1", True),
        ("2009/10 Q2", False),
    ]
    first = returns.read_return(database, person(database, "lcc"), numbers[0]).standing
    assert first.travel is None
