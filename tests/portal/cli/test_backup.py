"""The commands `portal backup` and `portal restore`, from one SQLite file to another."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal.cli.main import app


@pytest.fixture
def run(sqlite_demo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """run(file, words ...) is what a command over that SQLite file says and how it ends."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo.sqlite").write_bytes(sqlite_demo.read_bytes())

    def command(file: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / file}")
        result = CliRunner().invoke(app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result.exit_code, result.output

    return command


def test_what_is_backed_up_comes_back(run, tmp_path: Path) -> None:
    status, said = run("demo.sqlite", "backup", "portal.zip")
    assert status == 0
    assert said.startswith("Wrote portal.zip: sqlite at migration 00")
    status, again = run("new.sqlite", "restore", "portal.zip")
    assert (status, again.splitlines()) == (
        0,
        [f"Restored portal.zip: {said.partition(': ')[2].strip()}", "The audit trail is whole."],
    )
    assert run("new.sqlite", "audit", "verify")[1].startswith("The audit trail is whole.")
    assert run("new.sqlite", "restore", "portal.zip") == (
        1,
        "The database is not empty: a backup is put into an empty one. Nothing was changed.\n",
    )


def test_backups_of_every_night_are_kept_as_many_as_were_asked_for(run, tmp_path: Path) -> None:
    (tmp_path / "portal-2009-01-18T023000Z.zip").touch()
    (tmp_path / "portal-2009-01-19T023000Z.zip").touch()
    status, said = run("demo.sqlite", "backup", "portal.zip", "--keep", "2")
    assert status == 0
    assert "Removed portal-2009-01-18T023000Z.zip." in said
    assert len(list(tmp_path.glob("portal-*.zip"))) == 2


def test_what_is_no_backup_is_told_in_a_sentence(run, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no backup")
    assert run("new.sqlite", "restore", "text.zip") == (
        1,
        "text.zip is no backup of the portal, or was cut short or damaged.\n",
    )
    assert run("new.sqlite", "restore", "missing.zip") == (
        1,
        "missing.zip cannot be used: No such file or directory.\n",
    )
    assert run("new.sqlite", "backup", "portal.zip") == (
        1,
        "This database has no tables of the portal: there is nothing to back up.\n",
    )
