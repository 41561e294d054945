"""The demonstration: Leicester's agreement, its second quarter published, its third open, and an account for each role."""

import secrets
from datetime import date
from pathlib import Path

import typer
from pydantic import SecretStr
from sqlalchemy import inspect, select

from models.people import Organisation
from portal import migrate
from portal.actor import OPERATOR
from portal.cli.context import fail
from portal.clock import Clock
from portal.database import Database
from portal.formats.agreement_csv import read_agreement
from portal.services import imports, people, periods, publication
from portal.settings import DEFAULT_DATABASE, Settings, package_data

TODAY = date(2009, 1, 20)
DOMAIN = "portal.example"
PUBLISHED, OPEN = "2008-09-q2", "2008-09-q3"
OTHERS = (
    ("team", "Partnership team", "team"),
    ("team2", "Partnership team, second person", "team"),
    ("executive", "Partnership executive", "executive"),
    ("reviewer", "Government Office", "reviewer"),
    ("admin", "Administrator", "admin"),
)
SECOND_STEP = {
    "offered": "offered to everybody (a real portal requires it of team and administrator; PORTAL_SECOND_FACTOR).",
    "required": "required of team and administrator (PORTAL_SECOND_FACTOR).",
}


def run(settings: Settings, host: str, port: int) -> None:
    """Make the demonstration's database anew, say who may sign in, and serve."""
    from portal.cli.server import require_free, serve

    require_free(host, port)
    password = settings.demo_password.get_secret_value() if settings.demo_password else secrets.token_urlsafe(12)
    settings = _demo_settings(settings, port)
    database = Database(settings.database_url, Clock(settings.today))
    _require_nobody(database)
    migrate.upgrade(database)
    typer.echo("Loading Leicester's agreement …")
    fill(database, password)
    typer.echo(_welcome(database, password, host, port, settings))
    database.dispose()
    serve(settings, host, port, workers=2, quiet=True)


def _demo_settings(settings: Settings, port: int) -> Settings:
    """A database and a key of the demonstration's own; the port is in the file's name, so that two can run."""
    url, file = settings.database_url, f"var/demo-{port}.sqlite"
    if url == DEFAULT_DATABASE:
        for ending in ("", "-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        url = f"sqlite:///{file}"
    key = settings.secret_key.get_secret_value() if settings.secret_key else secrets.token_urlsafe(48)
    return settings.model_copy(
        update={
            "database_url": url,
            "secret_key": SecretStr(key),
            "today": settings.today or TODAY,
            "contact": settings.contact or f"team@{DOMAIN}",
            "log": settings.log if "log" in settings.model_fields_set else "plain",
            # So that it can be walked through with nothing but its password; whoever sets it is obeyed.
            "second_factor": settings.second_factor if "second_factor" in settings.model_fields_set else "offered",
        }
    )


def _require_nobody(database: Database) -> None:
    """A database that PORTAL_DATABASE_URL names may be somebody's real one: the demo only takes an empty one."""
    if inspect(database.engine).get_table_names():
        fail("PORTAL_DATABASE_URL names a database that is in use; the demonstration needs an empty one.", 2)


def fill(database: Database, password: str) -> None:
    """Leicester's agreement, edition 1, the open quarter, and the accounts."""
    reading = read_agreement(package_data("leicester"))
    if reading.agreement is None:
        fail("\n".join(str(problem) for problem in reading.problems))
    for sentence in imports.load_agreement(database, OPERATOR, reading.agreement).noticed:
        typer.echo(f"note: {sentence}")
    publication.publish(database, OPERATOR, PUBLISHED)
    periods.open_for_returns(database, OPERATOR, OPEN)
    with database.read(OPERATOR) as session:
        organisations = session.execute(select(Organisation.key, Organisation.name)).all()
    accounts: list[tuple[str, str, str, str | None]] = [
        (key, f"Lead of {name}", "lead", key) for key, name in organisations
    ]
    accounts.append(("police.contributor", "Analyst, Leicestershire Constabulary", "contributor", "police"))
    accounts += [(key, name, role, None) for key, name, role in OTHERS]
    for key, name, role, organisation in accounts:
        people.add_person(database, OPERATOR, f"{key}@{DOMAIN}", name, role, organisation, password, demo=True)


def _welcome(database: Database, password: str, host: str, port: int, settings: Settings) -> str:
    accounts = people.accounts(database, OPERATOR).lines
    width = max(len(account.email) for account in accounts)
    lines = [f"  {account.email:{width}}  {account.role:12} {account.organisation}" for account in accounts]
    return "\n".join(
        [
            "",
            "Accounts (all with the same password):",
            *lines,
            "",
            f"Password: {password}",
            f"Second step when signing in: {SECOND_STEP[settings.second_factor]}",
            f"Database: {settings.database_url}",
            f"Today is {settings.today} for due dates and lateness (PORTAL_TODAY).",
            "",
            f"The portal is at http://{host}:{port} – stop it with Ctrl-C.",
        ]
    )
