"""Accounts from the command line."""

import sys
from typing import Annotated

import typer

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.cli.context import Commands, database
from portal.formats.passwords import SHORTEST
from portal.services import people

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Accounts: add, disable, enable, password.")
Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]


def _password() -> str:
    """Asked for twice on a terminal; else the first line of the standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(f"Password ({SHORTEST} characters or more)", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@app.command()
def add(
    email: Email,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(Role)}.")],
    organisation: Annotated[
        str | None, typer.Option(help="The organisation's key, for contributors and leads.")
    ] = None,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    agreement: Annotated[
        str, typer.Option(help="The key of the one agreement that the account is for; else all.")
    ] = "",
) -> None:
    """Make an account; its password, of 15 characters or more, is asked for, or read from the standard input."""
    people.add_person(database(), OPERATOR, email, name, role, organisation, _password(), agreement=agreement)
    typer.echo(f"Made the account {email}.")


@app.command()
def disable(email: Email) -> None:
    """Disable an account: its sessions end at once."""
    people.set_disabled(database(), OPERATOR, email, disabled=True)
    typer.echo(f"Disabled {email}.")


@app.command()
def enable(email: Email) -> None:
    """Enable a disabled account again."""
    people.set_disabled(database(), OPERATOR, email, disabled=False)
    typer.echo(f"Enabled {email}.")


@app.command()
def password(email: Email) -> None:
    """Give an account a new password; its sessions end at once."""
    people.set_password(database(), OPERATOR, email, _password())
    typer.echo(f"Changed the password of {email}.")
