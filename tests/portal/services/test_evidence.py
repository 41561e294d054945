"""What lies under a figure reaches its rating, its reasons and its edition; the direction follows its series."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models.agreement import Measure, MeasureTerms, Period, Profile, SeriesBreak, Target
from models.returns import Return, ReturnRevision
from models.rules.direction import Basis, Direction
from models.rules.evidence import Strength
from models.rules.terms import Evidence, NoRating, Polarity, Rating, State
from portal import words
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.formats.edition import content_of, scorecard_of
from portal.services import returns, review, scorecard, themes
from portal.viewmodels.indicators import MeasureStanding
from portal.viewmodels.returns import ReturnView, Typed
from tests.conftest import owned, person
from tests.support.publishing import publish

Q3 = "2008-09-q3"


def let(database: Database, code: str, **terms: object) -> None:
    """Let a measure be returned otherwise, as the agreement's files would."""
    with owned(database) as owner, owner.write(OPERATOR) as session:
        found = session.scalars(select(MeasureTerms).join(Measure).where(Measure.code == code)).one()
        for name, value in terms.items():
            setattr(found, name, value)


def ask(database: Database, code: str = "NI 59", who: str = "lcc") -> int:
    return returns.find_return(database, person(database, who), Q3, code)


def give(database: Database, number: int, **typed: str) -> ReturnView:
    """Return NI 59 (63%, high is good) as the council."""
    lcc = person(database, "lcc")
    returns.save(database, lcc, number, None, Typed(**typed))
    return returns.submit(database, lcc, number, None)


@pytest.mark.parametrize(
    ("cases", "of", "rating"),
    [
        ("30", "60", Rating.WITHIN),  # 50% of sixty may be 38 to 62%
        ("500", "1000", Rating.WORSE),
        ("630", "1000", Rating.WITHIN),
        ("750", "1000", Rating.BETTER),
        ("10", "20", None),  # 50% of twenty may be 30 to 70%, past the range on both sides
    ],
)
def test_a_share_of_few_is_not_called(database: Database, cases: str, of: str, rating: Rating | None) -> None:
    let(database, "NI 59", evidence=Evidence.PROPORTION, per=Decimal(100))
    view = give(database, ask(database), numerator=cases, denominator=of)
    assert view.answers.value == Decimal(cases) / Decimal(of) * 100
    assert view.standing.rating is rating
    if rating is None:
        assert view.standing.no_rating_reason is NoRating.TOO_EARLY
    with database.read(OPERATOR) as session:
        frozen = session.scalars(select(ReturnRevision).where(ReturnRevision.return_id == view.id)).one()
        assert (frozen.numerator, frozen.denominator) == (Decimal(cases), Decimal(of))
    assert "in 95 of 100 cases" in words.why(view.standing)
    assert view.standing.strength is Strength.WEAK
    review.verify(database, person(database, "team"), view.id, None)
    verified = returns.read_return(database, person(database, "executive"), view.id).standing
    assert (verified.rating, verified.strength) == (rating, Strength.STRONG)


def test_the_same_figure_without_its_counts_is_called(database: Database) -> None:
    let(database, "NI 59", evidence=Evidence.PROPORTION, per=Decimal(100))
    assert give(database, ask(database), value="50").standing.rating is Rating.WORSE


def test_a_survey_gives_its_own_interval(database: Database) -> None:
    let(database, "NI 59", evidence=Evidence.SURVEY)
    view = give(database, ask(database), value="50", interval_low="44", interval_high="57")
    assert view.standing.rating is Rating.WITHIN
    assert "between 44.0% and 57.0%" in words.why(view.standing)


def test_an_edition_keeps_the_interval_and_reads_one_from_before_there_were_any(database: Database) -> None:
    let(database, "NI 59", evidence=Evidence.SURVEY)
    view = give(database, ask(database), value="50", interval_low="44", interval_high="57")
    review.verify(database, person(database, "team"), view.id, None)
    publish(database, person(database, "team"), Q3)
    card = scorecard.latest_scorecard(database, OPERATOR)
    assert card is not None
    found = next(m for t in card.themes for i in t.indicators for m in i.measures if m.code == "NI 59")
    assert found.interval is not None
    assert (found.interval.low, found.interval.high, found.strength) == (Decimal(44), Decimal(57), Strength.STRONG)
    content = content_of(
        edition=1, agreement="", area="", period="2008/09 Q3", ends_on="", published_at="2009-01-01", themes=card.themes
    )
    for name in ("interval", "strength", "year_value"):
        content = content.replace(f'"{name}"', f'"_{name}"')
    old = scorecard_of(content, "")
    assert all(m.interval is None and m.strength is None for t in old.themes for i in t.indicators for m in i.measures)


