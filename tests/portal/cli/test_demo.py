"""`portal demo` as a person runs it: one command, accounts on the screen, a portal with something to read and to do."""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.cli.main import app
from portal.database import Database
from portal.services import people

PASSWORD = "a demo password of mine"
PATIENCE = 60


@dataclass(frozen=True)
class Running:
    """A demonstration that runs: where it answers, what it printed, and the folder that it was started in."""

    address: str
    printed: str
    folder: Path

    @property
    def database(self) -> Path:
        """The file that it serves: the one under var/ that it names on the screen."""
        found = re.search(r"^Database: sqlite:///(\S+)$", self.printed, re.MULTILINE)
        assert found, self.printed
        return self.folder / found[1]

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()


def without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder, port = tmp_path_factory.mktemp("demo-run"), free_port()
    command = [str(Path(sys.executable).with_name("portal")), "demo", "--port", str(port)]
    printed = folder / "printed.txt"
    with printed.open("w") as screen:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=without_settings() | {"PORTAL_DEMO_PASSWORD": PASSWORD},
            stdout=screen,
            stderr=subprocess.STDOUT,
        )
    try:
        running = Running(f"http://127.0.0.1:{port}", "", folder)
        wait_for(running, process, printed)
        yield Running(running.address, printed.read_text(), folder)
    finally:
        process.send_signal(signal.SIGINT)  # Ctrl-C
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(running: Running, process: "subprocess.Popen[bytes]", printed: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, printed.read_text()
        try:
            running.get("/healthz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer after {PATIENCE} seconds: {printed.read_text()}")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the settings that a test makes, and a folder of its own to stand in."""
    for variable in set(os.environ) - set(without_settings()):
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


def one_account(database: Database, password: str) -> None:
    """Instead of all of Leicester's, which takes its time."""
    people.add_person(database, OPERATOR, "ann@portal.example", "Ann", "team", None, password, demo=True)


# --- running ----------------------------------------------------------------------------------------------


def it_prints_the_accounts_the_password_and_where_it_is(demo: Running) -> None:
    for email in ("police@portal.example", "nhs@portal.example", "police.contributor@portal.example"):
        assert re.search(rf"^  {re.escape(email)} ", demo.printed, re.MULTILINE)
    roles = set(re.findall(r"^  \S+@portal\.example +(\w+)", demo.printed, re.MULTILINE))
    assert roles == set(Role)
    assert f"Password: {PASSWORD}\n" in demo.printed
    assert f"The portal is at {demo.address} " in demo.printed


def it_answers(demo: Running) -> None:
    assert json.loads(demo.get("/healthz")) == {"status": "ok"}


def edition_1_is_the_second_quarter(demo: Running) -> None:
    card = json.loads(demo.get("/api/v1/scorecard"))
    assert (card["edition"], card["period"]) == (1, "2008/09 Q2")
    assert "Serious acquisitive crime rate" in demo.get("/")


def it_runs_as_if_it_were_the_twentieth_of_january_2009(demo: Running) -> None:
    assert "Today is 2009-01-20" in demo.printed
    assert "as if today were 20 January 2009" in demo.get("/")


def the_third_quarter_is_open_with_nothing_returned(demo: Running) -> None:
    connection = sqlite3.connect(f"file:{demo.database}?mode=ro", uri=True)
    try:
        opened = connection.execute("SELECT key FROM period WHERE opened_at IS NOT NULL AND closed_at IS NULL")
        assert opened.fetchall() == [("2008/09 Q3",)]
        states = "SELECT DISTINCT r.state, p.key FROM returns r JOIN period p ON p.id = r.period_id ORDER BY p.key"
        assert connection.execute(states).fetchall() == [("published", "2008/09 Q2"), ("not_started", "2008/09 Q3")]
    finally:
        connection.close()


def a_lead_signs_in_with_the_password_that_was_set(demo: Running) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(f"{demo.address}/sign-in", timeout=PATIENCE) as form:
        token = re.search(r'name="csrf_token" value="([^"]+)"', form.read().decode())
    assert token
    fields = {"csrf_token": token[1], "email": "police@portal.example", "password": PASSWORD}
    sent = urllib.parse.urlencode(fields).encode()
    with browser.open(f"{demo.address}/sign-in", sent, timeout=PATIENCE) as desk:
        assert desk.url == f"{demo.address}/returns"
        assert "<title>Your returns, 2008/09 Q3</title>" in desk.read().decode()


def it_writes_only_under_var(demo: Running) -> None:
    assert {path.name for path in demo.folder.iterdir()} == {"var", "printed.txt"}
    beside = re.compile("-(wal|shm|queue)$")
    assert {beside.sub("", path.name) for path in (demo.folder / "var").iterdir()} == {demo.database.name}


def a_second_one_beside_it_takes_nothing_from_the_first(demo: Running) -> None:
    """`make demo` and `make demo PORT=8051` in one folder: the first goes on with its own data."""
    before = demo.database.stat().st_ino
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(demo.folder)
        patch.setattr("portal.cli.demo.fill", one_account)
        patch.setattr("portal.cli.server.serve", lambda *_, **__: None)
        second = CliRunner().invoke(app, ["demo", "--port", str(free_port())])
    assert second.exit_code == 0, second.output
    assert demo.database.stat().st_ino == before
    assert json.loads(demo.get("/api/v1/scorecard"))["edition"] == 1


def test_one_command_gives_something_to_read_and_something_to_do(demo: Running, subtests: pytest.Subtests) -> None:
    """One server for all of it: it takes seconds to begin."""
    for check in (
        it_prints_the_accounts_the_password_and_where_it_is,
        it_answers,
        edition_1_is_the_second_quarter,
        it_runs_as_if_it_were_the_twentieth_of_january_2009,
        the_third_quarter_is_open_with_nothing_returned,
        a_lead_signs_in_with_the_password_that_was_set,
        it_writes_only_under_var,
        a_second_one_beside_it_takes_nothing_from_the_first,
    ):
        with subtests.test(check.__name__.replace("_", " ")):
            check(demo)


# --- refusing ---------------------------------------------------------------------------------------------


@pytest.fixture
def never_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.cli.demo.fill", lambda *_: pytest.fail("it began to write"))
    monkeypatch.setattr("portal.cli.server.serve", lambda *_, **__: pytest.fail("it began to serve"))


@pytest.mark.usefixtures("never_begun")
def test_a_port_in_use_ends_with_what_to_do_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["demo", "--port", str(port)])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port} cannot be used" in result.stderr
    assert "Choose another port" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("never_begun")
