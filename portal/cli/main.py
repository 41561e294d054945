"""The commands of `portal`."""

import gc
from typing import Annotated

import typer

from models.rules.terms import TokenScope
from portal import grants, migrate, words
from portal.actor import OPERATOR
from portal.cli import backup, check, files, pack, period, remind, sign_on, user
from portal.cli import demo as demonstration
from portal.cli.context import Agreement, Commands, database, fail, operator, settings
from portal.services import audit, publication, scorecard, sessions
from portal.words import api as words_of_api
from portal.words import publication as words_of_publication

app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
app.add_typer(user.app, name="user")
app.add_typer(period.app, name="period")
app.add_typer(sign_on.app, name="sign-on")
app.command()(pack.work)
app.command()(pack.pack)
trail = typer.Typer(cls=Commands, no_args_is_help=True, help="The audit trail.")
app.add_typer(trail, name="audit")
app.command("remind")(remind.remind)
app.command("check")(check.check)
app.command("settings")(check.list_settings)

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to answer on.")]
Host = Annotated[str, typer.Option(help="The address to answer on.")]


@app.callback()
def portal() -> None:
    """The portal: where a Local Strategic Partnership runs its Local Area Agreement."""


@app.command("migrate")
def migrate_database(
    grant: Annotated[
        str | None, typer.Option(help="PostgreSQL: the role that the portal runs as, which owns nothing.")
    ] = None,
) -> None:
    """Bring the database to the present tables, whether it is empty or older."""
    base = database(migrated=False)
    migrate.upgrade(base)
    if grant:
        grants.grant(base, grant)
    typer.echo("The database is ready.")


for command in (files.load, files.template, files.export, backup.backup, backup.restore):
    app.command()(command)


@app.command()
def publish(
    key: Annotated[
        str | None,
        typer.Argument(help="The period, for example 2008-09-q2; by default the newest open one that is over."),
    ] = None,
    agreement: Agreement = "",
    note: Annotated[str, typer.Option(help="What was wrong, or why figures are revised; the edition prints it.")] = "",
    due: Annotated[bool, typer.Option("--due", help="Only what was released for an hour that has come.")] = False,
) -> None:
    """Publish a period's verified returns as the next edition, and say which period it shows and how much of it."""
    if due:
        made = publication.publish_due(database())
        typer.echo("".join(f"Published edition {number}.\n" for number in made) or "Nothing is due.\n", nl=False)
        return
    number = publication.publish(database(), operator(agreement), key, note)
    card = scorecard.edition_card(database(), operator(agreement), number)
    typer.echo(f"Published edition {number}.\n{words_of_publication.edition_shows(card)}")


@app.command()
def token(
    email: Annotated[str, typer.Argument(help="The account that the token acts as.")],
    scope: Annotated[str, typer.Option(help=f"How much of that it may do: {', '.join(TokenScope)}.")] = "write",
    expires: Annotated[int, typer.Option(help="In so many days it ends.")] = sessions.TOKEN_LIFE.days,
    name: Annotated[str | None, typer.Option(help="What it is for, such as 'our ledger'.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the account's tokens instead.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="End its tokens instead: all, or those of --name.")] = False,
) -> None:
    """Print a new API token, once: only its digest is kept."""
    if listed:
        found = sessions.tokens(database(), OPERATOR, email)
        typer.echo("\n".join(map(words_of_api.token_line, found)) or f"{email} has no tokens.")
    elif revoke:
        count = sessions.revoke_tokens(database(), OPERATOR, email, name)
        typer.echo(f"Revoked {words.plural(count, 'token')} of {email}.")
    else:
        typer.echo(sessions.issue_token(database(), OPERATOR, email, name=name or "", scope=scope, days=expires))


@app.command()
def serve(
    port: Port = 8050,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1)] = 2,
    drain: Annotated[
        float, typer.Option(min=0, max=60, help="Seconds to go on answering after SIGTERM, while /readyz says no.")
    ] = 0.0,
    recycle: Annotated[
        int, typer.Option(min=0, help="After so many requests another worker takes a worker's place; 0: never.")
    ] = 20_000,
) -> None:
    """Serve the portal."""
    gc.disable()  # until it is loaded: to look through it for rubbish meanwhile takes a fifth of the time
    from portal.cli.server import serve as run  # the web half of the portal loads only where it is needed

    run(settings(), host, port, workers, drain=drain, recycle=recycle)


@app.command()
def demo(port: Port = 8050, host: Host = "127.0.0.1") -> None:
    """A fresh database with Leicester's agreement, one account a role, and the server, in one go."""
    demonstration.run(settings(), host, port)


@app.command()
def routes() -> None:
    """Print every route and callback with the action that it needs; no database and no key are needed."""
    from portal.cli.server import doors

    settings()  # a wrong one is told here too
    for line in doors():
        typer.echo(line)


@trail.command("verify")
def verify_trail() -> None:
    """Check the whole audit trail: that no event was changed, removed or put elsewhere; and each edition against it."""
    found = audit.verify(database(), OPERATOR)
    if found.broken:
        fail("\n".join([f"The audit trail is broken. {found.broken}", *found.wrong]))
    if found.wrong:
        fail("\n".join(found.wrong))
    typer.echo("The audit trail is whole.")
    if found.editions:
        typer.echo(f"{words.plural(found.editions, 'edition')}: as published.")


if __name__ == "__main__":
    app()
