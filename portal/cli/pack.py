"""Work in the background, and briefing packs, from the command line."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from models.rules.packs import Asked, PackForm, about_of
from portal import logs, words
from portal.cli.context import Agreement, database, fail, operator, settings

LOOK_EVERY = 2.0
"""Seconds between two looks at the queue."""


def work(once: Annotated[bool, typer.Option("--once", help="End when there is nothing left to do.")] = False) -> None:
    """Make what people asked for in the background, in a process of its own, until it is stopped. Any number may run."""
    from portal.work.worker import Worker  # the drawing half of the portal loads only where it is needed

    logs.begin(settings().log)
    worker = Worker(database(), LOOK_EVERY)
    for said in (signal.SIGTERM, signal.SIGINT):
        signal.signal(said, lambda *_: worker.hurry())
    if once:
        typer.echo(f"Began {words.plural(worker.empty(), 'job')}; nothing is left to do.")
        return
    worker.run()


def pack(
    about: Annotated[str, typer.Argument(help="executive, theme or partner.")],
    key: Annotated[str, typer.Argument(help="The theme's or organisation's key.")] = "",
    pdf: Annotated[Path | None, typer.Option(help="Write it as a PDF here.")] = None,
    docx: Annotated[Path | None, typer.Option(help="Write it as a Word file here.")] = None,
    period: Annotated[str, typer.Option(help="For example 2008-09-q2; by default the one published last.")] = "",
    agreement: Agreement = "",
) -> None:
    """Write a briefing pack at once, and keep nothing of it."""
    from portal.work.briefing import written

    found = about_of(f"{about}:{key}" if key else about)
    files = {PackForm.PDF: pdf, PackForm.DOCX: docx}
    forms = tuple(form for form, path in files.items() if path)
    if found is None or not forms:
        fail("Say executive, theme KEY or partner KEY, and --pdf FILE or --docx FILE or both.", 2)
    for form, content in written(database(), operator(agreement), Asked(*found, period, forms)).items():
        path = files[form]
        assert path is not None  # only such forms were asked for
        path.write_bytes(content)
        typer.echo(f"Wrote {path}.")
