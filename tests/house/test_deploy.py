"""The files in deploy/ name only what is there: commands, options, settings, folders, files; and what is shipped has no
tests and no password in it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

from portal.cli.main import app as commands
from portal.settings import PREFIX, Settings
from portal.web.requests import TAKEN
from tests.house.test_access_matrix import ROUTES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVERS = [unit for unit in UNITS if unit.name in ("portal.service", "portal-work.service", "portal-backup.service")]
NEEDED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "DynamicUser": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def called(text: str) -> list[list[str]]:
    """How each `portal COMMAND ...` goes on."""
    plain = re.sub(r"#.*", "", text)
    return [
        found.split()
        for found in re.findall(r"(?:\S*/)?\bportal ((?:serve|work|migrate|backup|remind|check)\b[^\n'\"]*)", plain)
    ]


@pytest.mark.parametrize("path", [*UNITS, DEPLOY / "compose.yaml"], ids=lambda path: path.name)
def test_commands_and_their_options_are_there(path: Path) -> None:
    known = get_command(commands).commands  # type: ignore[attr-defined]
    for name, *words in called(path.read_text("utf-8")):
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, f"portal {name}"


def test_the_commands_are_found_at_all() -> None:
    assert [name for unit in SERVERS for name, *_ in called(unit.read_text("utf-8"))] == ["backup", "work", "serve"]
    assert [name for name, *_ in called(text_of("compose.yaml"))] == ["migrate", "serve", "work"]


@pytest.mark.parametrize("path", [path for path in DEPLOY.iterdir() if path.is_file()], ids=lambda path: path.name)
def test_settings_and_files_that_are_named_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    fields = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text)) <= fields
    for named in re.findall(r"\b(?:docs|deploy|requirements)/[\w./-]*\w", text):
        assert (ROOT / named).exists() or named.endswith((".env", ".password")), named


@pytest.mark.parametrize("path", SERVERS, ids=lambda path: path.name)
def test_each_unit_is_hardened_and_has_its_settings_from_a_file(path: Path) -> None:
    lines = dict(line.split("=", 1) for line in path.read_text("utf-8").splitlines() if re.match(r"\w+=", line))
    assert {name: lines.get(name) for name in NEEDED} == NEEDED
    assert lines["EnvironmentFile"] == "/etc/portal/portal.env"
    assert "SECRET" not in path.read_text("utf-8")


def test_the_proxy_is_the_one_that_the_portal_expects() -> None:
    text = text_of("nginx.conf")
    sent = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))
    assert sent == {
        "Host": "$host",
        "X-Forwarded-For": "$proxy_add_x_forwarded_for",
        "X-Forwarded-Proto": "$scheme",
        "X-Request-Id": "$request_id",
    }
    assert TAKEN.fullmatch("0f" * 16)  # as nginx writes $request_id
    assert text.count("{") == text.count("}")
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text


def test_over_plain_http_people_are_led_on_and_programs_are_refused() -> None:
    plain = text_of("nginx.conf").partition("listen 80;")[2]
    answers = dict(re.findall(r"location (\S+) \{\s*return (\d+)", plain))
    assert answers == {"/": "301", "/api/": "403"}
    assert "proxy_pass" not in plain


def test_the_image_holds_what_runs_and_starts_as_nobody() -> None:
    text = text_of("Containerfile")
    sources = set(re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE))
    named = {one for line in sources for one in line.split()}
    assert all((ROOT / one).exists() for one in named)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert named == allowed
    assert "--require-hashes -r requirements/run.lock" in text
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER portal$", last, re.MULTILINE)
    (probe,) = re.findall(r"http://127\.0\.0\.1:8050(/\w+)", last)
    assert ("GET", probe) in ROUTES
    start = json.loads(re.findall(r"^CMD (\[.+\])$", last, re.MULTILINE)[-1])
    assert start == ["serve", "--host", "0.0.0.0", "--port", "8050"]
    assert {line.split()[1] for line in text.splitlines() if line.startswith("FROM ")} == {"python:3.11-slim"}


def test_the_services_of_the_containers_are_the_ones_that_docs_name() -> None:
    text = text_of("compose.yaml")
    services = re.findall(
        r"^  (\w+):\n(?=    )", text.partition("\nservices:")[2].partition("\nsecrets:")[0], re.MULTILINE
    )
    assert services == ["database", "migrate", "web", "work"]
    for said in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "--workers 2"):
        assert said in text
    assert re.search(r"^/?deploy/\*\.env$", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)


def test_what_is_shipped_has_no_tests_and_no_password_of_the_demonstration(tmp_path: Path) -> None:
    """As ASVS 15.2.3 has it. The demonstration's own command makes its accounts, with a password of their own each time."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as parts:
        names = parts.namelist()
        written = [name for name in names if b"a long demo password" in parts.read(name)]
    folders = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert folders == {"portal", "callbacks", "layouts", "models", "assets"}
    assert [name for name in names if "test" in Path(name).name and not name.endswith(".csv")] == []
    assert written == []
    for needed in ("portal/templates/base.html", "portal/data/leicester/measures.csv", "models/migrations/env.py"):
        assert needed in names
