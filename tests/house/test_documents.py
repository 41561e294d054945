"""What README.md and docs/ say is there: files, make targets, and every column of an agreement's files."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.rules.sessions import AT_MOST, IDLE, KEPT
from portal.cli.main import app
from portal.formats.agreement_csv import elsewhere, indicators, measures, proposals, returns, targets
from portal.formats.agreement_csv.columns import OPTIONAL, REQUIRED
from portal.formats.codes import RECOVERY_CODES, SKEW, STEP
from portal.formats.passwords import LONGEST, SHORTEST
from portal.records.factors import MOST_MISSES
from portal.records.patience import PER_ACCOUNT, PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, WINDOW
from portal.services.invitations import LIFE
from portal.settings import PREFIX, Settings, read_settings
from portal.words.settings import EXAMPLES

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FILES = ROOT / "docs" / "agreement-files.md"
_PATH = re.compile(
    r"(?<![\w./:-])((?:portal|models|layouts|callbacks|assets|tests|docs|deploy|requirements)/[\w./-]*\w/?)"
)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b(?=[`\s]|$)")
_WORDS = {
    ("indicators.csv", "group"): indicators.GROUPS,
    ("indicators.csv", "polarity"): indicators.POLARITIES,
    ("indicator_partners.csv", "role"): indicators.ROLES,
    ("measures.csv", "frequency"): measures.FREQUENCIES,
    ("measures.csv", "evidence"): measures.EVIDENCE,
    ("measures.csv", "tolerance_kind"): measures.TOLERANCE_KINDS,
    ("targets.csv", "state"): targets.STATES,
    ("returns_*.csv", "performance_printed"): returns.RATINGS,
    ("returns_*.csv", "no_value_reason"): returns.NO_VALUE,
    ("exceptions_*.csv", "field"): returns.FIELDS,
    ("area_figures.csv", "kind"): elsewhere.KINDS,
    ("lpsa2_proposals.csv", "state"): proposals.STATES,
}
"""The columns that take one of a few words."""


def code(text: str) -> str:
    """What a document shows as code: within a line, and indented."""
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(.+)$", text, re.MULTILINE)])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_is_there(path: Path) -> None:
    named = set(_PATH.findall(code(path.read_text("utf-8"))))
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


def test_every_document_is_linked_and_the_paths_are_found_at_all() -> None:
    named = set(_PATH.findall(code(DOCUMENTS[0].read_text("utf-8"))))
    assert {str(path.relative_to(ROOT)) for path in DOCUMENTS[1:]} <= named
    assert len(named) > 60


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_is_there(path: Path) -> None:
    targets_there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(_MAKE.findall(code(path.read_text("utf-8")))) <= targets_there


def described() -> dict[str, dict[str, str]]:
    """Every file that docs/agreement-files.md has a heading for, with what it says of each column."""
    sections = re.split(r"^### (\S+)$", FILES.read_text("utf-8"), flags=re.MULTILINE)[1:]
    rows = re.compile(r"^\| (\*?`\w+`\*?) \| (.+) \|$", re.MULTILINE)
    return {name: dict(rows.findall(body)) for name, body in zip(sections[::2], sections[1::2], strict=True)}


def test_every_file_of_an_agreement_is_described_column_by_column() -> None:
    """In the words of the template's workbook, which are said once."""
    layouts = REQUIRED | {name: layout for _, name, layout in OPTIONAL}
    assert {name: list(columns.items()) for name, columns in described().items()} == {
        name: [(f"*`{one.name}`*" if one.optional else f"`{one.name}`", one.says) for one in layout.described]
        for name, layout in layouts.items()
    }


@pytest.mark.parametrize("name", [*REQUIRED, *(name for _, name, _ in OPTIONAL)])
def test_a_column_that_may_be_left_out_stands_behind_the_others_and_every_file_is_explained(name: str) -> None:
    layout = (REQUIRED | {name: layout for _, name, layout in OPTIONAL})[name]
    assert [one.name for one in layout.described] == list(layout.all)
    assert layout.about
    assert set(layout.key) <= set(layout.columns)


@pytest.mark.parametrize(("file", "column"), _WORDS, ids=lambda one: one)
def test_the_words_that_a_column_takes_are_named(file: str, column: str) -> None:
    layout = (REQUIRED | {name: layout for _, name, layout in OPTIONAL})[file]
    offered = next(one.words for one in layout.described if one.name == column)
    assert set(offered) == {word for word in _WORDS[file, column] if word}
    said = next(text for name, text in described()[file].items() if name.strip("*`") == column)
    assert {word for word in _WORDS[file, column] if word and f"`{word}`" not in said} == set()


def test_every_setting_is_in_its_table_as_the_code_has_it() -> None:
    table = CliRunner().invoke(app, ["settings"]).stdout
    assert table in (ROOT / "docs" / "settings.md").read_text("utf-8"), "make it anew: portal settings"
    assert set(EXAMPLES) <= set(Settings.model_fields)
    for name, example in EXAMPLES.items():
        if name != "secret_key":
            assert read_settings({f"{PREFIX}{name.upper()}": example}), name


def test_the_metrics_and_the_security_events_that_are_named_are_there() -> None:
    running = (ROOT / "docs" / "running.md").read_text("utf-8")
    source = (ROOT / "portal/web/metrics.py").read_text("utf-8")
    made = set(re.findall(r'"(portal_\w+)"', source))
    named = {re.sub(r"_(total|bucket)$", "", one) for one in re.findall(r"\bportal_\w+\b", running)}
    assert named == made
    kept = "".join(path.read_text("utf-8") for path in (ROOT / "portal").rglob("*.py"))
    for event in re.findall(r"`((?:session|password|account|token):\w+)`", running):
        assert f'"{event}"' in kept, event


def test_what_is_said_of_signing_in_is_what_the_code_does() -> None:
    said = " ".join((ROOT / "docs" / "accounts.md").read_text("utf-8").split())
    minutes, hours = (int(span.total_seconds()) // unit for span, unit in ((IDLE, 60), (AT_MOST, 3600)))
    for sentence in (
        f"good once and for {LIFE.days} days",
        f"{SHORTEST} characters or more, {LONGEST} at most",
        f"ends after {minutes} minutes without a page, and after {hours} hours",
        f"After {MOST_MISSES} in a row",
        f"over for {KEPT.days} days are cleared away",
    ):
        assert sentence in said
    assert (RECOVERY_CODES, PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS, PER_ACCOUNT) == (10, 10, 50, 100)
    assert (timedelta(minutes=5), 30) == (WINDOW, STEP * SKEW)
    assert "Ten failures in five minutes for one account from one address, fifty from one address, or a hundred" in said
