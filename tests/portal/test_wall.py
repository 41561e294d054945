"""The second wall goes round the services: raw statements as the portal's own role, with the WHERE forgotten."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Engine, func, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

import portal
from models.agreement import Period
from models.audit import AuditEvent
from models.base import Base
from models.jobs import Job
from models.packs import Pack, PackFile
from models.requests import KeyedRequest
from models.returns import Return, ReturnMessage, ReturnRevision, TypedDraft
from models.rules.jobs import JobKind, JobState
from models.rules.packs import PackForm, PackKind
from models.rules.terms import Role
from models.self_assessment import ReviewDocument
from models.workbooks import ReturnWorkbook, ReturnWorkbookUse
from portal.actor import OPERATOR, Actor, public
from portal.clock import Clock
from portal.database import Database
from portal.policy import Action
from portal.scopes import of_side, scope
from portal.services.jobs import WORKER
from portal.wall import Beyond, announce, beyond
from tests.conftest import ROLE, TODAY, administer, as_role, named, person
from tests.support.canaries import fill

KEYS = ("police", "police.contributor", "nhs", "lcc", "team", "executive", "reviewer", "admin")
OPEN = {
    **dict.fromkeys(
        (
            *("agreement", "agreement_version", "theme", "indicator", "indicator_terms", "signed_up", "measure"),
            *("measure_terms", "target", "profile", "period", "source_release", "series_break"),
            *("milestone", "printed_total", "corporate_outcome", "corporate_priority", "proposal", "proposal_outcome"),
            *("proposal_priority", "proposal_target", "proposal_target_step", "assessment_theme", "assessment_level"),
        ),
        "what was agreed, and the calendar: the memorandum says it to everybody",
    ),
    **dict.fromkeys(("source_figure", "area_figure", "historic_figure", "half_year_shares"), "published by others"),
    **dict.fromkeys(("edition", "kept_page"), "public"),
    **dict.fromkeys(("organisation", "organisation_name"), "public: who the partners are"),
    **dict.fromkeys(
        ("person", "sign_in", "sign_in_attempt", "api_token"), "read before anybody is known: who asks is found in it"
    ),
    **dict.fromkeys(("second_factor", "recovery_code", "invitation"), "read before anybody is known: how they sign in"),
    **dict.fromkeys(
        ("sign_on_provider", "sign_on_domain", "sign_on_subject", "sign_on_session"),
        "read before anybody is known: how their organisation says who they are",
    ),
    "address_count": "read before anybody is known, and no figure",
    "audit_head": "the number and the hash of the last event, which each transaction goes on from",
    "reminder_choice": "what somebody does not want to be reminded of",
    "suppression": "which measures are hidden where few people stand behind them: every preview is made with it",
}
"""The tables without a policy, each with its reason."""
WALLED = sorted(Base.metadata.tables.keys() - OPEN.keys())


@pytest.fixture(scope="module")
def walled(postgres: str, postgres_demo: str) -> Iterator[Database]:
    """A database with something unpublished in every table that can hold it, as the portal's role has it."""
    administer(postgres, "DROP DATABASE IF EXISTS walled", f"CREATE DATABASE walled TEMPLATE {postgres_demo}")
    owner = Database(named(postgres, "walled"), Clock(TODAY))
    fill(owner)  # it makes a past that the portal itself would not
    database = as_role(owner, ROLE)
    owner.dispose()
    with database.write(OPERATOR) as session:
        agreement, period = with_returns(session), session.scalars(select(Period.id)).first()
        now = database.clock.now()
        for key in ("police", "nhs", "team"):
            actor = person(database, key)
            on = {"agreement_id": agreement, "person_id": actor.person_id}
            ours = {**on, "organisation_id": actor.organisation_id, "period_id": period}
            pack = Pack(fingerprint=key, kind=PackKind.EXECUTIVE, day=TODAY, made_on=TODAY, made_at=now, **ours)
            book = ReturnWorkbook(name=key, sha256=key, size=1, content=b"x", day=TODAY, at=now, **ours)
            session.add_all([pack, book])
            session.flush()
            session.add(PackFile(pack_id=pack.id, form=PackForm.PDF, content=b"x", sha256=key, size=1, made_at=now))
            session.add(
                ReturnWorkbookUse(
                    workbook_id=book.id,
                    person_id=actor.person_id,
                    saved=1,
                    submit=False,
                    submitted=0,
                    day=TODAY,
                    at=now,
                )
            )
            counted = {"done": 0, "steps": 0, "tries": 0, "error": ""}
            session.add(
                Job(kind=JobKind.PACK, asked="{}", asked_at=now, state=JobState.DONE, ended_at=now, **counted, **on)
            )
            session.add(KeyedRequest(person_id=actor.person_id, key=key, fingerprint=key, begun_at=now))
    yield database
    database.dispose()


