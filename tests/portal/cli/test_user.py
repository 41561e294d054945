"""How people come to sign in, from the command line: invitations, links, ending sessions, resetting a second step."""

import re

import pytest
from typer.testing import CliRunner

from portal.cli.main import app
from portal.database import Database
from portal.errors import NotFound
from portal.services import factors, invitations, sessions
from tests.conftest import person
from tests.support.codes import enrol

ANN = "ann@portal.example"


@pytest.fixture(autouse=True)
def of_the_portal(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the demonstration's data; no mail is set up."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite_database.engine.url.render_as_string())
    for name in ("BASE_URL", "SMTP_URL", "MAIL_FOLDER", "SECRET_KEY"):
        monkeypatch.delenv(f"PORTAL_{name}", raising=False)


def run(*words: str, status: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["user", *words])
    assert done.exit_code == status, done.output
    return done.stdout, done.stderr


def test_an_invitation_prints_its_link_alone_and_a_newer_one_ends_it(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, beside = run("invite", ANN, "--role", "team", "--name", "Ann")
    assert re.fullmatch(r"/welcome/[\w-]{43}\n", out)
    assert "Put the portal's address before it" in beside
    first = out.strip().removeprefix("/welcome/")
    ann = person(sqlite_database, "ann")
    assert invitations.whose(sqlite_database, ann, first) == ANN
    monkeypatch.setenv("PORTAL_BASE_URL", "https://portal.example")
    out, beside = run("link", ANN)
    assert re.fullmatch(r"https://portal\.example/welcome/[\w-]{43}\n", out)
    assert "works once" in beside
    with pytest.raises(NotFound):
        invitations.whose(sqlite_database, ann, first)
    assert "already" in run("invite", ANN, "--role", "team", status=1)[1]
    assert "belongs to an organisation" in run("invite", "b@portal.example", "--role", "lead", status=1)[1]


def test_sessions_are_ended_and_a_second_step_is_reset_by_whoever_holds_the_machine(sqlite_database: Database) -> None:
    team = person(sqlite_database, "team")
    enrol(sqlite_database, team)
    token = sessions.begin(sqlite_database, team, factor=True)
    assert run("sign-out", team.email)[0] == f"Ended 1 session of {team.email}.\n"
    assert sessions.who_is(sqlite_database, token, "") is None
    assert factors.state(sqlite_database, team).since is not None
    assert run("factor-reset", team.email, "--reason", "Lost on a bus.")[0].startswith("Reset the second step")
    assert factors.state(sqlite_database, team).since is None
    assert "has no second step" in run("factor-reset", team.email, status=1)[1]
