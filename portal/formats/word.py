"""Word documents in the plain shape that readers' tools understand: real headings and lists, tables with a caption and a
header row that is repeated on each page, a language and a title; the same bytes for the same words."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""What a browser is told that the file is."""
LANGUAGE = "en-GB"
WIDE = 17.4
"""Centimetres between the margins."""
SVG_EXTENSION, SVG_NAMES = (
    "{96DAC541-7B7A-43D3-8B79-37D633B846F1}",
    "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
)
"""By what a Word file names vectors beside a picture's pixels."""
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a zip file can tell: when it was made is nobody's business, and the bytes stay the same."""


class Word:
    """A document that is written from top to bottom, on A4 paper. `day` is the one that it tells, `footer` stands before
    the number of each page."""

    def __init__(self, title: str, *, subject: str, author: str, day: date, footer: str) -> None:
        self._made: Any = docx.Document()
        said = self._made.core_properties
        said.title, said.subject, said.author, said.language = title, subject, author, LANGUAGE
        said.comments = said.last_modified_by = ""
        said.created = said.modified = datetime.combine(day, time(), UTC).replace(tzinfo=None)
        for language in self._made.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)
        self._made.styles["Normal"].font.size = Pt(11)
        section = self._made.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - WIDE) / 2)
        self._foot(section.footer.paragraphs[0], footer)
        self._made.add_heading(title, level=0)

    def heading(self, text: str, level: int) -> None:
        """A heading under the title; 1 is the highest."""
        self._made.add_heading(text, level=level)

    def paragraph(self, text: str, *, bold: bool = False, item: bool = False, soft: bool = False) -> None:
        """A paragraph, or an item of a list; `soft` is said about the text rather than in it."""
        run = self._made.add_paragraph(style="List Bullet" if item else None).add_run(text)
        run.bold = bold or None
        if soft:
            run.font.size, run.font.color.rgb = Pt(9.5), RGBColor(0x4A, 0x55, 0x60)

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float] = (),
        numeric: Collection[int] = (),
    ) -> None:
        """A table whose first row is its header; no row is broken over two pages. `widths` are the columns' in
        centimetres, by default all the same; `numeric` the columns that hold figures, which are set right."""
        table = self._made.add_table(rows=1, cols=len(head), style="Table Grid")
        table.autofit = False
        _mark(table._tbl.tblPr, "w:tblCaption", caption)
        for text, cell in zip(head, table.rows[0].cells, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in rows:
            for text, cell in zip(row, table.add_row().cells, strict=True):
                cell.text = text
        for place, made in enumerate(table.rows):
            _mark(made._tr.get_or_add_trPr(), "w:cantSplit")
            if place == 0:
                _mark(made._tr.get_or_add_trPr(), "w:tblHeader")  # read out with each cell, and repeated on each page
            for column, cell in enumerate(made.cells):
                cell.width = Cm(widths[column] if widths else WIDE / len(head))
                if column in numeric:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(9)
        self._made.add_paragraph()

    def caption(self, text: str, about: str = "") -> None:
        """What stands over a table or a picture and stays with it; `about` is a softer line under that."""
        made = self._made.add_paragraph(style="Caption")
        made.paragraph_format.keep_with_next = True
        made.add_run(text)
        if about:
            made.add_run().add_break()
            made.add_run(about).bold = False

    def picture(self, svg: str, pixels: bytes, said: str) -> None:
        """A drawing as wide as the page, which says in words what it shows. Readers that know no SVG show its pixels."""
        drawn = self._made.add_picture(BytesIO(pixels), width=Cm(WIDE))._inline
        drawn.docPr.set("descr", said)
        document = self._made.part
        number = 1 + sum(part.partname.endswith(".svg") for part in document.package.iter_parts())
        vectors = Part(PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", svg.encode(), document.package)
        extended = OxmlElement("a:extLst")
        one = OxmlElement("a:ext")
        one.set("uri", SVG_EXTENSION)
        blip = one.makeelement(f"{{{SVG_NAMES}}}svgBlip", nsmap={"asvg": SVG_NAMES})
        blip.set(qn("r:embed"), document.relate_to(vectors, RT.IMAGE))
        one.append(blip)
        extended.append(one)
        next(drawn.iter(qn("a:blip"))).append(extended)

    def written(self) -> bytes:
        """The file, with one date for all its parts, in place of when each was written."""
        first, last = BytesIO(), BytesIO()
        self._made.save(first)
        with ZipFile(first) as read, ZipFile(last, "w", ZIP_DEFLATED) as write:
            for name in read.namelist():
                info = ZipInfo(name, _BEGINNING)
                info.compress_type = ZIP_DEFLATED
                write.writestr(info, read.read(name))
        return last.getvalue()

    def _foot(self, paragraph: Any, said: str) -> None:
        paragraph.text = f"{said} · page "
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        paragraph._p.append(number)


def _mark(properties: Any, name: str, value: str = "true") -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    properties.append(element)
