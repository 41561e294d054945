"""Several agreements from the command line: a folder is what its agreement.csv says, and --agreement names one."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal.cli.main import app
from portal.settings import package_data
from tests.support.areas import DERBY, LEICESTER, derby


@pytest.fixture
def path(sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(sqlite_demo, tmp_path / "portal.sqlite")
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'portal.sqlite'}")
    monkeypatch.setenv("PORTAL_TODAY", "2009-01-20")
    return tmp_path / "portal.sqlite"


def portal(*words: str | Path, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def opened(path: Path) -> set[tuple[str, str]]:
    query = "SELECT a.key, p.key FROM period p JOIN agreement a ON a.id = p.agreement_id WHERE p.opened_at IS NOT NULL"
    connection = sqlite3.connect(path)
    found = set(connection.execute(query))
    connection.close()
    return found


def test_a_copy_of_the_folder_under_another_name_is_no_second_agreement(path: Path, tmp_path: Path) -> None:
    shutil.copytree(package_data("leicester"), tmp_path / "files of 22 May")
    assert "no change" in portal("load", tmp_path / "files of 22 May")


def test_a_load_says_the_key_by_which_the_agreement_is_named_from_then_on(path: Path, tmp_path: Path) -> None:
    assert f"Its key is {DERBY}." in portal("load", derby(tmp_path / "derby"))
    portal("period", "open", "2008-09-q4", "--agreement", DERBY)
    assert opened(path) == {(LEICESTER, "2008/09 Q3"), (DERBY, "2008/09 Q4")}
    assert "Published edition 1." in portal("publish", "2008-09-q2", "--agreement", DERBY)
    portal("period", "release", "2008-09-q4", "ni-16", "2009-05-01", "--agreement", DERBY)
    portal("period", "close", "2008-09-q4", "--agreement", DERBY)
    portal("period", "reopen", "2008-09-q4", "police", "2009-05-01", "--reason", "Late data.", "--agreement", DERBY)
    portal("period", "close", "2008-09-q3")  # the usual one, which is Leicester's still
    said = portal("period", "open", "2008-09-q3", "--agreement", "nowhere", status=1)
    assert f"There is no agreement 'nowhere'. There is: {LEICESTER}, {DERBY}." in said


def test_an_account_may_be_made_for_one_agreement(path: Path, tmp_path: Path) -> None:
    portal("load", derby(tmp_path / "derby"))
    words = ["user", "add", "ann@team.example", "--role", "team", "--agreement"]
    for key, status in (("nowhere", 1), (DERBY, 0)):
        result = CliRunner().invoke(app, [*words, key], input="seven green bicycles\n")
        assert result.exit_code == status, result.output
    connection = sqlite3.connect(path)
    query = "SELECT a.key FROM person p JOIN agreement a ON a.id = p.agreement_id"
    assert connection.execute(query).fetchall() == [(DERBY,)]
    connection.close()
