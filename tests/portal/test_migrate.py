"""The migrations make the tables of the code, on both databases, and keep what is in them."""

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import Connection

from models.base import Base
from portal import audit, migrate
from portal.actor import OPERATOR
from portal.database import Database
from portal.migrate import NotMigrated
from portal.services import people, returns, review
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from tests.conftest import PASSWORD, person

ADD_A_COLUMN = (
    'op.add_column("organisation", sa.Column("telephone", sa.String(40), nullable=True))',
    'op.drop_column("organisation", "telephone")',
)
WIDEN_A_COLUMN = (
    """with op.batch_alter_table("organisation", recreate="auto") as batch:
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300), existing_nullable=False)""",
    "pass",
)
BREAK_HALFWAY = (
    """op.execute("UPDATE organisation SET name = 'lost'")
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")""",
    "pass",
)


@pytest.fixture
def database(owned_database: Database) -> Database:
    """As whoever owns the tables: nobody else can migrate them."""
    return owned_database


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def schema(database: Database) -> str:
    """Every table with its columns, keys, indexes and constraints, to be compared."""
    looked = inspect(database.engine)
    told = [
        looked.get_multi_columns(),
        looked.get_multi_pk_constraint(),
        looked.get_multi_foreign_keys(),
        looked.get_multi_indexes(),
        looked.get_multi_unique_constraints(),
    ]
    listed = [(table, said if isinstance(said, list) else [said]) for kind in told for table, said in kind.items()]
    return "\n".join(sorted(f"{table} {sorted(map(str, said))}" for table, said in listed))


