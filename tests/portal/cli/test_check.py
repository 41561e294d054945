"""`portal check` finds each thing that it has words for, says it on one line, and finds nothing in what is well."""

import os
import shutil
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from typer.testing import CliRunner

from models.audit import AuditEvent
from models.jobs import Job
from models.people import Person
from models.reminders import OutboxMessage
from models.rules.jobs import JobState
from models.rules.outbox import Delivery
from models.rules.packs import Asked, PackForm, PackKind
from models.scorecard import Edition
from portal.actor import OPERATOR
from portal.cli import surroundings
from portal.cli.main import app
from portal.clock import Clock
from portal.database import Database
from portal.services import checkup, engines, packs, reminders
from portal.settings import Settings
from portal.viewmodels.checkup import Finding
from portal.words.checkup import FINDINGS, is_wrong, line
from tests.conftest import TODAY, as_role, owned, person

KEY = "q7Zp0rJ3-xLk9vTbW2mNcY5sDfGh8aEu"
GOOD = Settings(secret_key=KEY, https=True, trusted_proxies=1, base_url="https://portal.example.org")
tried: set[str] = set()
"""The findings that the tests of this file have provoked."""


def keys(found: list[Finding]) -> list[str]:
    """The keys of findings, whose lines are looked at too: one each, with every name filled in."""
    for finding in found:
        said = line(finding)
        assert "\n" not in said
        assert "{" not in said
        assert said.startswith("WRONG  " if is_wrong(finding) else "warning  ")
    tried.update(finding.key for finding in found)
    return [finding.key for finding in found]


def of_settings(**changed: object) -> list[str]:
    return keys(list(surroundings.settings_findings(GOOD.model_copy(update=changed), {"HOME": "/"})))


def of_database(database: Database, **options: bool) -> list[str]:
    return keys(checkup.checkup(database, OPERATOR, **{"demonstration": True, **options}))


def of_place(path: Path, mounts: Path = Path("/proc/mounts")) -> list[str]:
    return keys(list(surroundings.place_findings(Settings(database_url=f"sqlite:///{path}"), mounts)))


# --- settings and environment -----------------------------------------------------------------------------


def test_good_settings_are_well() -> None:
    assert of_settings() == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"secret_key": None}, "key-missing"),
        ({"secret_key": Settings(secret_key="k" * 40).secret_key}, "key-weak"),
        ({"https": False}, "https-off"),
        ({"base_url": "http://portal.example.org"}, "address-plain"),
        ({"trusted_proxies": 0}, "proxies-none"),
        ({"demo_password": Settings(demo_password="hush").demo_password}, "demo-password"),
        ({"today": TODAY}, "today-pretended"),
        ({"metrics_port": 9150, "metrics_host": "0.0.0.0"}, "metrics-open"),
        ({"smtp_url": Settings(smtp_url="smtp://mail.example").smtp_url}, "mail-settings"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_wrong_setting_is_found(changed: dict[str, object], found: str) -> None:
    assert of_settings(**changed) == [found]


@pytest.mark.parametrize("name", surroundings.HOSTILE)
def test_a_switch_for_developers_is_found_when_it_is_on(name: str) -> None:
    assert keys(list(surroundings.settings_findings(GOOD, {name: "1"}))) == ["variable-hostile"]
    assert keys(list(surroundings.settings_findings(GOOD, {name: "False"}))) == []


# --- the place --------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A file that is as it should be."""
    file = tmp_path / "there/portal.sqlite"
    file.parent.mkdir()
    file.touch(0o600)
    return file


def test_a_place_of_ones_own_is_well(place: Path) -> None:
    assert of_place(place) == []
    assert list(surroundings.place_findings(Settings(database_url="postgresql://u@h/n"))) == []


def test_a_folder_that_is_missing_or_takes_nothing_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_place(place.parent / "no/portal.sqlite") == ["folder-missing"]
    monkeypatch.setattr(surroundings.os, "access", lambda path, *_, **__: Path(path) != place.parent)
    assert of_place(place) == ["folder-readonly"]
    monkeypatch.setattr(surroundings.os, "access", lambda path, *_, **__: Path(path) != place)
    assert of_place(place) == ["file-readonly"]


def test_a_file_of_somebody_else_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings.os, "geteuid", lambda: 54321)
    assert of_place(place) == ["owner-other"]


