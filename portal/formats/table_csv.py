"""Tables as CSV files for other people's spreadsheets: UTF-8, a header row, and nothing that could run as a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A file's text; None is an empty cell."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return file.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a text gets an apostrophe before it, a number stays.

    >>> harmless("=HYPERLINK(1)"), harmless("+3 % points"), harmless("-7.97"), harmless("police")
    ("'=HYPERLINK(1)", "'+3 % points", '-7.97', 'police')
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