def with_returns(session: Session) -> int:
    """The one agreement that has returns."""
    return session.scalars(select(Period.agreement_id).join(Return, Return.period_id == Period.id).distinct()).one()


@contextmanager
def asking(engine: Engine, actor: Actor | None) -> Iterator[Connection]:
    """A transaction of the portal's role that says who asks, or does not; undone."""
    with engine.connect() as connection:
        if actor is not None:
            announce(connection, actor)
        yield connection
        connection.rollback()


def rows(connection: Connection, table: str) -> int:
    return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def meant(database: Database, actor: Actor, model: type[Base], condition: ColumnElement[bool]) -> int:
    """How many rows the policy means, asked with every row in sight."""
    with database.read(OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(model).where(condition)) or 0


def test_every_table_has_policies_or_a_reason_for_none(walled: Database) -> None:
    assert not OPEN.keys() - Base.metadata.tables.keys()
    policies = text("SELECT tablename, count(DISTINCT cmd) FROM pg_policies GROUP BY 1")
    on = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    with asking(walled.engine, None) as connection:
        assert dict(connection.execute(policies).all()) == dict.fromkeys(WALLED, 4)
        assert sorted(connection.scalars(on)) == WALLED


def test_there_is_something_to_see_in_what_the_test_walks(walled: Database) -> None:
    with asking(walled.engine, OPERATOR) as connection:
        empty = {table for table in WALLED if not rows(connection, table)}
    assert empty <= {
        *(
            "action_step",
            "indicator_action",
            "plan_version",
            "commitment",
            "commitment_withdrawal",
            "risk",
            "risk_step",
        ),
        *("outbox_message", "outbox_fact", "assessment_step", "refresh_consent", "forecast_entry"),
        *(table for table in WALLED if table.startswith("review_")),
    }


@pytest.mark.parametrize("actor", [None, public("192.0.2.1")], ids=["nobody", "the public"])
def test_who_says_nothing_and_the_public_see_no_row_and_change_none(walled: Database, actor: Actor | None) -> None:
    for table in WALLED:
        with asking(walled.engine, actor) as connection:
            assert rows(connection, table) == 0, table
    for table, column in (("returns", "commentary"), ("typed_draft", "typed"), ("keyed_request", "key")):
        with asking(walled.engine, actor) as connection:
            assert connection.execute(text(f"UPDATE {table} SET {column} = {column}")).rowcount == 0


@pytest.mark.parametrize("key", KEYS)
def test_the_wall_and_the_scope_let_the_same_returns_through(walled: Database, key: str) -> None:
    """A reviewer's scope holds no return, but the annual review is made from what was verified."""
    actor = person(walled, key)
    verified = Return.verified_revision.is_not(None)
    condition = verified if actor.role is Role.REVIEWER else scope(actor, Action.RETURN_READ)
    with asking(walled.engine, actor) as connection:
        seen = rows(connection, "returns")
    assert seen == meant(walled, actor, Return, condition)
    assert (seen > 0) == (actor.role is not Role.ADMIN)
    with walled.read(OPERATOR) as session:
        agreement = with_returns(session)
    for bound, expected in ((agreement, seen), (999, 0)):
        with asking(walled.engine, replace(actor, bound_to=bound)) as connection:
            assert rows(connection, "returns") == expected


