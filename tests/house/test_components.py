"""What the portal is made of: no part older than the first one that is safe, no secret among the files, nothing loaded from
elsewhere, and a list of it all that is as the locks have it."""

import re
import subprocess
from pathlib import Path

import pytest

from portal.settings import Settings
from tests.support.written_tables import MADE, ROOT, browser_parts, made_part, pins, version

SAFE = {
    "authlib": ("1.6.5", "signed tokens with a header that must be understood: CVE-2025-59420, CVE-2025-61920"),
    "certifi": ("2024.7.4", "roots that are not trusted any more: CVE-2024-39689"),
    "cryptography": ("44.0.1", "OpenSSL: CVE-2024-12797"),
    "dash": ("4.4.1", "addresses that run: CVE-2024-21485; handles of background work that nobody signed"),
    "defusedxml": ("0.7.1", "openpyxl asks for it, to read no entities"),
    "flask": ("3.1.3", "answers kept for somebody else: CVE-2023-30861, CVE-2026-27205; the key of a signature"),
    "gunicorn": ("23.0.0", "requests inside of requests: CVE-2024-1135, CVE-2024-6827"),
    "idna": ("3.7", "time that grows with the square of a name: CVE-2024-3651"),
    "jinja2": ("3.1.6", "ways out of its sandbox: CVE-2025-27516"),
    "lxml": ("4.9.1", "markup that falls over: CVE-2022-2309"),
    "openpyxl": ("3.1.5", "the one that was tried with tests/portal/formats/test_safe_xlsx.py"),
    "plotly": ("7.1.0", "its plotly.js: CVE-2023-46308"),
    "requests": ("2.32.4", "passwords sent elsewhere: CVE-2024-47081"),
    "setuptools": ("78.1.1", "files written elsewhere: CVE-2025-47273"),
    "urllib3": ("2.6.0", "answers that unpack without end: CVE-2025-66418, CVE-2025-66471"),
    "werkzeug": ("3.1.6", "names of devices, forms without end: CVE-2024-49767, CVE-2025-66221, CVE-2026-27199"),
}
"""The oldest version of each part that is safe, and what was wrong before."""
SAFE_IN_BROWSERS = {"plotly.js": "2.25.2", "Bootstrap's style sheet": "5.3.0", "React": "16.14.0"}
NOT_USED = {
    "dash-auth": "a renamed input got past it",
    "flask-caching": "reads pickles",
    "flask-session": "reads pickles, and keeps a session's name at sign-in",
    "reportlab": "ran code out of a colour: CVE-2023-33733",
    "pyyaml": "nothing is kept in it",
    "dash-ag-grid": "its cells may hold code",
}
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bxox[abprs]-|\beyJ[\w-]{20,}\.eyJ|"
    r"\bportal_[\w-]{43}\b|://[^/\s:@'\"{}]+:(?!PASSWORD|secret|se%20cret|x\b)[^/\s:@'\"{}$]{6,}@"
)
"""Keys and tokens as their makers write them, and a password within an address."""
GIVEN = re.compile(r"""(?:password|secret|token|key)\w*\s*=\s*["']([^"'\s]{12,})["']""", re.IGNORECASE)
"""A text that a program gives to something that is called a secret."""


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = [ROOT / line for line in listed.splitlines()]
    return [
        path for path in files if path.is_file() and path.suffix not in (".webp", ".lock") and ".min." not in path.name
    ]


@pytest.mark.parametrize("lock", ["run", "test"])
def test_no_part_is_older_than_the_first_that_is_safe(lock: str) -> None:
    there = pins(lock)
    assert SAFE.keys() <= there.keys()
    assert {name: there[name] for name, (least, _) in SAFE.items() if version(there[name]) < version(least)} == {}


def test_what_is_not_used_is_not_there() -> None:
    assert pins().keys() & NOT_USED.keys() == set()


def test_what_browsers_are_given_is_new_enough() -> None:
    parts = browser_parts()
    assert parts.keys() == SAFE_IN_BROWSERS.keys()
    assert {
        name: parts[name] for name, least in SAFE_IN_BROWSERS.items() if version(parts[name]) < version(least)
    } == {}


def test_versions_are_compared_as_numbers() -> None:
    assert version("3.1.10") > version("3.1.9") > version("3.1") > version("2.99")


@pytest.mark.parametrize("name", MADE)
def test_what_a_document_has_of_the_code_is_as_the_code_has_it(name: str) -> None:
    assert made_part((ROOT / name).read_text("utf-8")) == MADE[name](), "run `make tables`"


def test_nothing_is_loaded_from_another_site() -> None:
    """By no page, no style sheet and no script of ours."""
    elsewhere = re.compile(r"""(?:src|href)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import|\bcdn\.""")
    links = re.compile(r"""<a\b[^>]*href=["']https?://[^>]*>""")
    files = [
        *(ROOT / "portal/templates").glob("*.html"),
        *(ROOT / "assets").glob("*.css"),
        *(ROOT / "layouts").glob("*.py"),
    ]
    found = [path.name for path in files if elsewhere.search(links.sub("", path.read_text("utf-8")))]
    assert found == []


def test_no_committed_file_holds_a_secret() -> None:
    found = []
    for path in committed():
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if SECRETS.search(line) and path != Path(__file__):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def test_no_program_gives_a_password_or_a_key_of_its_own() -> None:
    found = {
        said
        for folder in ("portal", "callbacks", "layouts", "models")
        for path in (ROOT / folder).rglob("*.py")
        for said in GIVEN.findall(path.read_text("utf-8"))
    }
    assert found == {"password:change", "partnership-team", "portal.request"}, "is that a secret? Else name it here"
    empty = Settings()
    assert (empty.secret_key, empty.demo_password, empty.smtp_url) == (None, None, None)


def test_a_secret_would_be_found() -> None:
    fake = "portal_" + "aB3" * 14 + "x"
    lines = [
        f'TOKEN = "{fake}"',
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "postgresql://portal:hunter2hunter2@db/portal",
    ]
    assert all(SECRETS.search(line) for line in lines)
    assert GIVEN.findall('PASSWORD = "correct-horse-battery"') == ["correct-horse-battery"]
