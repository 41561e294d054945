"""Accounts from the command line."""

import sys
from typing import Annotated

import typer

from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.cli.context import Commands, database, settings
from portal.formats.passwords import SHORTEST
from portal.services import factors, invitations, people, sessions
from portal.viewmodels.people import Invited
from portal.words import plural
from portal.words.dates import moment

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Accounts, and how people sign in to them.",
)
Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
OfRole = Annotated[str, typer.Option("--role", help=f"One of {', '.join(Role)}.")]
Organisation = Annotated[str | None, typer.Option(help="The organisation's key, for contributors and leads.")]
Name = Annotated[str, typer.Option(help="The person's name.")]
OfAgreement = Annotated[
    str, typer.Option("--agreement", help="The key of the one agreement that the account is for; else all.")
]


def _password() -> str:
    """Asked for twice on a terminal; else the first line of the standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(f"Password ({SHORTEST} characters or more)", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@app.command()
def add(
    email: Email, role: OfRole, organisation: Organisation = None, name: Name = "", agreement: OfAgreement = ""
) -> None:
    """Make an account; its password, of 15 characters or more, is asked for, or read from the standard input."""
    people.add_person(database(), OPERATOR, email, name, role, organisation, _password(), agreement=agreement)
    typer.echo(f"Made the account {email}.")


@app.command()
def invite(
    email: Email, role: OfRole, organisation: Organisation = None, name: Name = "", agreement: OfAgreement = ""
) -> None:
    """Make an account, and print once the link with which its person chooses a password."""
    mailing = settings().mailing
    _tell(
        invitations.invite(database(), OPERATOR, email, name, role, organisation, agreement=agreement, mailing=mailing)
    )


@app.command()
def link(email: Email) -> None:
    """Print once a new link with which an account's person chooses a password; an older one is worth nothing then."""
    _tell(invitations.new_link(database(), OPERATOR, email, settings().mailing))


def _tell(made: Invited) -> None:
    base = settings().base_url
    typer.echo(f"{base}{made.path}")
    said = [f"The link is for {made.email} alone. It works once, until {moment(made.until)}."]
    said += ["It goes out by e-mail too, with the next run of portal remind."] if made.mailed else []
    said += [] if base else ["Put the portal's address before it; PORTAL_BASE_URL is not set."]
    typer.echo(" ".join(said), err=True)


@app.command("sign-out")
def sign_out(email: Email) -> None:
    """End every session of an account."""
    count = sessions.end_all(database(), OPERATOR, email)
    typer.echo(f"Ended {plural(count, 'session')} of {email}.")


@app.command("factor-reset")
def factor_reset(
    email: Email, reason: Annotated[str, typer.Option(help="Why: the record keeps it.")] = "Lost: by the command line."
) -> None:
    """Take away the second step of somebody who has lost it; they set one up anew when they next sign in."""
    factors.reset(database(), OPERATOR, email, reason)
    typer.echo(f"Reset the second step of {email}, and ended its sessions.")


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