@pytest.mark.parametrize("key", KEYS)
def test_the_wall_and_the_scope_let_the_same_of_the_rest_through(walled: Database, key: str) -> None:
    actor = person(walled, key)
    theirs = of_side(actor, ReturnWorkbook.organisation_id)
    told = {
        "pack": (Pack, scope(actor, Action.PACK_READ)),
        "pack_file": (PackFile, PackFile.pack_id.in_(select(Pack.id).where(scope(actor, Action.PACK_READ)))),
        "audit_event": (AuditEvent, scope(actor, Action.AUDIT_READ)),
        "review_document": (ReviewDocument, scope(actor, Action.REVIEW_OPEN)),
        "return_workbook": (ReturnWorkbook, theirs),
        "return_workbook_use": (
            ReturnWorkbookUse,
            ReturnWorkbookUse.workbook_id.in_(select(ReturnWorkbook.id).where(theirs)),
        ),
        "typed_draft": (TypedDraft, TypedDraft.person_id == actor.person_id),
        "keyed_request": (KeyedRequest, KeyedRequest.person_id == actor.person_id),
        "job": (Job, Job.person_id == actor.person_id),
    }
    for table, (model, condition) in told.items():
        with asking(walled.engine, actor) as connection:
            assert rows(connection, table) == meant(walled, actor, model, condition), table


def test_a_partner_finds_nothing_of_what_another_has_not_sent_or_nobody_verified(walled: Database) -> None:
    police = person(walled, "police")
    foreign = Return.organisation_id.is_distinct_from(police.organisation_id)
    with walled.read(police) as session:  # through no service, with nothing that narrows it
        found = session.scalars(select(Return).where(foreign)).all()
        assert found
        assert all(one.verified_revision is not None or one.state == "submitted" for one in found)
        unverified = select(ReturnRevision).join(Return).where(foreign, ReturnRevision.verified_at.is_(None))
        assert session.scalars(unverified.where(Return.state != "submitted")).all() == []
        assert session.scalars(select(ReturnMessage).where(ReturnMessage.kind == "query")).all() == []


FOREIGN = "organisation_id IS DISTINCT FROM (SELECT id FROM organisation WHERE key = 'police')"
NHS = "(SELECT id FROM organisation WHERE key = 'nhs')"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE returns SET commentary = 'x'",
        f"UPDATE returns SET version = version + 1 WHERE {FOREIGN}",
        f"UPDATE returns SET organisation_id = {NHS}",
        f"INSERT INTO returns (period_id, measure_id, organisation_id, state, version, commentary, proposed_reason, "
        "revision) "
        f"SELECT p.id, m.id, {NHS}, 'draft', 1, '', '', 0 FROM period p, measure m WHERE NOT EXISTS "
        "(SELECT 1 FROM returns r WHERE r.period_id = p.id AND r.measure_id = m.id) LIMIT 1",
        "INSERT INTO return_revision (return_id, number, commentary, proposed_reason, submitted_at) "
        f"SELECT id, 99, '', '', now() FROM returns WHERE {FOREIGN} LIMIT 1",
        "UPDATE return_revision SET published_at = now()",
        f"UPDATE typed_draft SET person_id = (SELECT min(id) FROM person WHERE organisation_id = {NHS})",
        f"UPDATE keyed_request SET person_id = (SELECT min(id) FROM person WHERE organisation_id = {NHS})",
        "INSERT INTO pack (agreement_id, fingerprint, kind, organisation_id, period_id, day, person_id, made_on, made_at) "
        f"SELECT agreement_id, fingerprint || 'x', kind, {NHS}, period_id, day, person_id, made_on, made_at FROM pack",
        "INSERT INTO return_step (return_id, state, day, at) "
        f"SELECT id, 'verified', current_date, now() FROM returns WHERE {FOREIGN} LIMIT 1",
    ],
)
def test_a_partner_can_neither_write_anothers_row_nor_move_one_there(walled: Database, statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match=r"row-level security|permission denied")
    with asking(walled.engine, person(walled, "police")) as connection, refused:
        connection.execute(text(statement))
    with asking(walled.engine, OPERATOR) as connection:  # with every row in sight it is the wall alone that stops it
        if "organisation_id =" not in statement.partition(" WHERE ")[0]:
            assert connection.execute(text(statement)).rowcount > 0


