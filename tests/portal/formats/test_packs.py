"""Briefing packs as files: tagged PDF and Word that readers' tools find their way in, with drawings that stay vectors."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from models.rules.packs import Asked, PackForm, PackKind
from portal.database import Database
from portal.formats.pack_parts import Part, Picture, Table, fingerprint
from portal.formats.pack_pdf import pictures_png
from portal.viewmodels.packs import Briefing
from portal.work.briefing import MAKERS, gathered
from tests.conftest import person
from tests.support.series import with_series
from tests.support.tagged import elements

SVG = "{http://www.w3.org/2000/svg}"
ASKED = Asked(PackKind.EXECUTIVE, "", "2008-09-q4", (PackForm.PDF, PackForm.DOCX))
"""By then NI 154 has three figures and is worse: a chart is drawn of it."""
Made = tuple[Briefing, list[Part], dict[PackForm, bytes]]


@pytest.fixture(scope="module")
def made(copied: Callable[[str, str], Database]) -> Made:
    database = with_series(copied("sqlite", "demo"))
    view, parts = gathered(database, person(database, "executive"), ASKED, lambda _done, _steps: None)
    files = {form: make(view, parts, fingerprint(view, parts)) for form, make in MAKERS.items()}
    database.dispose()
    return view, parts, files


def pictures(parts: list[Part]) -> list[Picture]:
    return [part for part in parts if isinstance(part, Picture)]


def test_the_pdf_is_tagged_and_says_its_title_and_language(made: Made) -> None:
    view, parts, files = made
    reader = PdfReader(io.BytesIO(files[PackForm.PDF]))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en-GB",
        True,
        True,
    )
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Executive briefing, quarter 4 of 2008/09"
    found = elements(reader)
    tags = [node.get("/S") for node in found]
    assert tags.count("/Table") == sum(isinstance(part, Table) for part in parts) > 5
    assert {"/Title", "/H1", "/H2", "/H3", "/TH", "/TD", "/Figure", "/Caption"} <= set(tags)
    told = [str(node["/Alt"]) for node in found if node.get("/S") == "/Figure"]
    for picture in pictures(parts):
        assert any(picture.said in one for one in told), picture.title
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert fingerprint(view, parts) in text.replace(" ", "")
    assert "▲" in text


def test_its_drawings_are_vectors_and_not_pixels(made: Made) -> None:
    _, parts, files = made
    assert [one.title.split(":")[0] for one in pictures(parts)][1:] == ["1,160 in quarter 4 of 2008/09"]
    reader = PdfReader(io.BytesIO(files[PackForm.PDF]))
    kinds = [one.get_object().get("/Subtype") for one in _streams(reader)]
    assert "/Image" not in kinds
    for picture in pictures(parts):
        root = ElementTree.fromstring(picture.drawn.svg)
        names = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert names <= {"svg", "g", "line", "rect", "circle", "polygon", "text"}
        values = [value for element in root.iter() for value in element.attrib.values()]
        assert not any("%" in value for value in values), "every place is in pixels"
        assert all("class" not in element.attrib for element in root.iter())
        assert pictures_png([picture.drawn.svg])[0].startswith(b"\x89PNG")


def _streams(reader: PdfReader) -> list[Any]:
    return [one for number in range(1, len(reader.xref[0]) + 1) if isinstance(one := _object(reader, number), dict)]


def _object(reader: PdfReader, number: int) -> Any:
    return reader.get_object(number)


def test_the_word_file_has_headings_captions_and_header_rows(made: Made) -> None:
    _, parts, files = made
    found = docx.Document(io.BytesIO(files[PackForm.DOCX]))
    styled = [(one.style.name, one.text) for one in found.paragraphs if one.style is not None]
    assert styled[0] == ("Title", "Executive briefing, quarter 4 of 2008/09")
    firsts = [text for style, text in styled if style == "Heading 1"]
    assert firsts[:3] == ["What is worse, why, and what is being done", "In numbers", "One by one"]
    tables = [part for part in parts if isinstance(part, Table)]
    assert [text for style, text in styled if style == "Caption" and "\n" not in text] == [
        one.caption for one in tables
    ]
    for table, part in zip(found.tables, tables, strict=True):
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == part.caption
        assert tuple(cell.text for cell in table.rows[1].cells) == part.rows[0]
    assert (found.core_properties.title, found.core_properties.language) == (
        "Executive briefing, quarter 4 of 2008/09",
        "en-GB",
    )


def test_its_pictures_say_what_they_show_and_are_vectors_with_pixels_to_fall_back_on(made: Made) -> None:
    _, parts, files = made
    found = docx.Document(io.BytesIO(files[PackForm.DOCX]))
    wanted = pictures(parts)
    shapes = found.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [one.said for one in wanted]
    with zipfile.ZipFile(io.BytesIO(files[PackForm.DOCX])) as archive:
        drawn = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".svg")}
        assert sorted(drawn.values()) == sorted(one.drawn.svg for one in wanted)
        kinds = archive.read("[Content_Types].xml").decode()
        assert kinds.count("image/svg+xml") >= 1
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
    for shape, one in zip(shapes, wanted, strict=True):
        (vectors,) = shape._inline.iter("{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip")
        assert found.part.related_parts[vectors.get(qn("r:embed"))].blob.decode() == one.drawn.svg
        (blip,) = shape._inline.iter(qn("a:blip"))
        assert found.part.related_parts[blip.get(qn("r:embed"))].blob.startswith(b"\x89PNG")


def test_the_same_briefing_gives_the_same_files(made: Made) -> None:
    view, parts, files = made
    for form, make in MAKERS.items():
        assert make(view, parts, fingerprint(view, parts)) == files[form]
