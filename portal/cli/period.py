"""Opening and closing periods from the command line."""

from typing import Annotated

import typer

from portal.actor import OPERATOR
from portal.cli.context import Commands, database
from portal.services import agreement

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Periods: open, close.")
Key = Annotated[str, typer.Argument(help="The period, for example 2008-09-q3.")]


@app.command("open")
def open_period(key: Key) -> None:
    """Open a period for returns, and ask every lead for its own."""
    asked = agreement.open_for_returns(database(), OPERATOR, key)
    typer.echo(f"Opened {key}: {asked} returns were asked for.")


@app.command("close")
def close_period(key: Key) -> None:
    """Close a period: it takes no more returns."""
    agreement.close_for_returns(database(), OPERATOR, key)
    typer.echo(f"Closed {key}.")
