"""Taking a backup from the command line, and putting one back."""

from pathlib import Path
from typing import Annotated

import typer

from portal import words
from portal.backups.manifest import Manifest
from portal.backups.restoring import restore as put_back
from portal.backups.taking import dated, forget, take
from portal.cli.context import database, settings


def backup(
    file: Annotated[Path, typer.Argument(help="The file to make, for example backups/portal.zip.")],
    keep: Annotated[
        int | None,
        typer.Option(
            min=1, help="Put the moment into the file's name, and remove all backups of this name but so many."
        ),
    ] = None,
) -> None:
    """Back up everything in the database into one new file, while the portal is in use."""
    base = database(migrated=False)
    made = dated(file, base.clock.now()) if keep else file
    told = take(base, made, settings().pg_bin)
    typer.echo(f"Wrote {made}: {_held(told)}")
    for old in forget(file, keep) if keep else ():
        typer.echo(f"Removed {old}.")


def restore(file: Annotated[Path, typer.Argument(help="The backup.")]) -> None:
    """Put a backup into an empty database, and check that all of it is there."""
    base = database(migrated=False)
    done = put_back(base, file, settings().pg_bin)
    typer.echo(f"Restored {file}: {_held(done.manifest)}")
    if done.checked:
        typer.echo("The audit trail is whole.")
    else:
        typer.echo("It is of an older version of the portal. Run: portal migrate, and then: portal audit verify")
    for role in done.granted:
        typer.echo(f"The role {role} may do again what the portal needs.")
    for role in done.missing:
        typer.echo(f"There is no role {role} here. Make the role that the portal runs as: portal migrate --grant ROLE")


def _held(told: Manifest) -> str:
    """What a backup holds, in a sentence."""
    made = told.made_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return (
        f"{told.engine} at migration {told.migration}, as it was on {made}; {words.plural(len(told.rows), 'table')} with "
        f"{sum(told.rows.values()):,} rows; the audit trail ends at event {told.number}, {told.hash[:16]}."
    )
