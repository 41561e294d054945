"""The commands of `portal`: what each does, what it prints, and that a refusal is a sentence and writes nothing."""

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from typer.testing import CliRunner

from portal.app import create_app
from portal.cli.main import app
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.formats.passwords import matches
from portal.settings import package_data
from portal.words.dates import day
from tests.conftest import TODAY
from tests.conftest import settings as of_the_test
from tests.support.breaking import spoil

LEICESTER = package_data("leicester")
PASSWORD = "seven green bicycles"
KEY = "k" * 40


@dataclass(frozen=True)
class Portal:
    """The command line over one database."""

    path: Path

    def __call__(self, *words: str | Path, typed: str = "", status: int = 0) -> Result:
        """Run a command, which ends with this status and never with a traceback."""
        result = CliRunner().invoke(app, [str(word) for word in words], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert result.exit_code == status, result.output
        return result

    def refused(self, *words: str | Path, typed: str = "") -> str:
        """Run a command that is refused and writes nothing; answers what it says."""
        before = self.held()
        said = self(*words, typed=typed, status=1).stderr
        assert self.held() == before
        return said

    def held(self) -> str:
        """A fingerprint of everything in the database."""
        if not self.path.exists():
            return ""
        with sqlite3.connect(self.path) as connection:
            lines = "\n".join(connection.iterdump())
        connection.close()
        return hashlib.sha256(lines.encode()).hexdigest()

    def ask(self, query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path)
        with connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return found

    def web(self) -> Flask:
        return create_app(of_the_test(), Database(f"sqlite:///{self.path}", Clock(TODAY)))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only the settings that a test makes, and a folder of its own to stand in."""
    for variable in list(os.environ):
        if variable.startswith("PORTAL_"):
            monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


def over(path: Path, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{path}")
    return Portal(path)


def where(portal: Portal) -> str:
    """What is said where the reason may be that the database is another than was meant."""
    return f"The database is sqlite:///{portal.path}; set PORTAL_DATABASE_URL for another one.\n"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Portal:
    """No database at all yet."""
    return over(tmp_path / "portal.sqlite", monkeypatch)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two databases to be copied: one migrated, and one with Leicester's agreement loaded as well."""
    folder = tmp_path_factory.mktemp("templates")
    with pytest.MonkeyPatch.context() as patch:
        for variable in list(os.environ):
            if variable.startswith("PORTAL_"):
                patch.delenv(variable)
        for name in ("migrated", "loaded"):
            portal = over(folder / f"{name}.sqlite", patch)
            portal("migrate")
            if name == "loaded":
                said = portal("load", LEICESTER)
                (folder / "said.txt").write_text(said.stdout)
            sqlite3.connect(portal.path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    return folder


@pytest.fixture
def migrated(templates: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Portal:
    """A database with tables and nothing in them."""
    shutil.copy(templates / "migrated.sqlite", tmp_path / "portal.sqlite")
    return over(tmp_path / "portal.sqlite", monkeypatch)


@pytest.fixture
def loaded(templates: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Portal:
    """A database with Leicester's agreement, and no account."""
    shutil.copy(templates / "loaded.sqlite", tmp_path / "portal.sqlite")
    return over(tmp_path / "portal.sqlite", monkeypatch)


@pytest.fixture
def demo(sqlite_demo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Portal:
    """A database with the demonstration's accounts."""
    shutil.copy(sqlite_demo, tmp_path / "portal.sqlite")
    return over(tmp_path / "portal.sqlite", monkeypatch)


# --- migrate ----------------------------------------------------------------------------------------------


def test_migrate_makes_the_tables(bare: Portal) -> None:
    assert bare("migrate").stdout == "The database is ready.\n"
    assert ("returns",) in bare.ask("SELECT name FROM sqlite_master")


def test_unless_told_otherwise_the_database_is_under_var_which_is_made(tmp_path: Path) -> None:
    portal = Portal(tmp_path / "var" / "portal.sqlite")
    portal("migrate")
    assert ("returns",) in portal.ask("SELECT name FROM sqlite_master")


def test_no_other_folder_is_made_for_a_database_as_its_name_may_be_misspelt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = over(tmp_path / "daat" / "portal.sqlite", monkeypatch).refused("migrate")
    assert said == (
        f"{tmp_path}/daat cannot be used: there is no such folder; make it first, or correct PORTAL_DATABASE_URL.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_migrate_again_changes_nothing(loaded: Portal) -> None:
    before = loaded.held()
    assert loaded("migrate").stdout == "The database is ready.\n"
    assert loaded.held() == before


# --- load -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Leicester's files, to be spoilt."""
    shutil.copytree(LEICESTER, tmp_path / "leicester")
    return tmp_path / "leicester"


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Put one text for another in a file, where it stands exactly once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_load_brings_in_all_of_leicesters_agreement(loaded: Portal) -> None:
    tables = ("organisation", "theme", "indicator", "measure", "target", "milestone", "period", "returns")
    assert [loaded.ask(f"SELECT count(*) FROM {table}")[0][0] for table in tables] == [20, 8, 58, 59, 354, 50, 57, 25]
    assert loaded.ask("SELECT count(*) FROM indicator_terms WHERE lead_id IS NULL") == [(8,)]
    assert loaded.ask("SELECT count(*) FROM indicator_terms WHERE placeholder AND version_id = 1") == [(11,)]
    assert loaded.ask("SELECT count(*) FROM indicator_terms WHERE placeholder AND version_id = 2") == [(0,)]
    assert loaded.ask("SELECT count(*) FROM signed_up") == [(68,)]


def test_load_says_what_it_brought(templates: Path) -> None:
    said = (templates / "said.txt").read_text().splitlines()[-1]
    assert said.startswith("Loaded Leicester Local Area Agreement 2008-11: ")
    for counted in (
        "20 organisations,",
        "8 themes,",
        "58 indicators,",
        "59 measures,",
        "354 targets,",
        "2 versions,",
        "25 returns,",
        "4 half-years' shares,",
        "14 commitments of money,",
        "2 printed totals of money,",
        "12 proposals,",
        "69 corporate outcomes,",
        "71 links of proposals to outcomes,",
        "21 texts of annual reviews,",
    ):
        assert counted in said


def test_load_prints_the_sources_disagreements_as_notes(templates: Path) -> None:
    said = (templates / "said.txt").read_text()
    notes = [line for line in said.splitlines() if line.startswith("note: ")]
    assert len(notes) == len(read_agreement(LEICESTER).notes)
    assert len(notes) >= 8
    for place in ("funding.csv line 9, column note: ", "performance_history_2006_09.csv line 3: "):
        assert any(line.startswith(f"note: {place}") for line in notes)


def test_load_is_one_event_of_the_audit_trail(loaded: Portal) -> None:
    assert loaded.ask("SELECT action, who FROM audit_event") == [("agreement:change", "command line")]


def test_a_second_load_changes_nothing(loaded: Portal) -> None:
    before = loaded.held()
    said = loaded("load", LEICESTER).stdout.splitlines()
    notes = len(read_agreement(LEICESTER).notes)
    assert said == [f"{notes} notes on the files, which --notes prints.", "Everything was loaded already: no change."]
    again = loaded("load", LEICESTER, "--notes").stdout.splitlines()
    assert len([line for line in again if line.startswith("note: ")]) == notes
    assert loaded.held() == before


def test_a_broken_folder_is_refused_with_every_problem_and_its_place(migrated: Portal, folder: Path) -> None:
    change(folder, "indicators.csv", "NI 50,Emotional health of children,children,", "NI 50,Emotional health,childern,")
    change(folder, "indicator_partners.csv", "NI 54,lcc,lead", "NI 54,council,lead")
    change(folder, "measures.csv", "NI 56,NI 56,,19.6,", "NI 56,NI 56,,about 20,")
    change(folder, "targets.csv", "NI 50,2009/10,set,66.4,66.4,66.4%*,", "NI 50,2009/10,set,68.4,66.4,66.4%*,")
    change(folder, "returns_2008_09_q2.csv", "NI 16,2.42,2.14,", "NI 1600,2.42,2.14,")
    said = migrated.refused("load", folder)
    for place in (
        "problem: indicators.csv line 2, column theme: ",
        "problem: indicator_partners.csv line 3, column organisation: ",
        "problem: measures.csv line 4, column baseline_value: ",
        "problem: targets.csv line 3, column low: ",
        "problem: returns_2008_09_q2.csv line 2, column measure: ",
    ):
        assert place in said
    told = [line for line in said.splitlines() if line.startswith("problem: ")]
    assert said.splitlines()[-1] == f"{len(told)} problems, so nothing was loaded."


def test_one_problem_is_not_problems(migrated: Portal, folder: Path) -> None:
    change(folder, "targets.csv", "NI 50,2009/10,set,66.4,66.4,66.4%*,", "NI 50,2009/10,set,68.4,66.4,66.4%*,")
    assert migrated.refused("load", folder).splitlines()[-1] == "1 problem, so nothing was loaded."


def test_a_folder_that_is_not_there_is_a_problem(migrated: Portal) -> None:
    assert "no-such-folder: is not a folder." in migrated.refused("load", "no-such-folder")


def test_a_folder_without_files_is_a_problem_for_each(migrated: Portal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = migrated.refused("load", tmp_path / "empty")
    for name in ("themes.csv", "organisations.csv", "indicators.csv", "measures.csv", "targets.csv"):
        assert f"problem: {name}: is missing." in said


@dataclass(frozen=True)
class Change:
    """Another word in a file than the one that was loaded, and where it is to be told."""

    file: str
    old: str
    new: str
    place: str
    says: str
    held: str


CHANGES = [
    Change(
        *("indicators.csv", "NI 50,Emotional health of children,", "NI 50,Emotional wellbeing,"),
        *("indicators.csv line 2, column title", "Emotional wellbeing", "Emotional health of children"),
    ),
    Change(
        *("indicators.csv", "NI 54,Services for disabled children,children,"),
        *("NI 54,Services for disabled children,safer,", "indicators.csv line 3, column theme", "safer", "children"),
    ),
    Change(
        *("indicators.csv", "19.6 % of children in year 6 with", "19.7 % of children in year 6 with"),
        *("indicators.csv line 4, column baseline_printed", "19.7 %", "19.6 %"),
    ),
    Change(
        *("indicators.csv", "higher,%,62% (2007/8)", "higher,% of assessments,62% (2007/8)"),
        *("indicators.csv line 5, column unit", "% of assessments", "%"),
    ),
    Change(
        *("returns_2008_09_q2.csv", "NI 16,2.42,2.14,", "NI 16,2.42,2.15,"),
        *("returns_2008_09_q2.csv line 2, column milestone", "2.15", "2.14"),
    ),
    Change(
        *("organisations.csv", "nhs,NHS Leicester City,", "nhs,NHS of the City,"),
        *("organisations.csv line 3, column name", "NHS of the City", "NHS Leicester City"),
    ),
]


@pytest.fixture(scope="module")
def contradicted(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said to a folder with all those changes, over a database that has Leicester's agreement."""
    folder = tmp_path_factory.mktemp("contradicted")
    shutil.copytree(LEICESTER, folder / "leicester")
    for one in CHANGES:
        change(folder / "leicester", one.file, one.old, one.new)
    shutil.copy(templates / "loaded.sqlite", folder / "portal.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        return over(folder / "portal.sqlite", patch).refused("load", folder / "leicester").splitlines()


@pytest.mark.parametrize("one", CHANGES, ids=[one.place.replace(" ", "-") for one in CHANGES])
def test_what_was_agreed_is_not_changed_by_a_load_and_each_difference_is_told(
    contradicted: list[str], one: Change
) -> None:
    (line,) = [line for line in contradicted if line.startswith(f"{one.place}:")]
    assert one.says in line
    assert one.held in line


def test_other_terms_in_newer_files_are_proposed_and_each_is_told(loaded: Portal, folder: Path) -> None:
    targets = loaded.ask("SELECT version_id, measure_id, year, state, low FROM target")
    change(folder, "targets.csv", "NI 50,2009/10,set,66.4,66.4,66.4%*,", "NI 50,2009/10,set,66.5,66.5,66.4%*,")
    change(folder, "targets.csv", "NI 50,2010/11,set,69.2,69.2,69.2% *,", "NI 50,2010/11,dropped,,,69.2% *,")
    change(folder, "indicator_partners.csv", "NI 50,lcc,lead", "NI 50,nhs,lead")
    change(folder, "measures.csv", "NI 56,NI 56,,19.6,", "NI 56,NI 56,,19.7,")
    said = loaded("load", folder).stdout.splitlines()
    assert [line for line in said if line.startswith("proposed: ")] == [
        "proposed: NI 50 target 2009/10: 66.4%, proposed 66.5%",
        "proposed: NI 50 target 2010/11: 69.2%, proposed dropped from the national set",
        "proposed: NI 50 lead: lcc, proposed nhs",
        "proposed: NI 56 baseline: 19.6%, proposed 19.7%",
    ]
    assert loaded.ask("SELECT version_id, measure_id, year, state, low FROM target") == targets
    assert loaded("load", folder).stdout.splitlines()[-1] == "Everything was loaded already: no change."


def test_another_area_for_a_loaded_agreement_is_told_in_words(loaded: Portal) -> None:
    said = loaded.refused("load", LEICESTER, "--title", "Leicester Local Area Agreement 2008-11", "--area", "Rutland")
    assert "Rutland" in said
    assert "Leicester" in said
    assert not said.startswith(",")


def test_a_return_that_has_its_own_life_by_now_is_left_alone(loaded: Portal) -> None:
    with sqlite3.connect(loaded.path) as connection:
        connection.execute("UPDATE returns SET value = '9.99'")
    connection.close()
    before = loaded.held()
    loaded("load", LEICESTER)
    assert loaded.held() == before


# --- accounts ---------------------------------------------------------------------------------------------


def test_user_add_makes_an_account_with_the_password_from_the_standard_input(loaded: Portal) -> None:
    words = ("user", "add", "Ann@Police.example", "--role", "lead", "--organisation", "police", "--name", "Ann")
    assert loaded(*words, typed=f"{PASSWORD}\n").stdout == "Made the account Ann@Police.example.\n"
    ((email, name, role, key, kept),) = loaded.ask(
        "SELECT p.email, p.name, p.role, o.key, p.password_hash FROM person p JOIN organisation o"
        " ON o.id = p.organisation_id"
    )
    assert (email, name, role, key) == ("ann@police.example", "Ann", "lead", "police")
    assert matches(str(kept), PASSWORD)


def test_the_password_is_never_shown(loaded: Portal) -> None:
    made = loaded("user", "add", "ann@team.example", "--role", "team", typed=f"{PASSWORD}\n")
    assert PASSWORD not in made.output
    assert PASSWORD.encode() not in b"".join(file.read_bytes() for file in loaded.path.parent.glob("portal.sqlite*"))


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("ann@x.example", "--role", "team"), "short", "at least 15 characters"),
        (("ann@x.example", "--role", "team"), "", "at least 15 characters"),
        (("ann@x.example", "--role", "team"), "passwordpassword", "well known"),
        (("ann.of.leicester@x.example", "--role", "team"), "ann.of.leicester", "your own name or address"),
        (("ann", "--role", "team"), PASSWORD, "'ann' is not an e-mail address"),
        (("ann@x.example", "--role", "team", "--name", "n" * 201), PASSWORD, "200"),
        (("ann@x.example", "--role", "boss"), PASSWORD, "'boss' is not a role; the roles are"),
        (("ann@x.example", "--role", "lead"), PASSWORD, "A lead belongs to an organisation"),
        (("ann@x.example", "--role", "lead", "--organisation", "nobody"), PASSWORD, "no organisation 'nobody'"),
    ],
)
def test_a_wrong_account_is_refused_with_what_is_wrong(
    loaded: Portal, words: tuple[str, ...], typed: str, told: str
) -> None:
    assert told in loaded.refused("user", "add", *words, typed=f"{typed}\n" if typed else "")


def test_an_account_is_not_made_twice(demo: Portal) -> None:
    words = ("user", "add", "POLICE@portal.example", "--role", "team")
    assert "already" in demo.refused(*words, typed=f"{PASSWORD}\n")


def test_user_password_changes_it_and_ends_the_sessions(demo: Portal) -> None:
    with sqlite3.connect(demo.path) as connection:
        connection.execute(
            "INSERT INTO sign_in (token_hash, person_id, started_at, last_seen_at)"
            " SELECT 'x', id, '2026-01-01', '2026-01-01' FROM person WHERE email = 'police@portal.example'"
        )
    connection.close()
    said = demo("user", "password", "police@portal.example", typed=f"{PASSWORD}\n").stdout
    assert said == "Changed the password of police@portal.example.\n"
    ((kept,),) = demo.ask("SELECT password_hash FROM person WHERE email = 'police@portal.example'")
    assert matches(str(kept), PASSWORD)
    assert demo.ask("SELECT count(*) FROM sign_in WHERE ended_at IS NULL") == [(0,)]


def test_a_weak_new_password_is_refused(demo: Portal) -> None:
    assert "at least 15 characters" in demo.refused("user", "password", "police@portal.example", typed="short\n")


def test_user_disable_and_enable(demo: Portal) -> None:
    query = "SELECT disabled FROM person WHERE email = 'police@portal.example'"
    assert demo("user", "disable", "police@portal.example").stdout == "Disabled police@portal.example.\n"
    assert demo.ask(query) == [(1,)]
    assert demo("user", "enable", "police@portal.example").stdout == "Enabled police@portal.example.\n"
    assert demo.ask(query) == [(0,)]


@pytest.mark.parametrize(
    "words", [("user", "disable"), ("user", "enable"), ("user", "password"), ("token",)], ids=" ".join
)
def test_an_unknown_account_is_told_by_name(demo: Portal, words: tuple[str, ...]) -> None:
    said = demo.refused(*words, "nobody@portal.example", typed=f"{PASSWORD}\n")
    assert said == f"There is no account 'nobody@portal.example'.\n{where(demo)}"


def test_a_day_that_is_none_is_told_in_words_of_ours(demo: Portal) -> None:
    words = ("period", "reopen", "2008-09-q3", "police", "tomorrow", "--reason", "Late data.")
    said = " ".join(demo(*words, status=2).stderr.replace("│", " ").split())
    assert "'tomorrow' is not a day: write it like 2009-07-16." in said
    assert "%Y" not in said


# --- tokens -----------------------------------------------------------------------------------------------


def test_a_token_is_printed_once_and_works(demo: Portal) -> None:
    token = demo("token", "police@portal.example").stdout.strip()
    assert re.fullmatch(r"\S{40,}", token)
    client = demo.web().test_client()
    path = "/api/v1/returns/2008-09-q3/ni-16"
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_of_a_token_only_a_digest_is_kept(demo: Portal) -> None:
    token = demo("token", "police@portal.example").stdout.strip()
    assert demo.ask("SELECT token_hash FROM api_token") == [(hashlib.sha256(token.encode()).hexdigest(),)]
    assert token.encode() not in b"".join(file.read_bytes() for file in demo.path.parent.glob("portal.sqlite*"))


def test_two_tokens_are_two(demo: Portal) -> None:
    assert demo("token", "police@portal.example").stdout != demo("token", "police@portal.example").stdout


def test_tokens_are_revoked_by_the_account(demo: Portal) -> None:
    token = demo("token", "police@portal.example").stdout.strip()
    assert demo("token", "--revoke", "police@portal.example").stdout == "Revoked 1 token of police@portal.example.\n"
    client = demo.web().test_client()
    path = "/api/v1/returns/2008-09-q3/ni-16"
    assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert demo("token", "--revoke", "police@portal.example").stdout == "Revoked 0 tokens of police@portal.example.\n"
    assert demo.ask("SELECT subject FROM audit_event WHERE action = 'token:revoke'") == [
        ("account police@portal.example",)
    ]


def test_a_token_has_a_name_a_scope_and_a_day_on_which_it_ends(demo: Portal) -> None:
    words = ("--name", "our ledger", "--scope", "draft", "--expires", "90")
    token = demo("token", "police@portal.example", *words).stdout.strip()
    demo("token", "police@portal.example")
    today = datetime.now(UTC).date()
    ledger = f"our ledger: draft, made {day(today)}, ends {day(today + timedelta(days=90))}"
    plain = f"without a name: write, made {day(today)}, ends {day(today + timedelta(days=365))}, never used"
    listed = demo("token", "police@portal.example", "--list").stdout
    assert listed == f"{plain}\n{ledger}, never used\n"
    assert token not in listed
    assert demo("token", "nhs@portal.example", "--list").stdout == "nhs@portal.example has no tokens.\n"
    (said,) = demo.ask("SELECT after FROM audit_event WHERE action = 'token:issue' ORDER BY number LIMIT 1")
    ends = (today + timedelta(days=90)).isoformat()
    assert json.loads(said[0]) == {"name": "our ledger", "scope": "draft", "expires": ends}
    client, path = demo.web().test_client(), "/api/v1/returns/2008-09-q3/ni-16"
    headers = {"Authorization": f"Bearer {token}"}
    assert client.put(path, json={"value": "2.1"}, headers=headers).status_code == 200
    refused = client.post(f"{path}/submit", headers=headers)
    assert (refused.status_code, "scope (draft)" in refused.json["detail"]) == (403, True)
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert re.search(rf"{ledger}, last used \d", demo("token", "police@portal.example", "--list").stdout)


def test_the_tokens_of_one_name_are_ended_alone(demo: Portal) -> None:
    for name in ("our ledger", "our ledger", "a trial"):
        demo("token", "police@portal.example", "--name", name)
    revoked = demo("token", "police@portal.example", "--revoke", "--name", "our ledger").stdout
    assert revoked == "Revoked 2 tokens of police@portal.example.\n"
    assert demo("token", "police@portal.example", "--list").stdout.startswith("a trial: write, ")
    assert demo("token", "police@portal.example", "--revoke").stdout == "Revoked 1 token of police@portal.example.\n"
    assert demo("token", "police@portal.example", "--list").stdout == "police@portal.example has no tokens.\n"
    said = demo.ask("SELECT after FROM audit_event WHERE action = 'token:revoke' ORDER BY number")
    assert [json.loads(one) for (one,) in said] == [{"tokens": 2, "name": "our ledger"}, {"tokens": 1}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scope", "all"), "'all' is not a scope; the scopes are read, draft, write."),
        (("--expires", "0"), "A token lives from 1 to 1095 days, not 0."),
        (("--expires", "2000"), "A token lives from 1 to 1095 days, not 2000."),
        (("--name", "x" * 101), "Name the token in at most 100 characters, on one line."),
        (("--name", "two\nlines"), "Name the token in at most 100 characters, on one line."),
    ],
)
def test_a_token_that_cannot_be_is_refused(demo: Portal, words: tuple[str, str], said: str) -> None:
    assert demo.refused("token", "police@portal.example", *words) == f"{said}\n"


def test_the_commands_run_as_a_module_too() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "portal.cli.main", "token", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert "--revoke" in said.stdout


def test_a_disabled_account_gets_no_token(demo: Portal) -> None:
    demo("user", "disable", "police@portal.example")
    assert demo.refused("token", "police@portal.example") == "The account police@portal.example is disabled.\n"


# --- periods and editions ---------------------------------------------------------------------------------


def test_a_period_is_opened_and_closed_once(loaded: Portal) -> None:
    assert loaded("period", "open", "2008-09-q3").stdout == "Opened 2008-09-q3: 42 returns were asked for.\n"
    assert loaded.refused("period", "open", "2008/09 Q3") == "2008/09 Q3 is open already.\n"
    assert loaded("period", "close", "2008-09-Q3").exit_code == 0
    assert loaded.refused("period", "close", "2008-09-q3") == "2008/09 Q3 is not open.\n"


def test_a_period_opened_again_asks_for_nothing_twice(loaded: Portal) -> None:
    loaded("period", "open", "2008-09-q3")
    loaded("period", "close", "2008-09-q3")
    assert loaded("period", "open", "2008-09-q3").stdout == "Opened 2008-09-q3: 0 returns were asked for.\n"
    assert loaded.ask("SELECT count(*) FROM returns") == [(67,)]


@pytest.mark.parametrize("key", ["2008-09-q5", "2030-31-q1", "soon", ""])
@pytest.mark.parametrize("command", ["open", "close"])
def test_an_unknown_period_is_told_by_name(loaded: Portal, command: str, key: str) -> None:
    said = loaded.refused("period", command, key)
    assert "is not a period: write it like" in said or "not a period of this agreement" in said


def test_publish_makes_the_next_edition(loaded: Portal) -> None:
    first, second = loaded("publish", "2008-09-q2").stdout.splitlines()
    assert first == "Published edition 1."
    assert second.startswith("It shows quarter 2 of 2008/09: 24 of 58 indicators are rated. Of the others, 11 are")
    assert loaded.ask("SELECT number FROM edition") == [(1,)]
    assert loaded.ask("SELECT DISTINCT state FROM returns") == [("published",)]


def test_the_same_is_not_published_twice(loaded: Portal) -> None:
    loaded("publish", "2008-09-q2")
    assert "Edition 1 says all this already" in loaded.refused("publish", "2008-09-q2")


def test_without_an_open_period_one_has_to_be_named(loaded: Portal) -> None:
    assert loaded.refused("publish") == f"No period is open; name the one to publish.\n{where(loaded)}"


def test_without_a_period_nothing_empty_is_published(loaded: Portal) -> None:
    loaded("period", "open", "2008-09-q3")
    assert "has a verified return; name the one to publish" in loaded.refused("publish")
    assert "Nothing is verified for 2008/09 Q3" in loaded.refused("publish", "2008-09-q3")
    assert loaded.ask("SELECT number FROM edition") == []


# --- the audit trail --------------------------------------------------------------------------------------


def test_a_whole_trail_is_whole(demo: Portal) -> None:
    assert demo("audit", "verify").stdout == "The audit trail is whole.\n1 edition: as published.\n"


def test_an_empty_trail_is_whole(migrated: Portal) -> None:
    assert migrated("audit", "verify").stdout == "The audit trail is whole.\n"


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE audit_event SET who = 'somebody else' WHERE number = 3", "Event 3 ("),
        ("UPDATE audit_event SET after = '{}' WHERE number = 1", "Event 1 ("),
        ("UPDATE audit_event SET at = '2001-01-01' WHERE number = 2", "Event 2 ("),
        ("DELETE FROM audit_event WHERE number = 2", "Event 2 is missing."),
        ("DELETE FROM audit_event WHERE number > 5", "The trail ends at event 5, but"),
        ("DELETE FROM audit_event", "The trail ends at event 0, but"),
    ],
)
def test_a_trail_that_was_tampered_with_is_told_with_the_place(demo: Portal, tampering: str, told: str) -> None:
    with sqlite3.connect(demo.path) as connection:
        for verb in ("update", "delete"):  # who can do this could take away what forbids it, too
            connection.execute(f"DROP TRIGGER audit_event_no_{verb}")
        connection.execute(tampering)
    connection.close()
    said = demo.refused("audit", "verify")
    assert said.startswith("The audit trail is broken. ")
    assert told in said


OTHER = "UPDATE edition SET content = replace(content, '2.42', '2.14')"
REHASHED = "UPDATE edition SET content = 'x', content_hash = '" + hashlib.sha256(b"x").hexdigest() + "'"
TITLE = "Leicester Local Area Agreement 2008-11"


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        (OTHER, f"Edition 1 of {TITLE} was changed: its content does not give its hash."),
        ("UPDATE edition SET content_hash = 'y'", f"Edition 1 of {TITLE} was changed"),
        (REHASHED, f"Edition 1 of {TITLE} is not what was published: the trail recorded another hash."),
        ("DELETE FROM edition", "Edition 1 of leicester-local-area-agreement-2008-11 was published, and is missing."),
        ("UPDATE edition SET number = 2", f"Edition 2 of {TITLE} has no event of its publication in the trail."),
    ],
)
def test_an_edition_that_is_not_what_was_published_is_named(demo: Portal, tampering: str, told: str) -> None:
    with sqlite3.connect(demo.path) as connection:
        for verb in ("update", "delete"):  # who can do this could take away what forbids it, too
            connection.execute(f"DROP TRIGGER edition_never_changed_{verb}")
        connection.execute(tampering)
    connection.close()
    assert told in demo.refused("audit", "verify")


def test_a_damaged_file_is_told_by_the_trail_and_by_the_start(demo: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(demo.path)
    told = demo("audit", "verify", status=1).stderr
    assert told.startswith("The database file is damaged: ")
    assert "restore the newest backup" in told
    monkeypatch.setenv("PORTAL_SECRET_KEY", KEY)
    assert demo("serve", "--port", "1", status=1).stderr.startswith("The database file is damaged: ")


def test_whoever_has_read_enough_is_told_of_no_problem(demo: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `head` has, which closes its end of the pipe."""

    def closed(*_said: object, **_how: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("portal.cli.main.typer.echo", closed)
    assert demo("audit", "verify", status=1).stderr == ""


# --- routes -----------------------------------------------------------------------------------------------


@pytest.fixture
def doors(bare: Portal) -> list[tuple[str, str, str]]:
    """What `portal routes` prints, without a database or a key: methods (or 'callback'), address or name, access."""
    lines = [re.fullmatch(r"(\S+) +(\S+) +(.+)", line) for line in bare("routes").stdout.splitlines()]
    assert all(lines)
    assert not bare.path.exists()
    return [(line[1], line[2], line[3].strip()) for line in lines if line]


def test_routes_lists_every_route_and_every_callback(doors: list[tuple[str, str, str]], app: Flask) -> None:
    listed = {name for kind, name, _ in doors if kind != "callback"}
    assert listed == {rule.rule for rule in app.url_map.iter_rules()}
    callbacks = [name for kind, name, _ in doors if kind == "callback"]
    assert sorted(callbacks) == sorted(door.name for door in app.extensions["portal"]["callbacks"].doors.values())


def test_routes_says_which_action_each_page_and_callback_needs(doors: list[tuple[str, str, str]]) -> None:
    access = {name: needed for _, name, needed in doors}
    assert access["/returns"] == access["save_draft"] == "return:edit"
    assert access["/people"] == "account:manage"
    assert access["submit_return"] == "return:submit"
    assert access["arrive"] == "in the browser"


def test_routes_says_who_may_use_each_call_of_the_api(doors: list[tuple[str, str, str]]) -> None:
    access = {(methods, rule): needed for methods, rule, needed in doors}
    one = "/api/v1/returns/<period>/<measure>"
    assert access["GET", one] == "return:read"
    assert access["PUT", one] == "return:edit"
    assert access["POST", f"{one}/submit"] == "return:submit"
    assert access["POST", f"{one}/verify"] == "return:verify"
    assert access["GET", "/api/v1/scorecard"] == "edition:read"


def test_no_door_is_listed_without_its_access(doors: list[tuple[str, str, str]]) -> None:
    assert [name for _, name, needed in doors if needed in ("-", "")] == []


# --- wrong settings and databases -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_DATABASE_URL", "mysql://portal@db/portal"),
        ("PORTAL_DATABASE_URL", "portal.sqlite"),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_TODAY", "tomorrow"),
        ("PORTAL_HTTPS", "perhaps"),
        ("PORTAL_DATABASE_ULR", "sqlite:///x.sqlite"),
    ],
)
@pytest.mark.parametrize("command", [("migrate",), ("audit", "verify"), ("demo",)], ids=" ".join)
def test_a_wrong_setting_refuses_to_start_and_says_which(
    migrated: Portal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    said = migrated(*command, status=2)
    assert said.stderr.startswith("Wrong setting: ")
    assert variable in said.stderr
    assert said.stdout == ""


def test_without_a_secret_key_nothing_is_served(migrated: Portal) -> None:
    assert "PORTAL_SECRET_KEY is not set" in migrated("serve", status=2).stderr


def test_a_secret_key_is_never_printed(migrated: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "short secret")
    assert "short secret" not in migrated("routes", status=2).output


@pytest.mark.parametrize(
    "words",
    [
        ("load", LEICESTER),
        ("publish",),
        ("token", "police@portal.example"),
        ("period", "open", "2008-09-q3"),
        ("user", "add", "ann@x.example", "--role", "team"),
        ("audit", "verify"),
    ],
    ids=lambda words: words[0],
)
def test_over_a_database_without_tables_every_command_says_what_to_run(
    bare: Portal, monkeypatch: pytest.MonkeyPatch, words: tuple[str | Path, ...]
) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", KEY)
    said = bare(*words, typed=f"{PASSWORD}\n", status=1).stderr
    assert said == f"This database is empty. Run: portal migrate\n{where(bare)}"


def test_over_a_database_without_an_agreement_a_command_says_what_to_run(migrated: Portal) -> None:
    said = migrated.refused("period", "open", "2008-09-q3")
    assert said == f"No agreement has been loaded yet. Run: portal load DIR\n{where(migrated)}"


def test_over_a_newer_database_a_command_says_that_it_is_not_this_portals(demo: Portal) -> None:
    with sqlite3.connect(demo.path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "9999" in demo.refused("audit", "verify")


def no_folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("no folder")
    return tmp_path / "file" / "portal.sqlite"


def no_database(tmp_path: Path) -> Path:
    (tmp_path / "letter.sqlite").write_text("Dear Sir or Madam, " * 200)
    return tmp_path / "letter.sqlite"


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "folder.sqlite").mkdir()
    return tmp_path / "folder.sqlite"


@pytest.mark.parametrize("place", [no_folder, no_database, a_folder])
@pytest.mark.parametrize("command", [("migrate",), ("audit", "verify")], ids=" ".join)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], place: Callable[[Path], Path]
) -> None:
    portal = Portal(place(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{portal.path}")
    result = CliRunner().invoke(app, list(command))
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code in (1, 2)
    assert len(result.stderr.splitlines()) == 1


def test_nothing_is_served_over_a_database_without_tables(tmp_path: Path) -> None:
    """The whole process, because it is gunicorn's workers that would fail one after the other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment = own | {"PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite", "PORTAL_SECRET_KEY": KEY}
    command = [str(Path(sys.executable).with_name("portal")), "serve", "--port", str(port), "--workers", "1"]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr == f"This database is empty. Run: portal migrate\n{where(Portal(tmp_path / 'x.sqlite'))}"
