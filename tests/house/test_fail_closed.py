"""What other programs of this kind take from their environment opens nothing here: switches that put the sign-in off,
debugging, and a missing key."""

from pathlib import Path

import pytest
from flask import Flask
from typer.testing import CliRunner

from portal.app import create_app
from portal.cli.main import app as commands
from portal.database import Database
from tests.conftest import settings
from tests.support import wire

OPENING = {
    "LOGIN_DISABLED": "1",
    "FLASK_LOGIN_DISABLED": "1",
    "DEBUG": "1",
    "FLASK_DEBUG": "1",
    "DASH_DEBUG": "1",
    "FLASK_ENV": "development",
    "FLASK_TESTING": "1",
    "SESSION_PROTECTION": "None",
    "WTF_CSRF_ENABLED": "False",
    "FLASK_WTF_CSRF_ENABLED": "false",
    "SECRET_KEY": "dev",
}


def answers(app: Flask) -> dict[str, int]:
    """What a stranger gets at every page and callback, and for a form that is not the portal's own."""
    client, portal = app.test_client(), app.extensions["portal"]
    found = {path: client.get(path).status_code for path in ("/returns", "/review", "/people", "/audit", "/sessions")}
    for name in ("open_period", "disable_account", "search_trail"):
        body = wire.body(app, name, {}, {"period": "2008-09-q3", "person": "team@portal.example"})
        found[name] = wire.post(app, client, body).status_code
    found["no token"] = client.post("/sign-in", data={"email": "x", "password": "y"}).status_code
    found["console"] = client.get("/console").status_code
    assert portal["dash"]._dev_tools.get("ui", False) in (False, None)
    return found


def test_no_variable_and_no_setting_of_flask_opens_anything(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = answers(create_app(settings(), sqlite_database))
    assert set(closed.values()) == {302, 401, 400, 404}
    for name, value in OPENING.items():
        monkeypatch.setenv(name, value)
    app = create_app(settings(), sqlite_database)
    assert (app.debug, app.testing, app.config["SECRET_KEY"]) == (False, False, "k" * 40)
    assert answers(app) == closed
    app.config.update(LOGIN_DISABLED=True, SESSION_PROTECTION=None)
    assert answers(app) == closed


def test_a_mistake_of_ours_shows_nothing_of_the_program_whatever_the_environment_says(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OPENING.items():
        monkeypatch.setenv(name, value)
    app = create_app(settings(), sqlite_database)
    monkeypatch.setitem(app.view_functions, "sign_in.form", lambda: 1 / 0)
    answer = app.test_client().get("/sign-in")
    assert (answer.status_code, "Traceback" in answer.text, "ZeroDivision" in answer.text) == (500, False, False)


@pytest.mark.parametrize("key", [None, "", "dev", "change-me", "x" * 31])
def test_serving_without_a_key_of_ones_own_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str | None
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    monkeypatch.delenv("PORTAL_SECRET_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("PORTAL_SECRET_KEY", key)
    done = CliRunner().invoke(commands, ["serve"])
    assert done.exit_code == 2
    assert done.output.startswith("Wrong setting: PORTAL_SECRET_KEY")
    assert "Traceback" not in done.output
