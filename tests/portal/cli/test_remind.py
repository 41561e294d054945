"""`portal remind`: printed where nothing is set, into a folder, by SMTP; its exit codes and its settings."""

import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from portal.cli.main import app
from tests.support.post import BASE, KEY, SENDER, mail_server

DAY = ("--as-of", "2009-01-31")


@pytest.fixture
def environment(sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    shutil.copy(sqlite_demo, tmp_path / "portal.sqlite")
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'portal.sqlite'}")
    return monkeypatch


def run(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["remind", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == status, result.output
    return result


def test_a_dry_run_says_to_whom_and_does_nothing(environment: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        said = run(*DAY, "--dry-run").stdout
        assert "would write 11 reminders" in said
        assert "police@portal.example: Overdue: 2 returns" in said
        assert "Dear" not in said


def test_where_nothing_is_set_messages_are_printed_and_it_says_so(environment: pytest.MonkeyPatch) -> None:
    said = run(*DAY).stdout
    assert "messages are printed here, and not sent" in said
    assert "PORTAL_BASE_URL is not set" in said
    assert "To: Lead of Leicestershire Constabulary <police@portal.example>" in said
    assert "11 messages were printed, not sent." in said
    again = run(*DAY).stdout
    assert "nobody needs to be reminded of anything" in again
    assert "Dear" not in again


def test_into_a_folder_each_message_is_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    environment.setenv("PORTAL_MAIL_FOLDER", str(folder))
    environment.setenv("PORTAL_BASE_URL", BASE)
    assert "11 messages were written into a file." in run(*DAY).stdout
    files = sorted(folder.iterdir())
    assert [path.suffix for path in files] == [".eml"] * 11
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    assert {str(message["Message-ID"]).partition("@")[0][1:] for message in read} == {path.stem for path in files}
    (police,) = [message for message in read if "<police@portal.example>" in message["To"]]
    assert f"{BASE}/returns/" in police.get_content()


def test_a_folder_that_takes_nothing_is_a_failure_and_loses_nothing(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    environment.setenv("PORTAL_MAIL_FOLDER", str(tmp_path / "mail"))
    found = run(*DAY, status=1)
    assert "takes no file" in found.stdout
    assert "11 messages still wait." in found.stdout
    (tmp_path / "mail").unlink()
    assert "11 messages were written into a file." in run(*DAY).stdout


def by_smtp(environment: pytest.MonkeyPatch, port: int) -> None:
    environment.setenv("PORTAL_SMTP_URL", f"smtp://127.0.0.1:{port}")
    environment.setenv("PORTAL_MAIL_FROM", SENDER)
    environment.setenv("PORTAL_BASE_URL", BASE)
    environment.setenv("PORTAL_SECRET_KEY", KEY)


def test_by_smtp_it_ends_with_1_when_something_failed_and_with_0_when_all_went_out(
    environment: pytest.MonkeyPatch,
) -> None:
    with mail_server(answers={"RCPT": ["550 no such mailbox", "451 later"]}) as server:
        by_smtp(environment, server.port)
        found = run(*DAY, status=1)
        assert "9 messages were sent by e-mail." in found.stdout
        assert "550 no such mailbox It is given up." in found.stdout
        assert "451 later It is tried again." in found.stdout
        assert "Not everything could be sent." in found.stderr
        assert "0 messages were sent by e-mail." in run(*DAY).stdout
    by_smtp(environment, server.port)  # which is gone
    found = run("--as-of", "2009-02-07", status=1)
    assert "cannot be reached" in found.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"PORTAL_SMTP_URL": "http://mail"}, "PORTAL_SMTP_URL: is not a mail server"),
        ({"PORTAL_SMTP_URL": "smtp://:secret@"}, "PORTAL_SMTP_URL: is not a mail server"),
        ({"PORTAL_MAIL_FROM": "Portal <a@b.example>"}, "PORTAL_MAIL_FROM: is not an e-mail address"),
        ({"PORTAL_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "PORTAL_MAIL_FROM: is not an e-mail address"),
        ({"PORTAL_BASE_URL": "portal.example"}, "PORTAL_BASE_URL: is not the address of a site"),
        ({"PORTAL_BASE_URL": "https://portal.example/?a"}, "PORTAL_BASE_URL: is not the address of a site"),
        (
            {"PORTAL_SMTP_URL": "smtp://mail.example"},
            "PORTAL_SMTP_URL is set, but not PORTAL_MAIL_FROM and PORTAL_BASE_URL and PORTAL_SECRET_KEY",
        ),
    ],
)
def test_a_wrong_setting_ends_with_2_and_says_which(
    environment: pytest.MonkeyPatch, changes: dict[str, str], said: str
) -> None:
    for name, value in changes.items():
        environment.setenv(name, value)
    found = run(*DAY, status=2)
    assert said in found.stderr
    assert "secret@" not in found.stderr


def test_two_ways_at_once_are_refused(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    by_smtp(environment, 25)
    environment.setenv("PORTAL_MAIL_FOLDER", str(tmp_path))
    assert "reminders go one way" in run(*DAY, status=2).stderr


def test_a_day_that_is_none_and_an_agreement_that_is_not_there(environment: pytest.MonkeyPatch) -> None:
    assert "2009-02-30" in run("--as-of", "2009-02-30", status=2).stderr
    run("--agreement", "nowhere", status=1)
