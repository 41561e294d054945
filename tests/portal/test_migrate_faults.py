"""Migrations that run at the same moment, and ones that are killed: one does the work, or it is as if none had begun."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.database import Database
from tests.conftest import administer, named

ROOT = Path(__file__).parents[2]
RACES, KILLS = (50, 50) if os.environ.get("FAULTS") else (2, 4)
OLDER = "0009"
"""The migration after it makes tables anew, with all that is in them."""


def said(*words: object) -> str:
    """What the processes that migrate complain of."""
    command = [sys.executable, "-m", "tests.support.migrating", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1200)
    return done.stdout + (done.stderr if done.returncode else "")


def test_of_processes_that_migrate_at_once_one_does_the_work_and_none_fails(tmp_path: Path, postgres: str) -> None:
    """As when several hosts are started with a new version."""
    names = [f"race{number}" for number in range(RACES)]
    for name in names:
        administer(postgres, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    urls = [f"sqlite:///{tmp_path / name}.sqlite" for name in names] + [named(postgres, name) for name in names]
    assert said("race", 4, OLDER, *urls) == ""
    for name in names:
        administer(postgres, f"DROP DATABASE {name}")


def test_a_migration_that_is_killed_has_happened_or_not(
    copied: Callable[[str, str], Database], tmp_path: Path, sqlite_demo: Path
) -> None:
    shutil.copy(sqlite_demo, tmp_path / "killed.sqlite")
    database = copied("postgres", "demo")
    database.dispose()
    server = database.engine.url.render_as_string(hide_password=False)
    assert said("kill", KILLS, OLDER, f"sqlite:///{tmp_path / 'killed.sqlite'}", server) == ""


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_migration_waits_for_the_one_that_is_under_way(
    engine: str, copied: Callable[[str, str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from portal import migrate

    database = copied(engine, "tables")
    other = Database(database.engine.url.render_as_string(hide_password=False))
    done = threading.Event()

    def second() -> None:
        migrate.upgrade(other)
        done.set()

    with migrate._tables_open(database):
        thread = threading.Thread(target=second)
        thread.start()
        assert not done.wait(0.3)
    assert done.wait(20)
    thread.join()
    other.dispose()
    database.dispose()