def rows(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def stamp(database: Database, revision: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_an_empty_database_gets_the_tables_of_the_code(empty_database: Database) -> None:
    assert tables(empty_database) == set()
    migrate.upgrade(empty_database)
    assert tables(empty_database) == {*Base.metadata.tables, "alembic_version"}
    assert migrate.differences(empty_database) == []
    migrate.require_current(empty_database)


def test_upgrading_again_changes_nothing(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    before, held = schema(empty_database), rows(empty_database)
    migrate.upgrade(empty_database)
    assert schema(empty_database) == before
    assert rows(empty_database) == held
    assert {table: count for table, count in held.items() if count} == {"audit_head": 1}


def test_everything_can_be_undone_and_done_again(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    before = schema(empty_database)
    migrate.downgrade(empty_database)
    assert tables(empty_database) == {"alembic_version"}
    with pytest.raises(NotMigrated, match="This database is empty"):
        migrate.require_current(empty_database)
    migrate.upgrade(empty_database)
    assert schema(empty_database) == before
    migrate.require_current(empty_database)


def test_a_fresh_database_can_be_worked_with(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    people.add_person(empty_database, OPERATOR, "a@portal.example", "Ann", "admin", None, PASSWORD)
    with empty_database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
    assert [account.email for account in people.accounts(empty_database, OPERATOR).lines] == ["a@portal.example"]


def test_differences_tell_what_the_database_lacks_and_has_too_much(empty_database: Database) -> None:
    migrate.upgrade(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE edition DROP COLUMN content_hash"))
        connection.execute(text("CREATE TABLE stray (id INTEGER PRIMARY KEY)"))
    said = str(migrate.differences(empty_database))
    assert "content_hash" in said
    assert "stray" in said


def test_an_empty_database_is_refused_with_what_to_run(empty_database: Database) -> None:
    with pytest.raises(NotMigrated) as caught:
        migrate.require_current(empty_database)
    assert caught.value.sentence == "This database is empty. Run: portal migrate"
    assert caught.value.status == 503


def test_an_older_database_is_refused_with_what_to_run(sqlite_database: Database, later) -> None:
    older = migrate.newest()
    later(ADD_A_COLUMN)
    with pytest.raises(NotMigrated) as caught:
        migrate.require_current(sqlite_database)
    assert caught.value.sentence == (
        f"This database is at migration {older}; this portal needs 9999. Run: portal migrate"
    )


def test_a_database_of_a_later_portal_is_not_told_to_migrate(sqlite_database: Database) -> None:
    """This portal does not know the migration, so running it again cannot help."""
    stamp(sqlite_database, "9999")
    with pytest.raises(NotMigrated) as caught:
        migrate.require_current(sqlite_database)
    assert "9999" in caught.value.sentence
    assert "Run: portal migrate" not in caught.value.sentence


def test_upgrading_a_database_that_is_in_use_keeps_all_that_is_in_it(database: Database) -> None:
    before, held = schema(database), rows(database)
    migrate.upgrade(database)
    assert (schema(database), rows(database)) == (before, held)
    keeps_working(database)


def test_the_newest_migration_can_be_undone_and_done_again_on_a_database_in_use(database: Database) -> None:
    before, held = schema(database), rows(database)
    migrate.downgrade(database, "-1")
    with pytest.raises(NotMigrated):
        migrate.require_current(database)
    lost = dict.fromkeys(held.keys() - tables(database), 0)  # what only it could hold
    if "half_year_shares" in lost:
        lost["agreement"] = 1  # of the other one nothing else is known
    migrate.upgrade(database)
    assert (schema(database), rows(database)) == (before, held | lost)
    keeps_working(database)


def test_an_agreement_from_before_there_were_keys_gets_the_slug_of_its_title(database: Database) -> None:
    migrate.downgrade(database, "0009")
    with database.engine.begin() as connection:
        for title in ("Leicester: Local Area Agreement 2008/11", "Ynys Môn", "…"):
            connection.execute(
                text(
                    "INSERT INTO agreement (title, area, first_year, last_year) VALUES (:t, 'x', '2008/09', '2010/11')"
                ),
                {"t": title},
            )
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        keys = connection.scalars(text("SELECT key FROM agreement ORDER BY id")).all()
    first = "leicester-local-area-agreement-2008-11"
    assert [keys[0], *keys[2:]] == [first, "ynys-mon", "agreement"]
    assert keys[1].startswith(f"{first}-")
    keeps_working(database)


def test_a_question_asked_before_an_upgrade_is_there_after_it(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55"))
    returns.submit(database, lcc, number, None)
    review.query(database, person(database, "team"), number, None, "Is this the whole quarter?")
    asked = returns.read_return(database, lcc, number)
    migrate.downgrade(database, "0001")
    migrate.upgrade(database)
    assert returns.read_return(database, lcc, number) == asked
    assert "Is this the whole quarter?" in str(asked)


@pytest.mark.parametrize("change", [ADD_A_COLUMN, WIDEN_A_COLUMN], ids=["add a column", "widen a column"])
def test_a_later_migration_keeps_all_that_is_in_it(database: Database, later, change: tuple[str, str]) -> None:
    """SQLite cannot widen a column in place: the table, to which others refer, is made anew."""
    held = rows(database)
    later(change)
    migrate.upgrade(database)
    migrate.require_current(database)
    assert rows(database) == held
    assert held["organisation"] == 20
    keeps_working(database)


def keeps_working(database: Database) -> None:
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None
    police = person(database, "police")
    assert [task.measure for task in desk(database, police).tasks] == ["NI 16", "NI 20", "NI 32"]
    with database.engine.connect() as connection:
        assert broken_references(connection) == []


def broken_references(connection: Connection) -> list[object]:
    if connection.dialect.name != "sqlite":
        return []  # PostgreSQL never lets go of one
    assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    return list(connection.execute(text("PRAGMA foreign_key_check")))


def test_a_migration_that_fails_halfway_changes_nothing(database: Database, later) -> None:
    before, version = schema(database), migrate.newest()
    later(BREAK_HALFWAY)
    with pytest.raises(Exception, match="nowhere"):
        migrate.upgrade(database)
    assert schema(database) == before
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM organisation WHERE name = 'lost'")) == 0
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == version
