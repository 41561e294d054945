"""Money: what comes in with the files, who adds and withdraws, what is kept, and how it stands beside performance."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.money import Commitment, CommitmentWithdrawal
from models.rules.terms import Rating, Role
from portal.actor import OPERATOR, public
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, SignInRequired
from portal.formats.agreement_csv import read_agreement
from portal.records.loading import NotLoaded
from portal.services import imports, money
from portal.services.indicator_page import indicator_page
from portal.services.themes import theme
from portal.settings import package_data
from portal.viewmodels.money import Money, MoneyTyped
from portal.viewmodels.past import AsAt
from tests.conftest import person
from tests.house.test_bound_accounts import bound, two  # noqa: F401

TYPED = MoneyTyped("psa reward  funding and BCU fund", "Bicycle racks", "£1,200.50", "Until March.")
PSA, GRANT = "PSA reward funding and BCU fund", "Home Office capital through Area Based Grant 2008/09"


def shown(database: Database, who: str = "executive", as_at: AsAt | None = None) -> Money:
    return money.money_page(database, person(database, who), as_at=as_at).money


def rows(database: Database) -> tuple[int, int]:
    with database.read(OPERATOR) as session:
        return len(session.scalars(select(Commitment.id)).all()), len(
            session.scalars(select(CommitmentWithdrawal.commitment_id)).all()
        )


def test_leicesters_lines_come_in_whole_and_the_total_that_does_not_agree_is_told_and_not_mended(
    database: Database,
) -> None:
    found = shown(database)
    assert (len(found.standing), found.total) == (14, Decimal(208158))
    assert {source: found.from_source(source).total for source in found.sources} == {
        GRANT: 132158,
        PSA: 36000,
        "National Partnership Performance Improvement Fund": 40000,
    }
    assert {(one.source, one.total, one.lines, one.beyond) for one in found.printed} == {
        (GRANT, 132158, 132158, 0),
        (PSA, 26000, 36000, 10000),
    }
    assert [line.note for line in found.lines if line.note] == ["65 completed, 25 to complete."]


def test_money_stands_beside_performance_and_what_is_worse_without_any_is_named(database: Database) -> None:
    page = money.money_page(database, person(database, "nhs"))
    worse = {one.code for one in page.indicators if Rating.WORSE in (one.rating, one.forecast)}
    assert len(worse) == 8
    assert {one.code for one in page.without} == worse - {"NI 16"}
    money.add_commitment(database, person(database, "team"), "NI 112", TYPED)
    assert {one.code for one in money.money_page(database, person(database, "nhs")).without} == worse - {
        "NI 16",
        "NI 112",
    }
    safer = theme(database, person(database, "nhs"), "safer")
    assert safer.money.total == 208158


def test_the_lead_and_the_team_add_and_withdraw_and_nothing_is_lost(database: Database) -> None:
    police, team = person(database, "police"), person(database, "team")
    made = money.add_commitment(database, police, "NI016", TYPED)
    found = next(line for line in shown(database).standing if line.id == made)
    assert (found.source, found.amount, found.who) == (PSA, Decimal("1200.50"), "Leicestershire Constabulary")
    assert shown(database).total == Decimal("209358.50")
    money.withdraw_commitment(database, team, "ni-16", made, "Paid from another budget.")
    gone = next(line for line in shown(database).lines if line.id == made)
    assert (gone.withdrawn, gone.withdrawn_by) == ("Paid from another budget.", "Partnership team")
    assert shown(database).total == 208158
    assert rows(database) == (15, 1)
    with database.read(OPERATOR) as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "money:commit")).all()
    assert [(row.subject, row.organisation_id, row.reason) for row in trail] == [
        ("money of NI 16", police.organisation_id, ""),
        ("money of NI 16", police.organisation_id, "Paid from another budget."),
    ]
    assert '"1200.50"' in trail[0].after


def test_what_is_added_or_withdrawn_moves_no_printed_total(database: Database) -> None:
    money.add_commitment(database, person(database, "police"), "NI 16", TYPED)
    line = next(one for one in shown(database).lines if one.amount == 22500)
    money.withdraw_commitment(database, person(database, "police"), "NI 16", line.id, "The post was not filled.")
    (psa,) = (one for one in shown(database).printed if one.source == PSA)
    assert (psa.total, psa.lines) == (26000, 36000)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("police.contributor", Forbidden),
        ("nhs", Forbidden),
        ("executive", Forbidden),
        ("reviewer", Forbidden),
        (None, SignInRequired),
    ],
)
def test_nobody_else_writes_it(database: Database, who: str | None, refusal: type[PortalError]) -> None:
    actor = person(database, who) if who else public()
    line = shown(database).lines[0]
    with pytest.raises(refusal):
        money.add_commitment(database, actor, "NI 16", TYPED)
    with pytest.raises(refusal):
        money.withdraw_commitment(database, actor, "NI 16", line.id, "Mine.")
    assert rows(database) == (14, 0)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(TYPED, source=" "), "source"),
        (replace(TYPED, source="x" * 201), "source"),
        (replace(TYPED, proposal=""), "proposal"),
        (replace(TYPED, proposal="a\x00"), "proposal"),
        (replace(TYPED, note="x" * 2001), "note"),
        (replace(TYPED, amount=""), "amount"),
        (replace(TYPED, amount="lots"), "amount"),
        (replace(TYPED, amount="0"), "amount"),
        (replace(TYPED, amount="-5"), "amount"),
        (replace(TYPED, amount="5%"), "amount"),
        (replace(TYPED, amount="1.005"), "amount"),
    ],
)
def test_what_cannot_be_taken_is_told_by_field(sqlite_database: Database, typed: MoneyTyped, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        money.add_commitment(sqlite_database, person(sqlite_database, "police"), "NI 16", typed)
    assert list(caught.value.fields) == [field]
    assert rows(sqlite_database) == (14, 0)


def test_the_same_again_and_what_is_none_of_the_indicators_are_refused(sqlite_database: Database) -> None:
    team = person(sqlite_database, "team")
    made = money.add_commitment(sqlite_database, team, "NI 16", TYPED)
    with pytest.raises(Conflict):
        money.add_commitment(sqlite_database, team, "NI 16", TYPED)
    with pytest.raises(NotFound):
        money.withdraw_commitment(sqlite_database, team, "NI 20", made, "Not this.")
    with pytest.raises(NotFound):
        money.withdraw_commitment(sqlite_database, team, "NI 16", 2**70, "Not this.")
    money.withdraw_commitment(sqlite_database, team, "NI 16", made, "Wrong.")
    with pytest.raises(Conflict):
        money.withdraw_commitment(sqlite_database, team, "NI 16", made, "Again.")
    assert money.add_commitment(sqlite_database, team, "NI 16", TYPED) > made


def test_a_past_day_reads_as_it_was(database: Database) -> None:
    team = person(database, "team")
    line = shown(database).lines[0]
    database.clock = Clock(date(2009, 2, 10))
    made = money.add_commitment(database, team, "NI 16", TYPED)
    money.withdraw_commitment(database, team, "NI 16", line.id, "Not granted.")
    then, before = shown(database, as_at=AsAt(date(2009, 2, 9))), shown(database, as_at=AsAt(date(2009, 1, 19)))
    assert (then.total, len(then.lines)) == (208158, 14)
    assert (before.lines, before.printed) == ((), ())
    assert made in {one.id for one in shown(database).standing}
    page = indicator_page(database, team, "NI 16", as_at=AsAt(date(2009, 2, 9)))
    assert (page.money.money.total, page.money.may_change) == (208158, False)


def test_only_who_may_is_offered_the_forms(sqlite_database: Database) -> None:
    offered = {
        who: indicator_page(sqlite_database, person(sqlite_database, who), "NI 16").money
        for who in ("police", "team", "police.contributor", "nhs", "executive")
    }
    assert [who for who, found in offered.items() if found.may_change] == ["police", "team"]
    assert {found.money.total for found in offered.values()} == {208158}


def test_a_second_load_changes_nothing_and_another_amount_is_a_problem(database: Database) -> None:
    file = read_agreement(package_data("leicester")).agreement
    assert file is not None
    assert imports.load_agreement(database, OPERATOR, file).added == {}
    first = file.funding[0]
    other = replace(file, funding=(replace(first, amount=Decimal(1)), *file.funding[1:]))
    with pytest.raises(NotLoaded) as caught:
        imports.load_agreement(database, OPERATOR, other)
    assert [(one.file, one.line, one.column) for one in caught.value.problems] == [("funding.csv", 2, "amount_gbp")]
    line = next(one for one in shown(database).lines if one.proposal == first.proposal)
    money.withdraw_commitment(database, person(database, "team"), "NI 16", line.id, "It was granted less.")
    assert imports.load_agreement(database, OPERATOR, other).added == {"commitment": 1}
    assert imports.load_agreement(database, OPERATOR, other).added == {}
    assert imports.load_agreement(database, OPERATOR, file).added == {}
    totals = tuple(replace(one, total=Decimal(5)) for one in file.funding_totals)
    with pytest.raises(NotLoaded, match="printed_total_gbp"):
        imports.load_agreement(database, OPERATOR, replace(file, funding_totals=totals))


def test_an_account_of_another_agreement_sees_none_of_it(two: Database, tmp_path: Path) -> None:  # noqa: F811
    team = bound(two, Role.TEAM)
    assert money.money_page(two, bound(two, Role.EXECUTIVE)).money.lines == ()
    line = money.add_commitment(two, team, "NI 16", TYPED)
    assert [one.id for one in money.money_page(two, team).money.lines] == [line]
    with two.read(OPERATOR) as session:
        leicesters = session.scalars(select(Commitment.id).order_by(Commitment.id)).first()
    assert leicesters is not None
    with pytest.raises(NotFound):
        money.withdraw_commitment(two, team, "NI 16", leicesters, "Not theirs.")
