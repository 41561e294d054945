"""The portal's health, for machines that watch it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from portal.app import create_app
from portal.clock import Clock
from portal.database import Database
from tests.conftest import TODAY, settings


def portal_over(folder: Path, template: Path) -> tuple[Flask, Database]:
    """A portal over a database in a folder of its own, with every connection given back."""
    folder.mkdir()
    shutil.copy(template, folder / "portal.sqlite")
    database = Database(f"sqlite:///{folder / 'portal.sqlite'}", Clock(TODAY))
    app = create_app(settings(), database)
    database.dispose()
    return app, database


def test_a_portal_that_works_says_so(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_tells_nothing_else(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert "sqlite" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_without_its_database_the_portal_is_not_healthy(sqlite_demo: Path, tmp_path: Path) -> None:
    app, database = portal_over(tmp_path / "gone", sqlite_demo)
    shutil.rmtree(tmp_path / "gone")
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text
    database.dispose()


def test_with_an_empty_database_in_its_place_the_portal_is_not_healthy(sqlite_demo: Path, tmp_path: Path) -> None:
    """SQLite makes a missing file anew without a word: every page but this one would fail."""
    app, database = portal_over(tmp_path / "emptied", sqlite_demo)
    for file in (tmp_path / "emptied").iterdir():
        file.unlink()
    assert app.test_client().get("/").status_code == 503
    assert app.test_client().get("/healthz").status_code == 503
    database.dispose()


def test_with_a_damaged_database_the_portal_is_not_healthy(sqlite_demo: Path, tmp_path: Path) -> None:
    app, database = portal_over(tmp_path / "damaged", sqlite_demo)
    for file in (tmp_path / "damaged").iterdir():
        file.unlink()
    (tmp_path / "damaged" / "portal.sqlite").write_bytes(b"this is no database " * 400)
    assert app.test_client().get("/healthz").status_code == 503
    database.dispose()


def test_it_is_well_again_when_its_database_is_back(sqlite_demo: Path, tmp_path: Path) -> None:
    app, database = portal_over(tmp_path / "away", sqlite_demo)
    (tmp_path / "away").rename(tmp_path / "elsewhere")
    assert app.test_client().get("/healthz").status_code == 503
    (tmp_path / "elsewhere").rename(tmp_path / "away")
    assert app.test_client().get("/healthz").status_code == 200
    database.dispose()


@pytest.fixture
def app(sqlite_database: Database) -> Flask:
    """One for each test: some say of it that it begins, or stops."""
    return create_app(settings(), sqlite_database)


def ready(app: Flask) -> tuple[int, object]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json


def test_a_portal_that_may_take_traffic_says_so_and_nothing_else(app: Flask) -> None:
    assert ready(app) == (200, {"status": "ready"})
    answer = app.test_client().get("/readyz")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_one_that_begins_or_stops_is_alive_and_not_ready(app: Flask) -> None:
    readiness = app.extensions["portal"]["readiness"]
    readiness.warm = False
    assert ready(app) == (503, {"status": "not ready", "reason": "starting"})
    readiness.warm = readiness.stopping = True
    assert ready(app) == (503, {"status": "not ready", "reason": "stopping"})
    assert app.test_client().get("/healthz").status_code == 200


def test_an_older_database_is_not_ready_and_a_newer_one_is(app: Flask) -> None:
    """While several hosts are upgraded the old program works on what the new one added to."""
    engine = app.extensions["portal"]["database"].engine

    def at(number: str) -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})

    at("0001")
    assert ready(app) == (503, {"status": "not ready", "reason": "migration"})
    assert app.test_client().get("/healthz").status_code == 200
    at("9999")
    assert ready(app) == (200, {"status": "ready"})
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert ready(app)[0] == 503


def test_without_its_database_it_is_not_ready(sqlite_demo: Path, tmp_path: Path) -> None:
    app, database = portal_over(tmp_path / "gone", sqlite_demo)
    shutil.rmtree(tmp_path / "gone")
    assert ready(app) == (503, {"status": "not ready", "reason": "database"})
    database.dispose()
