"""An agreement's files from the command line: an empty template, loading, and taking out again."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from models.rules.calendar import financial_year
from models.rules.codes import year_key
from portal import words
from portal.actor import OPERATOR
from portal.cli.context import Agreement, database, fail, operator, settings
from portal.clock import Clock
from portal.errors import PortalError
from portal.formats.agreement_csv import read_agreement
from portal.formats.agreement_csv.template import empty_tables, filled_tables
from portal.formats.agreement_csv.workbook import ENDING, in_sheets
from portal.formats.agreement_csv.writing import FileTable, as_folder, as_workbook
from portal.services import exports, imports, refresh
from portal.services.imports import NotLoaded
from portal.settings import package_data
from portal.words import loading as words_of_load
from portal.words import refresh as words_of
from portal.words import setting_up

Target = Annotated[
    Path, typer.Argument(help=f"A workbook, whose name ends in {ENDING}, or else a folder of CSV files.")
]


def _year(text: str) -> str:
    try:
        return year_key(text) if text else ""
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Year = Annotated[
    str,
    typer.Option(
        parser=_year, metavar="YEAR", help="The agreement's first year, such as 2008/09; by default this one."
    ),
]


def template(
    path: Target,
    year: Year = "",
    example: Annotated[
        bool, typer.Option("--example", help="A small agreement of an invented place instead, filled in.")
    ] = False,
) -> None:
    """Write the empty files of an agreement, each column of which is explained, to be filled in and loaded."""
    if example:
        _write(path, filled_tables(package_data("example")), setting_up.EXAMPLE)
    else:
        _write(path, empty_tables(year or financial_year(Clock(settings().today).today())), setting_up.TEMPLATE)
    typer.echo(f"Wrote {path}. Fill it in, and then: portal load {path}" if not example else f"Wrote {path}.")


def export(path: Target, agreement: Agreement = "") -> None:
    """Write an agreement as it stands into the files that it could be loaded from."""
    found = exports.export_agreement(database(), operator(agreement))
    _write(path, found.tables, found.title)
    if found.proposed:
        typer.echo(f"note: {found.proposed} is proposed, and no part of the agreement yet: it is not in the files.")
    rows = sum(len(table.rows) for table in found.tables)
    typer.echo(f"Wrote {found.title}: {words.plural(len(found.tables), 'file')} with {rows:,} rows, in {path}.")


def _write(path: Path, tables: Sequence[FileTable], title: str) -> None:
    """Into a new workbook or folder: nothing that is there already is ever overwritten."""
    workbook = path.suffix.lower() == ENDING
    if path.exists() and (workbook or not path.is_dir() or any(path.iterdir())):
        fail(f"{path} is there already: name a new one. Nothing was written.")
    if workbook:
        path.write_bytes(as_workbook(tables, title))
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, content in as_folder(tables).items():
        (path / name).write_bytes(content)


def _refuse(problems: Iterable[str]) -> NoReturn:
    """Every problem on a line of its own, and that nothing was loaded."""
    told = list(problems)
    fail("\n".join([*told, f"{words.plural(len(told), 'problem')}, so nothing was loaded."]))


def load(
    path: Annotated[Path, typer.Argument(help=f"The folder of CSV files, or the workbook ({ENDING}).")],
    title: Annotated[str | None, typer.Option(help="The agreement's title.")] = None,
    area: Annotated[str | None, typer.Option(help="The area's name; by default the folder's or workbook's.")] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Print the notes on the files when nothing is new, too.")
    ] = False,
) -> None:
    """Load an agreement from a folder of CSV files or a workbook: checked first, all or nothing, and twice changes
    nothing."""
    said = in_sheets if path.suffix.lower() == ENDING else str
    reading = read_agreement(path, title=title, area=area)
    if reading.agreement is None:
        _tell(said(str(note)) for note in reading.notes)
        _refuse(f"problem: {said(str(problem))}" for problem in reading.problems)
    base = database()
    try:
        loaded = imports.load_agreement(base, OPERATOR, reading.agreement)
    except NotLoaded as error:
        _refuse(said(str(problem)) for problem in error.problems)
    except PortalError as error:
        fail(said(str(error)))
    if loaded.added or notes or not reading.notes:
        _tell(said(str(note)) for note in reading.notes)
    else:
        typer.echo(f"{words.plural(len(reading.notes), 'note')} on the files, which --notes prints.")
    _tell(said(note) for note in loaded.noticed)
    if loaded.added.get("refresh"):
        typer.echo(
            "Other terms than those that are agreed are proposed as a refresh; nothing changes until it is agreed:"
        )
        page = refresh.refresh_desk(base, operator(loaded.key)).refresh
        for one in page.proposed if page else ():
            for change in one.changes:
                typer.echo(f"proposed: {words_of.change(change)}")
    rows = ", ".join(words_of_load.rows(n, table) for table, n in loaded.added.items())
    unchanged = "Everything was loaded already: no change."
    typer.echo(f"Loaded {reading.agreement.title}: {rows}. Its key is {loaded.key}." if loaded.added else unchanged)


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        typer.echo(f"note: {note}")
