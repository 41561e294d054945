"""`portal serve` as a process: it begins warm, replaces its workers, and ends without losing what it was asked."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.services import sessions
from tests.conftest import TODAY
from tests.portal.cli.test_demo import free_port, without_settings

STARTS = int(os.environ.get("STARTS", "2"))
"""Fresh starts that are tried; `make starts` tries 20."""
AT_ONCE = 8
PATIENCE = 30
ENDS_WITHIN = 30


@dataclass
class Served:
    """A portal that is being served."""

    process: "subprocess.Popen[bytes]"
    port: int
    database: Path
    log: Path
    metrics: int = 0
    began: float = field(default_factory=time.monotonic)

    def ask(self, path: str, port: int = 0, **more: object) -> tuple[int, bytes]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(str(more.pop("method", "GET")), path, **more)  # type: ignore[arg-type]
            answer = connection.getresponse()
            return answer.status, answer.read()

    def wait(self) -> None:
        """Until it takes connections."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(OSError):
                self.ask("/readyz")
                return
            time.sleep(0.05)
        pytest.fail(f"no answer: {self.log.read_text()}")

    def workers(self) -> set[int]:
        """The workers' processes."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return {int(number) for number in listed.stdout.split()}

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextlib.contextmanager
def serving(template: Path, folder: Path, *options: str) -> Iterator[Served]:
    """A portal over a copy of a database; it has ended with 0 when the block has."""
    folder.mkdir()
    shutil.copy(template, folder / "portal.sqlite")
    port, metrics, log = free_port(), free_port(), folder / "log.txt"
    environment = without_settings() | {
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}",
        "PORTAL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "PORTAL_TODAY": str(TODAY),
        "PORTAL_METRICS_PORT": str(metrics),
        "TMPDIR": str(folder),
    }
    command = [str(Path(sys.executable).with_name("portal")), "serve", "--port", str(port), *options]
    with log.open("wb") as screen:
        process = subprocess.Popen(command, env=environment, stdout=screen, stderr=screen)
    try:
        yield Served(process, port, folder / "portal.sqlite", log, metrics)
        if process.poll() is None:
            process.terminate()
        assert process.wait(ENDS_WITHIN) == 0, log.read_text()
        assert list(folder.glob("portal-metrics-*")) == []
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.parametrize("start", range(STARTS))
def test_of_the_first_requests_of_a_fresh_start_none_fails(sqlite_demo: Path, tmp_path: Path, start: int) -> None:
    """All at once, as soon as anybody is let in: a page, a signed-in page's frame, a callback's list, the API."""
    paths = (
        "/",
        "/explore",
        "/_dash-dependencies",
        "/api/v1/scorecard",
        "/sign-in",
        "/readyz",
        "/_dash-layout",
        "/history",
    )
    with serving(sqlite_demo, tmp_path / f"start-{start}") as portal, ThreadPoolExecutor(AT_ONCE) as many:
        while True:  # whoever is refused was not let in yet
            with contextlib.suppress(ConnectionRefusedError):
                portal.ask("/readyz")
                break
            assert portal.process.poll() is None, portal.log.read_text()
            time.sleep(0.005)
        assert [status for status, _ in many.map(portal.ask, paths)] == [200] * len(paths)


def test_it_is_replaced_worker_by_worker_and_ends_without_losing_what_it_was_asked(
    sqlite_demo: Path, tmp_path: Path
) -> None:
    with serving(sqlite_demo, tmp_path / "served", "--recycle", "40") as portal:
        portal.wait()
        workers_are_recycled_and_reloaded_while_requests_come(portal)
        metrics_are_on_their_own_port(portal)
        what_is_no_request_is_not_quoted(portal)
        a_request_under_way_is_answered_and_kept(portal)
    assert {line["logger"] for line in portal.lines()} == {"portal.request", "gunicorn.error"}
    assert not re.search(r"portal\.example|canary|127\.0\.0\.1:\d+ -|Bearer", portal.log.read_text())


def workers_are_recycled_and_reloaded_while_requests_come(portal: Served) -> None:
    """More requests than three lives of each worker have, and SIGHUP in the middle of them: none fails."""
    until = time.monotonic() + PATIENCE
    while len(first := portal.workers()) != 2:
        assert time.monotonic() < until
        time.sleep(0.1)
    with ThreadPoolExecutor(4) as many:
        asked = [many.submit(portal.ask, "/healthz") for _ in range(260)]
        asked[100].result()
        portal.process.send_signal(signal.SIGHUP)
        assert {one.result()[0] for one in asked} == {200}
    until = time.monotonic() + PATIENCE
    while (now := portal.workers()) & first or len(now) != 2:
        assert time.monotonic() < until
        time.sleep(0.1)


def metrics_are_on_their_own_port(portal: Served) -> None:
    """The sum of all workers' counts, those of the replaced ones too."""
    status, page = portal.ask("/metrics", portal.metrics)
    counted = re.search(rb'portal_requests_total\{method="GET",rule="/healthz",status="200"\} (\d+)', page)
    assert status == 200
    assert counted
    assert int(counted[1]) >= 260
    assert portal.ask("/metrics")[0] == 404


