"""Another partnership's first hour, as docs/setting-up.md tells it: every command, from an empty machine to an edition."""

import os
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from typer.testing import CliRunner

from portal.app import create_app
from portal.cli.main import app
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.settings import Settings

DOCUMENT = Path(__file__).parents[3] / "docs" / "setting-up.md"
TODAY = date(2008, 10, 20)
PASSWORD = "seven green bicycles"
RUN = re.compile(r"^ {4}\.venv/bin/portal (.+)$", re.MULTILINE)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and no settings but a database in it and a day on which a quarter has just ended."""
    for variable in list(os.environ):
        if variable.startswith("PORTAL_"):
            monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_DATABASE_URL", "sqlite:///portal.sqlite")
    monkeypatch.setenv("PORTAL_TODAY", TODAY.isoformat())
    return tmp_path


def portal(*words: str, typed: str = "") -> str:
    """Run a command, which succeeds; answers what it says."""
    result = CliRunner().invoke(app, list(words), input=typed)
    assert result.exit_code == 0, f"{words}: {result.output}"
    return result.stdout


def commands() -> Iterator[list[str]]:
    """The page's commands in their order, but for the server."""
    found = [shlex.split(line) for line in RUN.findall(DOCUMENT.read_text("utf-8"))]
    assert [words[0] for words in found] == [
        *("migrate", "template", "template", "load", "user", "user", "user", "period", "serve", "publish", "export")
    ]
    return (words for words in found if words[0] != "serve")


def fill(empty: Path, example: Path) -> None:
    """As a person would: sheet by sheet, row by row, with numbers as numbers; and without the sheets that stay empty."""
    book, said = load_workbook(empty), load_workbook(example)
    for name in said.sheetnames:
        if name in ("Read me", "Columns"):
            continue
        sheet = book[name]
        heads = {cell.value: cell.column for cell in sheet[1]}
        named = [cell.value for cell in said[name][1]]
        for number, row in enumerate(said[name].iter_rows(min_row=2, values_only=True), 2):
            for head, value in zip(named, row, strict=True):
                if value is not None:
                    sheet.cell(number, heads[head], value)
    for name in set(book.sheetnames) - set(said.sheetnames):
        del book[name]
    book.save(empty)


def send(server: Flask, email: str, method: str, path: str, **said: str) -> dict[str, object]:
    """One request to the API with a token that the command line gives out."""
    headers = {"Authorization": f"Bearer {portal('token', email).strip()}"}
    client = server.test_client()
    if method == "PUT":
        headers["If-Match"] = client.get(f"/api/v1{path}", headers=headers).headers["ETag"]
    answer = client.open(f"/api/v1{path}", method=method, headers=headers, json=said)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_every_command_of_the_page_in_its_order(machine: Path) -> None:
    told = {}
    for words in commands():
        if words[0] == "load":
            fill(machine / "wyremouth.xlsx", machine / "example.xlsx")
        if words[0] == "publish":
            returned(machine)
        told[" ".join(words[:2])] = portal(*words, typed=f"{PASSWORD}\n")
    assert "Loaded Wyremouth Local Area Agreement 2008-11: 1 agreement, 3 organisations" in told["load wyremouth.xlsx"]
    assert "52 figures from before the agreement" in told["load wyremouth.xlsx"]
    assert told["publish 2008-09-q2"].startswith("Published edition 1.")
    assert "Wyremouth Local Area Agreement 2008-11" in told["export copy.xlsx"]
    copy = read_agreement(machine / "copy.xlsx")
    assert copy.agreement is not None
    figures = [(one.measure, str(one.value)) for one in copy.agreement.returns if one.period == "2008/09 Q2"]
    assert figures == [("NI 16", "19.8")]
    database = Database("sqlite:///portal.sqlite", Clock(TODAY))
    public = create_app(Settings(secret_key="k" * 40, today=TODAY), database).test_client()
    assert "19.8" in public.get("/").text
    database.dispose()


def returned(machine: Path) -> None:
    """The sergeant signs in, returns a figure, and Ann, who is not the sergeant, verifies it."""
    database = Database("sqlite:///portal.sqlite", Clock(TODAY))
    server = create_app(Settings(secret_key="k" * 40, today=TODAY), database)
    place = "/returns/2008-09-q2/ni-16"
    send(server, "sergeant@wyremouth.example", "PUT", place, value="19.8", commentary="Fewer burglaries.")
    send(server, "sergeant@wyremouth.example", "POST", f"{place}/submit")
    verified = send(server, "ann@wyremouth.example", "POST", f"{place}/verify")
    assert (verified["state"], verified["rating_by_rule"]) == ("verified", "within")
    database.dispose()


def test_nothing_that_is_there_is_ever_overwritten(machine: Path) -> None:
    portal("template", "empty", "--year", "2009/10")
    assert (machine / "empty" / "returns_2009_10_q1.csv").exists()
    for path in ("empty", "empty/themes.csv"):
        result = CliRunner().invoke(app, ["template", path])
        assert result.exit_code == 1
        assert f"{path} is there already: name a new one." in result.stderr
    assert CliRunner().invoke(app, ["template", "other", "--year", "2009"]).exit_code == 2


def test_what_is_wrong_in_a_workbook_is_told_and_nothing_is_loaded(machine: Path) -> None:
    portal("migrate")
    portal("template", "example.xlsx", "--example")
    book = load_workbook("example.xlsx")
    book["targets"]["D2"] = "=1+1"
    book["indicators"]["C2"] = "nowhere"
    book.save("example.xlsx")
    result = CliRunner().invoke(app, ["load", "example.xlsx"])
    assert result.exit_code == 1
    assert "problem: sheet targets row 2, column low: is a formula" in result.stderr
    assert "problem: sheet indicators row 2, column theme: nowhere is not in sheet themes." in result.stderr
    assert CliRunner().invoke(app, ["export", "copy"]).exit_code == 1
    assert not Path("copy").exists()
