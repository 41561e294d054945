"""What the portal's own role may do on PostgreSQL, found by connecting as that role and trying everything."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

import portal
from models.base import Base
from portal import audit, grants, migrate
from portal.actor import OPERATOR
from portal.app import create_app
from portal.cli import demo
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict
from portal.services import conversation, people, returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, ROLE, TODAY, administer, as_role, named, person, settings
from tests.support.later import ADD_A_TABLE
from tests.support.publishing import publish

postgresql_only = pytest.mark.parametrize("owned_database", ["postgres"], indirect=True, ids=["postgresql"])
bare_postgresql = pytest.mark.parametrize("empty_database", ["postgres"], indirect=True, ids=["postgresql"])

TABLES = sorted(Base.metadata.tables)
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
USUAL = {"SELECT", "INSERT", "UPDATE"}
ADDED_TO = {"SELECT", "INSERT"}
AGREED = ("agreement_version", "indicator_terms", "measure_terms", "milestone", "profile", "signed_up", "target")
ALLOWED = {
    **dict.fromkeys(
        (
            *AGREED,
            "action_step",
            "commitment",
            "commitment_withdrawal",
            *("assessment_level", "assessment_step", "corporate_outcome", "corporate_priority"),
            *("proposal", "proposal_outcome", "proposal_priority", "proposal_target_step"),
            "half_year_shares",
            *("outbox_fact", "reminder_choice"),
            "historic_figure",
            "plan_version",
            "printed_total",
            "refresh_consent",
            *("return_step", "return_workbook", "return_workbook_use"),
            *("review_answer", "review_commitment", "review_outcome"),
            *("review_document", "review_decision", "review_reopening"),
            "risk_step",
            "source_release",
        ),
        ADDED_TO,
    ),
    **{key: {"SELECT", "INSERT", "UPDATE"} for key in ("assessment_theme", "proposal_target", "refresh_change")},
    "address_count": {*USUAL, "DELETE"},
    "audit_event": {"SELECT", "INSERT"},
    "kept_page": {"SELECT", "INSERT", "DELETE"},
    "returns": USUAL,
    "audit_head": {"SELECT", "UPDATE"},
    "edition": {"SELECT", "INSERT"},
    "forecast_entry": {"SELECT", "INSERT"},
    "indicator_action": {"SELECT", "INSERT", "UPDATE"},
    "indicator_event": {"SELECT", "INSERT", "UPDATE"},
    "organisation_name": {"SELECT", "INSERT"},
    "outbox_message": {"SELECT", "INSERT", "UPDATE"},
    "period_reopening": {"SELECT", "INSERT"},
    "job": {"SELECT", "INSERT", "UPDATE"},
    "keyed_request": {*USUAL, "DELETE"},
    "pack": ADDED_TO,
    "pack_file": {"SELECT", "INSERT", "DELETE"},
    "return_message": {"SELECT", "INSERT", "UPDATE"},
    "return_revision": {"SELECT", "INSERT", "UPDATE"},
    "revision_rating": {"SELECT", "INSERT", "UPDATE"},
    "risk": {"SELECT", "INSERT", "UPDATE"},
    **{key: {"SELECT", "INSERT", "DELETE"} for key in ("sign_on_domain", "sign_on_subject")},
    "sign_on_session": ADDED_TO,
    "suppression": {*USUAL, "DELETE"},
    "typed_draft": {*USUAL, "DELETE"},
    **{key: {*USUAL, "DELETE"} for key in ("invitation", "recovery_code", "second_factor")},
    **{key: {*USUAL, "DELETE"} for key in ("sign_in", "sign_in_attempt")},
}
"""Said here a second time, on purpose: what the portal may do changes by intention, not by a slip."""
CHANGEABLE = {
    "address_count": {"asked"},
    "returns": {
        *("state", "version", "value", "no_value_reason", "forecast_value", "forecast_rating", "commentary"),
        *("numerator", "denominator", "interval_low", "interval_high", "year_value", "proposed_rating"),
        *("proposed_reason", "revision", "verified_revision"),
    },
    "job": {"state", "done", "steps", "tries", "claim", "claimed_until", "error", "ended_at", "pack_id"},
    "refresh_change": {"live"},
    **{key: {"version"} for key in ("assessment_theme", "indicator_action", "proposal_target")},
    "indicator_event": {"withdrawn_at", "withdrawn_by_id", "withdrawn_reason"},
    "outbox_message": {"body", "state", "tries", "next_at", "leased_until", "sent_at", "way", "error"},
    "return_message": {"closed_at"},
    "risk": {"version"},
    "return_revision": {"verified_by_id", "verified_at", "published_at"},
    "revision_rating": {
        *("override", "override_reason", "override_proposed_by", "override_accepted_by", "proposal_accepted"),
    },
}
"""The columns that may be changed where not all may."""


@pytest.fixture(scope="module")
def engine(postgres: str, postgres_demo: str) -> Iterator[Engine]:
    """The demonstration's data as the portal's role has it; whatever is tried is undone."""
    administer(postgres, "DROP DATABASE IF EXISTS tried", f"CREATE DATABASE tried TEMPLATE {postgres_demo}")
    owner = Database(named(postgres, "tried"), Clock(TODAY))
    portal = as_role(owner, ROLE)
    yield portal.engine
    for database in (owner, portal):
        database.dispose()


def works(engine: Engine, statement: str) -> bool:
    """Whether PostgreSQL lets the role do this; any other refusal than one of rights is a mistake of the test."""
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except ProgrammingError as error:
            if "permission denied" not in str(error) and "must be owner" not in str(error):
                raise
            return False
        finally:
            connection.rollback()
    return True


def statement(verb: str, table: str) -> str:
    """One that touches no row, so that nothing but the right decides."""
    column = next(iter(Base.metadata.tables[table].columns)).name
    return {
        "SELECT": f"SELECT * FROM {table} WHERE false",
        "INSERT": f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
        "UPDATE": f"UPDATE {table} SET {column} = {column} WHERE false",
        "DELETE": f"DELETE FROM {table} WHERE false",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_gives_the_portal_what_it_needs_and_no_more(engine: Engine, table: str) -> None:
    columns = {column.name for column in Base.metadata.tables[table].columns}
    may = {verb for verb in VERBS if verb != "UPDATE" and works(engine, statement(verb, table))}
    changed = {c for c in columns if works(engine, f'UPDATE {table} SET "{c}" = "{c}" WHERE false')}
    allowed = ALLOWED.get(table, USUAL)
    assert may == allowed - {"UPDATE"}
    assert changed == (CHANGEABLE.get(table, columns) if "UPDATE" in allowed else set())


@pytest.mark.parametrize("table", [*TABLES, "alembic_version"])
@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} ADD COLUMN stray integer",
        "ALTER TABLE {} RENAME TO stray",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "CREATE TRIGGER stray BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
        "CREATE RULE stray AS ON INSERT TO {} DO INSTEAD NOTHING",
        "CREATE INDEX stray ON {} ((1))",
    ],
)
def test_no_table_can_be_altered_or_dropped(engine: Engine, change: str, table: str) -> None:
    assert not works(engine, change.format(table))


@pytest.mark.parametrize(
    "tried",
    [
        "DROP TRIGGER audit_event_no_change ON audit_event",
        "ALTER TRIGGER audit_event_no_change ON audit_event RENAME TO stray",
        "DROP FUNCTION audit_event_refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE FUNCTION stray() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE stray (id integer)",
        "CREATE VIEW stray AS SELECT 1",
        "CREATE SEQUENCE stray",
        "CREATE SCHEMA stray",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "UPDATE alembic_version SET version_num = 'x'",
        "INSERT INTO alembic_version VALUES ('x')",
        "DELETE FROM alembic_version",
        "TRUNCATE alembic_version",
        "UPDATE audit_event SET who = 'x'",
        "DELETE FROM edition WHERE number = 1",
        "UPDATE edition SET content = '{}'",
        "SELECT * FROM edition FOR UPDATE",
        "LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE",
        "DELETE FROM return_revision",
        "UPDATE return_revision SET value = '1', verified_at = verified_at",
        "UPDATE return_revision SET proposed_rating = 'better'",
        "UPDATE revision_rating SET by_rule = 'better'",
        "UPDATE revision_rating SET no_rating_reason = NULL, proposal_accepted = true",
        "UPDATE revision_rating SET expected_value = '1', proposal_accepted = true",
        "COPY return_revision TO PROGRAM 'true'",
        "SELECT setval('returns_id_seq', 1)",
    ],
)
def test_what_is_kept_is_kept_from_the_portal_too(engine: Engine, tried: str) -> None:
    assert not works(engine, tried)


def test_what_the_portal_deletes_it_may_delete() -> None:
    """A right that is missing would only show on somebody's PostgreSQL."""
    deleted = set()
    for path in Path(portal.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delete":
                deleted.add(ast.unparse(node.args[0]))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("session.delete"):
                pytest.fail(f"{path.name}: say delete(Table), so that this test knows of what")
    tables = {mapper.class_.__name__: mapper.local_table.name for mapper in Base.registry.mappers}
    assert deleted
    assert {tables[name] for name in deleted} <= {table for table, may in ALLOWED.items() if "DELETE" in may}


@bare_postgresql
def test_the_portal_lives_a_whole_quarter_as_its_role(empty_database: Database) -> None:
    """Everything else that it does, the services' tests do as this role."""
    migrate.upgrade(empty_database)
    grants.grant(empty_database, ROLE)
    base = as_role(empty_database, ROLE)
    demo.fill(base, PASSWORD)
    client = create_app(settings(), base).test_client()
    sign_in(client, "police@portal.example")
    police, team, executive = (person(base, key) for key in ("police", "team", "executive"))
    number = returns.find_return(base, police, demo.OPEN, "NI 16")
    returns.keep_typed(base, police, number, 1, Typed(value="1"))
    returns.save(base, police, number, 1, Typed(value="2", commentary="first"))
    returns.withdraw(base, police, number, returns.submit(base, police, number, None).version)
    returns.submit(base, police, number, None)
    review.query(base, team, number, None, "Is this the whole quarter?")
    question = returns.read_return(base, police, number).messages[-1].id
    conversation.answer(base, police, number, question, "It is now.")
    returns.save(base, police, number, None, Typed(value="2.1", commentary="second"))
    returns.submit(base, police, number, None)
    review.verify(base, team, number, None)
    assert publish(base, team) == 2
    conversation.challenge(base, executive, number, "Why?")
    review.reopen(base, team, number, None, "A figure was left out.")
    people.set_disabled(base, OPERATOR, "nhs@portal.example", True)
    assert [r.published for r in returns.read_return(base, team, number).revisions] == [False, False, True]
    assert client.get(f"/returns/{number}").status_code == 200
    with base.read(OPERATOR) as session:
        assert audit.first_break(session) is None
    migrate.require_current(base)
    base.dispose()


def sign_in(client: FlaskClient, email: str) -> None:
    page = client.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = {"email": email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=sent).status_code == 303


@postgresql_only
def test_a_later_migration_leaves_the_role_with_the_right_rights(owned_database: Database, later) -> None:
    """Nobody has to grant again: the database itself remembers to whom it was granted."""
    role = as_role(owned_database, ROLE)
    with owned_database.engine.begin() as connection:  # what an earlier version granted, or a hand
        connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
    assert works(role.engine, statement("DELETE", "edition"))
    later(ADD_A_TABLE)
    migrate.upgrade(owned_database)
    for verb, allowed in {"SELECT *": True, "DELETE": False}.items():
        assert works(role.engine, f"{verb} FROM stray WHERE false") is allowed
    assert works(role.engine, "INSERT INTO stray (name) VALUES ('x')")  # and so its sequence too
    assert works(role.engine, "UPDATE stray SET name = 'x'")
    assert not works(role.engine, "TRUNCATE stray")
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        assert not works(role.engine, statement(verb, "edition"))
    role.dispose()


@postgresql_only
def test_a_role_that_only_reads_is_not_taken_for_the_portals(owned_database: Database, later) -> None:
    with owned_database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        connection.exec_driver_sql("GRANT INSERT ON audit_head TO PUBLIC")
        assert grants.holders(connection) == [ROLE]
    later(ADD_A_TABLE)
    migrate.upgrade(owned_database)
    reader = as_role(owned_database, "reader")
    assert works(reader.engine, "SELECT * FROM edition")
    assert not works(reader.engine, "SELECT * FROM stray")
    reader.dispose()


@postgresql_only
def test_the_portals_role_may_run_the_migrations_when_none_is_missing(owned_database: Database) -> None:
    role = as_role(owned_database, ROLE)
    migrate.upgrade(role)
    with role.engine.connect() as connection:
        assert grants.holders(connection) == []  # it cannot grant anything, not even to itself
    role.dispose()


@postgresql_only
def test_a_name_that_needs_quotes_is_quoted(owned_database: Database) -> None:
    name = 'portal "app"; DROP TABLE edition --%s'
    with owned_database.engine.begin() as connection:
        connection.execute(text('CREATE ROLE "portal ""app""; DROP TABLE edition --%s" LOGIN'))
    grants.grant(owned_database, name)
    role = as_role(owned_database, name)
    assert works(role.engine, statement("INSERT", "audit_event"))
    assert "edition" in inspect(owned_database.engine).get_table_names()
    with owned_database.engine.connect() as connection:
        assert sorted(grants.holders(connection)) == [ROLE, name]
    role.dispose()


@postgresql_only
@pytest.mark.parametrize(
    ("role", "before", "said"),
    [
        ("nobody", (), "There is no role 'nobody'"),
        ("public", (), "There is no role 'public'"),
        ("postgres", (), "owns the tables, or may act as their owner"),
        ("deputy", ("CREATE ROLE deputy LOGIN", "GRANT postgres TO deputy"), "owns the tables, or may act as"),
        ("loader", ("CREATE ROLE loader LOGIN", "GRANT pg_write_all_data TO loader"), "UPDATE on audit_event"),
        ("other", ("CREATE ROLE other LOGIN", "GRANT DELETE ON edition TO PUBLIC"), "DELETE on edition"),
    ],
)
def test_a_role_from_which_nothing_can_be_withheld_is_refused(
    owned_database: Database, role: str, before: tuple[str, ...], said: str
) -> None:
    with owned_database.engine.begin() as connection:
        for made in before:
            connection.exec_driver_sql(made)
    with pytest.raises(Conflict) as caught:
        grants.grant(owned_database, role)
    assert said in caught.value.sentence
    with owned_database.engine.connect() as connection:
        assert grants.holders(connection) == [ROLE]


@postgresql_only
def test_nobody_may_make_tables_even_where_an_older_server_let_everybody(owned_database: Database) -> None:
    with owned_database.engine.begin() as connection:
        connection.exec_driver_sql("GRANT CREATE ON SCHEMA public TO PUBLIC")
    role = as_role(owned_database, ROLE)
    assert works(role.engine, "CREATE TABLE stray (id integer)")
    grants.grant(owned_database, ROLE)
    assert not works(role.engine, "CREATE TABLE stray (id integer)")
    role.dispose()


def test_sqlite_has_no_roles_to_give_anything_to(sqlite_database: Database) -> None:
    with pytest.raises(Conflict, match="SQLite has no roles"):
        grants.grant(sqlite_database, "portal")
