"""Periods from the command line: opening, closing, opening again for one partner, sources' release dates."""

from datetime import date
from typing import Annotated

import typer

from portal.cli.context import Agreement, Commands, database, operator
from portal.formats.agreement_csv.cells import plain_day
from portal.services import periods

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Periods: open, close, reopen for one partner.")
Key = Annotated[str, typer.Argument(help="The period, for example 2008-09-q3, 2008-09-h2, 2008-09-oct or 2008-09.")]


def _day(text: str) -> date:
    try:
        return plain_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Day = Annotated[date, typer.Argument(parser=_day, metavar="DAY", help="The day, for example 2009-03-31.")]


@app.command("open")
def open_period(key: Key, agreement: Agreement = "") -> None:
    """Open a period for returns, and ask every lead for its own."""
    asked = periods.open_for_returns(database(), operator(agreement), key)
    typer.echo(f"Opened {key}: {asked} returns were asked for.")


@app.command("close")
def close_period(key: Key, agreement: Agreement = "") -> None:
    """Close a period: it takes no more new returns."""
    periods.close_for_returns(database(), operator(agreement), key)
    typer.echo(f"Closed {key}.")


@app.command("reopen")
def reopen_period(
    key: Key,
    organisation: Annotated[str, typer.Argument(help="The partner's key, or 'team' for the team's own returns.")],
    until: Day,
    reason: Annotated[str, typer.Option(help="Why; the record keeps it.")],
    agreement: Agreement = "",
) -> None:
    """Open a closed period again for one partner, until a day."""
    periods.reopen_for_partner(database(), operator(agreement), key, organisation, until, reason)
    typer.echo(f"Opened {key} again for {organisation} until {until}.")


@app.command("release")
def release_date(
    key: Key,
    measure: Annotated[str, typer.Argument(help="For example ni-72.")],
    day: Day,
    agreement: Agreement = "",
) -> None:
    """Note the day on which a measure's source comes out for a period: until then nobody is late."""
    periods.set_release(database(), operator(agreement), key, measure, day)
    typer.echo(f"The source of {measure} for {key} comes out on {day}.")
