"""Briefing packs and the work in the background from the command line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from models.jobs import Job
from models.rules.packs import Asked, PackForm, PackKind
from portal.actor import OPERATOR
from portal.cli.main import app
from portal.database import Database
from portal.services import packs
from tests.conftest import TODAY, person

ASKED = Asked(PackKind.PARTNER, "police", "2008-09-q2", (PackForm.PDF,))
ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the commands are told of the database."""
    said = {"PORTAL_DATABASE_URL": str(sqlite_database.engine.url), "PORTAL_TODAY": TODAY.isoformat()}
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def state(database: Database) -> list[str]:
    with database.read(OPERATOR) as session:
        return [str(one) for one in session.scalars(select(Job.state).order_by(Job.id))]


@pytest.mark.usefixtures("environment")
def test_a_pack_is_written_at_once_and_nothing_is_kept(sqlite_database: Database, tmp_path: Path) -> None:
    pdf, word = tmp_path / "safer.pdf", tmp_path / "safer.docx"
    done = CliRunner().invoke(
        app, ["pack", "theme", "safer", "--pdf", str(pdf), "--docx", str(word), "--period", "2008-09-q2"]
    )
    assert (done.exit_code, done.output) == (0, f"Wrote {pdf}.\nWrote {word}.\n")
    assert (pdf.read_bytes()[:5], word.read_bytes()[:2]) == (b"%PDF-", b"PK")
    assert packs.packs_page(sqlite_database, person(sqlite_database, "team")).packs == ()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["pack", "executive"], 2, "Say executive, theme KEY or partner KEY, and --pdf FILE"),
        (["pack", "theme", "--pdf", "x.pdf"], 2, "Say executive, theme KEY or partner KEY"),
        (["pack", "partner", "nobody", "--pdf", "x.pdf"], 1, "There is no such pack to ask for."),
    ],
    ids=["no file", "no theme", "nobody"],
)
def test_what_cannot_be_written_is_said(words: list[str], status: int, said: str) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == status
    assert said in done.stderr


def test_work_once_does_what_there_is(sqlite_database: Database, environment: dict[str, str]) -> None:
    packs.ask(sqlite_database, person(sqlite_database, "police"), ASKED)
    command = [sys.executable, "-m", "portal.cli.main", "work", "--once"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "Began 1 job; nothing is left to do.\n"
    assert state(sqlite_database) == ["done"]


def test_a_worker_of_its_own_takes_what_comes_and_ends_when_it_is_told_to(
    sqlite_database: Database, environment: dict[str, str]
) -> None:
    command = [sys.executable, "-m", "portal.cli.main", "work"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as worker:
        packs.ask(sqlite_database, person(sqlite_database, "police"), ASKED)
        end = time.monotonic() + 120
        while state(sqlite_database) != ["done"] and time.monotonic() < end:
            time.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert state(sqlite_database) == ["done"]