def what_is_no_request_is_not_quoted(portal: Served) -> None:
    assert portal.ask("/canary@portal.example?token=canary")[0] == 404
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection._http_vsn_str = "canary"  # type: ignore[attr-defined]
        connection.request("GET", "/canary")
        assert connection.getresponse().status == 400


def a_request_under_way_is_answered_and_kept(portal: Served) -> None:
    """It waits for the database while the server is told to stop; whoever comes then is refused."""
    database = Database(f"sqlite:///{portal.database}", Clock(TODAY))
    bearer = {"Authorization": f"Bearer {sessions.issue_token(database, OPERATOR, 'police@portal.example')}"}
    database.dispose()
    place = "/api/v1/returns/2008-09-q3/ni-16"
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=PATIENCE)
    connection.request("GET", place, headers=bearer)
    before = connection.getresponse()
    assert before.status == 200, before.read()
    tag = before.headers["ETag"]
    before.read()
    held = sqlite3.connect(portal.database, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    said: list[tuple[int, bytes]] = []
    body = json.dumps({"value": "2.42", "commentary": "Kept."})
    headers = {**bearer, "If-Match": tag, "Content-Type": "application/json"}
    asking = threading.Thread(target=lambda: said.append(portal.ask(place, method="PUT", body=body, headers=headers)))
    asking.start()
    time.sleep(0.5)  # it has reached the database, which is locked
    portal.process.terminate()
    until = time.monotonic() + PATIENCE
    refused = False
    while not refused and time.monotonic() < until:
        try:
            portal.ask("/healthz")
        except (ConnectionError, http.client.RemoteDisconnected):
            refused = True
        time.sleep(0.05)
    assert refused
    assert portal.process.poll() is None
    assert said == []
    held.execute("ROLLBACK")
    held.close()
    asking.join(PATIENCE)
    assert said[0][0] == 200, said
    assert portal.process.wait(ENDS_WITHIN) == 0
    with contextlib.closing(sqlite3.connect(portal.database)) as found:
        rows = found.execute("SELECT commentary FROM returns WHERE commentary = 'Kept.'").fetchall()
    assert rows == [("Kept.",)]


def test_while_it_drains_it_says_that_it_is_stopping_and_still_answers(sqlite_demo: Path, tmp_path: Path) -> None:
    with serving(sqlite_demo, tmp_path / "drained", "--drain", "2", "--workers", "1") as portal:
        portal.wait()
        assert portal.ask("/readyz") == (200, b'{"status":"ready"}\n')
        portal.process.terminate()
        until = time.monotonic() + 1.5
        while (found := portal.ask("/readyz"))[0] == 200 and time.monotonic() < until:
            time.sleep(0.05)
        assert found == (503, b'{"reason":"stopping","status":"not ready"}\n')
        assert portal.ask("/")[0] == 200
