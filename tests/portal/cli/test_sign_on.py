"""`portal sign-on`: organisations' own sign-ons from the command line, and what the document on them says."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from models.sign_on import SignOnProvider
from portal import issuers
from portal.actor import OPERATOR
from portal.cli.main import app
from portal.database import Database
from portal.formats import oidc
from portal.records.patience import PER_ACCOUNT_AND_ADDRESS
from portal.services.sign_on import TO_COME_BACK
from tests.conftest import settings
from tests.support.issuer import CLIENT, SECRET, Issuer, issuing

ADD = (
    "add",
    "--organisation",
    "police",
    "--client-id",
    CLIENT,
    "--domain",
    "police.example",
    "--domain",
    "force.example",
)


@pytest.fixture(scope="module")
def there() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture
def base(sqlite_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    path = tmp_path / "portal.sqlite"
    shutil.copy(sqlite_demo, path)
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("PORTAL_SECRET_KEY", settings().require_secret_key())
    monkeypatch.setenv("PORTAL_BASE_URL", "https://portal.example")
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


def run(*words: str, typed: str = "", status: int = 0) -> Result:
    result = CliRunner().invoke(app, ["sign-on", *words], input=typed)
    assert result.exit_code == status, result.output
    return result


def test_a_sign_on_is_added_listed_turned_and_never_tells_its_secret(base: Database, there: Issuer) -> None:
    assert run("list").stdout == "No organisation has a sign-on.\n"
    said = run(*ADD, "--issuer", there.url, typed=f"{SECRET}\n")
    assert "Its redirect address: https://portal.example/sign-on/police/back\n" in said.stdout
    assert said.stderr == ""
    listed = run("list").stdout
    for part in (
        "police: on",
        there.url,
        CLIENT,
        "force.example, police.example",
        "work too",
        "/sign-on/police/logout",
    ):
        assert part in listed
    assert SECRET not in listed + said.output
    run("disable", "--organisation", "police", "--reason", "Its key was stolen.")
    assert "police: off" in run("list").stdout
    run("enable", "--organisation", "police", "--reason", "It has a new one.")
    run(*ADD, "--issuer", there.url, "--no-passwords", typed=f"{SECRET}\n")
    assert "do not work" in run("list").stdout
    with base.read(OPERATOR) as session:
        assert len(session.scalars(select(SignOnProvider)).all()) == 1


def test_an_issuer_that_does_not_answer_is_kept_and_said(base: Database, there: Issuer) -> None:
    said = run(*ADD, "--issuer", f"{there.url}/elsewhere", typed="secret\n")
    assert said.stderr.startswith("The issuer does not answer as one does (status 404)")
    assert "police: on" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        ((*ADD, "--issuer", "http://x.example"), "s\n", "is not an issuer"),
        ((*ADD, "--issuer", "https://x.example"), "\n", "Give the client secret"),
        (("disable", "--organisation", "police", "--reason", "So."), "", "Choose an organisation that has a sign-on."),
        (("disable", "--organisation", "police", "--reason", " "), "", "Say why"),
        (("forget", "police@portal.example", "--reason", "So."), "", "has not signed on"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    base: Database, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    assert sentence in run(*words, typed=typed, status=1).stderr


@pytest.mark.parametrize("base_url", ["", "http://portal.example"])
def test_without_an_address_to_come_back_to_none_is_added(
    base: Database, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> None:
    monkeypatch.setenv("PORTAL_BASE_URL", base_url)
    said = run(*ADD, "--issuer", "https://login.example", typed="s\n", status=2).stderr
    assert "PORTAL_BASE_URL is not set to an https address" in said


def test_the_document_says_what_the_code_does() -> None:
    text = " ".join((Path(__file__).parents[3] / "docs" / "single-sign-on.md").read_text("utf-8").split())
    minutes, kept, fresh = int(TO_COME_BACK.total_seconds()) // 60, int(issuers.KEPT) // 60, oidc.FRESH // 60
    for said in (
        f"session cookie for {minutes} minutes",
        f"within {oidc.SKEW} seconds and made within {fresh} minutes",
        f"no answer in {issuers.SECONDS:.0f} seconds",
        f"more than {issuers.LARGEST // 1024} KB",
        f"is left alone for {issuers.PATIENCE:.0f} seconds",
        f"documents are kept for {kept} minutes",
    ):
        assert said in text
    assert "signed with RS256, PS256, ES256 or EdDSA" in text
    assert set(oidc.ALGORITHMS) == {"RS256", "PS256", "ES256", "EdDSA", "Ed25519"}  # two names of the last
    assert "ten in five minutes" in text
    assert PER_ACCOUNT_AND_ADDRESS == 10