def test_a_network_share_is_found_by_the_longest_mount(place: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    lines = ["/dev/sda1 / ext4 rw 0 0", f"far:/x {place.parent.parent} nfs4 rw 0 0"]
    mounts.write_text("\n".join(lines))
    assert of_place(place, mounts) == ["share"]
    mounts.write_text("\n".join([*lines, f"/dev/sdb1 {place.parent} xfs rw 0 0"]))
    assert of_place(place, mounts) == []


def test_a_disk_with_little_room_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(place.parent)
    for free, found in ((500 * 10**6, "disk-low"), (10**6, "disk-full")):
        monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert of_place(place) == [found]


def test_files_that_everybody_reads_are_found(place: Path) -> None:
    place.chmod(0o644)
    assert of_place(place) == ["data-open"]
    assert keys(list(surroundings.open_findings("file-open", place))) == ["file-open"]
    place.chmod(0o600)
    assert list(surroundings.open_findings("file-open", place)) == []


def test_the_start_is_refused_where_nothing_can_be_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=f"sqlite:///{place}")
    surroundings.require_place(settings)
    monkeypatch.setattr(surroundings, "_kind_of", lambda *_: "cifs")
    with pytest.raises(Exception, match="1"):
        surroundings.require_place(settings)
    assert "is on a network share (cifs)" in capsys.readouterr().err


def test_what_must_be_installed_is_there_and_is_missed_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(surroundings.installed_findings()) == []

    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("typst.compile", fail)
    monkeypatch.setattr(surroundings, "ZoneInfo", fail)
    assert keys(list(surroundings.installed_findings())) == ["typst-missing", "zones-missing"]


def test_a_backup_is_there_and_of_this_day(place: Path) -> None:
    assert list(surroundings.backup_findings(place)) == []
    os.utime(place, (1, (datetime.now(UTC) - timedelta(hours=30)).timestamp()))
    assert keys(list(surroundings.backup_findings(place))) == ["backup-old"]
    assert keys(list(surroundings.backup_findings(place.with_name("no")))) == ["backup-missing"]


