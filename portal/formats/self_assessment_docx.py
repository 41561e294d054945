"""The self-assessment as a Word file: real headings, lists and tables, with its title and language."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from portal.formats.review_parts import Heading, Paragraph, Table, parts_of, title_of
from portal.viewmodels.self_assessment import Document, StageLine

LANGUAGE = "en-GB"
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a zip file can tell: when it was made is nobody's business, and the bytes stay the same."""
_WIDTHS = {6: (6.0, 1.9, 2.3, 2.9, 3.0, 2.4), 4: (8.0, 2.0, 4.0, 4.5), 3: (9.0, 4.5, 5.0)}


def self_assessment_docx(document: Document, stages: Sequence[StageLine]) -> bytes:
    """The file, the same to the byte for the same document and stages."""
    made = docx.Document()
    title = title_of(document)
    _set_up(made, document, title)
    made.add_heading(title, level=0)
    for part in parts_of(document, stages):
        match part:
            case Heading():
                made.add_heading(part.text, level=part.level)
            case Paragraph():
                _paragraph(made, part)
            case Table():
                _table(made, part)
    return _without_dates(made)


def _set_up(made: Any, document: Document, title: str) -> None:
    said = made.core_properties
    said.title, said.author, said.language = title, f"{document.area} Partnership", LANGUAGE
    said.comments, said.subject, said.last_modified_by = "", f"Annual review {document.year}", ""
    day = date.fromisoformat(document.signed_on) if document.signed_on else date(int(document.year[:4]), 4, 1)
    said.created = said.modified = datetime.combine(day, time(), UTC).replace(tzinfo=None)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    made.styles["Normal"].font.size = Pt(11)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    footer = section.footer.paragraphs[0]
    standing = f"version {document.version}" if document.version else "draft"
    footer.text = f"{document.area} Partnership · annual review {document.year} · {standing} · page "
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    footer._p.append(number)


def _paragraph(made: Any, part: Paragraph) -> None:
    paragraph = made.add_paragraph(style="List Bullet" if part.item else None)
    run = paragraph.add_run(part.text)
    if part.soft:
        run.font.size, run.font.color.rgb = Pt(9.5), RGBColor(0x4A, 0x55, 0x60)


def _table(made: Any, part: Table) -> None:
    table = made.add_table(rows=1, cols=len(part.head), style="Table Grid")
    table.autofit = False
    for text, cell in zip(part.head, table.rows[0].cells, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    _mark(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")  # read out with each cell, and repeated on each page
    _mark(table._tbl.tblPr, "w:tblCaption", part.caption)
    for row in part.rows:
        added = table.add_row()
        _mark(added._tr.get_or_add_trPr(), "w:cantSplit")
        for text, cell in zip(row, added.cells, strict=True):
            cell.text = text
    for row in table.rows:
        for column, cell in enumerate(row.cells):
            cell.width = Cm(_WIDTHS[len(part.head)][column])
            if column in part.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(9)
    made.add_paragraph()


def _mark(properties: Any, name: str, value: str = "true") -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    properties.append(element)


def _without_dates(made: Any) -> bytes:
    """The file with one date for all its parts, in place of when each was written."""
    first, last = BytesIO(), BytesIO()
    made.save(first)
    with ZipFile(first) as read, ZipFile(last, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            info = ZipInfo(name, _BEGINNING)
            info.compress_type = ZIP_DEFLATED
            write.writestr(info, read.read(name))
    return last.getvalue()