def test_who_reads_alone_changes_nothing_that_they_see(walled: Database) -> None:
    for key in ("executive", "reviewer", "police.contributor"):
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with asking(walled.engine, person(walled, key)) as connection, refused:
            connection.execute(text("UPDATE returns SET commentary = 'x'"))
    with asking(walled.engine, person(walled, "admin")) as connection:
        assert connection.execute(text("UPDATE returns SET commentary = 'x'")).rowcount == 0


def test_what_is_said_of_who_asks_ends_with_its_transaction(walled: Database) -> None:
    """Two requests on one connection of the pool, and a session that goes on after its commit."""
    one = Database(walled.engine.url.render_as_string(hide_password=False), walled.clock)
    with one.read(person(walled, "team")) as session:
        assert session.scalar(select(func.count(Return.id)))
        number = session.scalar(text("SELECT pg_backend_pid()"))
    with asking(one.engine, None) as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) == number
        assert rows(connection, "returns") == 0
    police = person(walled, "police")
    with one.write(police) as session:
        before = session.scalar(select(func.count(Return.id)))
        session.commit()
        assert session.scalar(select(func.count(Return.id))) == before
    one.dispose()


def test_beyond_the_wall_is_only_where_it_says(walled: Database) -> None:
    police, count = person(walled, "police"), select(func.count(Return.id))
    with walled.read(OPERATOR) as session:
        every = session.scalar(count)
    with walled.read(police) as session:
        own = session.scalar(count)
        assert own is not None
        assert every is not None
        assert own < every
        with beyond(session, Beyond.STANDING):
            assert session.scalar(count) == every
        assert session.scalar(count) == own
        with pytest.raises(KeyError), beyond(session, Beyond.STANDING):
            raise KeyError
        assert session.scalar(count) == own
    with pytest.raises(DBAPIError), walled.read(police) as session, beyond(session, Beyond.STANDING):
        session.execute(text("SELECT nothing"))


def test_a_need_within_another_one_is_refused_and_ends_with_it(database: Database) -> None:
    with database.read(person(database, "police")) as session:
        with (
            beyond(session, Beyond.STANDING),
            pytest.raises(RuntimeError, match="within another"),
            beyond(session, Beyond.TRAIL),
        ):
            pass
        with beyond(session, Beyond.TRAIL):
            pass


def test_what_is_changed_before_is_held_against_the_policies_as_the_actors(walled: Database) -> None:

    def slip() -> None:
        with walled.write(person(walled, "police")) as session:
            foreign = session.scalars(select(Return).where(Return.organisation_id.is_distinct_from(own))).first()
            assert foreign is not None
            foreign.commentary = "x"
            with beyond(session, Beyond.STANDING):
                raise AssertionError("what was changed before went past the wall")

    own = person(walled, "police").organisation_id
    with pytest.raises(ProgrammingError, match="row-level security"):
        slip()


def test_only_the_parts_of_the_portal_that_are_no_person_are_let_through(walled: Database) -> None:
    assert not WORKER.role
    with asking(walled.engine, WORKER) as connection:
        assert rows(connection, "job") == 3
    made = {
        (path.relative_to(Path(portal.__path__[0])).as_posix(), node.lineno)
        for path in Path(portal.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "system"
    }
    assert {path for path, _ in made} == {"services/jobs.py"}


def test_each_need_beyond_the_wall_is_used_and_told_of() -> None:
    used = {
        node.attr
        for path in Path(portal.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Beyond"
    }
    assert used == {one.name for one in Beyond}
    told = (Path(portal.__path__[0]).parent / "docs" / "postgresql.md").read_text("utf-8")
    assert all(f"`{one.name}`" in told for one in Beyond)