def test_the_mail_server_is_asked_and_nothing_is_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 here\r\n")
                while said := connection.recv(1000):
                    heard.append(said)
                    connection.sendall(b"250 yes\r\n" if not said.startswith(b"QUIT") else b"221 bye\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        there = Settings(smtp_url=f"smtp://127.0.0.1:{server.getsockname()[1]}", mail_from="p@example.org")
        assert list(surroundings.mail_findings(there)) == []
        thread.join(10)
    assert b"MAIL" not in b"".join(heard).upper()
    assert keys(list(surroundings.mail_findings(there))) == ["mail-gone"]
    assert keys(list(surroundings.mail_findings(GOOD))) == ["mail-gone"]


# --- the database and what is in it -----------------------------------------------------------------------


def test_a_demonstration_is_well_and_its_accounts_are_found_elsewhere(database: Database) -> None:
    lax = {"unsafe-writes"} if database.engine.dialect.name == "postgresql" else set()  # the tests' own server
    assert set(of_database(database)) == lax
    assert set(of_database(database, demonstration=False)) == {"demo-accounts"} | lax


def test_a_database_that_cannot_be_asked_is_found(tmp_path: Path, empty_database: Database) -> None:
    assert of_database(empty_database) == ["database-old"]
    (tmp_path / "no.sqlite").write_bytes(b"this is no database " * 400)
    assert of_database(Database(f"sqlite:///{tmp_path / 'no.sqlite'}")) == ["database-gone"]
    assert of_database(Database("postgresql://nobody:hush@127.0.0.1:1/none")) == ["database-gone"]


def test_a_password_is_in_no_line() -> None:
    found = checkup.checkup(Database("postgresql://nobody:hush@127.0.0.1:1/none"), OPERATOR)
    assert "hush" not in line(found[0])


def damage_table(connection: object) -> None:
    connection.execute(text("DROP TABLE printed_total"))  # type: ignore[attr-defined]


def in_the_future(connection: object) -> None:
    newest = select(AuditEvent.number).order_by(AuditEvent.number.desc()).limit(1).scalar_subquery()
    later = datetime.now(UTC) + timedelta(hours=1)
    connection.execute(update(AuditEvent).where(AuditEvent.number == newest).values(at=later))  # type: ignore[attr-defined]


def edition_changed(connection: object) -> None:
    connection.execute(update(Edition).values(content="{}"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (damage_table, {"database-other"}),
        (in_the_future, {"clock-back", "trail-broken"}),
        (edition_changed, {"edition-wrong"}),
    ],
)
def test_what_was_changed_behind_the_portals_back_is_found(
    sqlite_database: Database, change: Callable[[object], None], found: set[str]
) -> None:
    with sqlite_database.engine.begin() as connection:
        for (trigger,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        change(connection)
    assert set(of_database(sqlite_database)) == found


def test_missing_people_are_found(owned_database: Database) -> None:
    with owned_database.engine.begin() as connection:
        connection.execute(update(Person).where(Person.role.in_(("admin", "team"))).values(disabled=True))
    assert of_database(owned_database).count("nobody") == 2


def test_jobs_that_nobody_takes_and_that_failed_are_found(database: Database) -> None:
    number = packs.ask(database, person(database, "team"), Asked(PackKind.EXECUTIVE, "", "2008-09-q2", (PackForm.PDF,)))
    assert "jobs-waiting" not in of_database(database)
    long_ago = database.clock.now() - timedelta(hours=1)
    with owned(database) as owner, owner.engine.begin() as connection:
        connection.execute(update(Job).where(Job.id == number).values(asked_at=long_ago))
    assert "jobs-waiting" in of_database(database)
    with owned(database) as owner, owner.engine.begin() as connection:
        left = {"state": JobState.RUNNING, "claimed_until": long_ago}
        connection.execute(update(Job).where(Job.id == number).values(left))
    assert "jobs-waiting" in of_database(database)
    with owned(database) as owner, owner.engine.begin() as connection:
        connection.execute(update(Job).where(Job.id == number).values(state=JobState.FAILED, ended_at=long_ago))
    found = of_database(database)
    assert "jobs-failed" in found
    assert "jobs-waiting" not in found


def test_messages_that_wait_and_that_failed_are_found(database: Database) -> None:
    reminders.remind(database, OPERATOR, "")
    assert not {"mail-waiting", "mail-failed"} & set(of_database(database))
    with owned(database) as owner, owner.engine.begin() as connection:
        connection.execute(update(OutboxMessage).values(made_at=datetime.now(UTC) - timedelta(days=2)))
    assert "mail-waiting" in of_database(database)
    with owned(database) as owner, owner.engine.begin() as connection:
        connection.execute(update(OutboxMessage).values(state=Delivery.FAILED))
    assert "mail-failed" in of_database(database)


def test_a_role_with_too_many_or_too_few_rights_is_found(owned_database: Database) -> None:
    if owned_database.engine.dialect.name == "sqlite":
        return  # it has no roles
    assert "role-super" in of_database(owned_database)
    role = as_role(owned_database, "portal")
    assert not {"role-super", "role-owner", "role-short"} & set(of_database(role))
    for change, found in (
        ("REVOKE SELECT ON printed_total FROM portal", {"role-short"}),
        ("REVOKE SELECT ON audit_event FROM portal", {"role-short", "database-fails"}),
        ("ALTER TABLE printed_total OWNER TO portal", {"role-owner", "role-short", "database-fails"}),
    ):
        with owned_database.engine.begin() as connection:
            connection.execute(text(change))
        assert {key for key in of_database(role) if key.startswith(("role", "database"))} == found
    role.dispose()


def test_an_engine_that_is_too_old_or_has_another_clock_is_found(
    owned_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LEAST_POSTGRESQL", 990000)
    monkeypatch.setattr(engines, "LEAST_SQLITE", (99, 0))
    monkeypatch.setattr(engines, "APART", -1.0)
    found = set(keys(list(engines.engine_findings(owned_database))))
    of_servers = set() if owned_database.engine.dialect.name == "sqlite" else {"clock-skew"}
    assert found - {"unsafe-writes", "role-super"} == {"version-old"} | of_servers


def test_another_encoding_is_found(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'utf16.sqlite'}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA encoding = 'UTF-16le'")
        connection.exec_driver_sql("CREATE TABLE x (y)")
        assert "encoding" in keys(list(engines._sqlite(connection)))
    database.dispose()


def test_a_damaged_file_and_careless_writes_are_found(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'ix_job_state'")
        connection.exec_driver_sql("PRAGMA writable_schema = RESET")
        assert set(keys(list(engines._sqlite(connection)))) == {"unsafe-writes", "file-damaged"}


# --- the command ------------------------------------------------------------------------------------------


@pytest.fixture
def environment(sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that is well: its database."""
    for variable in [name for name in os.environ if name.startswith("PORTAL_") or name in surroundings.HOSTILE]:
        monkeypatch.delenv(variable)
    file = tmp_path / "portal.sqlite"
    shutil.copy(sqlite_demo, file)
    file.chmod(0o600)
    database = Database(f"sqlite:///{file}", Clock(TODAY))
    with database.engine.begin() as connection:
        connection.execute(update(Person).values(email=text("replace(email, 'portal.example', 'partner.example')")))
    database.dispose()
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("PORTAL_SECRET_KEY", KEY)
    return file


def test_what_is_well_ends_with_0(environment: Path) -> None:
    said = CliRunner().invoke(app, ["check"])
    assert (said.exit_code, said.stdout[:24]) == (0, "All is well. Looked at: "), said.stdout


def test_a_warning_ends_with_0_and_what_is_wrong_with_1(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.chmod(0o644)
    said = CliRunner().invoke(app, ["check"])
    assert said.exit_code == 0
    assert said.stdout.startswith("warning  ")
    assert "0 wrong, 1 to look at. Looked at: settings" in said.stdout
    monkeypatch.setenv("LOGIN_DISABLED", "1")
    said = CliRunner().invoke(app, ["check", "--secrets", str(environment), "--backup", str(environment), "--mail"])
    assert said.exit_code == 1
    assert "3 wrong, 1 to look at." in said.stdout, said.stdout
    assert KEY not in said.stdout


def test_a_wrong_setting_and_no_database_are_lines_too(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "sqlite:////no/such/folder/portal.sqlite")
    said = CliRunner().invoke(app, ["check"])
    assert said.exit_code == 1
    assert said.stdout.startswith("WRONG  The folder /no/such/folder of the database is not there.")
    monkeypatch.setenv("PORTAL_HTTPS", "perhaps")
    said = CliRunner().invoke(app, ["check"])
    assert said.exit_code == 1
    assert said.stdout.startswith("WRONG  PORTAL_HTTPS: is neither on nor off; write 1 or 0.")
    assert said.stdout.endswith("1 wrong, 0 to look at. Looked at: settings.\n")
    tried.add("setting-wrong")


def test_each_kind_of_finding_was_provoked() -> None:
    """By the tests above: to be run with them."""
    assert set(FINDINGS) - tried == set()
