"""The self-assessment as Word and PDF: what they hold, that they are the same each time, and who gets which version."""

import re
from collections.abc import Callable
from io import BytesIO
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from models.rules.circulation import Stage
from portal.database import Database
from portal.services import review_circulation, self_assessment
from portal.words.self_assessment import QUESTIONS
from tests.conftest import TODAY, person

PATH = "/annual-review/2008-09/self-assessment"
TITLE = "Leicester Local Area Agreement 2008-11: annual review 2008/09, self-assessment"
Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def file(client_of: Clients) -> bytes:
    answer = client_of("team").get(f"{PATH}.docx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="annual-review-2008-09-draft.docx"'
    return answer.data


def signed(app: Flask) -> int:
    database: Database = app.extensions["portal"]["database"]
    team = person(database, "team")
    digest = self_assessment.self_assessment(database, team, "2008-09").digest
    return review_circulation.sign_off(database, team, "2008-09", digest, "")


def decided(app: Flask, stage: Stage) -> None:
    database: Database = app.extensions["portal"]["database"]
    review_circulation.decide(database, person(database, "team"), "2008-09", 1, stage, "agreed", TODAY, "")


def test_the_word_file_has_headings_lists_and_tables_that_are_real(file: bytes) -> None:
    found = docx.Document(BytesIO(file))
    styled = [(one.style.name, one.text) for one in found.paragraphs if one.style is not None]
    questions = [text for style, text in styled if style == "Heading 3"]
    assert [key for key in QUESTIONS if any(text.startswith(f"{key} ") for text in questions)] == list(QUESTIONS)
    assert [text for style, text in styled if style == "Title"] == [TITLE]
    assert [text for style, text in styled if style == "Heading 1"] == [
        "Executive summary", "The economic climate", "Performance", "Delivery", "What we will do by the next review",
        "Annex: figures and ratings",
    ]  # fmt: skip
    assert [text for style, text in styled if style == "Heading 2" and text.split(": ")[-1].isdigit()] == [
        "On track: 16", "Off trajectory, expected to recover: 3", "At risk: 5", "No data: 11",
    ]  # fmt: skip
    assert sum(style == "List Bullet" for style, _ in styled) >= 30
    assert not any("{" in text or "Not answered" in text for _, text in styled)


def test_its_tables_hold_the_counts_the_actions_and_all_measures(file: bytes) -> None:
    tables = docx.Document(BytesIO(file)).tables
    rows = [[cell.text for cell in row.cells] for row in tables[0].rows]
    assert [row[:2] for row in rows] == [
        ["Category", "Indicators"],
        ["On track", "16"],
        ["Off trajectory, expected to recover", "3"],
        ["At risk", "5"],
        ["No data", "11"],
        ["All designated", "35"],
    ]
    annex = [[cell.text for cell in row.cells] for row in tables[-1].rows]
    assert len(annex) == 37
    line = next(row for row in annex if row[0].startswith("NI 16 "))
    assert line[1:3] == ["2.42", "2.14"]
    assert line[4:] == ["▲ Worse", "▲ Worse"]
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_it_says_its_title_and_language_and_tells_no_time(file: bytes, client_of: Clients) -> None:
    found = docx.Document(BytesIO(file))
    assert (found.core_properties.title, found.core_properties.language) == (TITLE, "en-GB")
    with ZipFile(BytesIO(file)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        languages = re.findall(rb'<w:lang [^>]*w:val="([^"]+)"', archive.read("word/styles.xml"))
        assert set(languages) == {b"en-GB"}
        for name in archive.namelist():
            if name.endswith(".xml"):
                fromstring(archive.read(name))
    assert client_of("team").get(f"{PATH}.docx").data == file


def test_the_pdf_is_tagged_and_says_the_same(client_of: Clients) -> None:
    answer = client_of("team").get(f"{PATH}.pdf")
    assert answer.content_type == "application/pdf"
    assert client_of("team").get(f"{PATH}.pdf").data == answer.data
    reader = PdfReader(BytesIO(answer.data))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert reader.metadata is not None
    assert reader.metadata.title == TITLE
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in ("Draft: not signed off", "At risk: 5", "4.6 How do people", "Alley", "NI 120(ii)", "Annex: figures"):
        assert part.lower() in said.lower()


def test_who_gets_which_version(app: Flask, client_of: Clients) -> None:
    def got() -> dict[str, int]:
        who = ("team", "executive", "reviewer", "police")
        return {one: client_of(one).get(f"{PATH}.pdf").status_code for one in who}

    assert got() == {"team": 200, "executive": 404, "reviewer": 404, "police": 403}
    assert signed(app) == 1
    assert got() == {"team": 200, "executive": 404, "reviewer": 404, "police": 403}
    decided(app, Stage.DELIVERY_GROUPS)
    assert got() == {"team": 200, "executive": 200, "reviewer": 404, "police": 403}
    decided(app, Stage.EXECUTIVE)
    assert got() == {"team": 200, "executive": 200, "reviewer": 200, "police": 403}
    answer = client_of("reviewer").get(f"{PATH}.docx?version=1")
    assert 'filename="annual-review-2008-09-version-1.docx"' in answer.headers["Content-Disposition"]
    text = "\n".join(one.text for one in docx.Document(BytesIO(answer.data)).paragraphs)
    assert "Version 1, signed off on 20 January 2009 by Partnership team." in text
    rows = [
        [cell.text for cell in row.cells] for table in docx.Document(BytesIO(answer.data)).tables for row in table.rows
    ]
    assert ["Partnership Executive", "20 January 2009", "Agreed"] in rows
    assert ["Government Office", "–", "Not yet"] in rows
    for query in ("version=2", "version=x", "version=-1"):
        assert client_of("reviewer").get(f"{PATH}.docx?{query}").status_code == 404
    assert client_of("team").get("/annual-review/2001-02/self-assessment.pdf").status_code == 404
