"""Files for spreadsheets: no cell runs as a formula, numbers stay numbers."""

import pytest

from portal.formats.table_csv import harmless, written


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "+3 %", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-7.97", "+4", "0", "police", "1 - 2", "£10.326m", "'quoted'"])
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_file_has_a_header_and_quotes_what_needs_it() -> None:
    assert written(("a", "b"), [(1, None), ('x, "y"', "=1")]) == 'a,b\r\n1,\r\n"x, ""y""",\'=1\r\n'