def test_a_stored_profile_comes_before_the_straight_line(database: Database) -> None:
    with database.write(OPERATOR) as session:
        measure = session.scalars(select(Measure).where(Measure.code == "NI 154")).one()
        session.add(Profile(version_id=1, measure_id=measure.id, number=3, share=Decimal("0.6")))
    lcc = person(database, "lcc")
    view = returns.preview(database, lcc, ask(database, "NI 154"), Typed(value="870"))
    assert view.standing.expected is not None
    assert (view.standing.expected.value, view.standing.lead) == (Decimal("870.0"), 0)  # six tenths of 1,450
    assert "usually reached by now" in words.why(view.standing)


def test_a_rolling_average_keeps_the_years_own_figure(database: Database) -> None:
    let(database, "NI 59", rolling=True)
    view = give(database, ask(database), value="60", year_value="66.5")
    assert view.answers.year_value == view.standing.year_value == Decimal("66.5")


def series_of(
    database: Database, values: list[str], *, seasonal: bool = False, anew: int | None = None
) -> MeasureStanding:
    """NI 59's standing in the last of so many verified quarters from Q1 2008/09 on."""
    let(database, "NI 59", seasonal=seasonal, reported_polarity=Polarity.HIGHER)
    with owned(database) as owner, owner.write(OPERATOR) as session:
        measure = session.scalars(select(Measure).where(Measure.code == "NI 59")).one()
        quarters = session.scalars(
            select(Period).where(Period.frequency == "quarterly").order_by(Period.ends_on).limit(len(values))
        ).all()
        for target in session.scalars(select(Target).where(Target.measure_id == measure.id)):
            target.low = target.high = Decimal(50)
        for place, period in enumerate(quarters):
            query = select(Return).where(Return.measure_id == measure.id, Return.period_id == period.id)
            row = session.scalars(query).one_or_none() or Return(
                measure_id=measure.id, period_id=period.id, organisation_id=1, state=State.NOT_STARTED
            )
            session.add(row)
            period.opened_at, period.closed_at, period.closes_on = database.clock.now(), None, date(2012, 1, 1)
            session.flush()
            if place == anew:
                session.add(SeriesBreak(measure_id=measure.id, period_id=period.id, reason="Counted otherwise."))
        numbers = [
            session.scalars(select(Return.id).where(Return.measure_id == measure.id, Return.period_id == p.id)).one()
            for p in quarters
        ]
    database.clock = Clock(date(2011, 6, 1))
    for number, value in zip(numbers, values, strict=True):
        if returns.read_return(database, OPERATOR, number).state is not State.NOT_STARTED:
            review.reopen(database, person(database, "team"), number, None, "For the test.")
        with database.write(OPERATOR) as session:
            session.get_one(Return, number).organisation_id = person(database, "lcc").organisation_id
        give(database, number, value=value)
        review.verify(database, person(database, "team"), number, None)
    page = themes.themes(database, person(database, "team"), quarters[-1].key)
    return next(m for t in page.themes for i in t.indicators for m in i.measures if m.code == "NI 59")


def test_two_figures_are_said_to_be_two_figures(database: Database) -> None:
    found = series_of(database, ["50", "55"])
    assert found.travel is not None
    assert (found.travel.direction, found.travel.basis) == (Direction.IMPROVING, Basis.TWO_FIGURES)
    assert "two figures alone say little" in words.travel(found.travel, found)


def test_from_eight_figures_on_signals_decide(database: Database) -> None:
    steady = series_of(database, ["50", "51", "49", "50", "51", "49", "50", "51", "50", "51"])
    assert steady.travel is not None
    assert (steady.travel.direction, steady.travel.basis) == (Direction.NO_CHANGE, Basis.PROCESS_LIMITS)
    assert steady.strength is Strength.FAIR
    assert len(steady.history) == 10


def test_a_declared_break_starts_the_series_anew(database: Database) -> None:
    found = series_of(database, ["50", "51", "49", "50", "51", "49", "50", "51", "80", "82"], anew=8)
    assert found.travel is not None
    assert (found.travel.basis, found.travel.against) == (Basis.TWO_FIGURES, Decimal(80))
    assert found.strength is Strength.WEAK


def test_a_seasonal_measure_is_held_against_the_same_quarter_a_year_before(database: Database) -> None:
    found = series_of(database, ["40", "50", "60", "70", "45"], seasonal=True)
    assert found.year_before is not None
    assert (found.year_before.direction, found.year_before.against) == (Direction.IMPROVING, Decimal(40))
    assert found.travel is not None
    assert found.travel.direction is Direction.WORSENING
    assert "same period a year before" in words.travel(found.year_before, found)
