"""Reminders by e-mail from the command line: what is due is written into the outbox, and what waits there is sent."""

from datetime import date
from typing import Annotated

import typer

from portal.cli.context import Agreement, database, fail, operator, settings
from portal.clock import Clock
from portal.delivery import Channel, Folder, Printed, Smtp
from portal.formats.agreement_csv.cells import plain_day
from portal.services import outbox, reminders
from portal.services.agreements import listed
from portal.settings import Settings
from portal.words import reminders as words_of

NOBODY = "portal@localhost"
"""From whom messages come that are only printed or kept in a folder, where no sender is set."""


def _day(text: str) -> date:
    try:
        return plain_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


AsOf = Annotated[
    date | None, typer.Option("--as-of", parser=_day, metavar="DAY", help="As if today were this day: 2009-01-23.")
]


def remind(
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and do nothing.")] = False,
    agreement: Agreement = "",
) -> None:
    """Write and send the reminders of today: once, however often this is run. Ends with 1 when something could not be
    sent. Without --agreement those of all agreements are written; what waits is sent of all."""
    found = settings()
    found.require_mail()
    base = database()
    if as_of is not None:
        base.clock = Clock(as_of)
    keys = [agreement] if agreement else [line.key for line in listed(base, operator(""))]
    for key in keys:
        work = reminders.plan if dry_run else reminders.remind
        typer.echo(words_of.planned(work(base, operator(key), found.base_url), dry_run))
    if dry_run:
        return
    channel, way = _channel(found)
    if not found.base_url:
        typer.echo("PORTAL_BASE_URL is not set: links in the messages are paths.")
    secret = found.secret_key.get_secret_value() if found.secret_key else None
    done = outbox.deliver(base, operator(""), channel, way, found.mail_from or NOBODY, found.base_url, secret)
    typer.echo(words_of.sent(done, way))
    if not done.whole:
        fail("Not everything could be sent.")


def _channel(found: Settings) -> tuple[Channel, str]:
    if found.smtp_url is not None:
        return Smtp(found.smtp_url.get_secret_value(), found.mail_from), words_of.EMAIL
    if found.mail_folder is not None:
        return Folder(found.mail_folder), words_of.FILE
    typer.echo("Neither PORTAL_SMTP_URL nor PORTAL_MAIL_FOLDER is set: messages are printed here, and not sent.")
    return Printed(typer.echo), words_of.PRINTED
