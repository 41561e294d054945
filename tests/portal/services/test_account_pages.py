"""The administrator's lists of accounts and organisations: a page at a time, and what is sought in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.people import Organisation, Person
from portal.actor import Actor
from portal.database import Database
from portal.errors import Forbidden
from portal.records.accounts import PAGE
from portal.services import organisations, people
from portal.viewmodels.people import Account, Accounts, Member, Members
from tests.campaigns.generated.walking import statements
from tests.conftest import person
from tests.support.many import put_accounts


@pytest.fixture
def many(database: Database) -> Database:
    put_accounts(database, 120, 3, 70)
    return database


def whole(ask: Callable[[int], Accounts | Members]) -> list[Account | Member]:
    """All that a list has, page by page."""
    found: list[Account | Member] = []
    place = 0
    while True:
        page = ask(place)
        assert len(page.lines) == PAGE or page.more is None
        found += page.lines
        if page.more is None:
            return found
        assert page.more == page.lines[-1].id
        place = page.more


def test_every_account_is_on_one_page_and_no_more_by_organisation_and_name(many: Database) -> None:
    admin = person(many, "admin")
    found = whole(lambda after: people.accounts(many, admin, "", after))
    with many.read(admin) as session:
        everybody = session.scalars(select(Person.id)).all()
        order = session.scalars(select(Organisation.name).order_by(Organisation.name)).all()
    assert [one.id for one in found] != sorted(one.id for one in found)
    assert sorted(one.id for one in found) == sorted(everybody)
    places = {"": -1, **{name: place for place, name in enumerate(order)}}
    told = [places[one.organisation] for one in found if isinstance(one, Account)]
    assert told == sorted(told)
    named = [one.name for one in found if isinstance(one, Account) and one.organisation == "Partner 0007"]
    assert named == ["Lead 0", "Lead 0", "Lead 1"]


def test_a_small_installation_has_one_page_of_each(database: Database) -> None:
    admin = person(database, "admin")
    accounts, members = people.accounts(database, admin), organisations.members(database, admin)
    assert (accounts.more, members.more) == (None, None)
    assert {"police@portal.example", "admin@portal.example"} < {one.email for one in accounts.lines}
    police = next(one for one in members.lines if one.key == "police")
    assert (police.name, police.accounts) == ("Leicestershire Constabulary", 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("POLICE.CONTRIB", ["police.contributor@portal.example"]),
        ("leicestershire constabulary", ["police.contributor@portal.example", "police@portal.example"]),
        ("analyst", ["police.contributor@portal.example"]),
        ("constabulary analyst", ["police.contributor@portal.example"]),
        ("lead1 partner 0007", ["lead1@partner-0007.example"]),
        ("lead 1 partner 0007", ["lead1@partner-0007.example", "lead2@partner-0007.example"]),
        ("  team2@portal  ", ["team2@portal.example"]),
        ("%", []),
        ("police_", []),
        ("\\", []),
        ("nobody at all", []),
    ],
)
def test_accounts_are_found_by_any_part_of_name_address_and_organisation(
    many: Database, text: str, found: list[str]
) -> None:
    view = people.accounts(many, person(many, "admin"), text)
    assert (sorted(one.email for one in view.lines), view.more) == (found, None)


def test_what_is_found_has_pages_too(many: Database) -> None:
    admin = person(many, "admin")
    for text, count in (("lead 0", 240), ("team 00", 70), ("partner", 360)):
        found = [one.id for one in whole(lambda after, text=text: people.accounts(many, admin, text, after))]
        assert len(found) == len(set(found)) >= count


@pytest.mark.parametrize("text", ["\x00", "\ud800", "x" * 5000])
def test_what_cannot_be_sought_is_not(many: Database, text: str) -> None:
    assert people.accounts(many, person(many, "admin"), text).text in ("", "x" * 100)
    assert organisations.members(many, person(many, "admin"), text).text in ("", "x" * 100)


@pytest.mark.parametrize("after", [0, -1, 10**6, 2**31 - 1])
def test_a_place_that_is_none_is_the_beginning(many: Database, after: int) -> None:
    admin = person(many, "admin")
    assert people.accounts(many, admin, "", after).lines == people.accounts(many, admin).lines
    assert organisations.members(many, admin, "", after).lines == organisations.members(many, admin).lines


def test_every_organisation_is_on_one_page_and_no_more_by_name(many: Database) -> None:
    admin = person(many, "admin")
    found = whole(lambda after: organisations.members(many, admin, "", after))
    with many.read(admin) as session:
        order = session.scalars(select(Organisation.name).order_by(Organisation.name, Organisation.id)).all()
    assert [one.name for one in found] == list(order)
    assert {one.accounts for one in found if isinstance(one, Member) and one.key.startswith("partner-")} == {3}
    some = organisations.members(many, admin, "partner-000")
    assert [one.key for one in some.lines] == [f"partner-000{number}" for number in range(1, 10)]
    assert organisations.choices(many, admin) == tuple((one.key, one.name) for one in found if isinstance(one, Member))


def test_whose_account_is_for_one_agreement_learns_nothing_of_others_from_where_a_page_begins(many: Database) -> None:
    admin = person(many, "admin")
    with many.write(admin) as session:
        own = session.scalars(select(Person).where(Person.email == "police@portal.example")).one()
        own.agreement_id = 1
        theirs = session.scalars(select(Person).where(Person.email == "lead0@partner-0100.example")).one()
        number, of = theirs.id, theirs.organisation_id or 0
    bound = replace(admin, bound_to=1)
    assert [one.email for one in people.accounts(many, bound, "", number).lines] == ["police@portal.example"]
    first = organisations.members(many, bound)
    assert organisations.members(many, bound, "", of).lines == first.lines
    assert first.lines
    assert not any(one.key.startswith("partner-") for one in first.lines)


def test_nobody_else_reads_them(database: Database) -> None:
    for who in ("team", "police", "executive"):
        actor: Actor = person(database, who)
        for ask in (people.accounts, organisations.members, organisations.choices):
            with pytest.raises(Forbidden):
                ask(database, actor)


def test_a_page_takes_the_same_few_statements_of_so_many_rows_wherever_it_begins(many: Database) -> None:
    admin = person(many, "admin")
    page = people.accounts(many, admin)
    with statements(many) as seen:
        while page.more is not None:
            del seen[:]
            page = people.accounts(many, admin, "", page.more)
            assert len([one for one in seen if "FROM person" in one]) <= 3
            assert all("LIMIT" in one for one in seen if "FROM person" in one and "ORDER BY" in one)
