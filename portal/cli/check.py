"""`portal check`: what is wrong with an installation; and `portal settings`: what can be set."""

import os
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from portal.actor import OPERATOR
from portal.cli import surroundings
from portal.cli.context import settings
from portal.database import configured
from portal.services import checkup as service
from portal.settings import PREFIX, Settings, WrongSetting
from portal.viewmodels.checkup import Finding
from portal.words import checkup as words_of
from portal.words.settings import EXAMPLES

LOOKED = (
    "settings",
    "environment",
    "files",
    "disk",
    "what is installed",
    "database",
    "audit trail",
    "editions",
    "queues",
)

UNUSABLE = ("folder-missing", "folder-readonly", "file-readonly")
END = {"setting-wrong": 1, **dict.fromkeys(UNUSABLE, 5), **dict.fromkeys(("database-gone", "database-old"), 6)}
"""After so many of them nothing can be looked at any more, where such a thing was found."""


def check(
    backup: Annotated[Path | None, typer.Option(help="The newest backup, which should be of this day.")] = None,
    secrets: Annotated[Path | None, typer.Option(help="The file that the secret key comes from.")] = None,
    mail: Annotated[
        bool, typer.Option("--mail", help="Ask the mail server, too, whether it lets the portal in.")
    ] = False,
) -> None:
    """Say what is wrong with this installation: a line each, with why it matters and what to do. Ends with 1 when
    something is wrong; what is only worth a look ends with 0."""
    found = _found(backup, secrets, mail=mail)
    for finding in found:
        typer.echo(words_of.line(finding))
    wrong = sum(map(words_of.is_wrong, found))
    ends = min((END[finding.key] for finding in found if finding.key in END), default=len(LOOKED))
    typer.echo(words_of.outcome(wrong, len(found) - wrong, LOOKED[:ends]))
    if wrong:
        raise typer.Exit(1)


def _found(backup: Path | None, secrets: Path | None, *, mail: bool) -> list[Finding]:
    try:
        there = settings()
    except WrongSetting as error:
        return [Finding("setting-wrong", {"said": error})]
    place = list(surroundings.place_findings(there))
    found = [*surroundings.settings_findings(there, os.environ), *place]
    if secrets is not None:
        found += surroundings.open_findings("file-open", secrets)
    found += surroundings.installed_findings()
    if backup is not None:
        found += surroundings.backup_findings(backup)
    if mail:
        found += surroundings.mail_findings(there)
    if not any(finding.key in UNUSABLE for finding in place):
        database = configured(there)
        demonstration = Path(make_url(there.database_url).database or "").name.startswith("demo-")
        found += service.checkup(database, OPERATOR, demonstration=demonstration)
        database.dispose()
    return found


def list_settings() -> None:
    """Print every setting with its default, what it says and an example: the table of docs/settings.md."""
    rows = ["| setting | default | what it says | example |", "| --- | --- | --- | --- |"]
    for name, field in sorted(Settings.model_fields.items()):
        default = "" if field.default in (None, "") else f"`{_written(field.default)}`"
        example = f"`{EXAMPLES[name]}`" if name in EXAMPLES else default
        rows.append(f"| `{PREFIX}{name.upper()}` | {default or 'none'} | {field.description} | {example} |")
    typer.echo("\n".join(rows))


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
