"""The portal's health, for machines that watch it."""

import shutil
from pathlib import Path

from flask import Flask

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
