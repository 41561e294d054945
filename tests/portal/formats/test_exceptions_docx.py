"""The exception report as a Word document: what it says, and that readers' tools find their way in it."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from portal.database import Database
from portal.formats.exceptions_docx import document
from portal.services.exceptions import exception_report
from portal.viewmodels.exceptions import ExceptionReport
from tests.conftest import person


@pytest.fixture
def report(sqlite_database: Database) -> ExceptionReport:
    return exception_report(sqlite_database, person(sqlite_database, "executive"))


def test_it_says_for_each_indicator_what_why_and_what_next(report: ExceptionReport) -> None:
    found = Document(BytesIO(document(report)))
    said = [paragraph.text for paragraph in found.paragraphs]
    headings = [(p.style.name, p.text) for p in found.paragraphs if p.style.name.startswith("Heading")]
    assert (found.paragraphs[0].style.name, said[0]) == ("Title", "Exception report, January 2009")
    named = [text for style, text in headings if style == "Heading 1"]
    assert named == ["In short", *(f"{one.standing.code} {one.standing.title}" for one in report.entries)]
    assert said.count("No action is written.") == sum(not one.actions for one in report.entries) == 3
    assert "Money: £208,158 in 14 lines from 3 sources." in said
    assert "Now: ▲ worse than anticipated." in said
    assert any(text.startswith("2.42 is 0.28 above the milestone of 2.14.") for text in said)
    listed = [row.cells[0].text for table in found.tables[1:] for row in table.rows[1:]]
    assert listed == [line.now.text for one in report.entries for line in one.actions]


def test_it_has_a_title_a_language_and_a_header_row_in_each_table(report: ExceptionReport) -> None:
    found = Document(BytesIO(document(report)))
    assert (found.core_properties.title, found.core_properties.language) == ("Exception report, January 2009", "en-GB")
    assert {one.get(qn("w:val")) for one in found.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    for table in found.tables:
        heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert heads == [True, *[False] * (len(heads) - 1)]
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    assert len(found.tables) == 6


def test_the_same_report_gives_the_same_file_and_an_empty_one_says_so(report: ExceptionReport) -> None:
    assert document(report) == document(report)
    empty = Document(BytesIO(document(replace(report, entries=(), left=()))))
    assert empty.tables == []
    assert any(p.text.startswith("No indicator is worse than anticipated") for p in empty.paragraphs)
