"""A text as a cell of the agreement's files: nothing in it can run as a formula, and it is read back as it was."""

from portal.formats.table_csv import harmless


def kept(text: str) -> str:
    """What is written into a CSV file for a text: one that a spreadsheet would take for a formula gets an apostrophe, and
    so does one that has such an apostrophe already. `typed` reads it back.

    >>> kept("=1+1"), kept("'=1+1"), kept("-7.97"), kept("'tis")
    ("'=1+1", "''=1+1", '-7.97', "'tis")
    """
    text = plain_lines(text)
    return f"'{text}" if _runs(text) else text


def typed(cell: str) -> str:
    """What was meant with a cell of a CSV file.

    >>> typed("'=1+1"), typed("''=1+1"), typed("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    cell = plain_lines(cell)
    return cell[1:] if cell.startswith("'") and _runs(cell) else cell


def plain_lines(text: str) -> str:
    """A text whose lines end as everywhere else, whichever machine it was typed on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _runs(text: str) -> bool:
    core = text.lstrip("'")
    return harmless(core) != core
