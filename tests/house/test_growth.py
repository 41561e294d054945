"""That no page costs more where there is more: as many statements for every size, and an index behind each of them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.services import exports, jobs, people, periods, reminders
from portal.services.publication import publish_due
from tests.campaigns.generated import Size, generate
from tests.campaigns.generated.walking import Stop, Walk, life, statements

SMALL, LARGE = Size(1, 16, 5, 1), Size(9, 32, 9, 1)
SCANNED = {
    "alembic_version": "one row",
    "audit_head": "one row",
    "agreement": "which there are to choose from, or which years they have, is the question itself; the smallest that grows",
    "organisation": "all are to choose from for an account; a page of the list is read off its index by name, a SCAN too",
    "suppression": "a rule for each measure of small numbers",
    "half_year_shares": "the half-years of agreements before there was a portal: never more",
    **dict.fromkeys(("sign_on_domain", "sign_on_provider"), "a few rows for an organisation that has a sign-on"),
    "sign_on_subject": "the administrator's list of sign-ons says how many people each has let in",
}
"""The tables that may be read whole, and why."""
EVERYBODYS = {"all.admin": Role.ADMIN, "all.team": Role.TEAM}
"""Accounts for all agreements; those that are generated are each for one."""
WHOLE = re.compile(r"^SCAN (\w+)")


def filled(database: Database, size: Size) -> Walk:
    database.clock = Clock(size.today)
    generate(database, size)
    for who, role in EVERYBODYS.items():
        people.add_person(database, OPERATOR, f"{who}@area-0001.example", who, role, None, "", demo=True)
    return Walk(database)


def stops(walk: Walk) -> Iterator[Stop]:
    """Everything that can be asked for; and what those see who are of no agreement, or say none."""
    yield from walk.stops()
    for address in (
        "/people",
        "/people?text=lead",
        f"/people?after={walk.admin}",
        "/people?organisations=3",
        "/choose-agreement",
    ):
        yield Stop(address, "all.admin", address, True)
    for address in ("/themes", "/review", "/risks", "/reminders"):
        yield Stop(address, "all.team", address, True)
    for address in ("/", "/cookies", "/editions", "/editions.atom", "/agreements", "/api/v1/scorecard"):
        yield Stop(address, "", address, state="none said")


@pytest.fixture
def counted(copied: Callable[[str, str], Database]) -> Callable[[Size], dict[tuple[str, str, str], int]]:
    """counted(size) is how many statements everything takes that can be asked for, where there is so much."""

    def count(size: Size) -> dict[tuple[str, str, str], int]:
        walk = filled(copied("sqlite", "tables"), size)
        found = {}
        for stop in stops(walk):
            walk.open(stop)
            with statements(walk.database) as seen:
                walk.open(stop)
            found[stop.rule, stop.who, stop.state] = len(seen)
        walk.database.dispose()
        return found

    return count


def test_whatever_is_asked_for_takes_as_many_statements_where_there_is_more(
    counted: Callable[[Size], dict[tuple[str, str, str], int]],
) -> None:
    few, many = counted(SMALL), counted(LARGE)
    both = few.keys() & many.keys()
    assert len(both) > 85
    assert {place: (few[place], many[place]) for place in both if few[place] < many[place]} == {}


@pytest.fixture(params=["sqlite", "postgres"], ids=["sqlite", "postgresql"])
def asked(request: pytest.FixtureRequest, copied: Callable[[str, str], Database]) -> Iterator[dict[str, Any]]:
    """Every statement that all pages, answers, files, a return's life and the work in the background ask, with the values
    of one asking; and the database, without any figures on how much is in it."""
    walk = filled(copied(request.param, "tables"), SMALL)
    found: dict[str, Any] = {}

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            found.setdefault(statement, values[0] if isinstance(values, list) else values)  # of many at once the first

    event.listen(walk.database.engine, "before_cursor_execute", note)
    for stop in stops(walk):
        walk.open(stop)
    _live(walk)
    event.remove(walk.database.engine, "before_cursor_execute", note)
    yield {"statements": found, "database": walk.database}
    walk.database.dispose()


def _live(walk: Walk) -> None:
    """A return from its draft into an edition, and what is done in the background."""
    database = walk.database
    operator = replace(OPERATOR, agreement=walk.key)
    for _, step in life(walk):
        step()
    periods.close_for_returns(database, walk.person("team"), walk.values["<period>"])
    publish_due(database)
    jobs.claim(database)
    reminders.remind(database, operator, "")
    exports.export_agreement(database, operator)


def test_no_statement_reads_a_table_whole_that_grows(asked: Mapping[str, Any]) -> None:
    database: Database = asked["database"]
    assert len(asked["statements"]) > 150
    plans = _sqlite if database.engine.dialect.name == "sqlite" else _postgres
    read = plans(database, asked["statements"])
    assert {table: said for table, said in read.items() if table not in SCANNED} == {}


def _sqlite(database: Database, found: Mapping[str, Any]) -> dict[str, str]:
    """The tables that are read whole, each with such a statement."""
    read: dict[str, str] = {}
    with database.engine.connect() as connection:
        # Without these it plans for a database in which everything is large.
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        connection.commit()
    database.dispose()
    with database.engine.connect() as connection:
        for statement, values in found.items():
            named = _names(statement)
            for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
                scanned = WHOLE.match(step)
                if scanned and (table := named.get(scanned[1])):
                    read.setdefault(table, statement)
    return read


def _names(statement: str) -> dict[str, str]:
    """The tables of a statement by the names that they have in it."""
    pairs = re.findall(r'(?:FROM|JOIN|,|UPDATE)\s+"?(\w+)"?(?: AS (\w+))?', statement)
    named = [(alias or table, table) for table, alias in pairs if not table.startswith("anon_")]
    return dict(sorted(named, key=lambda pair: pair[0] != pair[1]))  # a column of another name is no table of that name


def _postgres(database: Database, found: Mapping[str, Any]) -> dict[str, str]:
    read: dict[str, str] = {}
    with database.engine.connect() as connection:
        for setting in ("seqscan", "hashjoin", "mergejoin", "material", "sort", "hashagg", "bitmapscan"):
            connection.exec_driver_sql(f"SET enable_{setting} = off")  # where there is an index it is taken then
        for statement, values in found.items():
            (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
            for node in _nodes(plan["Plan"]):
                # A question inside a condition has two plans, and which is taken hangs on how much there is: SQLite,
                # which has one, is asked above.
                if node["Node Type"] == "Seq Scan" and node.get("Parent Relationship") != "SubPlan":
                    read.setdefault(node["Relation Name"], statement)
    return read


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def test_what_reads_a_table_whole_is_found(sqlite_database: Database) -> None:
    """The test's own test: a question without an index behind it."""
    found = {"SELECT returns.id FROM returns WHERE returns.commentary = ?": ("x",)}
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    assert json.dumps(list(_sqlite(sqlite_database, found))) == '["returns"]'
