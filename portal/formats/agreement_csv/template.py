"""The empty files of an agreement, to be filled in; and a small agreement of an invented place, filled in."""

from pathlib import Path

from portal.formats.agreement_csv.columns import OPTIONAL, REQUIRED, optional_file
from portal.formats.agreement_csv.findings import Findings
from portal.formats.agreement_csv.reader import CsvFolder
from portal.formats.agreement_csv.writing import FileTable

NOT_LOADED = "reviews"
"""The kind of file that is only held against others: nobody needs to fill it in."""
_FIRST = ("agreement.csv",)


def empty_tables(year: str) -> tuple[FileTable, ...]:
    """A table without rows for every file, in the order in which people fill them in. Those for a period or a year are for
    the first of a financial year ('2008/09')."""
    named = year.replace("/", "_")
    periods = {"returns": f"{named}_q1", "exceptions": f"{named}_q1"}
    files = dict(REQUIRED)
    for kind, name, layout in OPTIONAL:
        if kind != NOT_LOADED:
            files[name.replace("*", periods.get(kind, named))] = layout
    first = {name: files.pop(name) for name in _FIRST}
    return tuple(FileTable(name, layout) for name, layout in (first | files).items())


def filled_tables(folder: Path) -> tuple[FileTable, ...]:
    """The tables of a folder that is known to be in order, cell by cell as they are there."""
    files, findings, found = CsvFolder(folder), Findings(), []
    for name in files.names:
        layout = REQUIRED.get(name) or (optional_file(name) or ("", None))[1]
        if layout is None or (read := files.records(name, layout, findings)) is None:
            continue
        (_, header), *rows = read[0]
        found.append(FileTable(name, layout, [dict(zip(header, cells, strict=True)) for _, cells in rows]))
    order = [table.name for table in empty_tables("2008/09")]
    return tuple(sorted(found, key=lambda table: order.index(table.name) if table.name in order else len(order)))
