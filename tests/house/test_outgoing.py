"""Whatever goes out as a file goes through a service that asks the policy, and a data file has the same bytes each time."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import services
from portal.app import create_app
from portal.database import Database
from portal.web.doors import access_of
from tests.conftest import settings, sign_in

ROOT = Path(services.__file__).parents[1]
ENDINGS = (".csv", ".json", ".xlsx", ".pdf", ".docx", ".txt", ".atom")
FILES = {
    "/api/v1/editions.csv": ("/api/v1/editions.csv", None),
    "/api/v1/editions/<int:number>.csv": ("/api/v1/editions/1.csv", None),
    "/api/v1/scorecard.csv": ("/api/v1/scorecard.csv", None),
    "/audit.csv": ("/audit.csv?to=2009-01-19", "team"),
    "/editions.atom": ("/editions.atom", None),
    "/editions/<int:number>.csv": ("/editions/1.csv", None),
    "/editions/<int:number>.csv-metadata.json": ("/editions/1.csv-metadata.json", None),
    "/editions/<int:number>.json": ("/editions/1.json", None),
    "/editions/<int:number>.xlsx": ("/editions/1.xlsx", None),
    "/memorandum.csv": ("/memorandum.csv", None),
    "/memorandum/<int:number>.csv": ("/memorandum/1.csv", None),
    "/editions/<int:number>/newsletter.txt": ("/editions/1/newsletter.txt", None),
}
"""Every route that sends out data as a file, with an address of it and who may read it: None for everybody."""
DOCUMENTS = {
    "/annual-review/<year>/self-assessment.docx",
    "/annual-review/<year>/self-assessment.pdf",
    "/editions/<int:number>.pdf",
    "/exceptions.docx",
    "/packs/<int:number>.docx",
    "/packs/<int:number>.pdf",
    "/returns/workbook.xlsx",
    "/returns/workbook/<int:number>.xlsx",
}
"""Those that send out documents to be read or filled in, and what somebody filled in themselves."""
NO_DATA = {"/api/v1/openapi.json"}
"""Those in which there is nothing of an agreement."""


def rules_of(app: Flask) -> set[str]:
    """The routes that send out a file."""
    found = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {rule for rule in found if rule.endswith(ENDINGS)}


def test_every_route_that_sends_out_a_file_is_known_here(app: Flask) -> None:
    assert rules_of(app) - NO_DATA == {*FILES, *DOCUMENTS}


def test_each_has_an_action_and_what_is_not_public_is_refused_to_the_public(
    app: Flask, client_of: Callable[[str | None], FlaskClient]
) -> None:
    access = {rule.rule: access_of(app, rule) for rule in app.url_map.iter_rules() if rule.rule in rules_of(app)}
    assert all(access.values())
    client = client_of(None)
    for rule, (address, reader) in FILES.items():
        status = client.get(address).status_code
        assert (status == 200) is (reader is None), (rule, status)


def test_data_files_have_the_same_bytes_when_asked_twice_and_after_a_restart(
    app: Flask, sqlite_database: Database, client_of: Callable[[str | None], FlaskClient]
) -> None:
    first = {address: client_of(reader).get(address).data for address, reader in FILES.values()}
    assert all(first.values())
    assert {address: client_of(reader).get(address).data for address, reader in FILES.values()} == first
    again = create_app(settings(), Database(sqlite_database.engine.url.render_as_string(), sqlite_database.clock))
    assert {address: sign_in(again, reader).get(address).data for address, reader in FILES.values()} == first


def views(module: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a module that answer a GET."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "get"
            for one in node.decorator_list
        ):
            yield node


def from_services(module: Path) -> set[str]:
    """What a module knows of the services, by the names that it uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal.services"):
            found |= {name.asname or name.name for name in node.names}
    return found


SENDING = [
    *("public/open_data.py", "public/memorandum.py", "public/trail.py", "public/review_files.py"),
    *("public/exception_files.py", "public/pack_files.py", "public/workbooks.py", "rest/scorecard.py"),
]
DESCRIBING = {"rest/described.py", "rest/description.py"}
"""What says of the API which files it sends."""


@pytest.mark.parametrize("name", SENDING)
def test_each_view_that_sends_a_file_calls_a_service_and_states_its_action(name: str) -> None:
    module = ROOT / name
    known = from_services(module)
    helpers = {
        node.name: node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    found = list(views(module))
    assert found
    for view in found:
        doors = [
            one.func.id for one in view.decorator_list if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        ]
        assert {"needs", "operation"} & {*doors}, view.name
        used = {node.id for node in ast.walk(view) if isinstance(node, ast.Name)}
        for helper in used & set(helpers):
            used |= {node.id for node in ast.walk(helpers[helper]) if isinstance(node, ast.Name)}
        assert used & known, view.name


def test_all_modules_that_send_files_are_looked_at() -> None:
    marks = ("Content-Disposition", "text/csv", "_kept(", "send_file")
    modules = [*(ROOT / "public").glob("*.py"), *(ROOT / "rest").glob("*.py")]
    sending = {str(one.relative_to(ROOT)) for one in modules if any(mark in one.read_text("utf-8") for mark in marks)}
    assert sending - DESCRIBING == set(SENDING)


def test_commands_write_no_file_but_an_agreements_and_packs_and_those_from_services() -> None:
    sources = {one.name: one.read_text("utf-8") for one in (ROOT / "cli").glob("*.py")}
    writing = {name for name, source in sources.items() if ".write_bytes(" in source or ".write_text(" in source}
    assert writing == {"files.py", "pack.py"}
    assert "in written(database(), operator(agreement)" in sources["pack.py"]
    assert from_services(ROOT / "work" / "briefing.py") > {"themes", "indicator_page"}
    tree = ast.parse((ROOT / "cli" / "files.py").read_text("utf-8"))
    called = {
        node.name: {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for name, calls in called.items() if "_write" in calls} == {"template", "export"}
    assert "exports.export_agreement" in called["export"]
    assert "database" not in called["template"]  # nothing of any agreement is in it
