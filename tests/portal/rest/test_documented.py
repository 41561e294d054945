"""What docs/api.md shows works as it stands there: its commands with curl, and its program in Python."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from werkzeug.serving import make_server

from portal.actor import OPERATOR
from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from portal.services import sessions
from portal.words.api import PROBLEMS
from tests.conftest import TODAY, settings

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "api.md").read_text("utf-8")


class Served(NamedTuple):
    """A portal that answers on a port of its own."""

    address: str
    database: Database


@pytest.fixture
def served(sqlite_demo: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copy(sqlite_demo, tmp_path / "demo.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'demo.sqlite'}", Clock(TODAY))
    server = make_server("127.0.0.1", 0, create_app(settings(), database), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.server_port}", database)
    server.shutdown()
    thread.join()
    server.server_close()
    database.dispose()


def shown(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="needs bash and curl")
def test_the_commands_work_as_they_stand_there(served: Served) -> None:
    script = shown("sh").replace("http://127.0.0.1:8050", served.address)
    script = script.replace("sqlite:///var/demo-8050.sqlite", str(served.database.engine.url))
    assert served.address in script
    script = script.replace(".venv/bin/portal", str(Path(sys.executable).parent / "portal"))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    run = ["bash", "-euo", "pipefail", "-c", script.replace("curl ", "curl -sS --fail-with-body -w '\\n' ")]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^etag: \"\d+-1-[0-9a-f]{16}\"", done.stdout, re.IGNORECASE | re.MULTILINE)
    for said in ('"value":"2.42"', '"state":"submitted"', '"changes":', '"themes":', '"editions":'):
        assert said in done.stdout.replace(": ", ":"), said


def test_the_program_works_as_it_stands_there_and_tells_what_is_refused(served: Served, tmp_path: Path) -> None:
    token = sessions.issue_token(served.database, OPERATOR, "police@portal.example", scope="draft")
    (tmp_path / "ask.py").write_text(shown("python"), "utf-8")

    def run(token: str) -> subprocess.CompletedProcess[str]:
        environment = {"API": f"{served.address}/api/v1", "TOKEN": token}
        command = [sys.executable, "-I", "-W", "error", str(tmp_path / "ask.py")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    done = run(token)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "NI 20 0.87 draft"
    assert done.stdout.splitlines()[-1].endswith("return NI 20 draft")
    refused = run("no-such-token")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Sign in to continue: The token is not valid")


def test_every_status_and_address_that_it_names_is_there(served: Served) -> None:
    named = set(map(int, re.findall(r"\b(4\d\d)\b", DOCUMENT)))
    assert {409, 412, 415, 422, 429} <= named <= set(PROBLEMS)
    client = create_app(settings(), served.database).test_client()
    for path in set(re.findall(r"`(/api/v1/[\w./-]+)`", DOCUMENT)):
        assert client.get(path).status_code == 200, path