def test_a_database_in_use_is_refused_and_untouched(
    sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "real.sqlite"
    shutil.copy(sqlite_demo, path)
    before = path.read_bytes()
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{path}")
    result = CliRunner().invoke(app, ["demo", "--port", str(free_port())])
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert "PORTAL_DATABASE_URL names a database that is in use" in result.stderr
    assert path.read_bytes() == before


@pytest.mark.usefixtures("never_begun")
def test_somebody_elses_database_is_refused_and_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold anything: only an empty one is the demonstration's to fill."""
    path = tmp_path / "accounts.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE ledger (amount)")
    connection.execute("INSERT INTO ledger VALUES (42)")
    connection.commit()
    connection.close()
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{path}")
    result = CliRunner().invoke(app, ["demo", "--port", str(free_port())])
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("ledger",)]
    connection.close()


def test_an_empty_database_that_is_named_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[object] = []
    monkeypatch.setattr("portal.cli.demo.fill", one_account)
    monkeypatch.setattr("portal.cli.server.serve", lambda *told, **_: served.append(told[0]))
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'mine.sqlite'}")
    result = CliRunner().invoke(app, ["demo", "--port", str(free_port())])
    assert result.exit_code == 0, result.output
    assert len(served) == 1
    assert not (tmp_path / "var").exists()
    password = re.search(r"^Password: (\S{12,})$", result.stdout, re.MULTILINE)
    assert password  # a random one, as none was set
