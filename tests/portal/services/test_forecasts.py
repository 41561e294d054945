"""Forecasts are frozen with each revision, compared, scored at the year's end, and shown to that lead and the team."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.agreement import Measure, Period
from models.forecasts import ForecastEntry
from models.returns import Return, ReturnRevision
from models.rules.forecast import NoForecast, Place
from models.rules.terms import Forecaster, Frequency, State
from portal import words
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.errors import Forbidden
from portal.services import returns, review
from portal.services.forecasts import ledger
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import person

FIGURES = ("52", "55", "53", "56", "54", "57", "55")


def quarters_of(database: Database, code: str, who: str) -> list[int]:
    """Make a return of one measure in every quarter of the agreement, open and not started; answers their ids."""
    organisation = person(database, who).organisation_id
    with database.write(OPERATOR) as session:
        measure = session.scalars(select(Measure).where(Measure.code == code)).one()
        periods = session.scalars(
            select(Period).where(Period.frequency == Frequency.QUARTERLY).order_by(Period.ends_on)
        ).all()
        numbers = []
        for period in periods:
            period.opened_at, period.closed_at, period.closes_on = database.clock.now(), None, date(2012, 1, 1)
            query = select(Return).where(Return.measure_id == measure.id, Return.period_id == period.id)
            row = session.scalars(query).one_or_none()
            if row is None:
                row = Return(
                    measure_id=measure.id, period_id=period.id, organisation_id=organisation, state=State.NOT_STARTED
                )
                session.add(row)
            session.flush()
            numbers.append(row.id)
    database.clock = Clock(date(2011, 6, 1))
    return numbers


def give(database: Database, number: int, value: str, forecast: str = "") -> ReturnView:
    """Return one quarter of NI 59 as the council, and have it verified."""
    lcc, team = person(database, "lcc"), person(database, "team")
    if returns.read_return(database, lcc, number).state in (State.VERIFIED, State.PUBLISHED):
        review.reopen(database, team, number, None, "For the test.")
    returns.save(database, lcc, number, None, Typed(value=value, forecast_value=forecast))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)
    return returns.read_return(database, lcc, number)


@pytest.fixture
def given(database: Database, brought: Callable[..., list[int]]) -> list[int]:
    return brought(database, seven_quarters)


def seven_quarters(database: Database) -> list[int]:
    """Seven quarters of NI 59, which has no trend to speak of; the partner forecasts 60 each time."""
    numbers = quarters_of(database, "NI 59", "lcc")
    for number, value in zip(numbers, FIGURES, strict=False):
        give(database, number, value, "60")
    return numbers


def entries(database: Database, number: int) -> dict[Forecaster, ForecastEntry]:
    with database.read(OPERATOR) as session:
        rows = session.scalars(
            select(ForecastEntry)
            .join(ReturnRevision, ForecastEntry.revision_id == ReturnRevision.id)
            .join(Return, Return.id == ReturnRevision.return_id)
            .where(Return.id == number, ReturnRevision.number == Return.revision)
        )
        return {row.made_by: row for row in rows}


def test_both_forecasts_are_frozen_with_the_revision(database: Database, given: list[int]) -> None:
    made = entries(database, given[6])  # quarter 3 of 2009/10
    assert set(made) == {Forecaster.PARTNER, Forecaster.PORTAL}
    portal = made[Forecaster.PORTAL]
    assert portal.low is not None
    assert portal.high is not None
    assert portal.low < portal.central < portal.high
    assert (made[Forecaster.PARTNER].central, made[Forecaster.PARTNER].low) == (Decimal(60), None)
    assert (portal.year, portal.points) == ("2009/10", 7)
    assert portal.chance is not None


def test_with_few_figures_the_portal_says_why_it_has_none(database: Database, given: list[int]) -> None:
    assert set(entries(database, given[1])) == {Forecaster.PARTNER}
    view = returns.read_return(database, person(database, "lcc"), given[1])
    assert view.outlook is not None
    assert view.outlook.none is NoForecast.TOO_FEW
    assert "too few figures yet" in words.outlook(view.outlook, 0, "%")[0]


def test_at_the_years_end_nothing_is_forecast(database: Database, given: list[int]) -> None:
    assert entries(database, given[3]) == {}
    view = returns.read_return(database, person(database, "lcc"), given[3])
    assert view.outlook is not None
    assert view.outlook.none is NoForecast.NOT_AHEAD


def test_the_lead_and_the_team_see_the_outlook_and_nobody_else(database: Database, given: list[int]) -> None:
    for who in ("lcc", "team"):
        outlook = returns.read_return(database, person(database, who), given[6]).outlook
        assert outlook is not None
        assert outlook.place is Place.ABOVE or outlook.place is Place.WITHIN
        said = " ".join(words.outlook(outlook, 0, "%"))
        assert "in 80 of 100 cases between" in said
        assert "The target of 70%:" in said
    for who in ("police", "nhs", "executive"):
        assert returns.read_return(database, person(database, who), given[6]).outlook is None


def test_a_frozen_forecast_is_not_changed_by_later_figures(database: Database, given: list[int]) -> None:
    before = entries(database, given[6])[Forecaster.PORTAL].central
    give(database, given[7], "30")
    give(database, given[0], "20")
    assert entries(database, given[6])[Forecaster.PORTAL].central == before


def test_the_ledger_scores_a_year_that_has_ended(database: Database, given: list[int]) -> None:
    lcc = person(database, "lcc")
    open_year = ledger(database, lcc)
    assert [line.outturn for line in open_year.lines if line.year == "2009/10"] == [None] * 3
    give(database, given[7], "50")
    found = ledger(database, lcc)
    line = next(line for line in found.lines if line.period == "2009/10 Q3")
    assert (line.partner, line.outturn) == (Decimal(60), Decimal(50))
    assert line.central is not None
    (scored,) = found.scores
    # Two years: 60 against 56 three times (7.1% too high), and against 50 three times (20%).
    assert scored.organisation == lcc.organisation_name
    assert scored.partner.count == 6
    assert scored.partner.bias is not None
    assert round(scored.partner.bias, 2) == round(Decimal(400) / 56 / 2 + 10, 2)
    assert scored.portal.count == scored.portal.ranges >= 1
    assert "too high" in words.scored(scored.partner)


def test_a_lead_sees_its_own_ledger_and_the_team_all(database: Database, given: list[int]) -> None:
    police = quarters_of(database, "NI 20", "police")
    returns.save(database, person(database, "police"), police[2], None, Typed(value="1", forecast_value="14"))
    returns.submit(database, person(database, "police"), police[2], None)
    assert ledger(database, person(database, "police")).lines == ()  # not verified yet
    review.verify(database, person(database, "team"), police[2], None)
    assert {line.measure for line in ledger(database, person(database, "police")).lines} == {"NI 20"}
    assert {line.measure for line in ledger(database, person(database, "lcc")).lines} == {"NI 59"}
    assert {line.measure for line in ledger(database, person(database, "team")).lines} == {"NI 20", "NI 59"}
    for who in ("executive", "reviewer", "admin", "police.contributor"):
        with pytest.raises(Forbidden):
            ledger(database, person(database, who))
