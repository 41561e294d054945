"""Organisations' own sign-ons from the command line."""

import sys
from typing import Annotated

import typer

from portal.actor import OPERATOR
from portal.cli.context import Commands, database, settings
from portal.formats.oidc import Untrusted, is_issuer
from portal.issuers import Issuers, Silent
from portal.services import sign_on_providers
from portal.services.sign_on_ways import Ways
from portal.settings import WrongSetting
from portal.words import sign_on as words

app = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Signing in with one's organisation: add, list, disable, enable, forget."
)
Organisation = Annotated[str, typer.Option(help="The organisation's key.")]
Reason = Annotated[str, typer.Option(help="Why: the record keeps it.")]


def _ways() -> Ways:
    """What is needed to add one: the address that people come back to, and the key that secrets are sealed with."""
    found = settings()
    if not is_issuer(found.base_url):
        raise WrongSetting(
            "PORTAL_BASE_URL is not set to an https address: organisations' sign-ons send people back there."
        )
    return Ways(found.base_url, found.require_secret_key(), Issuers())


@app.command()
def add(
    organisation: Organisation,
    issuer: Annotated[str, typer.Option(help="The issuer, exactly as the provider writes it.")],
    client_id: Annotated[str, typer.Option(help="The client ID that the provider has for the portal.")],
    domain: Annotated[list[str], typer.Option(help="A domain of e-mail addresses that it vouches for; once for each.")],
    passwords: Annotated[bool, typer.Option(help="Whether passwords work too for its people.")] = True,
) -> None:
    """Let an organisation's people sign on with it, or change how. The client secret is asked for, or read from the
    standard input."""
    ways = _ways()
    secret = (
        str(typer.prompt("Client secret", hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    )
    sign_on_providers.add_provider(
        database(), OPERATOR, ways, organisation, issuer, client_id, secret, domain, passwords=passwords
    )
    typer.echo(f"People of {organisation} sign on with {issuer}.")
    typer.echo(f"Its redirect address: {ways.back(organisation)}\nIts back-channel logout: {ways.logout(organisation)}")
    try:
        ways.issuers.metadata(issuer)
    except (Silent, Untrusted) as error:
        typer.echo(
            f"The issuer does not answer as one does ({error.why}): until it does, nobody can sign on.", err=True
        )


@app.command("list")
def list_providers() -> None:
    """List the organisations' sign-ons, without their secrets."""
    found = settings()
    ways = Ways(found.base_url, "", Issuers())
    lines = sign_on_providers.providers(database(), OPERATOR, ways)
    typer.echo(words.listed(lines) or "No organisation has a sign-on.")


@app.command()
def disable(organisation: Organisation, reason: Reason) -> None:
    """Turn an organisation's sign-on off: what it began ends at once, and passwords work for its people."""
    sign_on_providers.set_enabled(database(), OPERATOR, organisation, reason, enabled=False)
    typer.echo(f"The sign-on of {organisation} is off.")


@app.command()
def enable(organisation: Organisation, reason: Reason) -> None:
    """Turn it on again."""
    sign_on_providers.set_enabled(database(), OPERATOR, organisation, reason, enabled=True)
    typer.echo(f"The sign-on of {organisation} is on.")


@app.command()
def forget(email: Annotated[str, typer.Argument(help="The account's e-mail address.")], reason: Reason) -> None:
    """Recognise a person anew at their next sign-on, as after the organisation made their account there anew."""
    sign_on_providers.forget(database(), OPERATOR, email, reason)
    typer.echo(f"{email} is recognised anew at the next sign-on.")
