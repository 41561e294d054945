"""A rating keeps its grounds: what is agreed after a figure was rated changes nothing that is said of that figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import column, select, table, update

from models.agreement import AgreementVersion, Measure, Milestone, Period
from models.returns import RevisionRating
from models.rules.expected import Basis
from models.rules.terms import NoRating, Rating
from portal import migrate
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import AgreementFile, read_agreement
from portal.formats.agreement_csv import Milestone as Said
from portal.services import annual_review, gate, imports, returns, review
from portal.services.indicator_page import indicator_page
from portal.services.performance import performance
from portal.services.themes import theme
from portal.settings import package_data
from portal.viewmodels.returns import Typed
from tests.conftest import owned, person
from tests.portal.services.test_refresh import APRIL, on
from tests.portal.services.test_views import statements
from tests.support.agreeing import agree_all

Q3 = "2008-09-q3"
CRIME = "NI 16"  # the police's; it has a milestone in quarter 2 and none in quarter 3


def verified(database: Database, code: str, who: str, typed: Typed) -> int:
    actor = person(database, who)
    number = returns.find_return(database, actor, Q3, code)
    returns.save(database, actor, number, None, typed)
    returns.submit(database, actor, number, None)
    review.verify(database, person(database, "team"), number, None)
    return number


def with_milestone(measure: str, value: str) -> AgreementFile:
    file = read_agreement(package_data("leicester")).agreement
    assert file is not None
    return replace(file, milestones=(*file.milestones, Said(measure, "2008/09 Q3", Decimal(value), None, None)))


def told(database: Database, number: int) -> list[object]:
    """Everything that is said of a figure of NI 16, wherever it is."""
    executive, team = person(database, "executive"), person(database, "team")
    return [
        returns.read_return(database, team, number),
        returns.read_return(database, person(database, "police"), number),
        indicator_page(database, executive, CRIME, Q3).measures[0].standing,
        indicator_page(database, executive, CRIME, Q3).measures[0].chart,
        theme(database, executive, "safer", Q3),
        performance(database, executive, Q3),
        annual_review.annual_review(database, team, "2008-09"),
        gate.gate(database, team, Q3),
    ]


def test_a_milestone_that_comes_later_changes_nothing_that_is_said_of_the_figure(database: Database) -> None:
    number = verified(database, CRIME, "police", Typed(value="2.78", forecast_value="5"))
    before = told(database, number)
    standing = returns.read_return(database, OPERATOR, number).standing
    assert (standing.no_rating_reason, standing.expected) == (NoRating.MILESTONE_NOT_SET, None)
    loaded = imports.load_agreement(database, OPERATOR, with_milestone(CRIME, "2.05"))
    assert loaded.added == {"milestone": 1}
    assert told(database, number) == before


def test_what_is_rated_after_it_is_held_against_it(database: Database) -> None:
    """A draft is judged as it is read, and a correction when it is submitted; the earlier revision keeps its own."""
    police, team = person(database, "police"), person(database, "team")
    number = returns.find_return(database, police, Q3, CRIME)
    returns.save(database, police, number, None, Typed(value="2.78"))
    assert returns.read_return(database, police, number).standing.expected is None
    imports.load_agreement(database, OPERATOR, with_milestone(CRIME, "2.05"))
    seen = returns.read_return(database, police, number).standing
    assert (seen.rating, seen.lead) == (Rating.WORSE, Decimal("-0.73"))
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    standing = indicator_page(database, team, CRIME, Q3).measures[0].standing
    assert standing.expected is not None
    assert (standing.expected.basis, standing.expected.value) == (Basis.MILESTONE, Decimal("2.05"))
    assert (standing.rating, standing.lead, standing.margin) == (Rating.WORSE, Decimal("-0.73"), Decimal("0.2050"))


def test_a_newer_version_in_force_changes_nothing_and_costs_no_statement(database: Database) -> None:
    """NI 154 is rated by the first version; the second, with another target, is said to be in force from before it."""
    verified(database, "NI 154", "lcc", Typed(value="800", forecast_value="1000"))
    executive = person(database, "executive")
    with statements(database) as few:
        before = theme(database, executive, "people-not-cars", Q3)
    agree_all(database, person(database, "team"))
    with owned(database) as owner, owner.write(OPERATOR) as session:
        session.execute(update(AgreementVersion).values(in_force_from=date(2008, 4, 1)))
    on(database, APRIL)
    with statements(database) as many:
        after = theme(database, executive, "people-not-cars", Q3)
    own = [m for i in before.theme.indicators for m in i.measures if m.code == "NI 154"]
    assert [m for i in after.theme.indicators for m in i.measures if m.code == "NI 154"] == own
    assert len(many) == len(few)


def test_the_grounds_are_written_down_with_the_revision(database: Database) -> None:
    """A survey of 45% to 65% where 63% is expected: within, as the interval reaches the edge."""
    number = verified(database, "NI 59", "lcc", Typed(value="55", forecast_value="70"))
    with database.read(OPERATOR) as session:
        rated = session.scalars(select(RevisionRating).order_by(RevisionRating.revision_id.desc()).limit(1)).one()
        frozen = [rated.basis, rated.expected_value, rated.lead, rated.margin, rated.forecast]
    standing = returns.read_return(database, OPERATOR, number).standing
    assert standing.expected is not None
    assert frozen == [
        standing.expected.basis, standing.expected.value, standing.lead, standing.margin, standing.forecast
    ]  # fmt: skip
    assert None not in frozen


@pytest.fixture
def older(owned_database: Database) -> Database:
    """A database of an earlier portal, as whoever owns its tables has it: it judged at each reading, and knew nothing
    of what later tables hold."""
    migrate.downgrade(owned_database, "0016")
    migrate.upgrade(owned_database)
    return owned_database


def test_ratings_from_before_get_their_grounds_once(older: Database) -> None:
    for code, who, value in (("NI 59", "lcc", "55"), ("NI 154", "lcc", "800"), ("NI 117", "connexions", "7.0")):
        verified(older, code, who, Typed(value=value, forecast_value=value))
    number = verified(older, CRIME, "police", Typed(value="2.78"))
    executive = person(older, "executive")
    codes = ("NI 16", "NI 59", "NI 117", "NI 120", "NI 154", "NI 179", "NI 65", "NI 186")

    def all_told() -> list[object]:
        pages = [indicator_page(older, executive, code, period) for code in codes for period in ("2008-09-q2", Q3)]
        return [*pages, *told(older, number)]

    def kept() -> list[tuple[object, ...]]:
        with older.engine.connect() as connection:
            rows = connection.execute(select(RevisionRating.__table__).order_by(RevisionRating.revision_id))
            return [tuple(row) for row in rows]

    before, frozen = all_told(), kept()
    migrate.downgrade(older, "0013")
    migrate.upgrade(older)
    assert (all_told(), kept()) == (before, frozen)
    assert len(frozen) == 29  # 25 of the agreement's files


def test_a_milestone_from_after_an_old_rating_is_none_of_its_grounds(older: Database) -> None:
    number = verified(older, CRIME, "police", Typed(value="2.78"))
    before = told(older, number)
    migrate.downgrade(older, "0013")
    with older.engine.begin() as connection:
        measure = select(Measure.id).where(Measure.code == CRIME).scalar_subquery()
        period = select(Period.id).where(Period.key == "2008/09 Q3").scalar_subquery()
        came = {"version_id": 1, "measure_id": measure, "period_id": period, "value": Decimal("2.05")}
        there = table(Milestone.__tablename__, *(column(name) for name in came))  # of then: newer columns have defaults
        connection.execute(there.insert().values(came | {"value": "2.05"}))
    migrate.upgrade(older)
    assert told(older, number) == before


def test_the_database_takes_no_other_grounds_afterwards(older: Database) -> None:
    migrate.downgrade(older, "0013")
    migrate.upgrade(older)
    with pytest.raises(Exception, match="never changed"), older.engine.begin() as connection:
        connection.execute(update(RevisionRating).values(margin=Decimal(1)))
